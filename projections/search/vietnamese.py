"""Vietnamese: words as they are compared: without marks, or with them wherever the tone stands.

`hòa` and `hoà`, `ủy` and `uỷ`, composed and decomposed, capital and small are one spelling; `Đ`,
and the `Ð` of other alphabets that is often typed for it, are a d with a stroke.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

LONGEST_WORD = 32
LONGEST_SPELLING = 64

# The stroke of đ as a mark of its own: Unicode does not take the letter apart. The second is the
# small form of U+00D0, the third of U+0189.
STROKE = "\u0335"
_STROKED = str.maketrans(dict.fromkeys("đðɖ", f"d{STROKE}"))
# Seen by nobody, and left in texts by word processors.
_UNSEEN = str.maketrans(dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_WORD = re.compile("(?:[^\\W_][\u0300-\u036f]*)+")
_MARKS = re.compile("[\u0300-\u036f]")
# Grave, acute, tilde, hook above, dot below.
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")


class Word(NamedTuple):
    """A word as it is found.

    Attributes:
        folded: letters and digits, small, without marks.
        spelled: the same with its marks, the tone first; empty where it has none.
    """

    folded: str
    spelled: str


def words(text: str) -> Iterator[Word]:
    """The words of a text, in order; whatever is neither letter nor digit parts them."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_UNSEEN)
    for match in _WORD.finditer(unicodedata.normalize("NFKD", plain).translate(_STROKED)):
        written = match[0]
        folded = _MARKS.sub("", written)
        spelled = ""
        if len(folded) < len(written):
            spelled = "".join(_TONES.findall(written)) + _TONES.sub("", written)
        yield Word(folded[:LONGEST_WORD], spelled[:LONGEST_SPELLING])


def fold(text: str) -> str:
    """The text without marks, as a reader without a Vietnamese keyboard types it."""
    return " ".join(word.folded for word in words(text))
