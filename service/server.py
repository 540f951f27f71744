"""The server: uvicorn with a graceful end. Streams end first, and commands are answered."""

import asyncio
import gc
import os
import signal
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial

import structlog
import uvicorn
from fastapi import FastAPI

from service.http.connections import BoundedProtocol, Connections, most_connections
from service.http.operations import for_operators
from service.observability.operated import Operated
from service.settings import Misconfigured, Settings
from service.tls import Encrypted, tls_context

# Of the time within which the service ends: for requests under way, then for orderly ends.
REQUESTS_SHARE, ORDERLY_SHARE = 0.5, 0.25
# A connection that waits for its client's next request stays open for longer than clients and
# proxies keep theirs, the longest of the common ones 120 s: the side that closes first must not be
# the server, or a request that is just on its way is lost.
KEEP_ALIVE_S = 130
# Of the port for probes and scrapers: they are few.
FOR_OPERATORS = 64
# So many new things are made before the young ones are searched for garbage.
YOUNG_THINGS = 5_000
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
            app.state.callers,
        )
        config = Encrypted(
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
        config.tls = tls_context(settings.tls_certificate_file, settings.tls_key_file)
        super().__init__(config)
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


class Beside(uvicorn.Server):
    """A uvicorn server beside that one, which ends when it is told to."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the other one."""
        yield


@asynccontextmanager
async def operations_served(process: Operated, settings: Settings) -> AsyncIterator[None]:
    """Answer probes and scrapers on their own port, where the settings name one.

    Raises:
        Misconfigured: the address is not available.
    """
    if settings.operations_port is None:
        yield
        return
    connections = Connections(FOR_OPERATORS, FOR_OPERATORS, process.metrics)
    server = Beside(
        uvicorn.Config(
            for_operators(process),
            http=partial(BoundedProtocol, connections),  # type: ignore[arg-type]  # uvicorn only calls it
            log_config=None,
            access_log=False,
            server_header=False,
            ws="none",
            proxy_headers=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
    )
    address = settings.operations_host, settings.operations_port
    with _listening(*address, "GIAOVIEC_OPERATIONS_HOST and GIAOVIEC_OPERATIONS_PORT") as listener:
        serving = asyncio.create_task(server.serve([listener]))
        try:
            yield
        finally:
            server.should_exit = True
            await serving


def settle_memory() -> None:
    """Leave what the start made out of the search for garbage: it lasts as long as the process.

    There are more than a million things. To go through them all took half a second now and then,
    while nobody was answered. And a request alone makes more things than the usual threshold has.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_THINGS)


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
    return _listening(settings.host, settings.port, "GIAOVIEC_HOST and GIAOVIEC_PORT")


def _listening(host: str, port: int, named: str) -> socket.socket:
    try:
        listener = socket.create_server((host, port), backlog=2048)
        # Connections inherit the option. Without it, a response's second packet may wait 40 ms for
        # the first one's acknowledgement if the loop does not see that the socket is TCP.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError as taken:
        raise Misconfigured(
            f"cannot listen on {host}:{port}: {taken.strerror}. Choose another with {named}."
        ) from taken
    return listener
