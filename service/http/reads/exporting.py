"""Exporting: a whole list as CSV, XLSX or JSON Lines, page after page, without holding it.

Every page is the list's own, as of the one day with which the export began. CSV and JSON Lines
leave as they are read; a workbook is written to a temporary file first, for its directory stands at
its end.
"""

import asyncio
import csv
import io
import json
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from datetime import date
from decimal import Decimal
from functools import lru_cache
from tempfile import TemporaryFile
from types import NoneType
from typing import IO, Annotated, Any, Literal, NamedTuple, TypeAlias, TypeVar, get_args

from fastapi import Request, Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from pydantic import BaseModel, Field
from starlette.responses import StreamingResponse

from domain.kernel import Refusal
from projections.filters import Truth
from projections.listing import Item, Shown, itself
from service.http.problems import Declared
from service.http.reads import query
from service.http.reads.headings import VIETNAMESE
from service.http.reads.query import InPages
from service.language import Language, language_of
from service.spreadsheets import guarded

PAGE_ITEMS = 500
CHUNK_BYTES = 2**16
BOM = "\ufeff"
# One sheet holds no more, its headings among them.
SHEET_ROWS = 2**20
# One cell holds no more, counted as UTF-16 (Excel's specifications and limits).
CELL_UNITS = 32_767
CUT: Mapping[Language, str] = {
    "en": " … [cut: CSV and JSON Lines have it whole]",
    "vi": " … [đã cắt: tệp CSV và JSON Lines có đầy đủ]",
}

CellKind: TypeAlias = Literal["text", "number", "day", "other"]
Format: TypeAlias = Literal["json", "csv", "xlsx", "jsonl"]
MEDIA_TYPES: Mapping[Format, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl",
}
ACCEPTED: Mapping[str, Format] = {
    **{media_type.partition(";")[0]: name for name, media_type in MEDIA_TYPES.items()},
    "application/x-ndjson": "jsonl",
}


class Exported(InPages):
    """A place in a list, or the whole of it as a file."""

    format: Annotated[
        Format | None,
        Field(
            description="`csv`, `xlsx` and `jsonl` give the whole list from the cursor on, "
            "whatever `limit` says; without it `Accept` decides."
        ),
    ] = None
    bom: Annotated[
        Truth, Field(description="Whether CSV begins with a byte order mark, as Excel wants it.")
    ] = False


P = TypeVar("P", bound=Exported)
ReadPage: TypeAlias = Callable[[P], Awaitable[Response]]


class FileColumn(NamedTuple):
    """A column of a file.

    Attributes:
        path: where an item has its value.
        kind: what the value is, which JSON does not tell.
        vietnamese: what each name of the path is called in Vietnamese.
    """

    path: tuple[str, ...]
    kind: CellKind
    vietnamese: tuple[str, ...]


def listed(*further: type[Refusal]) -> Declared:
    """The replies of a list that can be exported."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    text = {"schema": {"type": "string"}}
    contents = {"text/csv": text, MEDIA_TYPES["xlsx"]: binary, MEDIA_TYPES["jsonl"]: text}
    return {200: {"content": contents}, **query.refusals(*further)}


async def list_or_file(  # noqa: PLR0913  a list has so many sides
    request: Request,
    params: P,
    row: type[BaseModel],
    name: str,
    page: ReadPage[P],
    *,
    rows: Callable[[Item], Iterable[Item]] = itself,
) -> Response:
    """The page asked for, or the whole list as a file.

    Args:
        request: whose Accept and Accept-Language count.
        params: of the read; each page is `page` of it with a cursor.
        row: what a row of a table is: the list's item, where `rows` says nothing else.
        name: of the list, for the file.
        page: reads one page.
        rows: of an item in a table; a line of JSON is an item always.
    """
    wanted = params.format or accepted(request.headers.get("accept", ""))
    if wanted == "json":
        return await page(params)
    # The first page is read before anything is sent: what is refused is refused as always.
    first = await page(params.model_copy(update={"limit": PAGE_ITEMS}))
    pages = _pages(first, params, page)
    as_of = json.loads(bytes(first.body))["as_of"]
    language = language_of(request.scope)
    headers = {
        "Giaoviec-Position": first.headers["Giaoviec-Position"],
        "Content-Disposition": f'attachment; filename="{name}-{as_of}.{wanted}"',
        "Content-Language": language,
        "Vary": "Accept, Accept-Language",
    }
    fields = fields_of(row)
    body: AsyncIterator[str | bytes]
    if wanted == "jsonl":
        body = _jsonl(pages)
    elif wanted == "csv":
        body = _csv(_tabled(pages, rows), fields, language, bom=params.bom)
    else:
        body = _chunks(await _workbook(_tabled(pages, rows), fields, language))
    return StreamingResponse(body, media_type=MEDIA_TYPES[wanted], headers=headers)


@lru_cache(maxsize=256)
def accepted(header: str) -> Format:
    """What the Accept header likes best of what there is (RFC 9110, 12.5.1); JSON by default."""
    best, weight = "json", 0.0
    for part in header.split(","):
        media_type, _, parameters = part.strip().lower().partition(";")
        known = ACCEPTED.get(media_type.strip())
        quality = _quality(parameters)
        if known is not None and quality > weight:
            best, weight = known, quality
    return best  # type: ignore[return-value]  # of ACCEPTED


def _quality(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


async def _pages(first: Response, params: P, page: ReadPage[P]) -> AsyncIterator[Sequence[Item]]:
    """Every page's items, from the first on."""
    reply = json.loads(bytes(first.body))
    while True:
        yield reply["items"]
        cursor = reply["next_cursor"]
        if cursor is None:
            return
        further = params.model_copy(update={"cursor": cursor, "limit": PAGE_ITEMS})
        reply = json.loads(bytes((await page(further)).body))


async def _tabled(
    pages: AsyncIterator[Sequence[Item]], rows: Callable[[Item], Iterable[Item]]
) -> AsyncIterator[Sequence[Item]]:
    """Every page's rows."""
    async for items in pages:
        yield [row for item in items for row in rows(item)]


async def _csv(
    pages: AsyncIterator[Sequence[Item]],
    fields: Sequence[FileColumn],
    language: Language,
    *,
    bom: bool,
) -> AsyncIterator[str | bytes]:
    text = io.StringIO()
    rows = csv.writer(text)
    text.write(BOM if bom else "")
    rows.writerow(heading(field, language) for field in fields)
    async for items in pages:
        for item in items:
            rows.writerow(_plain(item, field) for field in fields)
        yield text.getvalue()
        text.seek(0)
        text.truncate()


async def _jsonl(pages: AsyncIterator[Sequence[Item]]) -> AsyncIterator[str | bytes]:
    async for items in pages:
        yield "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)


async def _workbook(
    pages: AsyncIterator[Sequence[Item]], fields: Sequence[FileColumn], language: Language
) -> IO[bytes]:
    """A workbook on disk, at its beginning; what no sheet holds goes on in the next."""
    book = Workbook(write_only=True)
    headings = [heading(field, language) for field in fields]
    sheet: WriteOnlyWorksheet | None = None
    rows = SHEET_ROWS
    async for items in pages:
        for item in items:
            if rows == SHEET_ROWS:
                sheet, rows = _sheet(book, headings), 1
            assert sheet is not None  # noqa: S101  the first row makes one
            sheet.append([_cell(sheet, item, field, language) for field in fields])
            rows += 1
    if sheet is None:
        _sheet(book, headings)
    file = TemporaryFile()  # noqa: SIM115  whoever streams it closes it
    await asyncio.to_thread(book.save, file)
    file.seek(0)
    return file


def _sheet(book: Workbook, headings: Sequence[str]) -> WriteOnlyWorksheet:
    sheet: WriteOnlyWorksheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    sheet.append(headings)
    return sheet


async def _chunks(file: IO[bytes]) -> AsyncIterator[str | bytes]:
    with file:
        while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
            yield chunk


def _plain(item: Item, field: FileColumn) -> object:
    """The cell as text; exact numbers and days as JSON has them."""
    value = _value(item, field)
    return value if field.kind in {"number", "day"} else guarded(_text(value))


def _cell(sheet: WriteOnlyWorksheet, item: Item, field: FileColumn, language: Language) -> object:
    """The cell with its type. Text is marked as text: a spreadsheet computes none of it."""
    value = _value(item, field)
    if value is None or isinstance(value, bool):
        return value
    if field.kind == "number":
        return Decimal(str(value))
    if field.kind == "day":
        return date.fromisoformat(value)
    cell = WriteOnlyCell(sheet, value=fitting(str(_text(value)), language))
    cell.data_type = "s"
    return cell


def fitting(text: str, language: Language) -> str:
    """The text as far as a cell holds it; where it is cut, it says so."""
    if len(text) <= CELL_UNITS // 2:  # a character has two units at most
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CELL_UNITS:
        return text
    room = 2 * (CELL_UNITS - len(CUT[language]))
    return units[:room].decode("utf-16-le", errors="ignore") + CUT[language]


def _value(item: Item, field: FileColumn) -> Any:  # noqa: ANN401  JSON
    value: Any = item
    for name in field.path:
        value = None if value is None else value[name]
    return value


def _text(value: object) -> object:
    """Lists of words in a row; what has parts of its own as JSON."""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return "; ".join(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def heading(field: FileColumn, language: Language) -> str:
    """What the column is called; English is the name in the API, read as words."""
    if language == "vi":
        return ": ".join(field.vietnamese)
    return ": ".join(name.replace("_", " ") for name in field.path).capitalize()


@lru_cache
def fields_of(item: type[BaseModel]) -> tuple[FileColumn, ...]:
    """The columns of an item, in its order; a part with parts gives a column for each."""
    return tuple(_fields(item, (), ()))


def _fields(
    item: type[BaseModel], above: tuple[str, ...], headed: tuple[str, ...]
) -> Iterator[FileColumn]:
    for name, field in item.model_fields.items():
        path = (*above, name)
        shown = next((one for one in field.metadata if isinstance(one, Shown)), Shown())
        vietnamese = (*headed, shown.vi or VIETNAMESE.get(name) or name.replace("_", " "))
        kinds = [kind for kind in get_args(field.annotation) if kind is not NoneType]
        kind = kinds[0] if NoneType in get_args(field.annotation) else field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _fields(kind, path, vietnamese)
        else:
            of: CellKind = _KINDS.get(kind, "text")  # type: ignore[arg-type]  # a key that is no type is none of these
            yield FileColumn(path, of, vietnamese)


_KINDS: Mapping[type, CellKind] = {
    int: "number",
    Decimal: "number",
    date: "day",
    bool: "other",
}
