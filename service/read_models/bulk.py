"""Bulk: the whole log of a ledger into an empty read table, one thing's life after another's.

What is read, folded and written goes on at the same time, in chunks: memory does not grow with the
log.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import date
from typing import NamedTuple, Protocol

import asyncpg

from domain.timeline import EventsAnnulled
from projections.lives import rows_of
from projections.projection import Projection, RecordedEvent, Row
from service.database.engine import Acquired
from service.read_models.events import LogBroken, Span, lives, recorded_event, span
from service.read_models.late import Standing
from service.read_models.tables import ReadTable

# As much as a socket takes at once: the server works on it while the next rows are folded.
PIECE_ROWS = 100


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


def standing(ledger: str, until: int, expected: int, loaded: Sequence[Loaded]) -> Standing:
    """Where a table stands after all parts of a ledger up to a position.

    Raises:
        LogBroken: the tags do not lead to every event.
    """
    found = sum(one.events for one in loaded)
    if found != expected:
        raise LogBroken(f"{ledger}: {expected} events up to {until}, but tags lead to {found}")
    latest = max(one.latest for one in loaded)
    return Standing(until, date.fromisoformat(latest) if latest else None)


class Bulk:
    """Folds ledgers into one table, reading on one connection and writing on another.

    The writing one is in the transaction that made the table.

    Attributes:
        total: what `progress` is told as the number of all events.
    """

    def __init__(
        self, reader: Acquired, writer: Acquired, table: ReadTable, progress: Progress | None = None
    ) -> None:
        self.total = 0
        self._reader = reader
        self._writer = writer
        self._table = table
        self._progress = progress
        self._done = 0

    async def load(self, ledger: str, until: int, expected: int) -> Standing:
        """Fold one ledger's `expected` events up to a position; where the table stands then.

        Raises:
            FoldFailed: at an event that cannot be folded.
            LogBroken: the tags do not lead to every event.
        """
        part = Part(ledger, until, span(self._table.projection))
        return standing(ledger, until, expected, [await self.load_part(part, anew=True)])

    async def load_part(self, part: Part, *, anew: bool) -> Loaded:
        """Fold the events of some things of a ledger.

        Args:
            part: which of them.
            anew: whether this transaction has made the table.

        Raises:
            FoldFailed: at an event that cannot be folded.
        """
        before, life = self._done, Life(self._table.projection)
        await self._table.copy(self._writer, self._lines(part, life), anew=anew)
        return Loaded(self._done - before, life.latest)

    async def _lines(self, part: Part, life: "Life") -> AsyncIterator[bytes]:
        before = self._done
        projection = self._table.projection
        async for events in lives(self._reader, part.ledger, projection, part.until, part.things):
            for piece in life.rows(events):
                yield self._table.lines(part.ledger, piece)
                # So that what is read ahead meanwhile leaves its socket.
                await asyncio.sleep(0)
            self._done = before + life.events
            if self._progress is not None:
                self._progress(self._done, self.total)
        yield self._table.lines(part.ledger, life.last())


class Life:
    """Folds things one after another; of the last one more may be to come.

    Attributes:
        events: how many there were so far, beside annulments.
        latest: the latest day from which one of them counts, empty if there was none.
    """

    def __init__(self, projection: Projection) -> None:
        self.events = 0
        self.latest = ""
        self._projection = projection
        self._tag = ""
        self._events: list[RecordedEvent] = []

    def rows(self, events: Sequence[asyncpg.Record]) -> Iterator[list[Row]]:
        """The rows of every thing that is complete with these events, in pieces."""
        projection = self._projection
        piece: list[Row] = []
        passed_over = 0
        for position, kind, schema_version, data, basis, ahead, tag in events:
            if data is None:
                passed_over += 1
                continue
            if tag != self._tag:
                piece += self.last()
                self._tag = tag
                if len(piece) >= PIECE_ROWS:
                    yield piece
                    piece = []
            passed_over += kind == EventsAnnulled.TYPE
            self._events.append(
                recorded_event(projection, position, kind, schema_version, data, basis, ahead)
            )
        self.events += len(events) - passed_over
        yield piece

    def last(self) -> list[Row]:
        """The rows of the thing at hand, which is complete."""
        recorded, self._events = self._events, []
        rows = rows_of(self._projection, recorded)
        self.latest = max([self.latest, *[event.data["effective_on"] for event in recorded]])
        return rows
