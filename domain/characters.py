"""Characters: which of Unicode's no text may hold, as parts of classes of regular expressions.

They are written as Python and ECMAScript both read them, for patterns go to clients too.
"""

# What no text holds, but for line feed and tab: control characters, and noncharacters, which no
# XML file and so no workbook may hold. Of surrogates pydantic makes no text.
NO_TEXT = r"\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff"
# What shows others in another order than they are written (UAX 9), or annotates in between.
DECEIVING = r"\u202a-\u202e\u2066-\u2069\ufff9-\ufffb"
# What separates lines and paragraphs, beside the line feed.
BREAKS = r"\u2028\u2029"
# What nothing shows: two lines that differ by one of these look the same.
INVISIBLE = (
    r"\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2060-\u2065"
    r"\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufff8"
)
# What nothing shows either, but joins or varies a character that stands before it.
JOINING = r"\u200c\u200d\ufe00-\ufe0f"
# What shows as nothing but room: what `str.strip` takes away, less what no text may hold.
BLANK = r" \t\n\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000"
# Beyond the basic plane, which not every reader of patterns can name: tags, which nothing shows.
BEYOND = "\U000e0000-\U000e007f"
