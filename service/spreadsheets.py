"""Spreadsheets: cells are made safe, so that no text is computed as a formula."""

from typing import Final

# Characters that Excel and LibreOffice read as the start of a formula.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def guarded(cell: object) -> object:
    """Return the cell. An apostrophe precedes text that a spreadsheet would compute."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
