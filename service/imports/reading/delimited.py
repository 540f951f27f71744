"""Delimited: the rows of a CSV file in UTF-8, whatever separates its columns."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice

from service.imports.reading.bounds import LONGEST_CELL, Tally, Unreadable
from service.imports.reading.cells import PlainCell, cleaned, is_filled
from service.imports.reading.other_files import (
    LOOKED_AT_BYTES,
    PACKED,
    UTF_16_MARKS,
    other_file,
)
from service.imports.reading.words import ROWS_BEFORE_HEADINGS, most_known
from service.imports.reading.workbook import Reading
from service.imports.reading.worksheet import characters

DELIMITERS = (",", ";", "\t")
# Excel's own first line, that names the separator.
SEPARATOR_LINE = "sep="
# Of UTF-16, at least every fourth byte is zero: digits, blanks and separators.
NULS_OF_UTF_16 = 4
LARGEST_FIELD = 2**31 - 1
# Files of Windows, by the bytes of the letters that only Vietnamese has: Đ đ Ơ ơ Ư ư, and tones.
VIETNAMESE_OF_WINDOWS = b"\xd0\xf0\xd5\xf5\xdd\xfd\xcc\xec\xd2\xf2\xde\xc3\xe3"


def read_delimited(data: bytes, layouts: Sequence[frozenset[str]]) -> Reading:
    """The rows, split where the headings fit one of the layouts best.

    Raises:
        Unreadable.
    """
    content = _decoded(data)
    delimiters: Sequence[str] = DELIMITERS
    first, _, _ = content.partition("\n")
    skipped = 0
    line = first.strip('\r"')
    if line.lower().startswith(SEPARATOR_LINE) and line[len(SEPARATOR_LINE) :]:
        delimiters, skipped = (line[len(SEPARATOR_LINE)],), 1
        content = content[len(first) + 1 :]
    best = max(delimiters, key=lambda delimiter: _fit(content, delimiter, layouts))
    return Reading(list(_rows(content, best, skipped, Tally())), ())


def _fit(content: str, delimiter: str, layouts: Sequence[frozenset[str]]) -> int:
    """How many headings the first rows have; quotation marks may stand beside another delimiter."""
    found: list[Sequence[PlainCell]] = []
    try:
        rows = _rows(content, delimiter, 0, Tally())
        found.extend(cells for _, cells in islice(rows, ROWS_BEFORE_HEADINGS))
    except Unreadable:
        pass
    return most_known(found, layouts)


def _rows(
    content: str, delimiter: str, skipped: int, tally: Tally
) -> Iterator[tuple[int, list[PlainCell]]]:
    csv.field_size_limit(LARGEST_FIELD)
    lines = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    number = skipped
    try:
        for number, line in enumerate(lines, start=skipped + 1):
            cells = [cleaned_field(field, number) for field in line]
            if is_filled(cells):
                tally.row(number, len(cells), characters(cells))
                yield number, cells
    except csv.Error as fault:
        raise Unreadable("not_split", number + 1, fault=str(fault)) from None


def cleaned_field(field: str, row: int) -> PlainCell:
    r"""The text of a field, with `\n` for every line end; None if it is blank."""
    if len(field) > LONGEST_CELL:
        raise Unreadable("long_cell", row, most=LONGEST_CELL)
    return cleaned(field, row) if "\r" in field else field.strip() or None


def _decoded(data: bytes) -> str:
    other = other_file(data)
    if other is not None:
        raise Unreadable(other)
    if data.startswith(PACKED):
        raise Unreadable("is_workbook")
    looked_at = data[:LOOKED_AT_BYTES]
    if data.startswith(UTF_16_MARKS) or looked_at.count(0) * NULS_OF_UTF_16 > len(looked_at):
        raise Unreadable("utf_16", 1)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        row = data.count(b"\n", 0, fault.start) + 1
        is_of_windows = data[fault.start] in VIETNAMESE_OF_WINDOWS
        raise Unreadable("windows" if is_of_windows else "not_utf_8", row) from None
