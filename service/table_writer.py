"""Table writer: a program that writes a list as CSV, as a workbook or as lines of JSON.

    python -m service.table_writer FILE

A program of its own, so that the service goes on answering and the work ends with its client. It
reads messages, each after a line with its length: a `Table`, then the pages of the list as they are
answered over HTTP, then an empty one. To each page it says whose names it lacks, by kind, as a line
of JSON; where it lacks any, a message with these names follows.
"""

import csv
import json
import os
import re
import resource
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Literal, TypeAlias, TypedDict

import rustpy_xlsxwriter as xlsx

from service.spreadsheets import guarded

Row: TypeAlias = dict[str, Any]
CellKind: TypeAlias = Literal["text", "number", "day", "other"]
Names: TypeAlias = Mapping[str, Mapping[str, str]]

MOST_MEMORY_BYTES = 2**30
# Whoever records or reads comes first.
NICENESS = 15
# So many names of a kind are remembered at once.
REMEMBERED_NAMES = 100_000
BOM = "\ufeff"
# One sheet holds no more, its headings among them.
SHEET_ROWS = 2**20
# One cell holds no more, counted as UTF-16 (Excel's specifications and limits).
CELL_UNITS = 32_767
# What XML 1.0 does not hold, lone surrogates and noncharacters: no workbook may hold them.
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
LEAST_WIDTH, MOST_WIDTH = 8, 60
DAY_FORMAT = "dd/mm/yyyy"
TEXT_FORMAT = "@"


class Column(TypedDict):
    """A column.

    Attributes:
        heading: what it is called, in no other column.
        path: where a row has its value.
        kind: what the value is, which JSON does not tell.
        words: for values that are words of the API, those of the reader.
        names: what the ids in it are of, where their names are shown instead.
        total: whether the sum of the column says something.
    """

    heading: str
    path: Sequence[str]
    kind: CellKind
    words: Mapping[str, str]
    names: str
    total: bool


class Table(TypedDict):
    """What is written.

    Attributes:
        form: the kind of file.
        bom: whether CSV begins with a byte order mark.
        columns: in their order; those of lines of JSON are what the list has.
        cut: ends a text that no cell holds whole.
        total: what the row of sums is called.
        truth: what false and true are called; empty for those of the file's own.
    """

    form: Literal["csv", "xlsx", "jsonl"]
    bom: bool
    columns: Sequence[Column]
    cut: str
    total: str
    truth: Sequence[str]


class Orders:
    """What the program is told, and what it answers.

    Args:
        source: gives the messages.
        answers: takes the answers.
    """

    def __init__(self, source: IO[bytes], answers: IO[bytes]) -> None:
        self._source = source
        self._answers = answers
        self._known: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self._asked: defaultdict[str, set[str]] = defaultdict(set)
        self.table: Table = self._message()

    def items(self) -> Iterator[Row]:
        """The items of the list, whose names are of no matter."""
        while page := self._message():
            yield from page["items"]
            self._answer({})

    def rows(self) -> Iterator[list[object]]:
        """The rows of the table, cell by cell."""
        columns = self.table["columns"]
        while page := self._message():
            self._learn(columns, page["items"])
            for row in page["items"]:
                yield [_value(self.table, column, row, self._known) for column in columns]

    def _learn(self, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """Ask for the names that these rows mention and that were not asked for before."""
        lacking: defaultdict[str, set[str]] = defaultdict(set)
        for column in columns:
            if column["names"]:
                [field] = column["path"]
                for row in rows:
                    value = row[field]
                    lacking[column["names"]].update(
                        [value] if isinstance(value, str) else value or []
                    )
        for kind, ids in lacking.items():
            if len(self._asked[kind]) > REMEMBERED_NAMES:
                self._asked[kind].clear()
                self._known[kind].clear()
            ids.difference_update(self._asked[kind])
            self._asked[kind].update(ids)
        asked = {kind: sorted(ids) for kind, ids in lacking.items() if ids}
        self._answer(asked)
        if asked:
            for kind, names in self._message().items():
                self._known[kind] |= names

    def _message(self) -> Any:  # noqa: ANN401  JSON
        """The next message; None at the end."""
        message = self._source.read(int(self._source.readline()))
        return json.loads(message) if message else None

    def _answer(self, answer: object) -> None:
        self._answers.write(json.dumps(answer).encode() + b"\n")
        self._answers.flush()


def main(file: Path) -> None:
    """Write the file."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    os.nice(NICENESS)
    orders = Orders(sys.stdin.buffer, sys.stdout.buffer)
    table = orders.table
    if table["form"] == "xlsx":
        with TemporaryFile("w+", encoding="utf-8", dir=file.parent) as spool:
            count = 0
            for row in orders.rows():
                spool.write(json.dumps(row) + "\n")
                count += 1
            spool.seek(0)
            write_workbook(table, map(json.loads, spool), count, file)
        return
    with file.open("w", encoding="utf-8", errors="replace", newline="") as target:
        if table["form"] == "csv":
            write_csv(table, orders.rows(), target)
        else:
            target.writelines(
                json.dumps(item, ensure_ascii=False) + "\n" for item in orders.items()
            )


def write_csv(table: Table, rows: Iterator[list[object]], target: IO[str]) -> None:
    """Write the table as RFC 4180 has it; no cell is a formula."""
    target.write(BOM if table["bom"] else "")
    writer = csv.writer(target)
    columns = table["columns"]
    writer.writerow([column["heading"] for column in columns])
    for row in rows:
        writer.writerow(
            [
                value if column["kind"] in {"number", "day"} else guarded(value)
                for column, value in zip(columns, row, strict=True)
            ]
        )


def write_workbook(table: Table, rows: Iterator[list[object]], count: int, file: Path) -> None:
    """Write the table, of so many rows, as XLSX; what no sheet holds goes on in the next."""
    columns = table["columns"]
    headings = [column["heading"] for column in columns]
    first = list(islice(rows, 200))
    widths = {
        heading: float(_width([heading, *(row[at] for row in first)]))
        for at, heading in enumerate(headings)
    }
    everything = _with_total(table, _chained(first, rows), count)
    records = (dict(zip(headings, _cells(table, row), strict=True)) for row in everything)
    per_sheet = SHEET_ROWS - 1
    sheets = max(1, -(-(count + 1) // per_sheet))
    nothing: Row = dict.fromkeys(headings)
    xlsx.write_worksheets(
        [
            (f"Sheet{number}", islice(records, per_sheet) if count else [nothing])
            for number in range(1, sheets + 1)
        ],
        str(file),
        freeze_panes={"general": {"row": 1, "col": 0}},
        bold_headers=True,
        column_widths={"general": widths},
        column_formats={"general": _formats(columns)},
    )


def _formats(columns: Sequence[Column]) -> dict[str, xlsx.Format]:
    """Days as an office writes them; text stays text when it is edited."""
    formats = {"day": DAY_FORMAT, "text": TEXT_FORMAT}
    return {
        column["heading"]: xlsx.Format().set_num_format(formats[column["kind"]])
        for column in columns
        if column["kind"] in formats
    }


def _value(table: Table, column: Column, row: Row, names: Names) -> object:
    value: Any = row
    for name in column["path"]:
        value = None if value is None else value[name]
    if column["names"]:
        value = _named(value, names.get(column["names"], {}))
    elif column["words"]:
        value = _worded(value, column["words"])
    if isinstance(value, bool) and table["truth"]:
        return table["truth"][value]
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return "; ".join(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _named(value: object, names: Mapping[str, str]) -> object:
    if isinstance(value, list):
        return [names.get(one, one) for one in value]
    return names.get(value) if isinstance(value, str) else None


def _worded(value: object, words: Mapping[str, str]) -> object:
    if isinstance(value, list):
        return [_worded(one, words) for one in value]
    return words.get(value, value) if isinstance(value, str) else value


def _cells(table: Table, row: Sequence[object]) -> Iterator[object]:
    """The row's values with the types of a sheet's cells."""
    for column, value in zip(table["columns"], row, strict=True):
        if not isinstance(value, str):
            yield value
        elif column["kind"] == "day":
            yield date.fromisoformat(value)
        elif column["kind"] == "number":
            yield float(value)
        else:
            yield fitting(UNFIT.sub("\ufffd", value), table["cut"])


def _with_total(table: Table, rows: Iterator[list[object]], count: int) -> Iterator[list[object]]:
    """The rows, and after them their sums, where a column's sum says something."""
    at = [place for place, column in enumerate(table["columns"]) if column["total"]]
    sums = dict.fromkeys(at, 0.0)
    for row in rows:
        for place in at:
            sums[place] += float(row[place] or 0)  # type: ignore[arg-type]  # a number
        yield row
    if at and count:
        total: list[object] = [sums.get(place) for place in range(len(table["columns"]))]
        label = next(place for place in range(len(total)) if place not in sums)
        total[label] = table["total"]
        yield total


def _chained(first: Sequence[list[object]], rows: Iterator[list[object]]) -> Iterator[list[object]]:
    yield from first
    yield from rows


def _width(values: Sequence[object]) -> int:
    """A column's width in characters, from its heading and its first rows."""
    longest = max(len(str(value)) for value in values if value is not None)
    return min(max(longest + 2, LEAST_WIDTH), MOST_WIDTH)


def fitting(text: str, cut: str) -> str:
    """Return the text as far as a cell holds it, then `cut` where it is not whole."""
    if len(text) <= CELL_UNITS // 2:  # a character has two units at most
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CELL_UNITS:
        return text
    room = 2 * (CELL_UNITS - len(cut))
    return units[:room].decode("utf-16-le", errors="ignore") + cut


if __name__ == "__main__":
    main(Path(sys.argv[1]))
