"""Growth: one look at all ledgers now and then, for what no notification told.

A notification may be lost. One statement notices it for every ledger and for all who wait, however
many there are; and where nothing at all was committed since the last look, no ledger is looked at.
"""

from collections.abc import Callable

from service.database.engine import Pool
from service.supervision import Supervised, Tasks

# A ledger whose growth no notification told is noticed so soon.
POLL_S = 2.0

SNAPSHOT = "SELECT pg_current_snapshot()::text"
HEADS = "SELECT ledger, coalesce(log.head(ledger), 0) AS head FROM log.ledgers"


class Commits:
    """Tells whether anything was committed in the database since it was last asked."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._snapshot: str | None = None

    async def are_new(self) -> bool:
        """Whether there is something that the reads before the last call may not have seen."""
        snapshot = await self._pool.fetchval(SNAPSHOT)
        before, self._snapshot = self._snapshot, snapshot
        return bool(snapshot != before)


class Growth:
    """Looks at the heads of all ledgers, once started.

    Args:
        pool: reads the log.
        on_grown: called with a ledger whose head is another than at the last look.
        tasks: the process's background tasks.
    """

    def __init__(self, pool: Pool, on_grown: Callable[[str], None], tasks: Tasks) -> None:
        self._pool = pool
        self._on_grown = on_grown
        self._tasks = tasks
        self._commits = Commits(pool)
        self._heads: dict[str, int] = {}
        self._task: Supervised | None = None

    def start(self) -> None:
        """Look in the background from now on. A second call changes nothing."""
        if self._task is None:
            self._task = self._tasks.repeat("growth", self.look, POLL_S)

    async def close(self) -> None:
        if self._task is not None:
            await self._tasks.end(self._task)
            self._task = None

    async def look(self) -> None:
        """Look once. The first look finds every ledger grown: it may have, since it was read."""
        if not await self._commits.are_new():
            return
        heads = {row["ledger"]: row["head"] for row in await self._pool.fetch(HEADS)}
        before, self._heads = self._heads, heads
        for ledger in heads.keys() - {ledger for ledger, _ in before.items() & heads.items()}:
            self._on_grown(ledger)
