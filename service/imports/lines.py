"""Lines: the rows of a file as the reader gives them, and their cells as the parsers take them."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple, TypeAlias

from service.imports.cell_parsers import Cell, Figure, text
from service.imports.findings import Finding
from service.imports.reading_findings import DOUBTS

# As `reading.cells` describes it.
RawCell: TypeAlias = str | bool | list[Any]


class Line(NamedTuple):
    """A row as it is in the file, counted from 1."""

    number: int
    cells: Sequence[RawCell | None]


class Doubt(NamedTuple):
    """A cell that shows something else than what the file keeps, or nothing."""

    code: str
    detail: str

    @property
    def finding(self) -> Finding:
        return DOUBTS[self.code].about(detail=self.detail)


def as_read(raw: RawCell) -> Cell | Doubt:
    """The cell as the parsers take it."""
    match raw:
        case ["n", number, in_sheet, is_grouped]:
            return Figure.of(number, in_sheet, is_grouped=is_grouped)
        case ["d", day]:
            return date.fromisoformat(day)
        case [_, code, detail]:
            return Doubt(code, detail)
        case str() | bool():
            return raw
    raise ValueError(raw)


def shown(raw: RawCell) -> str:
    """The cell as text, to be quoted."""
    cell = as_read(raw)
    return cell.detail if isinstance(cell, Doubt) else text(cell)
