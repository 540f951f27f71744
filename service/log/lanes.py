"""Lanes: the ledgers of a process take turns on the connections that write them.

In the usual lane a ledger's lock is waited for briefly. A ledger whose lock others hold for longer
goes to the patient lane: however many such ledgers there are, the others keep the usual one.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import NamedTuple, Self

import asyncpg

from service.database.engine import ANSWER_S, Acquired, Patience, Pool, create_pool

# Another process holds the lock for the milliseconds of its batch.
USUAL_LOCK_S = 0.2
PATIENT_LOCK_S = 1.0


class Lane:
    """Connections that ledgers take in turns.

    While ledgers wait, a connection goes from hand to hand: a pool takes its time to take it back
    and to give it out.

    Args:
        pool: the connections; the first that asks gets the next one.
        answer_s: how long an append may go without an answer; None is without end.
    """

    def __init__(self, pool: Pool, answer_s: float | None = None) -> None:
        self._pool = pool
        self._free = pool.get_max_size()
        # Each is given a connection, or None where it is to take one from the pool.
        self._line: deque[asyncio.Future[Acquired | None]] = deque()
        self.answer_s = answer_s

    @property
    def is_wanted(self) -> bool:
        """Whether a ledger waits for its turn."""
        return bool(self._line)

    def end(self) -> None:
        """End the connections at once, whatever they do."""
        self._pool.terminate()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Acquired]:
        """Wait for a connection, and hand it on or give it back afterwards."""
        connection = await self._turn_in_line() or await self._from_pool()
        is_sound = False
        try:
            yield connection
            is_sound = is_open(connection)
        finally:
            called = self._next_in_line() if is_sound else None
            if called is None:
                await self._give_back(connection)
            else:
                called.set_result(connection)

    async def _turn_in_line(self) -> Acquired | None:
        """Wait for a place; with the connection of whoever leaves it, if that is handed on.

        Raises:
            TimeoutError: none was free in time.
        """
        if self._free:
            self._free -= 1
            return None
        called: asyncio.Future[Acquired | None] = asyncio.get_running_loop().create_future()
        self._line.append(called)
        try:
            async with asyncio.timeout(self._pool.wait_s):
                return await called
        except BaseException:
            if not called.cancelled():  # it was called at the last moment
                await self._give_back(called.result())
            elif called in self._line:
                self._line.remove(called)
            raise

    async def _from_pool(self) -> Acquired:
        try:
            connection: Acquired = await self._pool.acquire()
        except BaseException:
            self._leave()
            raise
        return connection

    async def _give_back(self, connection: Acquired | None) -> None:
        """Give the connection, if there is one, to the pool, and leave the place."""
        try:
            if connection is not None:
                await self._pool.release(connection)
        finally:
            self._leave()

    def _leave(self) -> None:
        """Give the place to whoever waits longest, or leave it free."""
        called = self._next_in_line()
        if called is None:
            self._free += 1
        else:
            called.set_result(None)

    def _next_in_line(self) -> asyncio.Future[Acquired | None] | None:
        """Whoever waits longest and has not given up."""
        while self._line:
            called = self._line.popleft()
            if not called.done():
                return called
        return None


def is_open(connection: Acquired) -> bool:
    """Whether it is still there; the pool takes one that ended out of our hands."""
    try:
        return not connection.is_closed()
    except asyncpg.InterfaceError:
        return False


class Lanes(NamedTuple):
    """The lanes of a process."""

    usual: Lane
    patient: Lane

    @classmethod
    def shared(cls, pool: Pool) -> Self:
        """Both lanes on one pool, for a process that writes little."""
        lane = Lane(pool)
        return cls(lane, lane)

    def end(self) -> None:
        """End the connections of both lanes at once."""
        self.usual.end()
        self.patient.end()


@asynccontextmanager
async def open_lanes(url: str, *, connections: int, seconds: float) -> AsyncIterator[Lanes]:
    """Open the writers' connections, and half as many more for the patient lane where it is needed.

    No append is ever cancelled: a commit that is cancelled while it waits for a standby stands,
    and is reported as if the standby had it.

    Args:
        url: of the database.
        connections: of the usual lane.
        seconds: how long the database may take for one batch.
    """
    patient = max(1, connections // 2)

    async with AsyncExitStack() as stack:

        async def lane(size: int, lock_s: float, least: int) -> Lane:
            patience = Patience(seconds, lock_s, idle_s=seconds, wait_s=seconds, cancels=False)
            pool = await create_pool(url, size=size, patience=patience, least=least)
            return Lane(await stack.enter_async_context(pool), seconds + ANSWER_S)

        yield Lanes(
            await lane(connections, USUAL_LOCK_S, least=connections),
            await lane(patient, PATIENT_LOCK_S, least=0),
        )
