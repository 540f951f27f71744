"""A proxy between a service and its database: it passes, cuts, swallows, delays and refuses.

It runs in a thread of its own, and its calls may be made from any thread. The system acknowledges
what the proxy swallows, so keepalives and `tcp_user_timeout` see a healthy peer: only limits of
time on connecting, statements and reads help against it, as against a host that hangs. What was
held is passed on afterwards, so a stream is never damaged.
"""

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from functools import partial
from typing import Any
from urllib.parse import urlsplit, urlunsplit

CHUNK = 65_536
RESET = struct.pack("ii", 1, 0)  # linger for no time: the peer gets a reset


class Way(Enum):
    """A direction of the traffic."""

    TO_DATABASE = "to the database"
    TO_SERVICE = "to the service"


BOTH = (Way.TO_DATABASE, Way.TO_SERVICE)


class Link:
    """One connection through the proxy."""

    def __init__(self, proxy: "Proxy") -> None:
        self._proxy = proxy
        self.open = {way: asyncio.Event() for way in BOTH}
        self.delay_s = proxy.delay_s
        self.bytes = dict.fromkeys(BOTH, 0)
        self.writers: list[asyncio.StreamWriter] = []
        for way in BOTH:
            if way not in proxy.swallowed:
                self.open[way].set()

    def cut(self) -> None:
        """Reset the connection on both sides."""
        self._proxy.call(self.reset)

    def swallow(self, *ways: Way) -> None:
        """Let nothing through from now on, one way or both ways."""
        self._proxy.call(partial(self.close_ways, ways or BOTH))

    def release(self) -> None:
        """Let everything through again, and first what was held."""
        self._proxy.call(self.open_ways)

    def close_ways(self, ways: Iterable[Way]) -> None:
        for way in ways:
            self.open[way].clear()

    def open_ways(self) -> None:
        for event in self.open.values():
            event.set()

    def reset(self) -> None:
        for writer in self.writers:
            connected: socket.socket = writer.get_extra_info("socket")
            with suppress(OSError):
                connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            writer.transport.abort()

    async def pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Way
    ) -> None:
        while data := await reader.read(CHUNK):
            if self.delay_s:
                await asyncio.sleep(self.delay_s)
            await self.open[way].wait()
            self.bytes[way] += len(data)
            writer.write(data)
            await writer.drain()
        await self.open[way].wait()
        writer.close()


class Proxy:
    """Listens on a port of its own and passes every connection on to the database's.

    Attributes:
        port: where it listens.
        links: the connections through it.
        delay_s: how late everything arrives, on connections to come.
        swallowed: the ways on which nothing arrives, on connections to come.
    """

    def __init__(self, port: int) -> None:
        self.delay_s = 0.0
        self.swallowed: set[Way] = set()
        self.links: list[Link] = []
        self._upstream = port
        self._listener: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port = 0
        self.port = self._wait(self._listen())

    def url(self, url: str) -> str:
        """The URL of the same database, through this proxy."""
        parts = urlsplit(url)
        login = parts.netloc.rpartition("@")[0]
        return urlunsplit(parts._replace(netloc=f"{login}@127.0.0.1:{self.port}"))

    def cut(self) -> int:
        """Reset every connection. Return how many there were. New ones are passed."""
        return int(self.call(self._cut))

    def swallow(self, *ways: Way) -> None:
        """Let nothing through on any connection, also on new ones: they open, and no one answers.

        Args:
            ways: one way or, without any, both.
        """

        def swallow() -> None:
            self.swallowed.update(ways or BOTH)
            for link in self.links:
                link.close_ways(ways or BOTH)

        self.call(swallow)

    def delay(self, seconds: float) -> None:
        """Let everything arrive later, on every connection and both ways."""

        def delay() -> None:
            self.delay_s = seconds
            for link in self.links:
                link.delay_s = seconds

        self.call(delay)

    def refuse(self) -> None:
        """Stop listening: new connections are refused, those that there are go on."""
        self._wait(self._stop_listening())

    def heal(self) -> None:
        """Listen and pass everything again, and first what was held."""

        def heal() -> None:
            self.swallowed.clear()
            self.delay_s = 0.0
            for link in self.links:
                link.delay_s = 0.0
                link.open_ways()

        self.call(heal)
        if self._listener is None:
            self._wait(self._listen())

    def close(self) -> None:
        """Cut every connection and end."""
        self.refuse()
        self.cut()
        self._wait(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def call(self, work: Callable[[], Any]) -> Any:
        """Call in the proxy's thread, and wait for the result."""

        async def called() -> Any:
            return work()

        return self._wait(called())

    def _wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _listen(self) -> int:
        self._listener = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        port: int = self._listener.sockets[0].getsockname()[1]
        return port

    async def _stop_listening(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    async def _end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _cut(self) -> int:
        count = len(self.links)
        for link in self.links:
            link.reset()
        return count

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = Link(self)
        link.writers.append(writer)
        self.links.append(link)
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with suppress(OSError, asyncio.CancelledError):
                below, above = await asyncio.open_connection("127.0.0.1", self._upstream)
                link.writers.append(above)
                async with asyncio.TaskGroup() as both:
                    both.create_task(self._carry(link, reader, above, Way.TO_DATABASE))
                    both.create_task(self._carry(link, below, writer, Way.TO_SERVICE))
        finally:
            for each in link.writers:
                each.close()
            self.links.remove(link)
            self._tasks.discard(task)

    async def _carry(
        self, link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Way
    ) -> None:
        try:
            await link.pass_on(reader, writer, way)
        except OSError:
            link.reset()  # one side was reset: so is the other


@contextmanager
def proxy_to(port: int) -> Iterator[Proxy]:
    """A proxy to this port of loopback; it ends afterwards."""
    proxy = Proxy(port)
    try:
        yield proxy
    finally:
        proxy.close()
