"""Recovery: a service starts its embedded PostgreSQL again when the supervisor of the server ends.

The supervisor starts a crashed server again. It ends after several crashes in a row, or if somebody
kills it; the server then ends too. The service that uses the server notices this, and starts both
again. If that fails repeatedly, the service gives up, so that whoever supervises it learns of it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from subprocess import SubprocessError
from time import monotonic
from typing import NoReturn

import structlog

from service.database.embedded import EmbeddedPostgres, EmbeddedServerFailed
from service.database.supervisor import STABLE_S
from service.settings import Misconfigured

LOOK_S = 0.5
PAUSES_S = (0, 1, 2, 4, 8)

log = structlog.get_logger()


@asynccontextmanager
async def running(server: EmbeddedPostgres, give_up: Callable[[], None]) -> AsyncIterator[str]:
    """Run the server, and start it again whenever its supervisor has ended. Yield its URL.

    Args:
        server: the server, not started yet.
        give_up: called when the server cannot be started again.

    Raises:
        Misconfigured: the server cannot run here.
        EmbeddedServerFailed: at the end, if the server could not be started again.
    """
    url = await asyncio.to_thread(server.start)
    log.warning(
        "embedded PostgreSQL: for trial and tests only; set DATABASE_URL to go live",
        folder=str(server.home),
        new=server.is_new,
    )
    watch = asyncio.create_task(_watch(server))
    watch.add_done_callback(lambda _: give_up())
    try:
        yield url
    finally:
        watch.cancel()
        try:
            with suppress(asyncio.CancelledError):
                await watch
        finally:
            await asyncio.to_thread(server.stop)


async def _watch(server: EmbeddedPostgres) -> NoReturn:
    """Start the server again whenever its supervisor has ended.

    Raises:
        EmbeddedServerFailed: several attempts in a row failed, or did not last.
    """
    attempts, last, failure = 0, monotonic(), ""
    while True:
        await asyncio.sleep(LOOK_S)
        if await asyncio.to_thread(_is_supervised, server):
            continue
        attempts = 1 if monotonic() - last > STABLE_S else attempts + 1
        if attempts > len(PAUSES_S):
            raise EmbeddedServerFailed(f"the embedded PostgreSQL does not stay up. {failure}")
        log.error("embedded_server_ended", attempt=attempts)
        await asyncio.sleep(PAUSES_S[attempts - 1])
        failure = await asyncio.to_thread(_restart, server)
        if failure:
            log.error("embedded_server_does_not_start", error=failure)
        else:
            log.warning("embedded_server_started_again")
        last = monotonic()


def _restart(server: EmbeddedPostgres) -> str:
    """Start the server again. Return why it does not start, or nothing."""
    try:
        server.restart()
    except (OSError, SubprocessError, Misconfigured) as failure:
        return str(failure)
    return ""


def _is_supervised(server: EmbeddedPostgres) -> bool:
    try:
        return server.is_supervised
    except OSError:  # its folder is gone
        return False
