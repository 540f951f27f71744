"""Read retries: a read that met what passes at once is tried again, before its client hears of it.

Sessions end, tables are replaced by their rebuild, and a standby cancels what is in the way of its
replay, in a database that is well. A command is never tried again here: it may be recorded already.
"""

from time import monotonic

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.database.outages import AT_ONCE_OVER
from service.http.problems import REFUSED_FOR

# A read that took longer than this share of a request's time is not begun anew.
SHARE = 0.5

log = structlog.get_logger()


class RetriedReads:
    """Middleware around the routes.

    Args:
        seconds: how long a request waits for each of its parts.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        until = monotonic() + self._seconds * SHARE
        is_kept_back = False

        async def answer(message: Message) -> None:
            nonlocal is_kept_back
            if message["type"] == "http.response.start":
                met = isinstance(scope.get(REFUSED_FOR), AT_ONCE_OVER)
                is_kept_back = met and monotonic() < until
            if not is_kept_back:
                await send(message)

        await self._app(scope, receive, answer)
        if is_kept_back:
            log.info("read_retried", error=repr(scope.pop(REFUSED_FOR)))
            await self._app(scope, receive, send)
