"""Sources: from where reads are answered: the database itself, or a hot standby of it, the replica.

A replica replays what the database has recorded, a little later. A read takes one source and keeps
to it, so that what it says of its position holds. Commands, and what they depend on, never use one.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple, Protocol

import asyncpg
import structlog
from eventsourcing.dcb.api import DCBQuery

from service.database.engine import Acquired, Pool
from service.database.outages import NOT_NOW, NotNow
from service.log import pages, read
from service.log.events import Boundary, LedgerUnknown
from service.log.log import Log
from service.log.pages import Page

# How far the replica, which has replayed these events, is behind, and whether it is one of this
# database. What it lacks is as old as the first event of it, by the database's own clock.
STANDBY = """
SELECT system_identifier, pg_is_in_recovery() AS is_standby,
    ARRAY(SELECT ledger FROM log.ledgers ORDER BY ledger) AS ledgers,
    ARRAY(SELECT coalesce(log.head(ledger), 0) FROM log.ledgers ORDER BY ledger) AS heads
FROM log.database_identity()
"""
BEHIND = """
SELECT system_identifier, b.events, b.seconds
FROM log.database_identity() CROSS JOIN (
    SELECT coalesce(sum(log.head(l.ledger) - coalesce(s.head, 0)), 0)::bigint AS events,
        coalesce(max(extract(epoch FROM clock_timestamp() - e.recorded_at)), 0)::float8 AS seconds
    FROM log.ledgers l
    LEFT JOIN unnest($1::text[], $2::bigint[]) AS s (ledger, head) USING (ledger)
    JOIN log.events e ON e.ledger = l.ledger AND e.position = coalesce(s.head, 0) + 1
) b
"""
# So long the replica may take to say where it stands.
LOOK_S = 2.0
# What is recorded, and not replayed yet, is looked for this often.
REPLAY_POLL_S = 0.1
# For so long the database answers in place of a replica that does not.
AWAY_S = 5.0

log = structlog.get_logger()


class Source(Protocol):
    """What reads need of a database: read tables, and the log as `Log` reads it."""

    async def fetch(self, query: str, *arguments: object) -> Sequence[asyncpg.Record]: ...

    async def fetch_planned_once(
        self, query: str, *arguments: object
    ) -> Sequence[asyncpg.Record]: ...

    async def head(self, ledger: str) -> int: ...

    async def page(
        self, ledger: str, query: DCBQuery | None = None, *, after: int, limit: int
    ) -> Page: ...

    async def boundary(self, ledger: str, query: DCBQuery) -> Boundary: ...

    async def wait_beyond(self, ledger: str, position: int, timeout: float) -> int: ...  # noqa: ASYNC109  as in `Log`


class Primary:
    """The database itself."""

    def __init__(self, pool: Pool, event_log: Log) -> None:
        self.fetch = pool.fetch
        self.fetch_planned_once = pool.fetch_planned_once
        self.head = event_log.head
        self.page = event_log.page
        self.boundary = event_log.boundary
        self.wait_beyond = event_log.wait_beyond


class Moment:
    """The tables of the database as they were when the connection's transaction began."""

    def __init__(self, connection: Acquired, primary: Source) -> None:
        self.fetch = self.fetch_planned_once = connection.fetch
        self.head = primary.head
        self.page = primary.page
        self.boundary = primary.boundary
        self.wait_beyond = primary.wait_beyond


class Lag(NamedTuple):
    """What a replica has not replayed yet: how many events, and how old the first of them is."""

    events: int
    seconds: float


async def lag_of(replica: Pool, primary: Pool) -> Lag:
    """How far the replica is behind.

    Raises:
        NotAReplica: it is a standby of another database, or none at all.
    """
    standing = await replica.fetchrow(STANDBY)
    assert standing is not None  # noqa: S101  one row
    row = await primary.fetchrow(BEHIND, standing["ledgers"], standing["heads"])
    assert row is not None  # noqa: S101  one row
    if not standing["is_standby"]:
        raise NotAReplica("it is no standby: it was promoted, or never was one")
    if standing["system_identifier"] != row["system_identifier"]:
        raise NotAReplica("it is a standby of another database")
    return Lag(row["events"], max(row["seconds"], 0.0))


class NotAReplica(NotNow):
    """What the settings name as the replica is none of this database."""


class Replica:
    """A hot standby.

    Args:
        pool: connections to it.
        event_log: the log in the database itself, which wakes those who wait: a standby cannot.
        primary: connections to the database itself.
        most_seconds: how old what it lacks may be.
    """

    def __init__(self, pool: Pool, event_log: Log, primary: Pool, most_seconds: float) -> None:
        self._pool = pool
        self._log = event_log
        self._primary = primary
        self._most_seconds = most_seconds
        self._away_until = 0.0
        self._broken: str | None = None
        self.lag: Lag | None = None

    @property
    def is_away(self) -> bool:
        """Whether it did not answer a moment ago, or may not be read."""
        return self._broken is not None or asyncio.get_running_loop().time() < self._away_until

    async def fault(self) -> str | None:
        """Look at it: what is wrong with it. One that does not answer is not read until it does."""
        self.lag = None
        try:
            with self._noticed():
                async with asyncio.timeout(LOOK_S):
                    self.lag = await lag_of(self._pool, self._primary)
        except NOT_NOW as error:
            why = str(error) or "it does not answer in time"
            self._broken = f"the database itself is read: {why}"
        else:
            self._broken, self._away_until = None, 0.0
            if self.lag.seconds > self._most_seconds:
                return f"it is {self.lag.events} events behind, the first {self.lag.seconds:.0f} s"
        return self._broken

    async def fetch(self, query: str, *arguments: object) -> Sequence[asyncpg.Record]:
        with self._noticed():
            return await self._pool.fetch(query, *arguments)

    async def fetch_planned_once(self, query: str, *arguments: object) -> Sequence[asyncpg.Record]:
        with self._noticed():
            return await self._pool.fetch_planned_once(query, *arguments)

    async def head(self, ledger: str) -> int:
        """Return the last position that it has replayed; 0 while it lacks the ledger itself.

        Raises:
            LedgerUnknown: there is no such ledger.
        """
        try:
            with self._noticed():
                return await read.head(self._pool, ledger)
        except LedgerUnknown:
            await self._log.require_ledger(ledger)
            return 0

    async def page(
        self, ledger: str, query: DCBQuery | None = None, *, after: int, limit: int
    ) -> Page:
        """Read the next events that it has replayed; see `Log.page`."""
        try:
            with self._noticed():
                return await pages.page(self._pool, ledger, query, after=after, limit=limit)
        except LedgerUnknown:
            return await self._log.page(ledger, query, after=after, limit=limit)

    async def boundary(self, ledger: str, query: DCBQuery) -> Boundary:
        """Read the events that these selectors select, of those that it has replayed."""
        try:
            with self._noticed():
                return await read.boundary(self._pool, ledger, query)
        except LedgerUnknown:
            return await self._log.boundary(ledger, query)

    async def wait_beyond(self, ledger: str, position: int, timeout: float) -> int:  # noqa: ASYNC109  as in `Log`
        """Wait until it has replayed an event beyond `position`; see `Log.wait_beyond`."""
        clock = asyncio.get_running_loop().time
        end = clock() + timeout
        while True:
            head = await self.head(ledger)
            left = end - clock()
            if head > position or left <= 0:
                return head
            if await self._log.wait_beyond(ledger, position, left) > position:
                await asyncio.sleep(REPLAY_POLL_S)

    @contextmanager
    def _noticed(self) -> Iterator[None]:
        try:
            yield
        except NOT_NOW as error:
            if not self.is_away:
                log.warning("replica_away", error=repr(error), seconds=AWAY_S)
            self._away_until = asyncio.get_running_loop().time() + AWAY_S
            raise


class Sources:
    """The database, and its replica if there is one."""

    def __init__(self, primary: Source, replica: Replica | None = None) -> None:
        self.primary = primary
        self.replica = replica

    @property
    def current(self) -> Source:
        """From where a read that begins now is answered."""
        if self.replica is None or self.replica.is_away:
            return self.primary
        return self.replica
