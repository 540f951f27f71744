"""Sheets: the rows of a CSV or XLSX file, and under which headings they stand."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from difflib import get_close_matches
from functools import partial
from itertools import islice, product
from typing import Any, Literal, NamedTuple, TypeAlias
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

from service.imports.cell_parsers import Cell, normalise, text
from service.imports.findings import FileUnusable, Finding, Message, NotUnderstood
from service.imports.layout import Column, Layout

FileFormat: TypeAlias = Literal["csv", "xlsx"]

DELIMITERS = (",", ";", "\t")
# Above the headings there may be the name of the list, of the office, and the day.
ROWS_BEFORE_HEADINGS = 20
FEWEST_HEADINGS = 2
MOST_ROWS = 100_000
MOST_UNPACKED_BYTES = 2**28
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
SAVE_AS_UTF_8 = Message(
    "in Excel: Save As, CSV UTF-8 (comma delimited); or send the XLSX file itself",
    "trong Excel: Lưu thành, CSV UTF-8 (Comma delimited); hoặc gửi chính tệp XLSX",
)
UTF_16 = Finding(
    Message("it is UTF-16, not UTF-8", "tệp là UTF-16, không phải UTF-8"), SAVE_AS_UTF_8, row=1
)
NOT_UTF_8 = Finding(
    Message("it is not UTF-8 from here on", "từ đây không phải UTF-8"), SAVE_AS_UTF_8
)
NOT_SPLIT = Finding(
    Message("the row cannot be split: {fault}", "không tách được hàng: {fault}"),
    Message(
        'close every quotation mark, and write "" for one within a cell',
        'đóng mọi dấu nháy kép, và viết "" cho dấu nháy trong ô',
    ),
)
NO_WORKBOOK = Finding(
    Message(
        "it is not a workbook that can be read: {fault}", "không phải sổ tính đọc được: {fault}"
    ),
    Message(
        "save it as an Excel workbook (.xlsx) without a password",
        "lưu thành Excel Workbook (.xlsx), không đặt mật khẩu",
    ),
)
TOO_MANY_ROWS = Finding(
    Message(f"there are more than {MOST_ROWS} rows", f"có hơn {MOST_ROWS} hàng"),
    Message("send it in several files", "chia thành nhiều tệp"),
)
NO_HEADINGS = Finding(
    Message(
        f"no row of headings is found in the first {ROWS_BEFORE_HEADINGS} rows",
        f"không thấy hàng tiêu đề trong {ROWS_BEFORE_HEADINGS} hàng đầu",
    ),
    Message("head the columns: {english}", "đặt tiêu đề cột: {vietnamese}"),
    row=1,
)
REPEATED_HEADING = Finding(
    Message("“{other}” says the same", "trùng nghĩa với “{other}”"),
    Message("keep one of the two columns", "chỉ giữ một trong hai cột"),
)
UNKNOWN_HEADING = Finding(
    Message("no such column is known", "không có cột này"),
    Message("remove the column", "bỏ cột này"),
)
DID_YOU_MEAN = Message("did you mean “{likely}”?", "có phải “{likely}”?")
MISSING = Finding(
    Message("it is missing", "còn thiếu"), Message("fill in “{heading}”", "điền “{heading}”")
)


class Line(NamedTuple):
    """A row as it is in the file, counted from 1."""

    number: int
    cells: tuple[Cell | None, ...]


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
                findings.append(Finding(fault.what, fault.mend, line.number, heading))
        unparsed = {finding.column for finding in findings}
        for column in self.layout.columns:
            heading = self.heading(column.name)
            if column.required and column.name not in values and heading not in unparsed:
                findings.append(_missing(heading, line.number))
        return Row(line.number, values, tuple(findings))


def open_sheet(layouts: Sequence[Layout], file_format: FileFormat, data: bytes) -> Sheet:
    """The file, in the layout that its headings fit best.

    Raises:
        FileUnusable: it is not such a file, or its headings fit no layout.
    """
    readings: list[Callable[[], Iterator[Line]]]
    if file_format == "csv":
        content = _decoded(data)
        readings = [partial(_csv, content, delimiter) for delimiter in DELIMITERS]
    else:
        readings = [partial(iter, list(_xlsx(data)))]
    layout, read = max(product(layouts, readings), key=lambda pair: _most_known(pair[0], pair[1]()))
    lines = list(read())
    for index, line in enumerate(lines[:ROWS_BEFORE_HEADINGS]):
        if _known(layout, line) >= FEWEST_HEADINGS:
            return _sheet(layout, line, lines[index + 1 :])
    required = [
        ", ".join(column.headings[0] for column in layout.columns if column.required)
        for layout in layouts
    ]
    raise FileUnusable(
        NO_HEADINGS.about(english="; or: ".join(required), vietnamese="; hoặc: ".join(required))
    )


def _sheet(layout: Layout, headings: Line, lines: Iterable[Line]) -> Sheet:
    columns: dict[int, Column] = {}
    used: dict[str, str] = {}
    findings: list[Finding] = []
    for index, cell in enumerate(headings.cells):
        heading = "" if cell is None else " ".join(text(cell).split())
        column = layout.by_heading.get(normalise(heading))
        if column is not None and column.name in used:
            repeated = REPEATED_HEADING.about(other=used[column.name])
            findings.append(repeated.at(headings.number, heading))
        elif column is not None:
            columns[index], used[column.name] = column, heading
        elif heading and normalise(heading) not in layout.ignored:
            findings.append(_unknown(layout, heading).at(headings.number, heading))
    findings += [
        _missing(column.headings[0], headings.number)
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


def _most_known(layout: Layout, lines: Iterable[Line]) -> int:
    """How many headings of the layout the best of the first lines has."""
    most = 0
    with suppress(FileUnusable):  # quotation marks stand beside another delimiter
        for line in islice(lines, ROWS_BEFORE_HEADINGS):
            most = max(most, _known(layout, line))
    return most


def _unknown(layout: Layout, heading: str) -> Finding:
    near = get_close_matches(normalise(heading), layout.by_heading, 1)
    if not near:
        return UNKNOWN_HEADING
    likely = layout.by_heading[near[0]].headings[0]
    return UNKNOWN_HEADING._replace(mend=DID_YOU_MEAN.about(likely=likely))


def _missing(heading: str, row: int) -> Finding:
    return MISSING.about(heading=heading).at(row, heading)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        if data.startswith(UTF_16_MARKS):
            raise FileUnusable(UTF_16) from None
        row = data.count(b"\n", 0, fault.start) + 1
        raise FileUnusable(NOT_UTF_8.at(row)) from None


def _csv(content: str, delimiter: str) -> Iterator[Line]:
    rows = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, row in enumerate(rows, start=1):
            _require_few(number)
            yield Line(number, tuple(cell.strip() or None for cell in row))
    except csv.Error as fault:
        raise FileUnusable(NOT_SPLIT.about(fault=fault).at(number + 1)) from None


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
        raise FileUnusable(NO_WORKBOOK.about(fault=type(fault).__name__)) from fault


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
        raise FileUnusable(TOO_MANY_ROWS.at(number))
