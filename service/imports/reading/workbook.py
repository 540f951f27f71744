"""Workbook: the sheet of an XLSX file that holds the list, and what else the file says.

The list is in the sheet whose headings fit best, so that a cover sheet does not hide it. A hidden
sheet is never taken; it is named, as is every other that holds something.
"""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import IO, NamedTuple, cast
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, is_zipfile

from service.imports.reading.bounds import (
    MOST_COLUMNS,
    MOST_PARTS,
    MOST_SHEETS,
    MOST_UNPACKED_BYTES,
    Tally,
    Unreadable,
)
from service.imports.reading.cells import PlainCell
from service.imports.reading.columns import column_name
from service.imports.reading.number_formats import BUILT_IN
from service.imports.reading.other_files import is_text, other_file
from service.imports.reading.words import FEWEST_HEADINGS, ROWS_BEFORE_HEADINGS, most_known
from service.imports.reading.worksheet import (
    TRUE,
    Shared,
    Worksheet,
    feed,
    parser,
    read_rows,
    read_strings,
)

FAULTS = (BadZipFile, expat.ExpatError, KeyError, ValueError, IndexError, EOFError, OSError)
UNSUPPORTED = (NotImplementedError, RuntimeError)


class Told(NamedTuple):
    """What the file says that is not taken as it stands: a sentence's code, and where.

    Attributes:
        column: its index, counted from 0.
    """

    code: str
    row: int
    column: int | None
    values: Mapping[str, object]


class Reading(NamedTuple):
    """The rows of a file that show something, and what is told of it."""

    rows: Sequence[tuple[int, Sequence[PlainCell]]]
    told: Sequence[Told]


class Sheet(NamedTuple):
    """A sheet of the workbook."""

    name: str
    state: str
    part: str

    @property
    def is_hidden(self) -> bool:
        return self.state in {"hidden", "veryHidden"}


def read_workbook(data: bytes, layouts: Sequence[frozenset[str]]) -> Reading:
    """The rows of the visible sheet that fits one of the layouts best.

    Raises:
        Unreadable.
    """
    other = other_file(data)
    if other is not None:
        raise Unreadable(other)
    if is_text(data) and not is_zipfile(BytesIO(data)):
        raise Unreadable("is_text")
    try:
        with ZipFile(BytesIO(data)) as packed:
            return _read(Package(packed), layouts)
    except FAULTS as fault:  # a damaged workbook fails anywhere in the reader
        raise Unreadable("no_workbook", fault=type(fault).__name__) from fault
    except UNSUPPORTED as fault:  # a compression or an encryption that the library does not know
        raise Unreadable("no_workbook", fault=type(fault).__name__) from fault


class Package:
    """The parts of a workbook, which may not unpack to more than a list can be."""

    def __init__(self, packed: ZipFile) -> None:
        self._packed = packed
        self._left = MOST_UNPACKED_BYTES
        names = packed.namelist()
        if len(names) > MOST_PARTS:
            raise Unreadable("parts", most=MOST_PARTS)
        self._names = {name.lower(): name for name in names}

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._names

    @contextmanager
    def part(self, name: str) -> Iterator[IO[bytes]]:
        """Open a part, whose every byte is counted."""
        with self._packed.open(self._names[name.lower()]) as file:
            yield cast("IO[bytes]", _Counted(self, file))

    def unpacked(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise Unreadable("unpacked", most=MOST_UNPACKED_BYTES >> 20)

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """The parts that a part names, by the names that it gives them: their kind and address."""
        folder, name = posixpath.split(part)
        beside = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, tuple[str, str]] = {}
        for tag, attributes in self.elements(beside) if beside in self else ():
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join(folder, attributes["Target"]))
                kind = attributes["Type"].rpartition("/")[2]
                found[attributes["Id"]] = kind, target.removeprefix("/")
        return found

    def elements(self, part: str) -> list[tuple[str, dict[str, str]]]:
        """The elements of a small part, each with its attributes."""
        found: list[tuple[str, dict[str, str]]] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            local = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
            found.append((name.rpartition(" ")[2], local))

        reader = parser()
        reader.StartElementHandler = start
        with self.part(part) as file:
            feed(reader, file, ())
        return found


class _Counted:
    def __init__(self, package: Package, file: IO[bytes]) -> None:
        self._package = package
        self._file = file

    def read(self, size: int) -> bytes:
        piece = self._file.read(size)
        self._package.unpacked(len(piece))
        return piece


def _read(package: Package, layouts: Sequence[frozenset[str]]) -> Reading:
    parts = package.related("").values()
    main = next((part for kind, part in parts if kind == "officeDocument"), None)
    if main is None:
        raise Unreadable("no_workbook", fault="NoMainPart")
    related = package.related(main)
    elements = package.elements(main)
    shared = _shared(package, dict(related.values()), elements)
    sheets = [
        Sheet(found["name"], found.get("state", "visible"), related[found["id"]][1])
        for tag, found in elements
        if tag == "sheet" and related[found["id"]][0] == "worksheet"
    ]
    if not sheets:
        raise Unreadable("no_sheet")
    if len(sheets) > MOST_SHEETS:
        raise Unreadable("sheets", most=MOST_SHEETS)
    first_rows = {
        sheet: _read_sheet(package, sheet, shared, most_rows=ROWS_BEFORE_HEADINGS)
        for sheet in sheets
    }
    filled = [sheet for sheet in sheets if first_rows[sheet].rows or first_rows[sheet].hidden_rows]
    known = {
        sheet: most_known((cells for _, cells in first_rows[sheet].rows), layouts)
        for sheet in filled
    }
    chosen = max((s for s in filled if not s.is_hidden), key=known.__getitem__, default=None)
    hidden = [sheet for sheet in filled if sheet.is_hidden]
    if chosen is None or known[chosen] < FEWEST_HEADINGS:
        fitting = [sheet.name for sheet in hidden if known[sheet] >= FEWEST_HEADINGS]
        if fitting:
            raise Unreadable("only_hidden", names=_listed(fitting))
        if chosen is None:
            return Reading((), ())
    read = _read_sheet(package, chosen, shared)
    others = [sheet.name for sheet in filled if sheet not in (chosen, *hidden)]
    told = _sheets_told(chosen, others, [sheet.name for sheet in hidden])
    return Reading(read.rows, [*told, *_told(read)])


def _read_sheet(
    package: Package, sheet: Sheet, shared: Shared, most_rows: int | None = None
) -> Worksheet:
    with package.part(sheet.part) as file:
        return read_rows(file, shared, Tally(), most_rows)


def _shared(
    package: Package, parts: Mapping[str, str], elements: Sequence[tuple[str, Mapping[str, str]]]
) -> Shared:
    strings: list[str] = []
    if parts.get("sharedStrings", "") in package:
        with package.part(parts["sharedStrings"]) as file:
            strings = read_strings(file)
    formats = _formats(package.elements(parts["styles"])) if "styles" in parts else []
    from_1904 = any(
        tag == "workbookPr" and found.get("date1904") in TRUE for tag, found in elements
    )
    return Shared(strings, formats, from_1904)


def _formats(elements: Sequence[tuple[str, Mapping[str, str]]]) -> list[str]:
    """The format code of every style, by its number."""
    codes = dict(BUILT_IN)
    formats: list[str] = []
    is_cell_style = False
    for tag, found in elements:
        if tag == "numFmt" and "formatCode" in found:
            codes[int(found["numFmtId"])] = found["formatCode"]
        elif tag in {"cellStyleXfs", "cellXfs", "cellStyles", "dxfs"}:
            is_cell_style = tag == "cellXfs"
        elif tag == "xf" and is_cell_style:
            formats.append(codes.get(int(found.get("numFmtId", "0")), "General"))
    return formats


def _sheets_told(chosen: Sheet, others: Sequence[str], hidden: Sequence[str]) -> Iterator[Told]:
    if others:
        yield Told("other_sheets", 0, None, {"read": chosen.name, "names": _listed(others)})
    if hidden:
        yield Told("hidden_sheets", 0, None, {"names": _listed(hidden)})


def _told(sheet: Worksheet) -> Iterator[Told]:
    for first, last in _runs(sheet.hidden_rows):
        code = "hidden_row" if first == last else "hidden_rows"
        yield Told(code, first, None, {"first": first, "last": last})
    for first, last in sheet.hidden_columns:
        for index in range(first, min(last + 1, MOST_COLUMNS)):
            if any(cells[index] is not None for _, cells in sheet.rows if len(cells) > index):
                yield Told("hidden_column", 0, index, {"letters": column_name(index)})
    for row, reference in sheet.across:
        yield Told("merged_across", row, None, {"reference": reference})
    if sheet.far:
        yield Told("far_cells", 0, None, {"first": sheet.far, "count": sheet.far_cells})


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The numbers as runs without a gap: the first and the last of each."""
    first = last = 0
    for number in numbers:
        if number != last + 1 or not first:
            if first:
                yield first, last
            first = number
        last = number
    if first:
        yield first, last


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
