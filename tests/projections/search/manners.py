"""Manners in which the same Vietnamese words are typed."""

import unicodedata
from collections.abc import Callable

from hypothesis import strategies as st

from projections.search.vietnamese import fold

TONES = "\u0300\u0301\u0303\u0309\u0323"
LINES = st.text(
    st.one_of(st.sampled_from("aăâeêioôơuưyđ hnct" + TONES), st.characters(codec="utf-8")),
    min_size=1,
    max_size=60,
)
SYLLABLES = st.sampled_from((
    "hoa", "hòa", "hoà", "hỏa", "thuý", "thúy", "ủy", "uỷ", "khỏe", "khoẻ", "đình", "Đinh",
    "Ðinh", "lò", "lọ", "lo", "gạch", "gách", "quý", "quí", "xã", "xa",
))  # fmt: skip


def moved_tone(text: str) -> str:
    """The tone of every word behind its last vowel, as the old and the new rules differ."""
    moved = []
    for word in unicodedata.normalize("NFD", text).split(" "):
        found = [mark for mark in word if mark in TONES]
        plain = "".join(letter for letter in word if letter not in TONES)
        at = max((plain.rfind(vowel) for vowel in "aeiouyAEIOUY"), default=-1) + 1
        while at < len(plain) and unicodedata.combining(plain[at]):
            at += 1
        moved.append(plain[:at] + "".join(found) + plain[at:])
    return unicodedata.normalize("NFC", " ".join(moved))


TYPED: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "composed": lambda text: unicodedata.normalize("NFC", text),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "capital": lambda text: unicodedata.normalize("NFC", text).upper(),
    "small": lambda text: unicodedata.normalize("NFC", text).lower(),
    "without marks": fold,
    "the tone elsewhere": moved_tone,
    "Icelandic": lambda text: text.replace("Đ", "\u00d0").replace("đ", "\u00f0"),
}
MANNERS = st.sampled_from(sorted(TYPED))
