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

    def admits(self, size: int) -> bool:
        """Take a place if there is one and nobody waits for it."""
        if self._outside or not self._fits(size):
            return False
        self._admit(size)
        return True

    async def enter(self, size: int) -> None:
        """Take a place, in the order of arrival.

        Raises:
            LogBusy: the room stayed full for too long.
        """
        if self.admits(size):
            return
        admitted = asyncio.get_running_loop().create_future()
        waiting = (admitted, size)
        self._outside.append(waiting)
        try:
            async with asyncio.timeout(self._seconds):
                await admitted
        except (TimeoutError, asyncio.CancelledError) as ended:
            if admitted.cancelled():
                self._outside.remove(waiting)
                self._let_in()
            else:  # it was admitted at the last moment
                self.leave(size)
            if isinstance(ended, TimeoutError):
                raise LogBusy from None
            raise

    def leave(self, size: int) -> None:
        """Free the place, and let in whoever waits."""
        self._inside -= 1
        self._bytes -= size
        self._let_in()

    def _let_in(self) -> None:
        while self._outside and self._fits(self._outside[0][1]):
            admitted, size = self._outside[0]
            if admitted.done():
                return  # it has given up, takes itself off, and lets others in
            self._outside.popleft()
            self._admit(size)
            admitted.set_result(None)

    def _fits(self, size: int) -> bool:
        return not self._inside or (
            self._inside < self._places and self._bytes + size <= self._size
        )

    def _admit(self, size: int) -> None:
        self._inside += 1
        self._bytes += size
