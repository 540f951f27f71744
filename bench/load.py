"""A load generator: an HTTP/1.1 client that costs little, in a process of its own.

Each connection sends a request, reads the reply, and sends the next, at once or in its time. Reads
its orders as JSON lines from standard input, and answers each with one line.
"""

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass
from itertools import cycle
from typing import cast


@dataclass(frozen=True)
class Shot:
    """What to send: to whom, over how many connections, for how long.

    Attributes:
        paths: taken in turn, by all connections together.
        token: sent as bearer token; empty for none.
        body: JSON text; empty for a GET.
        seconds: of measuring, after `warm_up` seconds that do not count.
        every: how many seconds lie between two requests of a connection, if it is not kept longer.
    """

    host: str
    port: int
    paths: list[str]
    token: str = ""
    body: str = ""
    connections: int = 32
    seconds: float = 3.0
    warm_up: float = 0.5
    every: float = 0.0


@dataclass(frozen=True)
class Score:
    """Replies per second, their median and 99th percentile in milliseconds, and refusals."""

    per_second: float
    p50_ms: float
    p99_ms: float
    refused: int


class _Connection(asyncio.Protocol):
    """One connection, which sends the next request once it has the reply."""

    def __init__(self, run: "_Run") -> None:
        self.run = run
        self.buffer = b""
        self.sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.send()

    def send(self) -> None:
        self.sent_at = time.perf_counter()
        self.transport.write(next(self.run.requests))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, mark, rest = self.buffer.partition(b"\r\n\r\n")
        if not mark:
            return
        lowered = head.lower()
        start = lowered.index(b"content-length:") + 15
        end = lowered.find(b"\r\n", start)
        if len(rest) < int(lowered[start : end if end > 0 else None]):
            return
        self.buffer = b""
        self.run.replied(head[9:12], self.sent_at)
        if self.run.over:
            self.transport.close()
        else:
            self.send_in_time()

    def send_in_time(self) -> None:
        left = self.sent_at + self.run.shot.every - time.perf_counter()
        if left > 0:
            asyncio.get_running_loop().call_later(left, self.send_in_time)
        elif self.run.over:
            self.transport.close()
        else:
            self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is not None or not self.run.over:
            self.run.refused += 1
        self.run.left()


class _Run:
    def __init__(self, shot: Shot) -> None:
        self.shot = shot
        self.requests = cycle([_request(shot, path) for path in shot.paths])
        self.latencies: list[float] = []
        self.refused = 0
        self.over = False
        self.measuring = False
        self._open = shot.connections
        self._done = asyncio.Event()

    def replied(self, status: bytes, sent_at: float) -> None:
        if self.measuring:
            self.latencies.append(time.perf_counter() - sent_at)
        if status not in {b"200", b"201"}:
            self.refused += 1

    def left(self) -> None:
        self._open -= 1
        if not self._open:
            self._done.set()

    async def score(self) -> Score:
        shot, loop = self.shot, asyncio.get_running_loop()
        for _ in range(shot.connections):
            await loop.create_connection(lambda: _Connection(self), shot.host, shot.port)
        await asyncio.sleep(shot.warm_up)
        self.measuring, began = True, time.perf_counter()
        await asyncio.sleep(shot.seconds)
        self.measuring, took = False, time.perf_counter() - began
        self.over = True
        await asyncio.wait_for(self._done.wait(), timeout=30)
        found = sorted(self.latencies)
        return Score(
            per_second=len(found) / took,
            p50_ms=found[len(found) // 2] * 1000,
            p99_ms=found[len(found) * 99 // 100] * 1000,
            refused=self.refused,
        )


def _request(shot: Shot, path: str) -> bytes:
    body = shot.body.encode()
    lines = [
        f"{'POST' if shot.body else 'GET'} {path} HTTP/1.1",
        f"Host: {shot.host}",
        *([f"Authorization: Bearer {shot.token}"] if shot.token else []),
        *(["Content-Type: application/json", f"Content-Length: {len(body)}"] if body else []),
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + body


def main() -> None:
    """Answer orders until standard input ends."""
    for line in sys.stdin:
        score = asyncio.run(_Run(Shot(**json.loads(line))).score())
        print(json.dumps(asdict(score)), flush=True)


if __name__ == "__main__":
    main()
