"""Reading: one request's way through: wait for a position, find the place, run, reply.

A reply says at which position of the log it stands, in its body and in `Giaoviec-Position`.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any, Self, TypeAlias
from urllib.parse import quote, urlencode

import asyncpg
from fastapi import Request, Response
from pydantic import TypeAdapter
from pydantic_core import from_json

from domain.kernel import Event
from domain.values import Day
from projections.projection import Projection
from projections.sources import in_schema, over_rows
from projections.statement import MOST_COUNTED, Statement, reached
from service.components import Service
from service.entity_tags import of_version
from service.handle import today
from service.http.addresses import address, path_of
from service.http.faults import ReplicaBehind
from service.http.reads.known_at import Known, known_at
from service.http.reads.query import (
    LAST_POSITION,
    CursorUnusable,
    InPages,
    OfDay,
    UpToDate,
)
from service.log.codec import Decoded, StoredEvent
from service.read_models.projector import PositionNotRecorded
from service.read_models.snapshots import SnapshotUnknown
from service.sources import Source

MEDIA_TYPE = "application/json"
# What parameters say of a place in a list, and of how it is shown: not what list it is.
PLACE = frozenset({"cursor", "limit", "count", "format", "bom", "min_position", "as_of"})
DAY: TypeAdapter[date] = TypeAdapter(Day)
# Of a request that is to see the database as it was at one moment: the source that does.
SNAPSHOT = "giaoviec.snapshot"

Parser: TypeAlias = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """A read under way.

    Attributes:
        source: where it is read. What was known once is read from the database itself.
        as_of: the day it is about.
        mark: of the item after which a list goes on; empty where it begins.
        listing: what list it is and in which order, so that no other's cursor is taken.
        known: what is known, where not all that is recorded is.
    """

    request: Request
    service: Service
    source: Source
    ledger: str
    as_of: date
    mark: tuple[Any, ...] = ()
    listing: str = ""
    known: Known | None = None

    @classmethod
    async def of_day(  # noqa: PLR0913  a read has so many sides
        cls,
        request: Request,
        ledger: str,
        params: OfDay,
        projections: Sequence[Projection],
        subject: str = "",
        *,
        source: Source | None = None,
    ) -> Self:
        """A read of read models that contain the position waited for, or of what was known once.

        Args:
            request: whose service is read.
            ledger: that is read.
            params: the day, the position waited for, and what is known.
            projections: the read models.
            subject: the tag of the one subject that is read, if it is one.
            source: where it is read, if that matters.

        Raises:
            PositionNotRecorded, ProjectionBehind, and as for `known_at`.
        """
        service: Service = request.app.state.service
        if params.known_at is not None:
            whole = bool(projections)
            known = await known_at(service, ledger, params.known_at, subject, whole=whole)
            primary = service.sources.primary
            return cls(request, service, primary, ledger, params.as_of or known.on, known=known)
        moment: Source | None = request.scope.get(SNAPSHOT)
        source = source or (service.sources.primary if moment else service.sources.current)
        if params.min_position and projections:
            patience = service.settings.read_wait_seconds
            await service.projector.wait(
                ledger, params.min_position, projections, patience, source.fetch
            )
        return cls(request, service, moment or source, ledger, params.as_of or today(service.clock))

    def at(
        self, listing: str, params: InPages, as_of: date | None, parsers: Sequence[Parser]
    ) -> "Reading":
        """The same in a list: from its beginning, or where `params.cursor` says.

        A list goes on as of the day it was begun with, also past midnight.

        Args:
            listing: what list it is, and in which order.
            params: the cursor, if any.
            as_of: the day that the parameters name, if any.
            parsers: one per value of the mark; they raise ValueError.

        Raises:
            CursorUnusable: it is of another list, epoch or other filters, or of none.
        """
        listing = _narrowed(listing, params)
        mark: tuple[Any, ...] = ()
        day = self.as_of
        if params.cursor is not None:
            epoch, begun, day, mark = _opened(params.cursor, parsers)
            is_of_this = (epoch, begun) == (self.epoch, listing)
            if not is_of_this or as_of not in {None, day}:
                raise CursorUnusable
        return replace(self, as_of=day, mark=mark, listing=listing)

    @property
    def is_current(self) -> bool:
        """Whether the day is today or later, by what is known now."""
        return self.known is None and self.as_of >= self.today

    @property
    def is_of_rows(self) -> bool:
        """Whether it reads rows that are folded for it, beside which nothing is kept."""
        return self.known is not None and self.known.rows is not None

    @property
    def today(self) -> date:
        """The day of what is known; today, if that is all."""
        return today(self.service.clock) if self.known is None else self.known.on

    async def row(self, statement: Statement, **params: object) -> asyncpg.Record:
        """The one row of a statement that always has one."""
        [row] = await self.rows(statement, **params)
        return row

    async def rows(self, statement: Statement, **params: object) -> Sequence[asyncpg.Record]:
        """The rows of a statement, by what is known.

        Raises:
            SnapshotUnknown: the snapshot was dropped meanwhile.
        """
        days = {"as_of": self.as_of, "today": self.today}
        values = {"ledger": self.ledger, "until": self.until, **days, **params}
        if self.known is not None and self.known.schema:
            statement = in_schema(statement, self.known.schema)
            try:
                return await self.source.fetch(statement.sql, *statement.arguments(values))
            except asyncpg.UndefinedTableError:
                raise SnapshotUnknown(snapshot=self.known.position) from None
        if self.known is not None and self.known.rows is not None:
            statement, tables = over_rows(statement)
            rows = await self.known.rows.of(tables)
            values |= {f"rows_{table}": rows[table] for table in tables}
        if statement.planned_once:
            return await self.source.fetch_planned_once(statement.sql, *statement.arguments(values))
        return await self.source.fetch(statement.sql, *statement.arguments(values))

    @property
    def epoch(self) -> str:
        """The epoch that the log is in."""
        return self.service.log.epochs.current

    @property
    def until(self) -> int:
        """The last position that is known."""
        return LAST_POSITION if self.known is None else self.known.position

    async def head(self, params: UpToDate) -> int:
        """Where the log itself stands, for what is read straight from it.

        Raises:
            PositionNotRecorded: the log has not reached the position waited for.
            ReplicaBehind: the log has, and its replica did not in time.
        """
        if self.known is not None:
            return self.known.position
        head = await self.source.head(self.ledger)
        awaited = params.min_position or 0
        if awaited > head:
            recorded = await self.service.log.head(self.ledger)
            if awaited > recorded:
                raise PositionNotRecorded(position=awaited, head=recorded)
            patience = self.service.settings.read_wait_seconds
            head = await self.source.wait_beyond(self.ledger, awaited - 1, patience)
            if awaited > head:
                raise ReplicaBehind(position=awaited, standing=head)
        return head

    async def decoded(self, events: Iterable[asyncpg.Record]) -> Sequence[Event]:
        """The events of these rows of the log."""
        stored = [StoredEvent.of(row) for row in events]
        return await self.service.codec.decode_all(self.ledger, stored)

    async def decoded_marked(self, events: Iterable[asyncpg.Record]) -> Sequence[Decoded]:
        """The same, and of which of them personal data was erased or cannot be read."""
        stored = [StoredEvent.of(row) for row in events]
        return await self.service.codec.decode_marked(self.ledger, stored)

    async def position(self, projection: Projection) -> int:
        """Where the read model stands."""
        return int((await self.row(reached(projection)))["position"])

    async def total(self, statement: Statement, **params: object) -> str:
        """The member of a reply that says how many items the whole list has, after a comma."""
        return total_of((await self.row(statement, **params))["total"])

    def reply(
        self, items: bytes, position: int, mark: Sequence[str] | None, further: str = ""
    ) -> "Reply":
        """A list's reply.

        Args:
            items: JSON already, with commas between.
            position: where they stand.
            mark: of the last item, where others follow.
            further: other members as JSON, each after a comma.
        """
        position = min(position, self.until)
        headers = {"Giaoviec-Position": str(position), "Vary": "Accept"}
        cursor, following = None, "null"
        if mark is not None:
            cursor = _closed(self.epoch, self.listing, self.as_of, mark)
            following = f'"{cursor}"'
            headers["Link"] = f'<{self._address(cursor)}>; rel="next"'
        end = f'],"position":{position},"as_of":"{self.as_of}","next_cursor":{following}{further}}}'
        body = b"".join((b'{"items":[', items, end.encode()))
        return Reply(body, headers, self.as_of, cursor)

    def single(self, item: str, position: int, version: int) -> Response:
        """One item's reply; its entity tag begins with its version."""
        return Response(
            f'{{"item":{item},"position":{position},"as_of":"{self.as_of}"}}',
            media_type=MEDIA_TYPE,
            headers={"Giaoviec-Position": str(position), "ETag": of_version(version)},
        )

    def _address(self, cursor: str) -> str:
        """Of the page that begins at the cursor, with every other parameter as it was."""
        params = self.request.query_params.multi_items()
        query = [pair for pair in params if pair[0] != "cursor"]
        path = address(self.request.scope, quote(path_of(self.request.scope)))
        return f"{path}?{urlencode([*query, ('cursor', cursor)])}"


class Reply(Response):
    """A list's reply.

    Args:
        body: JSON already.
        headers: of the reply.
        as_of: the day that it is about.
        next_cursor: where the list goes on, if it does.
    """

    def __init__(
        self, body: bytes, headers: Mapping[str, str], as_of: date, next_cursor: str | None
    ) -> None:
        super().__init__(body, media_type=MEDIA_TYPE, headers=headers)
        self.as_of = as_of
        self.next_cursor = next_cursor


def total_of(items: int) -> str:
    """The same of a list that has so many items, or more where more than are counted."""
    exact = "true" if items <= MOST_COUNTED else "false"
    return f',"total":{min(items, MOST_COUNTED)},"total_is_exact":{exact}'


def as_items(items: Sequence[object]) -> bytes:
    """Items made in Python, as JSON with commas between; days and ids as they are written."""
    return json.dumps(items, ensure_ascii=False, default=str)[1:-1].encode()


def _closed(epoch: str, listing: str, as_of: date, mark: Sequence[str]) -> str:
    text = json.dumps([epoch, listing, as_of.isoformat(), *mark], separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode()


def _narrowed(listing: str, params: InPages) -> str:
    """The list with a digest of what narrows and orders it."""
    given = (
        (name, str(value))
        for name, value in params.__dict__.items()
        if value is not None and name not in PLACE
    )
    return f"{listing} {sha256(repr(sorted(given)).encode()).hexdigest()[:12]}"


def _opened(cursor: str, parsers: Sequence[Parser]) -> tuple[str, str, date, tuple[Any, ...]]:
    """The epoch, the list, the day and the mark of a cursor.

    Raises:
        CursorUnusable.
    """
    try:
        # Pydantic's parser is bounded in depth: brackets without end are no JSON to it.
        epoch, listing, day, *mark = from_json(urlsafe_b64decode(cursor))
        if not all(isinstance(part, str) for part in (epoch, listing, day, *mark)):
            raise CursorUnusable
        values = tuple(parse(value) for parse, value in zip(parsers, mark, strict=True))
        return epoch, listing, DAY.validate_python(day), values
    except (ValueError, TypeError, ArithmeticError):
        raise CursorUnusable from None
