"""Bulk: the whole log of a ledger into an empty read table, one thing's life after another's.

What is read, folded and written goes on at the same time, in chunks: memory does not grow with the
log.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import date
from typing import Protocol

import asyncpg

from domain.timeline import EventsAnnulled
from projections.lives import rows_of
from projections.projection import Projection, RecordedEvent, Row
from service.database.engine import Acquired
from service.read_models.events import LogBroken, lives, recorded_event
from service.read_models.late import Standing
from service.read_models.tables import ReadTable

# As much as a socket takes at once: the server works on it while the next rows are folded.
PIECE_ROWS = 100


class Progress(Protocol):
    """Told after every chunk how many of how many events are folded."""

    def __call__(self, done: int, total: int, /) -> None: ...


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
        before, life = self._done, Life(self._table.projection)
        await self._table.copy(self._writer, self._lines(ledger, until, life), anew=True)
        found = self._done - before
        if found != expected:
            raise LogBroken(f"{ledger}: {expected} events up to {until}, but tags lead to {found}")
        return Standing(until, date.fromisoformat(life.latest) if life.latest else None)

    async def _lines(self, ledger: str, until: int, life: "Life") -> AsyncIterator[bytes]:
        before = self._done
        async for events in lives(self._reader, ledger, self._table.projection, until):
            for piece in life.rows(events):
                yield self._table.lines(ledger, piece)
                # So that what is read ahead meanwhile leaves its socket.
                await asyncio.sleep(0)
            self._done = before + life.events
            if self._progress is not None:
                self._progress(self._done, self.total)
        yield self._table.lines(ledger, life.last())


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
