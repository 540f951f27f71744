"""Lanes: the ledgers of a process take turns on the connections that write them.

In the usual lane a ledger's lock is waited for briefly. A ledger whose lock others hold for longer
goes to the patient lane: however many such ledgers there are, the others keep the usual one.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import NamedTuple, Self

from service.database.engine import ANSWER_S, Acquired, Patience, Pool, create_pool

# Another process holds the lock for the milliseconds of its batch.
USUAL_LOCK_S = 0.2
PATIENT_LOCK_S = 1.0


class Lane:
    """Connections that ledgers take in turns.

    Args:
        pool: the connections; the first that asks gets the next one.
        answer_s: how long an append may go without an answer; None is without end.
    """

    def __init__(self, pool: Pool, answer_s: float | None = None) -> None:
        self._pool = pool
        self._waiting = 0
        self.answer_s = answer_s

    @property
    def is_wanted(self) -> bool:
        """Whether a ledger waits for its turn."""
        return self._waiting > 0

    def end(self) -> None:
        """End the connections at once, whatever they do."""
        self._pool.terminate()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Acquired]:
        """Wait for a connection, and give it back afterwards."""
        self._waiting += 1
        try:
            connection: Acquired = await self._pool.acquire()
        finally:
            self._waiting -= 1
        try:
            yield connection
        finally:
            await self._pool.release(connection)


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
