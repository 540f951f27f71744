"""Room: a waiting line is bounded in number and in bytes. Whoever finds it full waits outside."""

import asyncio
from collections import deque

from service.log.events import LogBusy


class Room:
    """Places in a waiting line.

    Args:
        places: how many requests fit in.
        size: how many bytes fit in; a larger request fits in alone.
        seconds: how long a request waits outside.
    """

    def __init__(self, places: int, size: int, seconds: float) -> None:
        self._places = places
        self._size = size
        self._seconds = seconds
        self._inside = 0
        self._bytes = 0
        self._outside: deque[tuple[asyncio.Future[None], int]] = deque()

    async def enter(self, size: int) -> None:
        """Take a place, in the order of arrival.

        Raises:
            LogBusy: the room stayed full for too long.
        """
        if not self._outside and self._fits(size):
            self._admit(size)
            return
        admitted = asyncio.get_running_loop().create_future()
        self._outside.append((admitted, size))
        try:
            async with asyncio.timeout(self._seconds):
                await admitted
        except (TimeoutError, asyncio.CancelledError) as ended:
            if not admitted.cancelled():  # admitted at the last moment
                self.leave(size)
            if isinstance(ended, TimeoutError):
                raise LogBusy from None
            raise

    def leave(self, size: int) -> None:
        """Free the place, and let in whoever waits."""
        self._inside -= 1
        self._bytes -= size
        while self._outside:
            admitted, wanted = self._outside[0]
            if not admitted.done():
                if not self._fits(wanted):
                    return
                self._admit(wanted)
                admitted.set_result(None)
            self._outside.popleft()

    def _fits(self, size: int) -> bool:
        return not self._inside or (
            self._inside < self._places and self._bytes + size <= self._size
        )

    def _admit(self, size: int) -> None:
        self._inside += 1
        self._bytes += size
