"""Warm pool: connections are kept between statements, so that one costs no more than itself.

To take a connection from the library's pool and to give it back costs about twice what a short
statement does: tasks, timers and a proxy each time. Reads, and writes of one statement, therefore
go through connections that stay taken for a while. Whoever waits for a connection gets one of
these first.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

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


class Session(asyncpg.Connection):
    """A connection that knows how its statements are planned.

    Attributes:
        plans_once: whether by one plan for whatever arguments.
    """

    plans_once = False

    async def plan(self, *, once: bool) -> None:
        """Have the next statements planned so. A session of which that is not known is ended."""
        if self.plans_once == once:
            return
        try:
            await self.execute(PLAN_ONCE if once else PLAN_AS_BEFORE)
        except BaseException:
            self.terminate()
            raise
        self.plans_once = once


class WarmPool(StockPool):
    """A pool that keeps connections warm for single statements.

    Attributes:
        wait_s: how long a free connection is waited for, in seconds; None is without end.
    """

    wait_s: float | None = None

    def __init__(self, *arguments: Any, **settings: Any) -> None:  # noqa: ANN401  passed on
        super().__init__(*arguments, **settings)
        # With how each plans: a connection that has ended does not tell.
        self._kept: list[tuple[Acquired, bool]] = []
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
        return await self._run(lambda one: one.fetch(query, *arguments), once=True)

    async def fetch_however_planned(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        """Return the rows of a statement of which every plan is the same, as of a mere call."""
        return await self._run(lambda one: one.fetch(query, *arguments), once=None)

    def get_idle_size(self) -> int:
        """Return how many connections do nothing."""
        return super().get_idle_size() + len(self._kept)

    async def close(self) -> None:
        """Close all connections, once they are given back."""
        if self._timer is not None:
            self._timer.cancel()
        self._give_back()
        await super().close()

    def terminate(self) -> None:
        """End all connections at once."""
        self._kept.clear()
        super().terminate()

    async def _acquire(self, timeout: float | None) -> Acquired:  # noqa: ASYNC109  as the library has it
        """Take a connection from the pool that plans as by default."""
        taken = await self._acquire_any(timeout)
        try:
            await _session(taken).plan(once=False)
        except BaseException:
            await self.release(taken)
            raise
        return taken

    async def _acquire_any(self, timeout: float | None) -> Acquired:  # noqa: ASYNC109  as the library has it
        """Take a connection from the pool, to which a kept one goes back."""
        if self._kept:
            await self.release(self._kept.pop()[0])
        self._waiting += 1
        try:
            taken: Acquired = await super()._acquire(timeout)  # type: ignore[misc]  # no stub
        finally:
            self._waiting -= 1
        return taken

    async def _run(
        self, statement: Callable[[Acquired], Awaitable[T]], *, once: bool | None = False
    ) -> T:
        """Run it on a kept connection, and keep that again unless somebody waits for one.

        Args:
            statement: what is run.
            once: whether its plan is made once; None where that makes no difference.
        """
        connection = await self._take(once=once)
        try:
            if once is not None:
                await _session(connection).plan(once=once)
            result = await statement(connection)
        except BaseException:
            await self.release(connection)
            raise
        if self._waiting or self.is_closing():
            await self.release(connection)
        else:
            self._keep(connection)
        return result

    async def _take(self, *, once: bool | None) -> Acquired:
        """A kept connection, one that plans so if there is one; else one from the pool."""
        while self._kept:
            fit = (
                at for at, (_, plans_once) in enumerate(self._kept) if once in {None, plans_once}
            )
            connection, _ = self._kept.pop(next(fit, -1))
            if not connection.is_closed():
                return connection
            await self.release(connection)
        return await self._acquire_any(self.wait_s)

    def _keep(self, connection: Acquired) -> None:
        self._kept.append((connection, _session(connection).plans_once))
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(KEPT_S, self._give_back)

    def _give_back(self) -> None:
        self._timer = None
        given_back = [self.release(connection) for connection, _ in self._kept]
        self._kept.clear()
        for one in given_back:
            task = asyncio.create_task(one)
            self._returning.add(task)
            task.add_done_callback(self._returning.discard)


def _session(connection: Acquired) -> Session:
    """The connection itself, to which what the library hands out forwards."""
    return cast("Session", connection)
