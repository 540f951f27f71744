"""Sheets: the rows of a CSV or XLSX file, and under which headings they stand."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from difflib import get_close_matches
from itertools import islice
from typing import Any, Literal, NamedTuple, TypeAlias
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

from service.imports.cell_parsers import Cell, normalise, text
from service.imports.findings import FileUnusable, Finding, Message, NotUnderstood
from service.imports.layout import Column, Layout

FileFormat: TypeAlias = Literal["csv", "xlsx"]
Cells: TypeAlias = tuple[Cell | None, ...]

DELIMITERS = (",", ";", "\t")
# Above the headings there may be the name of the list, of the office, and the day.
ROWS_BEFORE_HEADINGS = 20
FEWEST_HEADINGS = 2
MOST_ROWS = 100_000
MOST_UNPACKED_BYTES = 2**28
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
AS_UTF_8 = Message(
    "in Excel: Save As, CSV UTF-8 (comma delimited); or send the XLSX file itself",
    "trong Excel: Lưu thành, CSV UTF-8 (Comma delimited); hoặc gửi chính tệp XLSX",
)


class Line(NamedTuple):
    """A row as it is in the file, counted from 1."""

    number: int
    cells: Cells


class Row(NamedTuple):
    """A row's values by the columns' names, and the findings on cells that could not be parsed."""

    number: int
    values: Mapping[str, Any]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file whose headings are understood.

    Attributes:
        headings: the columns' headings as the file has them, by the columns' names.
        columns: by their index in a line.
        lines: those below the headings that are not empty.
    """

    layout: Layout
    headings: Mapping[str, str]
    columns: Mapping[int, Column]
    lines: tuple[Line, ...]

    def rows(self, start: int = 0) -> Iterator[Row]:
        """The rows from the given one on, each parsed cell by cell."""
        return (self._row(line) for line in self.lines[start:])

    def heading(self, name: str) -> str:
        """The heading of the column in the file; if it has none, the usual one."""
        used = self.headings.get(name)
        return used or next(c.headings[0] for c in self.layout.columns if c.name == name)

    def _row(self, line: Line) -> Row:
        values: dict[str, Any] = {}
        findings: list[Finding] = []
        for index, cell in enumerate(line.cells):
            column = self.columns.get(index)
            if column is None or cell is None:
                continue
            try:
                values[column.name] = column.parse(cell)
            except NotUnderstood as fault:
                heading = self.headings[column.name]
                findings.append(Finding(line.number, heading, fault.what, fault.mend))
        unparsed = {finding.column for finding in findings}
        for column in self.layout.columns:
            heading = self.heading(column.name)
            if column.required and column.name not in values and heading not in unparsed:
                findings.append(_missing(line.number, heading))
        return Row(line.number, values, tuple(findings))


def open_sheet(layouts: Sequence[Layout], file_format: FileFormat, data: bytes) -> Sheet:
    """The file, in the layout that its headings fit best.

    Raises:
        FileUnusable: it is not such a file, or its headings fit no layout.
    """
    if file_format == "csv":
        content = _decoded(data)
        files = [_split(layout, content) for layout in layouts]
    else:
        files = [list(_xlsx(data))] * len(layouts)
    layout, lines = max(zip(layouts, files, strict=True), key=lambda pair: _most_known(*pair))
    for index, line in enumerate(lines[:ROWS_BEFORE_HEADINGS]):
        if _known(layout, line) >= FEWEST_HEADINGS:
            return _sheet(layout, line, lines[index + 1 :])
    raise FileUnusable(
        Finding(
            1,
            None,
            Message(
                f"no row of headings is found in the first {ROWS_BEFORE_HEADINGS} rows",
                f"không thấy hàng tiêu đề trong {ROWS_BEFORE_HEADINGS} hàng đầu",
            ),
            Message(
                f"head the columns: {_required(layouts, 'or')}",
                f"đặt tiêu đề cột: {_required(layouts, 'hoặc')}",
            ),
        )
    )


def _sheet(layout: Layout, headings: Line, lines: Iterable[Line]) -> Sheet:
    columns: dict[int, Column] = {}
    used: dict[str, str] = {}
    findings: list[Finding] = []
    for index, cell in enumerate(headings.cells):
        heading = "" if cell is None else " ".join(text(cell).split())
        column = layout.by_heading.get(normalise(heading))
        if column is not None and column.name in used:
            findings.append(_repeated(headings.number, heading, used[column.name]))
        elif column is not None:
            columns[index], used[column.name] = column, heading
        elif heading and normalise(heading) not in layout.ignored:
            findings.append(_unknown(layout, headings.number, heading))
    findings += [
        _missing(headings.number, column.headings[0])
        for column in layout.columns
        if column.required and column.name not in used
    ]
    if findings:
        raise FileUnusable(*findings)
    filled = tuple(line for line in lines if any(cell is not None for cell in line.cells))
    return Sheet(layout, used, columns, filled)


def _known(layout: Layout, line: Line) -> int:
    """How many cells of the line are headings of the layout."""
    return sum(normalise(cell) in layout.by_heading for cell in line.cells if isinstance(cell, str))


def _most_known(layout: Layout, lines: Sequence[Line]) -> int:
    return max((_known(layout, line) for line in lines[:ROWS_BEFORE_HEADINGS]), default=0)


def _required(layouts: Iterable[Layout], conjunction: str) -> str:
    """The headings that the file must have, in one layout or the other."""
    return f"; {conjunction}: ".join(
        ", ".join(column.headings[0] for column in layout.columns if column.required)
        for layout in layouts
    )


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        utf_16 = data.startswith(UTF_16_MARKS)
        at = 1 if utf_16 else data.count(b"\n", 0, fault.start) + 1
        english = "it is UTF-16, not UTF-8" if utf_16 else "it is not UTF-8 from here on"
        vietnamese = "tệp là UTF-16, không phải UTF-8" if utf_16 else "từ đây không phải UTF-8"
        raise FileUnusable(Finding(at, None, Message(english, vietnamese), AS_UTF_8)) from None


def _split(layout: Layout, content: str) -> list[Line]:
    """The rows as split by the delimiter under which most headings are known."""

    def headings(delimiter: str) -> int:
        first = islice(_csv(content, delimiter), ROWS_BEFORE_HEADINGS)
        known = 0
        with suppress(FileUnusable):  # quotation marks stand beside another delimiter
            for line in first:
                known = max(known, _known(layout, line))
        return known

    return list(_csv(content, max(DELIMITERS, key=headings)))


def _csv(content: str, delimiter: str) -> Iterator[Line]:
    rows = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, row in enumerate(rows, start=1):
            _require_few(number)
            yield Line(number, tuple(cell.strip() or None for cell in row))
    except csv.Error as fault:
        raise FileUnusable(
            Finding(
                number + 1,
                None,
                Message(f"the row cannot be split: {fault}", f"không tách được hàng: {fault}"),
                Message(
                    'close every quotation mark, and write "" for one within a cell',
                    'đóng mọi dấu nháy kép, và viết "" cho dấu nháy trong ô',
                ),
            )
        ) from None


def _xlsx(data: bytes) -> Iterator[Line]:
    """The rows of the first sheet; of formulas, the values last computed."""
    try:
        _require_bounded(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        with closing(book):
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            for number, cells in enumerate(sheet.iter_rows(), start=1):
                _require_few(number)
                yield Line(number, tuple(_cell(cell) for cell in cells))
    except FileUnusable:
        raise
    except Exception as fault:  # a damaged workbook fails anywhere in the reader
        raise FileUnusable(
            Finding(
                0,
                None,
                Message(
                    f"it is not a workbook that can be read: {type(fault).__name__}",
                    f"không phải sổ tính đọc được: {type(fault).__name__}",
                ),
                Message(
                    "save it as an Excel workbook (.xlsx) without a password",
                    "lưu thành Excel Workbook (.xlsx), không đặt mật khẩu",
                ),
            )
        ) from fault


def _require_bounded(data: bytes) -> None:
    """A few kilobytes may unpack to gigabytes.

    Raises:
        BadZipFile: it is no archive, or unpacks to more than a list can be.
    """
    with ZipFile(io.BytesIO(data)) as packed:
        size = sum(part.file_size for part in packed.infolist())
    if size > MOST_UNPACKED_BYTES:
        raise BadZipFile("it unpacks to more than a list can be")


def _cell(cell: Any) -> Cell | None:  # noqa: ANN401  openpyxl's kinds of cells share no type
    match cell.value:
        case bool() | None:
            return cell.value
        case int() | float():
            # Excel keeps and shows 15 digits; what a binary fraction adds beyond them is no figure.
            number = Decimal(format(cell.value, ".15g"))
            return number * 100 if "%" in cell.number_format else number
        case datetime():
            return cell.value.date() if cell.value.time() == time() else cell.value.isoformat()
        case date():
            return cell.value
    return str(cell.value).strip() or None


def _require_few(number: int) -> None:
    if number > MOST_ROWS:
        raise FileUnusable(
            Finding(
                number,
                None,
                Message(f"there are more than {MOST_ROWS} rows", f"có hơn {MOST_ROWS} hàng"),
                Message("send it in several files", "chia thành nhiều tệp"),
            )
        )


def _missing(row: int, heading: str) -> Finding:
    return Finding(
        row,
        heading,
        Message("it is missing", "còn thiếu"),
        Message(f"fill in “{heading}”", f"điền “{heading}”"),
    )


def _repeated(row: int, heading: str, other: str) -> Finding:
    return Finding(
        row,
        heading,
        Message(f"“{other}” says the same", f"trùng nghĩa với “{other}”"),
        Message("keep one of the two columns", "chỉ giữ một trong hai cột"),
    )


def _unknown(layout: Layout, row: int, heading: str) -> Finding:
    near = get_close_matches(normalise(heading), layout.by_heading, 1)
    likely = layout.by_heading[near[0]].headings[0] if near else None
    return Finding(
        row,
        heading,
        Message("no such column is known", "không có cột này"),
        Message(
            f"did you mean “{likely}”?" if likely else "remove the column",
            f"có phải “{likely}”?" if likely else "bỏ cột này",
        ),
    )
