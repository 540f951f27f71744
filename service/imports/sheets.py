"""Sheets: the rows of a CSV or XLSX file, and under which headings they stand."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any, Literal, NamedTuple, TypeAlias

from service.imports.encodings import fault_of_text, legible
from service.imports.findings import FileUnusable, Finding, Message, NotUnderstood
from service.imports.layout import Column, Layout
from service.imports.lines import Doubt, Line, RawCell, as_read, shown
from service.imports.other_rows import OtherRows
from service.imports.reading.bounds import Unreadable
from service.imports.reading.columns import column_name
from service.imports.reading.process import Reply, read_file
from service.imports.reading.words import (
    FEWEST_HEADINGS,
    ROWS_BEFORE_HEADINGS,
    known_headings,
    most_known,
    normalise,
)
from service.imports.reading_findings import TOLD, fault_of

FileFormat: TypeAlias = Literal["csv", "xlsx"]

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
EXTRA_CELL = Finding(
    Message(
        "the row has more cells than there are headings: “{text}” stands under none",
        "hàng có nhiều ô hơn số tiêu đề: “{text}” không thuộc cột nào",
    ),
    Message(
        "put text that holds the separator between quotation marks",
        "đặt trong dấu nháy kép nội dung có chứa dấu phân cách",
    ),
)
NO_HEADING = Finding(
    Message(
        "the column {letters} has no heading: {count} cells are not taken, “{text}” first",
        "cột {letters} không có tiêu đề: {count} ô không được nhập, đầu tiên là “{text}”",
    ),
    Message("head the column, or clear it", "đặt tiêu đề cho cột, hoặc xóa nội dung cột"),
)
LONGEST_QUOTE = 60


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
        lines: those below the headings that are of the list.
        findings: what is told of the file, and of rows that are not of the list.
        given: values given beside the file, for rows that have none, by the columns' names.
        refuses_extra: whether a cell without a heading means that its row was split wrongly.
    """

    layout: Layout
    headings: Mapping[str, str]
    columns: Mapping[int, Column]
    lines: Sequence[Line]
    findings: Sequence[Finding] = ()
    given: Mapping[str, Any] = field(default_factory=dict)
    refuses_extra: bool = False
    headed: frozenset[int] = frozenset()

    def rows(self, start: int = 0) -> Iterator[Row]:
        """The rows from the given one on, each parsed cell by cell."""
        return (self._row(line) for line in self.lines[start:])

    def heading(self, name: str) -> str:
        """The heading of the column in the file; if it has none, the usual one."""
        used = self.headings.get(name)
        return used or next(c.headings[0] for c in self.layout.columns if c.name == name)

    def _row(self, line: Line) -> Row:
        values: dict[str, Any] = dict(self.given)
        findings: list[Finding] = []
        for index, cell in enumerate(line.cells):
            column = self.columns.get(index)
            if isinstance(cell, str) and not cell.isascii():
                cell = legible(cell) or None  # noqa: PLW2901  it shows as it did
            if cell is None:
                continue
            if column is None:
                if self.refuses_extra and index not in self.headed and not findings:
                    findings.append(
                        EXTRA_CELL.about(text=shown(cell)[:LONGEST_QUOTE]).at(line.number)
                    )
                continue
            heading = self.headings[column.name]
            try:
                values[column.name] = _parsed(column, cell)
            except NotUnderstood as fault:
                findings.append(Finding(fault.what, fault.mend, line.number, heading))
        unparsed = {finding.column for finding in findings}
        for column in self.layout.columns:
            heading = self.heading(column.name)
            if column.required and column.name not in values and heading not in unparsed:
                findings.append(_missing(heading, line.number))
        return Row(line.number, values, tuple(findings))


def _parsed(column: Column, raw: RawCell) -> object:
    """The value of a cell.

    Raises:
        NotUnderstood.
    """
    cell = as_read(raw)
    if isinstance(cell, Doubt):
        raise NotUnderstood(cell.finding.what, cell.finding.mend)
    if isinstance(cell, str) and not cell.isascii():
        finding = fault_of_text(cell)
        if finding is not None:
            raise NotUnderstood(finding.what, finding.mend)
    return column.parse(cell)


async def open_sheet(
    layouts: Sequence[Layout],
    file_format: FileFormat,
    data: bytes,
    effective_on: date | None = None,
) -> Sheet:
    """The file, in the layout that its headings fit best.

    Args:
        layouts: that the file may have.
        file_format: what it is.
        data: the file.
        effective_on: the day for rows that give none.

    Raises:
        FileUnusable: it is not such a file, or its headings fit no layout.
    """
    try:
        reply = await read_file(file_format, data, [layout.by_heading for layout in layouts])
    except Unreadable as fault:
        raise FileUnusable(fault_of(fault)) from fault
    return await asyncio.to_thread(_understood, layouts, file_format, reply, effective_on)


def _understood(
    layouts: Sequence[Layout], file_format: FileFormat, reply: Reply, effective_on: date | None
) -> Sheet:
    """The rows under their headings.

    Raises:
        FileUnusable.
    """
    headings = [frozenset(layout.by_heading) for layout in layouts]
    lines = [Line(number, cells) for number, cells in reply.rows]
    first = lines[:ROWS_BEFORE_HEADINGS]
    best = max(
        range(len(layouts)), key=lambda i: most_known((line.cells for line in first), [headings[i]])
    )
    known = [known_headings(line.cells, headings[best]) for line in first]
    if max(known, default=0) < FEWEST_HEADINGS:
        raise FileUnusable(_no_headings(layouts), *_old_letters(first))
    place = known.index(max(known))
    day = layouts[best].day
    given = {} if effective_on is None or day is None else {day: effective_on}
    return _sheet(layouts[best], lines[place], lines[place + 1 :], file_format, reply, given)


def _sheet(  # noqa: PLR0913, PLR0917  a sheet is made of all of these
    layout: Layout,
    headings: Line,
    lines: Sequence[Line],
    file_format: FileFormat,
    reply: Reply,
    given: Mapping[str, Any],
) -> Sheet:
    columns: dict[int, Column] = {}
    used: dict[str, str] = {}
    headed: set[int] = set()
    findings: list[Finding] = []
    for index, cell in enumerate(headings.cells):
        heading = "" if cell is None else " ".join(shown(cell).split())
        column = layout.by_heading.get(normalise(heading))
        if heading:
            headed.add(index)
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
        if column.required and column.name not in used and column.name not in given
    ]
    if findings:
        raise FileUnusable(*findings)
    others = OtherRows(headings, columns, frozenset(given))
    listed = others.without(lines)
    told = [*_told(reply, headings, used, columns), *others.findings]
    is_csv = file_format == "csv"
    if not is_csv:
        told += _without_heading(listed, frozenset(headed))
    told.sort(key=lambda finding: finding.row)
    return Sheet(layout, used, columns, listed, told, given, is_csv, frozenset(headed))


def _told(
    reply: Reply, headings: Line, used: Mapping[str, str], columns: Mapping[int, Column]
) -> Iterator[Finding]:
    """What the reader tells of the file, the sheets and the rows below the headings."""
    for code, row, index, values in reply.told:
        if 0 < row <= headings.number:
            continue
        column = None if index is None or index not in columns else used[columns[index].name]
        yield TOLD[code].about(**values).at(row, column)


def _without_heading(lines: Sequence[Line], headed: frozenset[int]) -> Iterator[Finding]:
    """The columns that hold something and have no heading: one finding for each."""
    first: dict[int, tuple[int, RawCell]] = {}
    counts: dict[int, int] = {}
    widest = max((len(line.cells) for line in lines), default=0)
    if headed.issuperset(range(widest)):
        return
    for line in lines:
        for index, cell in enumerate(line.cells):
            if cell is not None and index not in headed:
                first.setdefault(index, (line.number, cell))
                counts[index] = counts.get(index, 0) + 1
    for index, (row, cell) in first.items():
        about = {
            "letters": column_name(index),
            "count": counts[index],
            "text": shown(cell)[:LONGEST_QUOTE],
        }
        yield NO_HEADING.about(**about).at(row)


def _no_headings(layouts: Sequence[Layout]) -> Finding:
    required = [
        ", ".join(column.headings[0] for column in layout.columns if column.required)
        for layout in layouts
    ]
    return NO_HEADINGS.about(english="; or: ".join(required), vietnamese="; hoặc: ".join(required))


def _old_letters(lines: Sequence[Line]) -> Iterator[Finding]:
    """What is wrong with the letters of the first text that is not as it was written."""
    for line in lines:
        for cell in line.cells:
            fault = fault_of_text(legible(cell)) if isinstance(cell, str) else None
            if fault is not None:
                yield fault.at(line.number)
                return


def _unknown(layout: Layout, heading: str) -> Finding:
    near = get_close_matches(normalise(heading), layout.by_heading, 1)
    if not near:
        return UNKNOWN_HEADING
    likely = layout.by_heading[near[0]].headings[0]
    return UNKNOWN_HEADING._replace(mend=DID_YOU_MEAN.about(likely=likely))


def _missing(heading: str, row: int) -> Finding:
    return MISSING.about(heading=heading).at(row, heading)
