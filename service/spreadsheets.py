"""Spreadsheets: cells are made safe, so that no text is computed as a formula."""

import re
from typing import Final

from domain.characters import BLANK, DECEIVING, INVISIBLE, JOINING, NO_TEXT

# What may stand before a formula, and does not keep a spreadsheet from computing it.
_BEFORE: Final = rf"\s{BLANK}{INVISIBLE}{JOINING}{DECEIVING}{NO_TEXT}\"'"
# What begins a formula: also in full width and in small form, which some take for the same.
_SIGN: Final = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
_FORMULA: Final = re.compile(f"(?<![{_BEFORE}])([{_BEFORE}]*+)([{_SIGN}])")
# After these another cell may begin, for a program that is told so or guesses it.
_SEPARATORS: Final = ";,|"
_ENDS: Final = frozenset("\t\r\n")


def guarded(cell: object) -> object:
    """Return the cell. An apostrophe precedes everything that a spreadsheet would compute."""
    return _FORMULA.sub(_guarded, cell) if isinstance(cell, str) else cell


def _guarded(found: re.Match[str]) -> str:
    before, sign = found.groups()
    begins = found.start() == 0 or found.string[found.start() - 1] in _SEPARATORS
    return f"{before}'{sign}" if begins or not _ENDS.isdisjoint(before) else found[0]
