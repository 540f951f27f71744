"""Encodings: text that was written in an old one, or encoded twice, and shows as other letters."""

import re

from service.imports.findings import Finding, Message

# UTF-8 that was taken for Windows-1252 or Latin-1, and encoded again: TÃªn for Tên.
SECOND_BYTES = (
    "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014"
    "\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122"
)
TWICE = re.compile(f"[ÃÄÅÆÂ][{SECOND_BYTES}]|á[º»][{SECOND_BYTES}]")
# The letters of TCVN3 (.VnTime) as Unicode has them: Tªn for Tên, ®¬n vÞ for đơn vị.
TCVN3 = re.compile("[A-Za-z®¬][µ¸¶¹¨©ª«¬®ÞÝ×Øß\u00ad](?![A-Z])|[®¬][a-z¬ªµ¸¶·¹]|X·(?= )")
# Those of VNI: Teân for Tên, ñôn vò for đơn vị. No Vietnamese word has these pairs.
VNI = re.compile(
    "[aA][âáàãåäøùûõêéèëúüïñ]|[eE][âáàãåäøûõ]|[oO][âåäøùûõ]|ö[ôøùûõïaâ]|ñ[oôaeiuö]|[uU][øû]"
)
# Signs that nobody sees: they would only keep a text from being found.
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
# The letter of Iceland that is often typed for Đ, and looks the same. Within a word it is TCVN3.
TYPED_FOR_D = re.compile("(?<![a-z\u00df-\u00ff])\u00d0")
TYPED_FOR_SMALL_D = re.compile(r"(?<![^\W\d_])\u00f0")
FOREIGN_D = re.compile("[\u00d0\u00f0]")
# A letter of the Cyrillic alphabet that stands in a word of Latin ones looks like one of them.
LATIN = "[A-Za-z\u00c0-\u024f\u1ea0-\u1ef9]"
LOOKALIKE = re.compile(f"(?<={LATIN})[\u0400-\u04ff]|[\u0400-\u04ff](?={LATIN})")
# In an address a question mark stands between letters.
ADDRESS = re.compile("[/=@]")
LOST = re.compile(r"\ufffd|[^\W\d_]\?[^\W\d_]")
RETYPE = Message(
    "write it in Unicode (TCVN 6909), and save the file as XLSX or CSV UTF-8",
    "chuyển sang Unicode (TCVN 6909), rồi lưu thành XLSX hoặc CSV UTF-8",
)
TWICE_ENCODED = Finding(Message("“{text}” was encoded twice", "“{text}” bị mã hóa hai lần"), RETYPE)
OLD_LETTERS = Finding(
    Message("“{text}” is written in TCVN3 or VNI", "“{text}” viết bằng bảng mã TCVN3 hoặc VNI"),
    RETYPE,
)
LETTERS_LOST = Finding(
    Message("letters of “{text}” have been lost", "“{text}” đã mất chữ khi chuyển mã"), RETYPE
)
OTHER_ALPHABET = Finding(
    Message(
        "“{text}” has a letter of another alphabet, which looks like a Latin one",
        "“{text}” có chữ cái của bảng chữ khác, nhìn giống chữ Latinh",
    ),
    Message("type the word anew", "gõ lại từ đó"),
)
LONGEST_QUOTE = 80


def legible(text: str) -> str:
    """The text without signs that nobody sees, and with Đ where another letter looks like it."""
    seen = TYPED_FOR_D.sub("\u0110", UNSEEN.sub("", text))
    return TYPED_FOR_SMALL_D.sub("\u0111", seen).strip()


def fault_of_text(text: str) -> Finding | None:
    """What is wrong with the letters of a text; None for what shows as it was written."""
    if LOOKALIKE.search(text):
        finding = OTHER_ALPHABET
    elif TWICE.search(text):
        finding = TWICE_ENCODED
    elif TCVN3.search(text) or VNI.search(text) or FOREIGN_D.search(text):
        finding = OLD_LETTERS
    elif not ADDRESS.search(text) and LOST.search(text):
        finding = LETTERS_LOST
    else:
        return None
    return finding.about(text=text[:LONGEST_QUOTE])
