"""Exporting: a whole list as CSV, XLSX or JSON Lines, all of one position, without holding it.

The list is read page after page in one snapshot of the database, and kept in a temporary folder:
however slowly it is taken away, no row moves meanwhile. Its pages are parsed and written by a
process of its own, which ends with its client.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Generic, Literal, TypeAlias, TypeVar

from fastapi import Request, Response
from pydantic import BaseModel, Field
from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse

from domain.kernel import Refusal
from projections.filters import Truth
from projections.listing import Item, itself
from service.components import Service
from service.database.engine import BACKGROUND, Acquired, create_pool
from service.http.noted import noted
from service.http.problems import Declared
from service.http.reads import query
from service.http.reads.columns import FileColumn, columns_of
from service.http.reads.naming import Naming
from service.http.reads.query import InPages
from service.http.reads.reading import SNAPSHOT, Reply
from service.http.reads.table_process import writing
from service.http.reads.words import CUT, TOTAL, TRUTH
from service.language import language_of
from service.sent_files import TooManyFiles
from service.sources import Moment
from service.table_writer import Table

PAGE_ITEMS = 500
# A longer header is read anew each time: what is remembered is bounded in bytes.
REMEMBERED_LENGTH = 500
# What the groups of a list are, by what it is grouped by.
GROUPS: Mapping[str, str] = {
    "agency": "unit",
    "commune": "unit",
    "district": "unit",
    "official": "official",
    "post": "post",
    "unit": "unit",
}
# A task may be of several kinds: the sum of groups by kind would count it several times.
OVERLAPPING = frozenset({"kind"})

File: TypeAlias = Literal["csv", "xlsx", "jsonl"]
Format: TypeAlias = Literal["json"] | File
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
ReadPage: TypeAlias = Callable[[P], Awaitable[Reply]]


def listed(*further: type[Refusal]) -> Declared:
    """The replies of a list that can be exported."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    text = {"schema": {"type": "string"}}
    contents = {"text/csv": text, MEDIA_TYPES["xlsx"]: binary, MEDIA_TYPES["jsonl"]: text}
    return {200: {"content": contents}, **query.refusals(TooManyFiles, *further)}


async def list_or_file(  # noqa: PLR0913, PLR0917  a list has so many sides
    request: Request,
    ledger: str,
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
        ledger: that is read.
        params: of the read; each page is `page` of it with a cursor.
        row: what a row of a table is: the list's item, where `rows` says nothing else.
        name: of the list, for the file.
        page: reads one page.
        rows: of an item in a table; a line of JSON is an item always.
    """
    form = params.format or _accepted_by(request)
    if form != "json" or params.cursor is not None:
        noted(request.scope).form = form
    if form == "json":
        return await page(params)
    uncounted = params.model_copy(update={"count": False})
    exported = WholeList(request, ledger, uncounted, page, columns_for(row, params), rows)
    files = exported.service.files
    folder = TemporaryDirectory(prefix="giaoviec-list-")
    try:
        async with files.writing:
            taken = await exported.taken(form, Path(folder.name))
        size = taken.file.stat().st_size
        files.require_room(size)
    except BaseException:
        folder.cleanup()
        raise
    headers = {
        "Giaoviec-Position": taken.position,
        "Content-Disposition": f'attachment; filename="{name}-{taken.as_of}.{form}"',
        "Content-Language": language_of(request.scope),
        "Content-Length": str(size),
        "Vary": "Accept, Accept-Language",
    }
    return StreamingResponse(
        files.chunks(taken.file, size, folder), media_type=MEDIA_TYPES[form], headers=headers
    )


def columns_for(row: type[BaseModel], params: Exported) -> Sequence[FileColumn]:
    """The columns of the row, with what follows from what the reader groups by."""
    group_by = getattr(params, "group_by", "")
    columns: list[FileColumn] = []
    for column in columns_of(row):
        columns.append(column._replace(total=column.total and group_by not in OVERLAPPING))
        if column.path == ("group",) and group_by in GROUPS:
            columns.append(column._replace(names=GROUPS[group_by]))
    return columns


@dataclass(frozen=True, slots=True)
class Taken:
    """A file, the day of its list, and the position at which it stands."""

    file: Path
    as_of: str
    position: str


@dataclass(frozen=True, slots=True)
class WholeList(Generic[P]):
    """A whole list on its way into a file; the attributes are those of `list_or_file`."""

    request: Request
    ledger: str
    params: P
    page: ReadPage[P]
    columns: Sequence[FileColumn]
    rows: Callable[[Item], Iterable[Item]]

    @property
    def service(self) -> Service:
        service: Service = self.request.app.state.service
        return service

    async def taken(self, form: File, folder: Path) -> Taken:
        """Write the list into a file in the folder.

        Raises:
            ClientDisconnect: nobody waits for it any more.
            TableNotWritten.
        """
        file = folder / f"list.{form}"
        async with (
            self._snapshot() as connection,
            writing(self._table(form), file, self._require_client) as program,
        ):
            first = await self._read(self.params)
            language = language_of(self.request.scope)
            naming = Naming(self.service.codec, connection, self.ledger, first.as_of, language)
            async for page in self._pages(first, form):
                lacking = await program.page(page)
                if lacking:
                    await program.tell(_json(await naming.of(lacking)))
            await program.end()
        return Taken(file, str(first.as_of), first.headers["Giaoviec-Position"])

    @asynccontextmanager
    async def _snapshot(self) -> AsyncIterator[Acquired]:
        """Let every statement of the request see the database as it is now.

        On a connection of its own: one that holds a pooled one must not wait for another.
        """
        async with (
            await create_pool(self.service.database_url, size=1, patience=BACKGROUND) as pool,
            pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            self.request.scope[SNAPSHOT] = Moment(connection, self.service.sources.primary)
            try:
                yield connection
            finally:
                del self.request.scope[SNAPSHOT]

    async def _pages(self, reply: Reply, form: File) -> AsyncIterator[bytes]:
        """Every page of rows, or of items in lines of JSON, from this first one on."""
        clock = asyncio.get_running_loop().time
        began, took = clock(), 0.0
        while True:
            page = bytes(reply.body)
            if form != "jsonl" and self.rows is not itself:
                items = json.loads(page)["items"]
                page = _json({"items": [row for item in items for row in self.rows(item)]})
            yield page
            if reply.next_cursor is None:
                return
            # Others have the database for as long as the page took to be read; whoever records
            # has the processor for twice as long as it took to be read and written.
            await asyncio.sleep(took if self.service.turns.is_idle else 2 * (clock() - began))
            began = clock()
            further = {"cursor": reply.next_cursor}
            reply = await self._read(self.params.model_copy(update=further))
            took = clock() - began

    async def _read(self, params: P) -> Reply:
        await self._require_client()
        return await self.page(params.model_copy(update={"limit": PAGE_ITEMS}))

    async def _require_client(self) -> None:
        if await self.request.is_disconnected():
            raise ClientDisconnect

    def _table(self, form: File) -> Table:
        language = language_of(self.request.scope)
        return {
            "form": form,
            "bom": self.params.bom,
            "columns": [column.written(language) for column in self.columns],
            "cut": CUT[language],
            "total": TOTAL[language],
            "truth": TRUTH if language == "vi" else (),
        }


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _accepted_by(request: Request) -> Format:
    header = request.headers.get("accept", "")
    return _remembered(header) if len(header) <= REMEMBERED_LENGTH else accepted(header)


def accepted(header: str) -> Format:
    """What the Accept header likes best of what there is (RFC 9110, 12.5.1); JSON by default."""
    best: Format = "json"
    weight = 0.0
    for part in header.split(","):
        media_type, _, parameters = part.strip().lower().partition(";")
        known = ACCEPTED.get(media_type.strip())
        quality = _quality(parameters)
        if known is not None and quality > weight:
            best, weight = known, quality
    return best


_remembered: Callable[[str], Format] = lru_cache(maxsize=256)(accepted)


def _quality(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
