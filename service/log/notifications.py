"""Notifications: a process that changes the log wakes the others.

One connection per process uses PostgreSQL's LISTEN, and is replaced when it is lost. A notification
only wakes: it may be lost, so every waiting task also polls.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import asyncpg

from service.database.engine import Pool

RECONNECT_S = 1.0

Callback = Callable[[str], None]


class Notifications:
    """Calls back with the payload of every notification on a channel, once started.

    Args:
        pool: one of its connections is reserved for listening.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._callbacks: dict[str, Callback] = {}
        self._task: asyncio.Task[None] | None = None

    def on(self, channel: str, callback: Callback) -> None:
        """Register a callback before `start`. Its argument is "" if some may have been missed."""
        self._callbacks[channel] = callback

    def start(self) -> None:
        """Start to listen in the background. A second call changes nothing."""
        if self._task is None:
            self._task = asyncio.create_task(self._listen())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _listen(self) -> None:
        while True:
            # A lost connection is replaced; until then, waiting tasks poll.
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await self._listen_until_lost()
            await asyncio.sleep(RECONNECT_S)

    async def _listen_until_lost(self) -> None:
        async with self._pool.acquire() as connection:
            lost = asyncio.Event()
            connection.add_termination_listener(lambda _: lost.set())
            try:
                for channel, callback in self._callbacks.items():
                    await connection.add_listener(channel, self._dispatch)
                    callback("")
                await lost.wait()
            finally:
                if not connection.is_closed():
                    for channel in self._callbacks:
                        await connection.remove_listener(channel, self._dispatch)

    def _dispatch(self, _connection: object, _pid: int, channel: str, payload: object) -> None:
        self._callbacks[channel](str(payload))
