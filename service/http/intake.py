"""Intake: how much one process takes in at once, and for whom it goes on working.

Requests and the bytes of their bodies are bounded; what is beyond is refused at once. A client that
leaves before its reply begins is noticed, and what it asked for is given up.
"""

import asyncio
from types import TracebackType
from typing import Any, Self

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope

from service.http.addresses import path_of
from service.http.faults import TooBusy

# Most requests are answered sooner, and are not watched.
WATCH_AFTER_S = 0.25
# The operator and the supervisor are answered also when nobody else is.
ALWAYS = frozenset({"/healthz", "/readyz", "/readyz/details", "/metrics"})


class Intake:
    """What is in flight in this process.

    Args:
        requests: how many at most.
        size: how many bytes of bodies at most; a body alone may be larger.
    """

    def __init__(self, requests: int, size: int) -> None:
        self._requests = requests
        self._size = size
        self.in_flight = 0
        self.held = 0

    def admit(self, scope: Scope) -> None:
        """Count a request in.

        Raises:
            TooBusy: there are too many.
        """
        if self.in_flight >= self._requests and path_of(scope) not in ALWAYS:
            raise TooBusy
        self.in_flight += 1

    def hold(self, size: int, of: int) -> None:
        """Count a piece of a body in, whose request holds `of` bytes so far.

        Raises:
            TooBusy: the process holds too many bytes.
        """
        if self.held > of and self.held + size > self._size:
            raise TooBusy
        self.held += size

    def release(self, held: int) -> None:
        """Count a request out, with what it held."""
        self.in_flight -= 1
        self.held -= held


class Incoming:
    """One request as it arrives: its body is counted, and its client is watched.

    Within the context the work of a client that has left is cancelled, unless `has_begun` says
    that the reply is under way; it ends with ClientDisconnect then.
    """

    def __init__(self, intake: Intake, receive: Receive) -> None:
        self._intake = intake
        self._receive = receive
        self._held = 0
        self._is_whole = False
        self._is_reading = False
        self._unread: Message | None = None
        self._has_left = False
        self._watch: asyncio.Task[None] | None = None
        self.has_begun = False

    def __enter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._work = asyncio.current_task()
        self._timer = self._loop.call_later(WATCH_AFTER_S, self._start_to_watch)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        if self._watch is not None:
            self._watch.cancel()
        self._intake.release(self._held)
        if self._has_left and self._work is not None:
            self._work.uncancel()
            if kind is asyncio.CancelledError:
                raise ClientDisconnect from error

    async def receive(self) -> Message:
        """The next message, as the application reads it."""
        if self._unread is not None:
            message, self._unread = self._unread, None
            return message
        self._is_reading = True
        try:
            return self._counted(await self._receive())
        finally:
            self._is_reading = False

    def _counted(self, message: Message) -> Message:
        if message["type"] == "http.request":
            size = len(message.get("body", b""))
            self._intake.hold(size, self._held)
            self._held += size
            self._is_whole = not message.get("more_body", False)
        return message

    def _start_to_watch(self) -> None:
        """Watch the client once its body is there: until then the reader learns that it left."""
        if self._is_reading or (self._held and not self._is_whole):
            self._timer = self._loop.call_later(WATCH_AFTER_S, self._start_to_watch)
        elif not self.has_begun:
            self._watch = asyncio.create_task(self._until_left())

    async def _until_left(self) -> None:
        message: Any = await self._receive()
        if message["type"] == "http.request":  # nobody has read the body
            self._unread = self._counted(message)
            if not self._is_whole:
                return
            message = await self._receive()
        if message["type"] == "http.disconnect" and not self.has_begun and self._work is not None:
            self._has_left = True
            self._work.cancel()
