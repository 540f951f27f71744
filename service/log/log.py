"""The log: one append-only sequence of events per ledger, the only source of truth."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Self

import asyncpg
from eventsourcing.dcb.api import DCBAppendCondition, DCBQuery, DCBQueryItem

from service.database.engine import Pool
from service.log import read
from service.log.append import Writer
from service.log.batch import Request
from service.log.events import (
    Appended,
    Boundary,
    Idempotency,
    Ledger,
    LedgerExists,
    LogEvent,
    LogUnavailable,
    NotStorable,
    Read,
    RecordedEvent,
)
from service.log.notifications import Notifications
from service.log.wakeups import CHANNEL, Wakeups

# A notification may be lost: waiting tasks poll at this interval.
POLL_S = 2.0
PAGE_EVENTS = 1000


class Log:
    """Appends to ledgers, reads and follows them. A process has one.

    Args:
        pool: connections in the service's role; one is reserved for listening, one is taken
            per ledger while it is written.
        announcements: the process's notifications, if shared; the log starts and closes them.
    """

    def __init__(self, pool: Pool, notifications: Notifications | None = None) -> None:
        self._pool = pool
        self._known_ledgers: set[str] = set()
        self._writers: dict[str, Writer] = {}
        self._closing = False
        self._wakeups = Wakeups()
        self._notifications = notifications or Notifications(pool)
        self._notifications.on(CHANNEL, self._wakeups.notify)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Accept no more appends, answer the waiting callers, and stop listening."""
        self._closing = True
        await asyncio.gather(*(writer.close() for writer in self._writers.values()))
        await self._notifications.close()

    async def append(
        self,
        ledger: str,
        events: Sequence[LogEvent],
        condition: DCBAppendCondition | None = None,
        *,
        idempotency: Idempotency | None = None,
        reply: bytes = b"",
    ) -> Appended:
        """Record the events, all or none, at the next positions of the ledger.

        Args:
            ledger: the ledger to append to.
            events: at least one.
            condition: fails if an event matches its query (an empty one matches every event)
                beyond its position.
            idempotency: the client's key; for a known key the stored outcome is returned, and
                nothing is recorded.
            reply: the reply to store with the key.

        Raises:
            AppendConditionFailed: an event that the condition excludes was recorded.
            IdempotencyKeyReused: the key was used for another request.
            LedgerUnknown: there is no such ledger.
            NotStorable: the events cannot be stored as they are.
            LogBusy: the queue stayed full for too long.
            LogUnavailable: the database does not answer, or the log is closing.
            OutcomeUnknown: the connection was lost meanwhile: retry with the same key.
        """
        if not events:
            raise NotStorable("an append records at least one event")
        if self._closing:
            raise LogUnavailable("the log is closing")
        request = Request(events, condition, idempotency, reply)
        writer = self._writers.get(ledger) or await self._writer(ledger)
        return await writer.append(request)

    async def boundary(  # noqa: PLR0913  each says of what, by its name
        self,
        ledger: str,
        query: DCBQuery,
        *,
        beginnings: Sequence[DCBQueryItem] = (),
        idempotency: Idempotency | None = None,
        after: int = 0,
        occurring: str | None = None,
    ) -> Boundary:
        """Read the events that a command depends on, in one statement and one snapshot.

        With them the first event that matches each of the `beginnings`, and whether an event of
        the type `occurring` was ever recorded.

        Raises:
            IdempotencyKeyReused: the key was used for another request.
            LedgerUnknown: there is no such ledger.
        """
        return await read.boundary(
            self._pool,
            ledger,
            query,
            beginnings=beginnings,
            idempotency=idempotency,
            after=after,
            occurring=occurring,
        )

    async def read(
        self,
        ledger: str,
        query: DCBQuery | None = None,
        *,
        after: int = 0,
        limit: int | None = None,
    ) -> Read:
        """Read the matching events after `after`, in order. Without a query every event matches.

        Raises:
            LedgerUnknown: there is no such ledger.
        """
        events, head = await read.read(self._pool, ledger, query, after, limit)
        return read.as_read(events, head, limit)

    async def at(self, ledger: str, positions: Sequence[int]) -> list[RecordedEvent]:
        """Read the events at these positions, in order; those that there are."""
        return await read.at(self._pool, ledger, positions)

    async def head(self, ledger: str) -> int:
        """Return the ledger's last position, 0 if it is empty.

        Raises:
            LedgerUnknown: there is no such ledger.
        """
        return await read.head(self._pool, ledger)

    async def subscribe(
        self, ledger: str, query: DCBQuery | None = None, *, after: int
    ) -> AsyncIterator[list[RecordedEvent]]:
        """Yield the matching events after `after` in order, page by page, without end.

        Raises:
            LedgerUnknown: there is no such ledger.
        """
        self._notifications.start()
        while True:
            count = self._wakeups.count(ledger)
            events, head = await read.read(self._pool, ledger, query, after, PAGE_EVENTS)
            if events:
                after = events[-1].position
                yield list(events)
            else:
                after = max(after, head)
                await self._wakeups.wait(ledger, count, POLL_S)

    async def wait_beyond(self, ledger: str, position: int, timeout: float) -> int:  # noqa: ASYNC109  it ends the wait, without an error
        """Wait for a head beyond `position`, at most `timeout` seconds. Return the head.

        Raises:
            LedgerUnknown: there is no such ledger.
        """
        self._notifications.start()
        clock = asyncio.get_running_loop().time
        end = clock() + timeout
        while True:
            count = self._wakeups.count(ledger)
            head = await self.head(ledger)
            left = end - clock()
            if head > position or left <= 0:
                return head
            await self._wakeups.wait(ledger, count, min(left, POLL_S))

    async def create_ledger(self, ledger: str, name: str) -> None:
        """Open the log of an authority.

        Args:
            ledger: its id, which follows `domain.kernel.ID_PATTERN`.
            name: the authority's name.

        Raises:
            LedgerExists: there is such a ledger.
        """
        try:
            await self._pool.execute(
                "INSERT INTO log.ledgers (ledger, name) VALUES ($1, $2)", ledger, name
            )
        except asyncpg.UniqueViolationError:
            raise LedgerExists(ledger=ledger) from None

    async def ledgers(self) -> list[Ledger]:
        """List every ledger, by id."""
        rows = await self._pool.fetch(
            "SELECT ledger, name, created_at FROM log.ledgers ORDER BY ledger"
        )
        return [Ledger(*row) for row in rows]

    async def require_ledger(self, ledger: str) -> None:
        """Require that the ledger exists. The answer is cached, because ledgers are never removed.

        Raises:
            LedgerUnknown: there is no such ledger.
        """
        if ledger not in self._known_ledgers:
            await self.head(ledger)
            self._known_ledgers.add(ledger)

    async def _writer(self, ledger: str) -> Writer:
        await self.require_ledger(ledger)
        return self._writers.setdefault(ledger, Writer(self._pool, ledger, self._wakeups.notify))
