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
LONGEST_QUOTE = 80


def fault_of_text(text: str) -> Finding | None:
    """What is wrong with the letters of a text; None for what shows as it was written."""
    if TWICE.search(text):
        finding = TWICE_ENCODED
    elif TCVN3.search(text) or VNI.search(text):
        finding = OLD_LETTERS
    elif not ADDRESS.search(text) and LOST.search(text):
        finding = LETTERS_LOST
    else:
        return None
    return finding.about(text=text[:LONGEST_QUOTE])
