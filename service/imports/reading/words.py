"""Words: headings and choices as they are compared, without marks, case and punctuation."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

# Above the headings there may be the name of the list, of the office, and the day.
ROWS_BEFORE_HEADINGS = 20
FEWEST_HEADINGS = 2


def without_marks(text: str) -> str:
    """Small letters without tone marks or accents; Đ, and the Ð often typed for it, is d."""
    if text.isascii():
        return text.lower()
    bare = unicodedata.normalize("NFD", text.casefold().replace("đ", "d").replace("ð", "d"))
    return "".join(letter for letter in bare if unicodedata.category(letter) != "Mn")


def normalise(text: str) -> str:
    """The words of a heading or a choice, as they are compared."""
    return " ".join(re.findall(r"[a-z0-9]+", without_marks(text)))


def known_headings(cells: Iterable[object], headings: frozenset[str]) -> int:
    """How many of the cells are headings of a layout."""
    return sum(normalise(cell) in headings for cell in cells if isinstance(cell, str))


def most_known(rows: Iterable[Sequence[object]], layouts: Sequence[frozenset[str]]) -> int:
    """How many headings of any one layout the best of these rows has."""
    return max(
        (known_headings(cells, headings) for cells in rows for headings in layouts), default=0
    )
