"""The server: uvicorn, ended so that nobody is cut off: streams end, commands are answered."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from service.settings import Misconfigured, Settings

GRACE_SECONDS = 30
ENDING = (signal.SIGINT, signal.SIGTERM)


class Server(uvicorn.Server):
    """A uvicorn server that tells the service to end its streams before it waits for them.

    Whoever runs it has started the application before, by its lifespan: so what keeps it from
    starting is an exception of theirs, and not a line in a log.
    """

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=settings.host,
                port=settings.port,
                log_config=None,
                access_log=False,
                server_header=False,
                ws="none",
                lifespan="off",
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._app = app

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """SIGINT and SIGTERM end the server, and only that.

        Uvicorn's own raises them again afterwards, which would cut the ending of the service's
        parts short.
        """
        loop = asyncio.get_running_loop()
        for number in ENDING:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in ENDING:
                loop.remove_signal_handler(number)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.state.service.closing.set()
        await super().shutdown(sockets)


def listening(settings: Settings) -> socket.socket:
    """The socket to serve on.

    Raises:
        Misconfigured: the address cannot be had.
    """
    try:
        listener = socket.create_server((settings.host, settings.port), backlog=2048)
        # Inherited by its connections: else a reply's second packet may wait for the first's
        # acknowledgement, 40 ms, where the loop does not see that the socket is TCP.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError as taken:
        raise Misconfigured(
            f"cannot listen on {settings.host}:{settings.port}: {taken.strerror}. Choose another "
            "with GIAOVIEC_HOST and GIAOVIEC_PORT."
        ) from taken
    return listener
