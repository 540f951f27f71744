"""Notifications: a process that changes the log wakes the others.

One connection per process uses PostgreSQL's LISTEN, and is replaced when it is lost. A notification
only wakes: it may be lost, so `Growth` looks at the ledgers as well.
"""

import asyncio
from collections.abc import Callable

from service.database.engine import Acquired, Pool
from service.supervision import Supervised, Tasks

# A connection whose other end is gone without a word is noticed so soon.
CHECK_S = 10.0
ANSWER_S = 5.0

Callback = Callable[[str], None]


class Notifications:
    """Calls back with the payload of every notification on a channel, once started.

    Args:
        pool: one of its connections is reserved for listening.
        tasks: the process's background tasks.
    """

    def __init__(self, pool: Pool, tasks: Tasks | None = None) -> None:
        self.tasks = tasks or Tasks()
        self._pool = pool
        self._callbacks: dict[str, Callback] = {}
        self._task: Supervised | None = None

    def on(self, channel: str, callback: Callback) -> None:
        """Register a callback before `start`. Its argument is "" if some may have been missed."""
        self._callbacks[channel] = callback

    def start(self) -> None:
        """Start to listen in the background. A second call changes nothing."""
        if self._task is None:
            self._task = self.tasks.start("notifications", self._listen_until_lost)

    async def close(self) -> None:
        if self._task is not None:
            await self.tasks.end(self._task)
            self._task = None

    async def _listen_until_lost(self) -> None:
        """Listen; a lost connection ends it. Until it is replaced, growth is looked for."""
        async with self._pool.acquire() as connection:
            lost = asyncio.Event()
            connection.add_termination_listener(lambda _: lost.set())
            try:
                for channel, callback in self._callbacks.items():
                    await connection.add_listener(channel, self._dispatch)
                    callback("")
                if self._task is not None:
                    self._task.works()
                await self._check_until(lost, connection)
            finally:
                if not connection.is_closed():
                    for channel in self._callbacks:
                        await connection.remove_listener(channel, self._dispatch)

    @staticmethod
    async def _check_until(lost: asyncio.Event, connection: Acquired) -> None:
        while not lost.is_set():
            try:
                async with asyncio.timeout(CHECK_S):
                    await lost.wait()
            except TimeoutError:
                await connection.execute("SELECT 1", timeout=ANSWER_S)

    def _dispatch(self, _connection: object, _pid: int, channel: str, payload: object) -> None:
        self._callbacks[channel](str(payload))
