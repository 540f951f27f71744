"""Warm pool: connections are kept between statements, so that one costs no more than itself.

To take a connection from the library's pool and to give it back costs about twice what a short
statement does: tasks, timers and a proxy each time. Reads, and writes of one statement, therefore
go through connections that stay taken for a while. Whoever waits for a connection gets one of
these first.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import asyncpg

# The classes are generic in their stubs only.
if TYPE_CHECKING:
    StockPool: TypeAlias = asyncpg.Pool[asyncpg.Record]
    Acquired: TypeAlias = asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
else:
    StockPool = asyncpg.Pool
    Acquired = asyncpg.pool.PoolConnectionProxy

T = TypeVar("T")

# By one plan for whatever arguments; or, as by default, by one for these if that runs faster.
PLAN_ONCE = "SET plan_cache_mode = force_generic_plan"
PLAN_AS_BEFORE = "RESET plan_cache_mode"
# After so long the kept ones go back to the pool, which closes what nobody needs.
KEPT_S = 10.0


class WarmPool(StockPool):
    """A pool that keeps connections warm for single statements."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:  # noqa: ANN401  passed on
        super().__init__(*arguments, **settings)
        self._kept: list[Acquired] = []
        self._planning_once: list[Acquired] = []
        self._waiting = 0
        self._returning: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None

    async def fetch(  # type: ignore[override]  # the rows are of one class here
        self,
        query: str,
        *arguments: object,
        timeout: float | None = None,  # noqa: ASYNC109  as the library has it
    ) -> list[asyncpg.Record]:
        """Return the rows of a statement."""
        return await self._run(lambda one: one.fetch(query, *arguments, timeout=timeout))

    async def execute(
        self,
        query: str,
        *arguments: object,
        timeout: float | None = None,  # noqa: ASYNC109  as the library has it
    ) -> str:
        """Run a statement and return its command tag."""
        return await self._run(lambda one: one.execute(query, *arguments, timeout=timeout))

    async def fetch_planned_once(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        """Return the rows of a statement that takes longer to plan than to run.

        Its plan is made once in a session, and serves whatever the arguments are.
        """
        connection = await self._take_planning_once()
        try:
            rows = await connection.fetch(query, *arguments)
        except BaseException:
            await self._release_planning_once(connection)
            raise
        if self._waiting or self.is_closing():
            await self._release_planning_once(connection)
        else:
            self._planning_once.append(connection)
            self._give_back_later()
        return rows

    def get_idle_size(self) -> int:
        """Return how many connections do nothing."""
        return super().get_idle_size() + len(self._kept) + len(self._planning_once)

    async def close(self) -> None:
        """Close all connections, once they are given back."""
        if self._timer is not None:
            self._timer.cancel()
        self._give_back()
        await super().close()

    def terminate(self) -> None:
        """End all connections at once."""
        self._kept.clear()
        self._planning_once.clear()
        super().terminate()

    async def _acquire(self, timeout: float | None) -> Acquired:  # noqa: ASYNC109  as the library has it
        """Take a connection from the pool, to which a kept one goes back."""
        if self._kept:
            await self.release(self._kept.pop())
        elif self._planning_once:
            await self._release_planning_once(self._planning_once.pop())
        self._waiting += 1
        try:
            taken: Acquired = await super()._acquire(timeout)  # type: ignore[misc]  # no stub
        finally:
            self._waiting -= 1
        return taken

    async def _run(self, statement: Callable[[Acquired], Awaitable[T]]) -> T:
        """Run it on a kept connection, and keep that again unless somebody waits for one."""
        connection = await self._take()
        try:
            result = await statement(connection)
        except BaseException:
            await self.release(connection)
            raise
        if self._waiting or self.is_closing():
            await self.release(connection)
        else:
            self._keep(connection)
        return result

    async def _take(self) -> Acquired:
        while self._kept:
            connection = self._kept.pop()
            if not connection.is_closed():
                return connection
            await self.release(connection)
        return await self.acquire()

    async def _take_planning_once(self) -> Acquired:
        while self._planning_once:
            connection = self._planning_once.pop()
            if not connection.is_closed():
                return connection
            await self.release(connection)
        connection = await self._take()
        try:
            await connection.execute(PLAN_ONCE)
        except BaseException:
            await self._release_planning_once(connection)
            raise
        return connection

    async def _release_planning_once(self, connection: Acquired) -> None:
        """Give it back as it was; one that cannot be set back is ended."""
        try:
            if not connection.is_closed():
                await connection.execute(PLAN_AS_BEFORE)
        except BaseException:
            connection.terminate()
            raise
        finally:
            await self.release(connection)

    def _keep(self, connection: Acquired) -> None:
        self._kept.append(connection)
        self._give_back_later()

    def _give_back_later(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(KEPT_S, self._give_back)

    def _give_back(self) -> None:
        self._timer = None
        given_back = [
            *map(self.release, self._kept),
            *map(self._release_planning_once, self._planning_once),
        ]
        self._kept.clear()
        self._planning_once.clear()
        for one in given_back:
            task = asyncio.create_task(one)
            self._returning.add(task)
            task.add_done_callback(self._returning.discard)
