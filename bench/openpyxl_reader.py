"""The reader of workbooks before ours: openpyxl's read-only mode, cell by cell, in the process.

It is what it was, but for the bound on rows: the rows of the first sheet, and the values of cells.
"""

import io
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeAlias

from openpyxl import load_workbook

Cell: TypeAlias = str | Decimal | date | bool


def read(data: bytes) -> Iterator[tuple[Cell | None, ...]]:
    """The rows of the first sheet; of formulas, the values last computed."""
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    with closing(book):
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for cells in sheet.iter_rows():
            yield tuple(_cell(cell) for cell in cells)


def _cell(cell: Any) -> Cell | None:  # noqa: ANN401  openpyxl's kinds of cells share no type
    match cell.value:
        case bool() | None:
            return cell.value
        case int() | float():
            number = Decimal(format(cell.value, ".15g"))
            return number * 100 if "%" in cell.number_format else number
        case datetime():
            return cell.value.date() if cell.value.time() == time() else cell.value.isoformat()
        case date():
            return cell.value
    return str(cell.value).strip() or None
