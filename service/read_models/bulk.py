"""Bulk: the whole log of a ledger into empty read tables, one thing's life after another's.

The tables are of things of one kind: every event is read, decoded and cut by thing once, and folded
for each table. What is read, folded and written goes on at the same time, in chunks: memory does
not grow with the log.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from domain.timeline import EventsAnnulled
from projections.lives import in_order, rows_in_order, rows_of
from projections.projection import Projection, RecordedEvent, Row
from service.database.engine import Acquired
from service.garbage import seldom_collected
from service.read_models.events import LogBroken, Read, Span, folded_by, lives, recorded_event, span
from service.read_models.late import Standing
from service.read_models.tables import ReadTable

# Then the loop may go on with what is read and written meanwhile.
PIECE_EVENTS = 100
# So many rows at least are made lines at once.
PIECE_ROWS = 100
# So many bytes of lines are held before the table with the most of them gets its own. PostgreSQL
# leaves up to half a megabyte of empty pages behind a COPY: small ones swell a table by half.
HELD_BYTES = 2 * 1024 * 1024
# What is folded holds no cycles of objects.
THINGS_BETWEEN_COLLECTIONS = 10_000


class Part(NamedTuple):
    """Some things of a ledger, up to a position of its log."""

    ledger: str
    until: int
    things: Span


class Loaded(NamedTuple):
    """How many events were folded, and the latest day from which one counts, empty if none was."""

    events: int
    latest: str


class Progress(Protocol):
    """Told after every chunk how many of how many events are folded."""

    def __call__(self, done: int, total: int, /) -> None: ...


def standing(ledger: str, until: int, expected: int, loaded: Iterable[Loaded]) -> Standing:
    """Where a table stands after all parts of a ledger up to a position.

    Raises:
        LogBroken: the tags do not lead to every event.
    """
    parts = [*loaded]
    found = sum(one.events for one in parts)
    if found != expected:
        raise LogBroken(f"{ledger}: {expected} events up to {until}, but tags lead to {found}")
    latest = max(one.latest for one in parts)
    return Standing(until, date.fromisoformat(latest) if latest else None)


class Bulk:
    """Folds ledgers into tables, reading on one connection and writing on another.

    The writing one is in the transaction that made the tables.

    Attributes:
        total: what `progress` is told as the number of all events.
    """

    def __init__(
        self,
        reader: Acquired,
        writer: Acquired,
        tables: Sequence[ReadTable],
        progress: Progress | None = None,
    ) -> None:
        self.total = 0
        self._reader = reader
        self._writer = writer
        self._tables = tables
        self._projections = [table.projection for table in tables]
        self._progress = progress
        self._done = 0

    async def load(self, ledger: str, until: int, recorded: Mapping[str, int]) -> list[Standing]:
        """Fold one ledger's events up to a position; where each table stands then.

        Args:
            ledger: whose events.
            until: up to which position.
            recorded: how many events of each type there are up to it.

        Raises:
            FoldFailed: at an event that cannot be folded.
            LogBroken: the tags do not lead to every event.
        """
        part = Part(ledger, until, span(self._projections[0]))
        return [
            standing(ledger, until, folded_by([projection], recorded), [loaded])
            for projection, loaded in zip(
                self._projections, await self.load_part(part, anew=True), strict=True
            )
        ]

    async def load_part(self, part: Part, *, anew: bool) -> list[Loaded]:
        """Fold the events of some things of a ledger; what came into each table.

        Args:
            part: which of them.
            anew: whether this transaction has made the tables.

        Raises:
            FoldFailed: at an event that cannot be folded.
        """
        folds = Lives(self._projections)
        copies = _Copies(self._writer, self._tables, part.ledger, anew=anew)
        try:
            with seldom_collected(THINGS_BETWEEN_COLLECTIONS):
                await self._fold(part, folds, copies)
        finally:
            await copies.close()
        return folds.loaded

    async def _fold(self, part: Part, folds: "Lives", copies: "_Copies") -> None:
        before = self._done
        asked = (self._reader, part.ledger, self._projections, part.until, part.things)
        async for events in lives(*asked):
            for first in range(0, len(events), PIECE_EVENTS):
                folds.add(events[first : first + PIECE_EVENTS])
                await copies.take(folds.rows, PIECE_ROWS)
                # So that what is read ahead meanwhile leaves its socket.
                await asyncio.sleep(0)
            self._done = before + folds.events
            if self._progress is not None:
                self._progress(self._done, self.total)
        folds.end()
        await copies.take(folds.rows, 1)
        await copies.finish()


class Lives:
    """Folds things one after another, each for every projection; of the last more may be to come.

    Attributes:
        events: how many there were so far, beside annulments.
        rows: of each projection, those that are made and not taken yet.
    """

    def __init__(self, projections: Sequence[Projection]) -> None:
        self.events = 0
        self.rows: list[list[Row]] = [[] for _ in projections]
        self._projections = projections
        self._unusual = frozenset().union(*(one.unusual for one in projections))
        self._folding: dict[str, list[int]] = {EventsAnnulled.TYPE: [*range(len(projections))]}
        for number, projection in enumerate(projections):
            for kind in projection.types:
                self._folding.setdefault(kind, []).append(number)
        self._counts = [0] * len(projections)
        self._latest = [""] * len(projections)
        self._tag = ""
        self._recorded: list[RecordedEvent] = []

    @property
    def loaded(self) -> list[Loaded]:
        """What each projection has folded so far."""
        return [*map(Loaded, self._counts, self._latest)]

    def add(self, events: Iterable[Read]) -> None:
        """Fold every thing that is complete with these events.

        Raises:
            FoldFailed: at an event that cannot be folded.
        """
        for position, kind, schema_version, data, basis, ahead, tag in events:
            if tag != self._tag:
                self.end()
                self._tag = tag
            self.events += kind != EventsAnnulled.TYPE
            projection = self._projections[self._folding[kind][0]]
            self._recorded.append(
                recorded_event(projection, position, kind, schema_version, data, basis, ahead)
            )

    def end(self) -> None:
        """Fold the thing at hand, which is complete.

        Raises:
            FoldFailed: at an event that cannot be folded.
        """
        recorded, self._recorded = self._recorded, []
        if not recorded:
            return
        usual = in_order(recorded, self._unusual)
        rows_of_one = rows_in_order if usual else rows_of
        annulments = 0 if usual else sum(event.type == EventsAnnulled.TYPE for event in recorded)
        for number, events in self._shared_out(recorded):
            self.rows[number] += rows_of_one(self._projections[number], events)
            self._counts[number] += len(events) - annulments
            days = [event.data["effective_on"] for event in (events[-1:] if usual else events)]
            self._latest[number] = max(self._latest[number], *days)

    def _shared_out(
        self, recorded: list[RecordedEvent]
    ) -> Iterable[tuple[int, list[RecordedEvent]]]:
        """Of these events those that each projection folds, where it folds any."""
        if len(self._projections) == 1:
            return [(0, recorded)]
        own: dict[int, list[RecordedEvent]] = {}
        for event in recorded:
            for number in self._folding[event.type]:
                if number in own:
                    own[number].append(event)
                else:
                    own[number] = [event]
        return own.items()


class _Copies:
    """Rows on their way into tables, one COPY at a time; the next are made meanwhile."""

    def __init__(
        self, connection: Acquired, tables: Sequence[ReadTable], ledger: str, *, anew: bool
    ) -> None:
        self._connection = connection
        self._tables = tables
        self._ledger = ledger
        self._anew = anew
        self._lines: list[list[bytes]] = [[] for _ in tables]
        self._sizes = [0] * len(tables)
        self._under_way: asyncio.Task[None] | None = None

    async def take(self, rows: Sequence[list[Row]], least: int) -> None:
        """Take the rows of every table of which there are so many at least."""
        for number, of_table in enumerate(rows):
            if len(of_table) >= least:
                lines = self._tables[number].lines(self._ledger, of_table)
                of_table.clear()
                self._lines[number].append(lines)
                self._sizes[number] += len(lines)
                if sum(self._sizes) >= HELD_BYTES:
                    await self._copy(self._sizes.index(max(self._sizes)))

    async def finish(self) -> None:
        """Write what is left."""
        for number, lines in enumerate(self._lines):
            if lines:
                await self._copy(number)
        if self._under_way is not None:
            await self._under_way

    async def close(self) -> None:
        """Let nothing be under way any more, whatever has happened."""
        if self._under_way is not None:
            self._under_way.cancel()
            await asyncio.gather(self._under_way, return_exceptions=True)

    async def _copy(self, number: int) -> None:
        if self._under_way is not None:
            await self._under_way
        lines, self._lines[number], self._sizes[number] = self._lines[number], [], 0
        copy = self._tables[number].copy(self._connection, _each(lines), anew=self._anew)
        self._under_way = asyncio.create_task(copy)
        # So that it is under way before the caller takes its time.
        await asyncio.sleep(0)


async def _each(lines: Iterable[bytes]) -> AsyncIterator[bytes]:
    """The lines as they were made, for whoever writes them one after another."""
    for piece in lines:
        yield piece
