"""Tables for people: what a cell may safely say in a spreadsheet."""

from typing import Final

# What Excel and LibreOffice take for the beginning of a formula.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def guarded(cell: object) -> object:
    """The cell; text that a spreadsheet would compute stands after an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
