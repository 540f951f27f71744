"""Sources: from where reads are answered: the database itself, or a hot standby of it, the replica.

A replica replays what the database has recorded, a little later. A read takes one source and keeps
to it, so that what it says of its position holds. Commands, and what they depend on, never use one.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

import asyncpg
import structlog
from eventsourcing.dcb.api import DCBQuery

from service.database.engine import Acquired, Pool
from service.database.outages import NOT_NOW
from service.log import pages, read
from service.log.events import Boundary, LedgerUnknown
from service.log.log import Log
from service.log.pages import Page

# What is recorded, and not replayed yet, is looked for this often.
REPLAY_POLL_S = 0.1
# For so long the database answers in place of a replica that does not.
AWAY_S = 5.0

log = structlog.get_logger()


class Source(Protocol):
    """What reads need of a database: read tables, and the log as `Log` reads it."""

    async def fetch(self, query: str, *arguments: object) -> Sequence[asyncpg.Record]: ...

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
        self.head = event_log.head
        self.page = event_log.page
        self.boundary = event_log.boundary
        self.wait_beyond = event_log.wait_beyond


class Moment:
    """The tables of the database as they were when the connection's transaction began."""

    def __init__(self, connection: Acquired, primary: Source) -> None:
        self.fetch = connection.fetch
        self.head = primary.head
        self.page = primary.page
        self.boundary = primary.boundary
        self.wait_beyond = primary.wait_beyond


class Replica:
    """A hot standby.

    Args:
        pool: connections to it.
        event_log: the log in the database itself, which wakes those who wait: a standby cannot.
    """

    def __init__(self, pool: Pool, event_log: Log) -> None:
        self._pool = pool
        self._log = event_log
        self._away_until = 0.0

    @property
    def is_away(self) -> bool:
        """Whether it did not answer a moment ago."""
        return asyncio.get_running_loop().time() < self._away_until

    async def fetch(self, query: str, *arguments: object) -> Sequence[asyncpg.Record]:
        with self._noticed():
            return await self._pool.fetch(query, *arguments)

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
        self._replica = replica

    @property
    def current(self) -> Source:
        """From where a read that begins now is answered."""
        if self._replica is None or self._replica.is_away:
            return self.primary
        return self._replica
