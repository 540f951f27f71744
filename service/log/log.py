"""The log: one append-only sequence of events per ledger, the only source of truth."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Self

import asyncpg
from eventsourcing.dcb.api import DCBAppendCondition, DCBQuery, DCBQueryItem

from service.database.engine import Pool
from service.log import pages, read
from service.log.announcements import Announcements
from service.log.append import MOST_SKEW, PATIENCE_S, Writer
from service.log.batch import Request
from service.log.epochs import Epochs
from service.log.events import (
    AppendConditionFailed,
    Appended,
    Boundary,
    BoundaryEvent,
    Idempotency,
    Ledger,
    LedgerExists,
    LogEvent,
    LogSetBack,
    LogUnavailable,
    NotStorable,
    Read,
    RecordedEvent,
    Selected,
)
from service.log.growth import Growth
from service.log.lanes import Lanes
from service.log.notifications import Notifications
from service.log.pages import Page
from service.log.settle import MARK
from service.log.wakeups import CHANNEL, Wakeups
from service.single_flight import SingleFlight

# Whoever follows a ledger is woken; this is for what nobody has thought of.
LOOK_S = 60.0
PAGE_EVENTS = 1000
# How long a log that closes waits for what it has accepted.
CLOSE_S = 5.0


class Log:
    """Appends to ledgers, reads and follows them. A process has one.

    Args:
        pool: connections in the service's role.
        notifications: the process's notifications, if shared; the log starts and closes them.
        epochs: what this process has seen of the log, if shared.
        lanes: the connections that write; those of the pool, if left out.
        background: the connections that listen and announce; those of the pool, if left out.
        patience_s: how long an append waits to be written, and how long its outcome is looked for.
        most_skew: how far the clocks of host and database may be apart when it appends.
    """

    def __init__(  # noqa: PLR0913  what is left out is its own
        self,
        pool: Pool,
        notifications: Notifications | None = None,
        *,
        epochs: Epochs | None = None,
        lanes: Lanes | None = None,
        background: Pool | None = None,
        patience_s: float = PATIENCE_S,
        most_skew: timedelta = MOST_SKEW,
    ) -> None:
        self.epochs = epochs or Epochs(pool)
        self.epochs.on_new(self._forget)
        self._pool = pool
        self._lanes = lanes or Lanes.shared(pool)
        self._patience_s = patience_s
        self._announcements = Announcements(background or pool, CHANNEL)
        self._known_heads: dict[str, int] = {}
        self._writers: dict[str, Writer] = {}
        self._closing = False
        self._most_skew = most_skew
        self._wakeups = Wakeups()
        self._single_flight = SingleFlight()
        self._notifications = notifications or Notifications(background or pool)
        self._notifications.on(CHANNEL, self._notified)
        self._growth = Growth(background or pool, self._notified, self._notifications.tasks)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Accept no more appends, answer the waiting callers, and stop listening."""
        self._closing = True
        await asyncio.gather(*(writer.close(CLOSE_S) for writer in self._writers.values()))
        await self._announcements.close()
        await self._growth.close()
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
            AppendConditionFailed: an event that the condition excludes was recorded, or the log
                was set back since; KeysMissing: a key that the events are sealed with is gone.
            IdempotencyKeyReused: the key was used for another request.
            LedgerUnknown: there is no such ledger.
            NotStorable: the events cannot be stored as they are.
            LogBusy: the queue stayed full for too long.
            LogUnavailable: the database does not answer, or the log is closing; ClocksDisagree: it
                cannot be told when this happens.
            OutcomeUnknown: the connection was lost meanwhile: retry with the same key.
        """
        if not events:
            raise NotStorable("an append records at least one event")
        if self._closing:
            raise LogUnavailable("the log is closing")
        request = Request(events, condition, idempotency, reply)
        writer = self._writers.get(ledger) or await self._writer(ledger)
        epoch = self.epochs.current
        try:
            return await writer.append(request)
        except LogSetBack as error:
            await self.epochs.check(epoch)
            raise AppendConditionFailed from error

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

    async def page(
        self, ledger: str, query: DCBQuery | None = None, *, after: int, limit: int
    ) -> Page:
        """Read the next events with the epoch and the head, and make sure that none is missing.

        Raises:
            LedgerUnknown: there is no such ledger.
            PositionMissing: the next position is missing.
        """
        return await pages.page(self._pool, ledger, query, after=after, limit=limit)

    async def at(self, ledger: str, positions: Sequence[int]) -> list[RecordedEvent]:
        """Read the events at these positions, in order; those that there are."""
        return await read.at(self._pool, ledger, positions)

    async def selected(self, ledger: str, query: DCBQuery, until: int | None = None) -> Selected:
        """Read the events that these select, up to a position, in order; however many there are."""
        return await read.selected(self._pool, ledger, query, until)

    async def newest(self, ledger: str, tag: str, until: int, limit: int) -> list[BoundaryEvent]:
        """Read at most `limit` of the last events with the tag up to a position, newest first."""
        return await read.newest(self._pool, ledger, tag, until, limit)

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
        self._follow()
        await self.require_ledger(ledger)
        while True:
            count = self._wakeups.count(ledger)
            events, head = await read.read(self._pool, ledger, query, after, PAGE_EVENTS)
            if events:
                after = events[-1].position
                yield list(events)
            else:
                after = max(after, head)
                await self._wakeups.wait(ledger, count, LOOK_S)

    async def wait_beyond(self, ledger: str, position: int, timeout: float) -> int:  # noqa: ASYNC109  it ends the wait, without an error
        """Wait for a head beyond `position`, at most `timeout` seconds. Return the head.

        Raises:
            LedgerUnknown: there is no such ledger.
        """
        self._follow()
        await self.require_ledger(ledger)
        clock = asyncio.get_running_loop().time
        end = clock() + timeout
        while True:
            count = self._wakeups.count(ledger)
            # Whoever waits for the same ledger asks at the same moment.
            head = await self._single_flight.join((ledger, count), partial(self.head, ledger))
            left = end - clock()
            if head > position or left <= 0:
                return head
            await self._wakeups.wait(ledger, count, min(left, LOOK_S))

    def on_growth(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Call back with every ledger that grows; "" is any. What is returned ends it."""
        self._follow()
        return self._wakeups.on_notified(listener)

    async def secure(self) -> None:
        """Return once what is recorded by now is as safe as a commit is.

        What was committed while its standby was awaited is visible as soon as its session is
        ended, before the standby has it. A commit of our own comes later, and waits for both.
        """
        await self._pool.execute(MARK)

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
        if ledger not in self._known_heads:
            self._known_heads[ledger] = await self.head(ledger)

    async def _writer(self, ledger: str) -> Writer:
        await self.require_ledger(ledger)
        writer = Writer(
            self._lanes,
            ledger,
            head=self._known_heads[ledger],
            on_written=self._written,
            epochs=self.epochs,
            patience_s=self._patience_s,
            most_skew=self._most_skew,
        )
        return self._writers.setdefault(ledger, writer)

    def _forget(self) -> None:
        """Take no ledger and no position for known: in a new epoch they may not be there."""
        self._known_heads.clear()
        for writer in self._writers.values():
            writer.forget_head()

    def _follow(self) -> None:
        self._notifications.start()
        self._growth.start()

    def _notified(self, ledger: str) -> None:
        """Wake whoever waits for this ledger. Of others nobody waits, nor of what is no ledger."""
        if not ledger or ledger in self._known_heads:
            self._wakeups.notify(ledger)

    def _written(self, ledger: str) -> None:
        self._wakeups.notify(ledger)
        self._announcements.announce(ledger)
