"""Listeners: those who read events live, and what ends their listening or interrupts their silence.

One round for all of them asks, every now and then, who may still read: once for all streams of one
token. It ends them when the service closes, and wakes who has been sent nothing for a while.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import NamedTuple

# Whether a stream may go on is asked so often. With what is remembered of a token, a right that
# ends ends its streams within five seconds.
RIGHT_SECONDS = 1.5
ASKED_AT_ONCE = 8
# So long a listener is sent nothing at most.
HEARTBEAT_SECONDS = 15.0


class Right(NamedTuple):
    """A right to read on, which may end while a stream lasts.

    Attributes:
        token: whose right it is, as it was sent.
        ledger: that is read.
    """

    token: str
    ledger: str


class RightChanged(Exception):
    """The caller reads other things now: let the stream begin anew."""


class Listener:
    """One who reads a stream. `Listeners` makes it.

    Attributes:
        right: by which it reads.
        still: raises what ends the right.
        is_over: whether nothing more is to be sent: the client left, or the service closes.
    """

    def __init__(self, right: Right, still: Callable[[], Awaitable[object]]) -> None:
        self.right = right
        self.still = still
        self.is_over = False
        self._ended_by: Exception | None = None
        self._loop = asyncio.get_running_loop()
        self._woken: asyncio.Future[None] | None = None
        self._sent_at = self._loop.time()

    def require(self) -> None:
        """Raise what ended the right, if it has ended."""
        if self._ended_by is not None:
            raise self._ended_by

    def sent(self) -> None:
        """Note that something was sent just now."""
        self._sent_at = self._loop.time()

    @property
    def is_silent(self) -> bool:
        """Whether nothing was sent for so long that it is time to show that the stream is alive."""
        return self._loop.time() - self._sent_at >= HEARTBEAT_SECONDS

    async def woken(self) -> None:
        """Wait to be woken."""
        self._woken = self._loop.create_future()
        await self._woken

    def wake(self) -> None:
        """Let it look what there is."""
        if self._woken is not None and not self._woken.done():
            self._woken.set_result(None)

    def leave(self) -> None:
        """Send nothing more."""
        self.is_over = True
        self.wake()

    def end(self, error: Exception) -> None:
        """Let it end with this error."""
        self._ended_by = error
        self.wake()


class Listeners:
    """All listeners of the process.

    Args:
        closing: is set when the service begins to stop.
    """

    def __init__(self, closing: asyncio.Event) -> None:
        self._closing = closing
        self._open: set[Listener] = set()
        self._rounds: asyncio.Task[None] | None = None

    @contextmanager
    def listening(self, right: Right, still: Callable[[], Awaitable[object]]) -> Iterator[Listener]:
        """A listener as long as the context lasts."""
        listener = Listener(right, still)
        self._open.add(listener)
        if self._rounds is None or self._rounds.done():
            self._rounds = asyncio.create_task(self._watch())
        try:
            yield listener
        finally:
            self._open.discard(listener)

    async def _watch(self) -> None:
        """Go round as long as anybody listens."""
        while self._open and not self._closing.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(RIGHT_SECONDS):
                    await self._closing.wait()
            if not self._closing.is_set():
                await self._ask()
                for listener in self._open:
                    if listener.is_silent:
                        listener.wake()
        for listener in self._open:
            listener.leave()

    async def _ask(self) -> None:
        by_right: defaultdict[Right, list[Listener]] = defaultdict(list)
        for listener in self._open:
            by_right[listener.right].append(listener)
        asked = [*by_right.values()]
        for first in range(0, len(asked), ASKED_AT_ONCE):
            await asyncio.gather(*map(_ask_of, asked[first : first + ASKED_AT_ONCE]))


async def _ask_of(listeners: Sequence[Listener]) -> None:
    """Ask whether one of them may read on, for all: they have the same right."""
    try:
        await listeners[0].still()
    except Exception as error:  # noqa: BLE001  whatever it is, each of them ends with it
        for listener in listeners:
            listener.end(error)
