"""Announcements: what one process does to the log wakes the others.

PostgreSQL's LISTEN over one connection per process, taken again whenever it is lost. Only ever a
wake-up: a message may be lost, so everyone who waits also looks by himself now and then.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import asyncpg

from service.database.engine import Pool

RECONNECT_S = 1.0

Callback = Callable[[str], None]


class Notifications:
    """Calls back with the payload of every message on a channel, once it is started.

    Args:
        pool: one of its connections is kept for listening.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._callbacks: dict[str, Callback] = {}
        self._task: asyncio.Task[None] | None = None

    def on(self, channel: str, callback: Callback) -> None:
        """Register before `start`. `heard("")` means that messages may have been missed."""
        self._callbacks[channel] = callback

    def start(self) -> None:
        """Begin to listen, in the background; once is enough."""
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
            # Whatever ends a connection, another is taken; meanwhile everyone looks by himself.
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
