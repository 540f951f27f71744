"""Stream: server-sent events as a response, for which something is held as long as it lasts."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractContextManager, aclosing

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

MEDIA_TYPE = "text/event-stream"
# What stands between does not gather what is to arrive at once.
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Stream(StreamingResponse):
    """A stream; what is held for it is let go of however it ends.

    Args:
        messages: of the stream.
        leave: called when the client has left; the messages end then.
        held: as long as the stream lasts.
    """

    media_type = MEDIA_TYPE

    def __init__(
        self,
        messages: AsyncGenerator[bytes],
        leave: Callable[[], None],
        held: AbstractContextManager[object],
    ) -> None:
        super().__init__(messages, headers=HEADERS)
        self._messages = messages
        self._leave = leave
        self._held = held

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        with self._held:
            leaving = asyncio.create_task(self._until_left(receive))
            try:
                async with aclosing(self._messages):
                    await self.stream_response(send)
            finally:
                leaving.cancel()

    async def _until_left(self, receive: Receive) -> None:
        await self.listen_for_disconnect(receive)
        self._leave()
