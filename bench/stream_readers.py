"""Readers of streams: many connections that cost little, in a process of their own.

Its order is one line of JSON on standard input. It prints one line once all streams are open, and
for every further line how many events each has received, the least and in all. It ends with its
input.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

import uvloop

AN_EVENT = b"\ndata: "
OPEN = b"\nretry: "
OPENED_AT_ONCE = 50


@dataclass(frozen=True)
class Order:
    """Which streams to open: so many, with these tokens in turn."""

    host: str
    port: int
    path: str
    tokens: list[str]
    streams: int


class _Reader(asyncio.Protocol):
    """One stream, whose events are counted."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self._rest = b""
        self.events = 0
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast("asyncio.Transport", transport).write(self._request)

    def data_received(self, data: bytes) -> None:
        seen = self._rest + data
        if not self.opened.done() and OPEN in seen:
            self.opened.set_result(None)
        self.events += seen.count(AN_EVENT)
        self._rest = seen[1 - len(AN_EVENT) :]

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(exc or ConnectionError(self._rest.decode(errors="replace")))


async def _opened(order: Order) -> list[_Reader]:
    readers: list[_Reader] = []
    for number in range(order.streams):
        token = order.tokens[number % len(order.tokens)]
        head = (
            f"GET {order.path} HTTP/1.1\r\nHost: {order.host}\r\nAuthorization: Bearer {token}\r\n"
        )
        make = partial(_Reader, f"{head}\r\n".encode())
        _, reader = await asyncio.get_running_loop().create_connection(make, order.host, order.port)
        readers.append(reader)
        if len(readers) % OPENED_AT_ONCE == 0:
            await asyncio.gather(*(each.opened for each in readers[-OPENED_AT_ONCE:]))
    await asyncio.gather(*(each.opened for each in readers))
    return readers


async def _count(readers: Sequence[_Reader]) -> None:
    """Answer every line until there is none."""
    print("open", flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        counts = [reader.events for reader in readers]
        print(json.dumps([min(counts), sum(counts)]), flush=True)


async def _read(order: Order) -> None:
    await _count(await _opened(order))


def main() -> None:
    """Open what is ordered, and count."""
    uvloop.run(_read(Order(**json.loads(sys.stdin.readline()))))


if __name__ == "__main__":
    main()
