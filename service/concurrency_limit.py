"""Concurrency limit: what needs much of a process is done a few at once; the others wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from service.log.events import LogBusy


class ConcurrencyLimit:
    """Turns of such work.

    Args:
        at_once: how much of it is done.
        seconds: how long one waits.
    """

    def __init__(self, at_once: int, seconds: float) -> None:
        self._room = asyncio.Semaphore(at_once)
        self._seconds = seconds

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn, which lasts as long as the context.

        Raises:
            LogBusy: it did not come in time.
        """
        try:
            async with asyncio.timeout(self._seconds):
                await self._room.acquire()
        except TimeoutError:
            raise LogBusy from None
        try:
            yield
        finally:
            self._room.release()
