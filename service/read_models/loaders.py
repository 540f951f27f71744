"""Loaders: a long log is folded into read tables by processes, beside the service's own.

The service's process only waits: its event loop is free for requests, and every core folds.
"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from itertools import count
from signal import SIGKILL
from typing import Any, Self, cast

from projections.folding import FoldFailed
from projections.projection import Projection
from service.database.engine import Acquired, Pool
from service.database.outages import NotNow
from service.read_models.bulk import Loaded, Part
from service.read_models.events import spans
from service.read_models.loader import BY_NAME, Order
from service.read_models.tables import ReadTable

MODULE = "service.read_models.loader"
# A log of fewer events is folded sooner than a process has begun.
LEAST_EVENTS = 50_000
# A part of more events would keep one process at work while the others have nothing to do.
MOST_EVENTS = 250_000
MOST_AT_ONCE = 4


class LoaderEnded(NotNow):
    """A process that folds a part of a log ended before it was done."""


class Loaders:
    """Processes that fold, begun when there is a long log to fold, and ended with this."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._listening: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._at_once = min(os.cpu_count() or 1, MOST_AT_ONCE)
        self._turns = asyncio.Semaphore(self._at_once)
        self._numbers = count(1)
        self._outcomes: dict[int, asyncio.Future[list[Loaded]]] = {}
        self._done: dict[int, int] = {}
        self._told: Callable[[int], None] = lambda _: None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End the processes, whatever they are at."""
        if self._process is None or self._listening is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, SIGKILL)
        await self._process.wait()
        await self._listening
        self._process = self._listening = None

    async def parts(
        self,
        connection: Acquired,
        projections: Sequence[Projection],
        heads: Mapping[str, int],
        events: int,
    ) -> list[Part] | None:
        """The parts in which so many events of these ledgers are folded here; None if they are not.

        They are not if they are few, and if a projection is not the service's own. The projections
        are of things of one kind.
        """
        own = all(BY_NAME.get(projection.name) is projection for projection in projections)
        if events < LEAST_EVENTS or not own:
            return None
        # One part for each process: every part has to connect and warm up.
        most = min(max(-(-events // self._at_once), LEAST_EVENTS // 2), MOST_EVENTS)
        return [
            Part(ledger, head, things)
            for ledger, head in heads.items()
            for things in await spans(connection, ledger, projections[0], head, most)
        ]

    async def load(
        self,
        pool: Pool,
        tables: Sequence[ReadTable],
        parts: Sequence[Part],
        told: Callable[[int], None],
    ) -> list[list[Loaded]]:
        """Fold the parts into the tables, several at once; what came of each into each table.

        Args:
            pool: of the database; the processes have connections of their own to it.
            tables: that the parts are folded into; all of one schema.
            parts: of the logs.
            told: called with how many events are folded by now.

        Raises:
            FoldFailed: at an event that cannot be folded.
            LoaderEnded: a process died or lost its connection; all are ended then.
        """
        self._done, self._told = {}, told
        try:
            async with asyncio.TaskGroup() as group:
                loading = [group.create_task(self._load(pool, tables, part)) for part in parts]
        except BaseExceptionGroup as failures:
            await self.close()
            raise failures.exceptions[0] from None
        except BaseException:
            await self.close()
            raise
        return [each.result() for each in loading]

    async def _load(self, pool: Pool, tables: Sequence[ReadTable], part: Part) -> list[Loaded]:
        async with self._turns:
            orders = await self._started()
            names = [table.projection.name for table in tables]
            order = Order(next(self._numbers), pool.url, pool.role, names, tables[0].schema, part)
            outcome: asyncio.Future[list[Loaded]] = asyncio.get_running_loop().create_future()
            self._outcomes[order.number] = outcome
            try:
                orders.write(json.dumps(asdict(order)).encode() + b"\n")
                return await outcome
            finally:
                del self._outcomes[order.number]

    async def _started(self) -> asyncio.StreamWriter:
        async with self._starting:
            if self._process is None:
                self._process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", MODULE),
                    stdin=PIPE,
                    stdout=PIPE,
                    env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                    start_new_session=True,
                )
                self._listening = asyncio.create_task(self._listen(self._process))
        return cast("asyncio.StreamWriter", self._process.stdin)

    async def _listen(self, process: Process) -> None:
        async for line in cast("asyncio.StreamReader", process.stdout):
            self._hear(json.loads(line))
        for outcome in self._outcomes.values():
            if not outcome.done():
                outcome.set_exception(LoaderEnded("the process that folds ended"))

    def _hear(self, said: dict[str, Any]) -> None:
        number = said.pop("order")
        outcome = self._outcomes.get(number)
        if outcome is None or outcome.done():
            return
        match said:
            case {"done": done}:
                self._done[number] = done
                self._told(sum(self._done.values()))
            case {"loaded": loaded}:
                outcome.set_result([Loaded(*one) for one in loaded])
            case {"failed": [projection, position, cause]}:
                outcome.set_exception(FoldFailed(projection, position, Exception(cause)))
            case _:
                outcome.set_exception(LoaderEnded(f"the process that folds ended: {said}"))
