"""Worksheet: the rows of one sheet of a workbook, as its XML is parsed piece by piece.

The standard library's expat is fast, says everything that the sheet says (formats, hidden rows,
merged cells, formulas) and never holds more than a piece and the rows. A document type is refused:
with it go entities.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import IO, NoReturn, Protocol
from xml.parsers import expat

from service.imports.reading.bounds import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_STRINGS,
    Tally,
    Unreadable,
)
from service.imports.reading.cells import DOUBT, PlainCell, cleaned, number_cell
from service.imports.reading.columns import LETTERS_OF, column_index, column_name, place_of
from service.imports.reading.number_formats import number_of
from service.imports.reading.plain_rows import PlainRow, RowStream, attributes_of, resolved

PIECE_BYTES = 2**16
LONGEST_REMEMBERED = 1000
# A character may be written as an escape of seven.
LONGEST_RAW = 8 * LONGEST_CELL
TRUE = frozenset({"1", "true"})


@dataclass(frozen=True, slots=True)
class Shared:
    """What the sheets of a workbook share.

    Attributes:
        strings: the texts that cells name by number.
        formats: the format code of every style, by its number.
        from_1904: whether days are counted from 1904.
    """

    strings: Sequence[str]
    formats: Sequence[str]
    from_1904: bool


@dataclass(slots=True)
class Worksheet:
    """What has been read of a sheet.

    Attributes:
        rows: the rows that show something, with their numbers.
        hidden_rows: those that hold something.
        hidden_columns: from which column to which, counted from 0.
        far: the first cell beyond the last column that is read; there are `far_cells` of them.
        across: the merged cells that reach over several columns, as row and reference.
        merged: the references of merged cells.
    """

    rows: list[tuple[int, list[PlainCell]]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    far: str | None = None
    far_cells: int = 0
    across: list[tuple[int, str]] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)


class Readable(Protocol):
    """What gives its bytes piece by piece."""

    def read(self, size: int, /) -> bytes: ...


class Enough(Exception):
    """As many rows are read as are wanted."""


def parser(names: Mapping[str, str] | None = None) -> expat.XMLParserType:
    """A parser that knows namespaces and refuses document types."""
    made = expat.ParserCreate(namespace_separator=" ", intern=dict(names or {}))
    made.buffer_text = True
    made.StartDoctypeDeclHandler = _refuse_document_type
    return made


def _refuse_document_type(*_: object) -> NoReturn:
    raise Unreadable("document_type")


def read_strings(file: IO[bytes]) -> list[str]:
    """The texts that the cells share; what is written above them for pronunciation is left out."""
    found: list[str] = []
    parts: list[str] = []
    buffer: list[str] = []
    phonetic = False

    def start(name: str, _: object) -> None:
        nonlocal phonetic
        tag = name[name.rfind(" ") + 1 :]
        if tag == "t":
            buffer.clear()
        elif tag == "si":
            parts.clear()
        elif tag == "rPh":
            phonetic = True

    def end(name: str) -> None:
        nonlocal phonetic
        tag = name[name.rfind(" ") + 1 :]
        if tag == "t" and not phonetic:
            parts.append("".join(buffer))
        elif tag == "si":
            found.append(cleaned("".join(parts), 0) or "")
            if len(found) > MOST_STRINGS:
                raise Unreadable("strings", most=MOST_STRINGS)
        elif tag == "rPh":
            phonetic = False

    reader = parser()
    reader.StartElementHandler, reader.EndElementHandler = start, end
    reader.CharacterDataHandler = buffer.append
    feed(reader, file, buffer)
    return found


def feed(reader: expat.XMLParserType, file: Readable, buffer: Sequence[str]) -> None:
    """Parse the file piece by piece; a text that outgrows a cell ends it.

    Raises:
        Unreadable.
    """
    while piece := file.read(PIECE_BYTES):
        reader.Parse(piece, False)  # noqa: FBT003  expat's own signature
        if len(buffer) and sum(map(len, buffer)) > LONGEST_RAW:
            raise Unreadable("long_cell", most=LONGEST_CELL)
    reader.Parse(b"", True)  # noqa: FBT003  expat's own signature


def read_rows(
    file: IO[bytes], shared: Shared, tally: Tally, most_rows: int | None = None
) -> Worksheet:
    """The rows of a sheet; of `most_rows`, if given, only the first that show something.

    Raises:
        Unreadable.
    """
    sheet = Worksheet()
    _SheetParser(sheet, shared, tally, most_rows).parse(file)
    return sheet


class _SheetParser:
    """Takes plain rows, and the parser's events for all others."""

    def __init__(
        self, sheet: Worksheet, shared: Shared, tally: Tally, most_rows: int | None
    ) -> None:
        self._sheet = sheet
        self._shared = shared
        self._tally = tally
        self._most_rows = most_rows
        self._number = 0
        self._hidden = False
        # Of the cell that the parser is in.
        self._cells: list[PlainCell] = []
        self._found: Mapping[str, str] = {}
        self._buffer: list[str] = []
        self._text = ""
        self._has_formula = False
        self._is_phonetic = False

    def parse(self, file: IO[bytes]) -> None:
        reader = parser()
        reader.StartElementHandler, reader.EndElementHandler = self._start, self._end
        reader.CharacterDataHandler = self._buffer.append
        try:
            feed(reader, RowStream(file, self._take, reader), self._buffer)
        except Enough:
            return
        except Unreadable as fault:
            fault.row = fault.row or self._number
            raise
        if self._sheet.merged:
            _fill_merged(self._sheet, self._tally)

    def _take(self, row: PlainRow) -> None:
        """A row in the plain form: the same as the handlers make of it."""
        self._begin_row(row.number, attributes_of(row.attributes) if row.attributes else {})
        cells: list[PlainCell] = []
        strings, number, has_escapes = self._shared.strings, row.number, row.has_escapes
        for _, letters, style, kind, formula, value, inline in row.cells:
            cell: PlainCell
            if kind == "inlineStr" or kind == "str":  # noqa: PLR1714  faster for every cell
                cell = inline or value
                if len(cell) > LONGEST_REMEMBERED:
                    cell = cleaned(resolved(cell), number)
                elif has_escapes and ("&" in cell or "_x" in cell or "\r" in cell):
                    cell = _remembered(cell)
                else:
                    cell = cell.strip() or None
            elif kind == "s":
                cell = strings[int(value)] or None
            else:
                cell = self._value(kind, value.strip(), style, has_formula=bool(formula))
            if cell is None:
                continue
            count = len(cells)
            if count < MOST_COLUMNS and LETTERS_OF[count] == letters:
                cells.append(cell)
            else:
                self._put(cells, letters, cell)
        self._end_row(cells)

    def _start(self, name: str, found: Mapping[str, str]) -> None:
        tag = name[name.rfind(" ") + 1 :]
        if tag == "c":
            self._found, self._text, self._has_formula = found, "", False
        elif tag in {"v", "t"}:
            self._buffer.clear()
        elif tag == "f":
            self._has_formula = True
        elif tag == "row":
            self._cells = []
            self._begin_row(int(found.get("r") or self._number + 1), found)
        elif tag == "rPh":
            self._is_phonetic = True
        elif tag == "mergeCell":
            self._sheet.merged.append(found["ref"])
        elif tag == "col" and (
            found.get("hidden") in TRUE or ("width" in found and number_of(found["width"]) == 0)
        ):
            self._sheet.hidden_columns.append((int(found["min"]) - 1, int(found["max"]) - 1))

    def _end(self, name: str) -> None:
        tag = name[name.rfind(" ") + 1 :]
        if tag in {"v", "t"}:
            if not self._is_phonetic:
                self._text += "".join(self._buffer)
            self._buffer.clear()
        elif tag == "c":
            self._buffer.clear()
            self._end_cell(self._found, self._text)
        elif tag == "row":
            self._end_row(self._cells)
        elif tag == "rPh":
            self._is_phonetic = False

    def _end_cell(self, found: Mapping[str, str], text: str) -> None:
        kind, style = found.get("t", ""), found.get("s", "")
        cell: PlainCell
        if kind in {"inlineStr", "str"}:
            cell = cleaned(text, self._number)
        elif kind == "s":
            cell = self._shared.strings[int(text)] or None
        else:
            cell = self._value(kind, text.strip(), style, has_formula=self._has_formula)
        if cell is not None:
            reference = found.get("r")
            letters = None if reference is None else reference.rstrip("0123456789")
            self._put(self._cells, letters, cell)

    def _value(self, kind: str, value: str, style: str, *, has_formula: bool) -> PlainCell:
        """What a cell shows that is not text."""
        if not value:
            return [DOUBT, "formula", ""] if has_formula else None
        if kind == "" or kind == "n":  # noqa: PLR1714  faster for every cell
            formats, place = self._shared.formats, int(style or 0)
            code = formats[place] if place < len(formats) else "General"
            return number_cell(value, code, from_1904=self._shared.from_1904)
        if kind == "b":
            return value in TRUE
        if kind == "d":
            return ["d", value[:10]] if value[10:] in {"", "T00:00:00", "T00:00:00Z"} else value
        return [DOUBT, "error", value]

    def _begin_row(self, number: int, found: Mapping[str, str]) -> None:
        self._number = number
        self._hidden = found.get("hidden") in TRUE or (
            "ht" in found and number_of(found["ht"]) == 0
        )

    def _put(self, cells: list[PlainCell], letters: str | None, cell: PlainCell) -> None:
        """Put a cell into its column, which is the next one where it is not named."""
        column = len(cells) if letters is None else column_index(letters)
        if column >= MOST_COLUMNS:
            self._far(column)
        elif column < len(cells):
            cells[column] = cell
        else:
            cells.extend([None] * (column - len(cells)))
            cells.append(cell)

    def _far(self, column: int) -> None:
        self._sheet.far = self._sheet.far or f"{column_name(column)}{self._number}"
        self._sheet.far_cells += 1

    def _end_row(self, cells: list[PlainCell]) -> None:
        if not cells:
            return
        self._tally.row(self._number, len(cells), characters(cells))
        if self._hidden:
            self._sheet.hidden_rows.append(self._number)
            return
        self._sheet.rows.append((self._number, [*cells]))
        if self._most_rows is not None and len(self._sheet.rows) >= self._most_rows:
            raise Enough


@lru_cache(maxsize=4096)
def _remembered(text: str) -> PlainCell:
    """The text of a cell as it is shown; in a list many are the same."""
    return cleaned(resolved(text), 0)


def characters(cells: Sequence[PlainCell]) -> int:
    """How many characters the texts of a row have."""
    return sum([len(cell) for cell in cells if isinstance(cell, str)])


def _fill_merged(sheet: Worksheet, tally: Tally) -> None:
    """Give the value of a merged cell to every row that it reaches over."""
    numbers = [number for number, _ in sheet.rows]
    for reference in sheet.merged:
        first, _, last = reference.partition(":")
        top, left = place_of(first)
        bottom, right = place_of(last or first)
        begin = bisect_left(numbers, top)
        if begin == len(numbers) or numbers[begin] != top or left >= len(sheet.rows[begin][1]):
            continue
        cell = sheet.rows[begin][1][left]
        if cell is None:
            continue
        if right > left:
            sheet.across.append((top, reference))
        for number, cells in sheet.rows[begin + 1 : bisect_right(numbers, bottom)]:
            cells.extend([None] * (left + 1 - len(cells)))
            if cells[left] is None:
                cells[left] = cell
                tally.filled(number, characters([cell]))
