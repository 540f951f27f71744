"""Cells as the process writes them: text, yes or no, or a list that begins with its kind.

`["n", number, shown, grouped]` is a number and how the sheet shows it, `["d", day]` a day, and
`["?", code, detail]` a cell of which the sheet shows something else than what it keeps, or nothing.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import time
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

from service.imports.reading.bounds import LONGEST_CELL, Unreadable
from service.imports.reading.number_formats import (
    DIGITS_KEPT,
    Section,
    moment,
    number_of,
    section_for,
    shown_moment,
    shown_number,
)

PlainCell: TypeAlias = str | bool | Sequence[object] | None

NUMBER, DAY, DOUBT = "n", "d", "?"
ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
PLAIN = frozenset({"General", "@", "0"})
HUNDRED = Decimal(100)


def cleaned(text: str, row: int) -> str | None:
    r"""The text of a cell: escapes resolved, line ends as `\n`, no blanks around; None if blank.

    Raises:
        Unreadable: it is longer than a spreadsheet's cell can be.
    """
    if "_x" in text:
        text = ESCAPE.sub(_unescaped, text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > LONGEST_CELL:
        raise Unreadable("long_cell", row, most=LONGEST_CELL)
    return text.strip() or None


def _unescaped(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code) if not 0xD800 <= code <= 0xDFFF else match[0]  # noqa: PLR2004  surrogates


@lru_cache(maxsize=4096)
def number_cell(raw: str, code: str, *, from_1904: bool) -> PlainCell:
    """A number, or the day that its format makes of it."""
    if code in PLAIN and raw.isdigit() and raw.isascii() and len(raw) <= DIGITS_KEPT:
        return [NUMBER, raw, raw, False]
    number = _finite(raw)
    if number is None:
        return [DOUBT, "no_number", raw]
    section, minus = section_for(code, number)
    if section.shows:
        return _moment_cell(number, section, from_1904=from_1904)
    if abs(number) >= Decimal(10) ** DIGITS_KEPT:
        return [DOUBT, "digits", raw]
    shown = shown_number(number, section, minus=minus)
    if section.is_scaled:
        return [DOUBT, "scaled", f"{number:f}"]
    value = number * HUNDRED**section.percents
    return [NUMBER, f"{value:f}", shown, section.is_grouped]


def _finite(raw: str) -> Decimal | None:
    """The number; None if it is none."""
    with suppress(ValueError):
        number = number_of(raw)
        return number if number.is_finite() else None
    return None


def _moment_cell(number: Decimal, section: Section, *, from_1904: bool) -> PlainCell:
    at = moment(number, from_1904=from_1904)
    if at is None:
        return [DOUBT, "no_day", f"{number:f}"]
    days = section.shows - {"h", "s"}
    if days == {"d", "m", "y"} and (days == section.shows or at.time() == time()):
        return [DAY, at.date().isoformat()]
    shown = shown_moment(at, section.shows)
    return shown if shown is not None else [DOUBT, "part_of_day", f"{at:%d/%m/%Y}"]


def is_filled(cells: Sequence[PlainCell]) -> bool:
    """Whether any of the cells holds something."""
    return any(cell is not None for cell in cells)
