"""The server: uvicorn with a graceful end. Streams end first, and commands are answered."""

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import structlog
import uvicorn
from fastapi import FastAPI

from service.http.connections import BoundedProtocol, Connections, most_connections
from service.settings import Misconfigured, Settings

# Of the time within which the service ends: for requests under way, then for orderly ends.
REQUESTS_SHARE, ORDERLY_SHARE = 0.5, 0.25
# A connection that waits for its client's next request stays open for longer than clients and
# proxies keep theirs, the longest of the common ones 120 s: the side that closes first must not be
# the server, or a request that is just on its way is lost.
KEEP_ALIVE_S = 130
ENDING = (signal.SIGINT, signal.SIGTERM)

# Tasks that nobody holds may vanish.
_WATCHING: set[asyncio.Task[None]] = set()

log = structlog.get_logger()


class Server(uvicorn.Server):
    """A uvicorn server that lets the service end its streams before it waits for them.

    The caller enters the application's lifespan first, so a failing start raises an exception
    instead of writing a log line.
    """

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        connections = Connections(
            min(settings.connections, most_connections()),
            settings.connections_per_address,
            app.state.service.metrics,
        )
        super().__init__(
            uvicorn.Config(
                app,
                http=partial(BoundedProtocol, connections),  # type: ignore[arg-type]  # uvicorn only calls it
                host=settings.host,
                port=settings.port,
                log_config=None,
                access_log=False,
                server_header=False,
                ws="none",
                proxy_headers=bool(settings.trusted_proxies),
                forwarded_allow_ips=settings.trusted_proxies,
                lifespan="off",
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=max(1, int(settings.shutdown_seconds * REQUESTS_SHARE)),
            )
        )
        self._app = app

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Let SIGINT and SIGTERM end the server only.

        Uvicorn's own method raises them again afterwards, which would interrupt the shutdown of
        the service's components.
        """
        loop = asyncio.get_running_loop()
        for number in ENDING:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in ENDING:
                loop.remove_signal_handler(number)

    async def on_tick(self, counter: int) -> bool:
        """Return whether to end, several times a second. A service that has given up ends."""
        return await super().on_tick(counter) or self._app.state.service.given_up.is_set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.state.service.closing.set()
        await super().shutdown(sockets)


def end_by_force_after(seconds: float, closing: asyncio.Event) -> None:
    """Let the process end so long after it begins to close, even if something hangs."""

    async def watch() -> None:
        await closing.wait()
        timer = threading.Timer(seconds, _end_by_force)
        timer.daemon = True
        timer.start()

    _WATCHING.add(asyncio.create_task(watch()))


def _end_by_force() -> None:
    log.critical("ended_by_force", reason="it did not end in time")
    os._exit(1)


def listening(settings: Settings) -> socket.socket:
    """Open the socket to serve on.

    Raises:
        Misconfigured: the address is not available.
    """
    try:
        listener = socket.create_server((settings.host, settings.port), backlog=2048)
        # Connections inherit the option. Without it, a response's second packet may wait 40 ms for
        # the first one's acknowledgement if the loop does not see that the socket is TCP.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError as taken:
        raise Misconfigured(
            f"cannot listen on {settings.host}:{settings.port}: {taken.strerror}. Choose another "
            "with GIAOVIEC_HOST and GIAOVIEC_PORT."
        ) from taken
    return listener
