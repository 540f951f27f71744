"""A load of commands that remembers what was acknowledged, and readers who follow the feed.

They run in a thread of their own, so that a test may wait for a database meanwhile.
"""

import asyncio
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

TIMEOUT_S = 60
ATTEMPTS = 200
PAUSE_S = 0.1
LATER = {429, 502, 503, 504}


@dataclass
class Sent:
    """A command that was sent, with one key however often it was sent.

    Attributes:
        key: its idempotency key, which is also the id of the official that it registers.
        position: of its event, as acknowledged; 0 if it was not.
        status: of the last reply; 0 if there was none.
        at: when it was acknowledged, on the monotonic clock.
    """

    ledger: str
    key: str
    position: int = 0
    status: int = 0
    at: float = 0.0


@dataclass
class Load:
    """Callers that register officials one after another, each once under its own key.

    A caller sends a command again with the same key where it got no answer or one that means
    "later", as a careful client does.

    Attributes:
        addresses: of the services; the callers take turns.
        sent: every command, whatever became of it.
        statuses: how often each status was answered; 0 where nothing answered.
        attempts: how often a command is sent before it is given up; its outcome is unknown then.
    """

    addresses: Sequence[str]
    token: str
    ledgers: Sequence[str]
    callers: int = 16
    attempts: int = ATTEMPTS
    timeout_s: float = TIMEOUT_S
    sent: list[Sent] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    _ending: threading.Event = field(default_factory=threading.Event)

    def note(self, ledger: str, key: str, position: int) -> None:
        """Count a command in that a test sent itself, and that was acknowledged."""
        self.sent.append(Sent(ledger, key, position, at=time.monotonic()))

    @property
    def acknowledged(self) -> list[Sent]:
        """The commands that were acknowledged."""
        return [one for one in self.sent if one.position]

    def wait_for(self, count: int, seconds: float = TIMEOUT_S) -> float:
        """Wait until so many more are acknowledged. Return how many seconds that took."""
        began, before = time.monotonic(), len(self.acknowledged)
        while len(self.acknowledged) < before + count:
            waited = time.monotonic() - began
            assert waited < seconds, f"{dict(self.statuses)} and none acknowledged in {waited} s"
            time.sleep(0.05)
        return time.monotonic() - began

    async def run(self) -> None:
        """Send until `end`; every caller finishes its command first."""
        async with asyncio.TaskGroup() as callers:
            for number in range(self.callers):
                callers.create_task(self._call(number))

    def end(self) -> None:
        self._ending.set()

    async def _call(self, number: int) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        async with httpx.AsyncClient(headers=headers, timeout=self.timeout_s) as client:
            while not self._ending.is_set():
                ledger = self.ledgers[number % len(self.ledgers)]
                one = Sent(ledger, f"o-{uuid4().hex}")
                self.sent.append(one)
                await self._send(client, one, number)

    async def _send(self, client: httpx.AsyncClient, one: Sent, turn: int) -> None:
        for attempt in range(self.attempts):
            address = self.addresses[(turn + attempt) % len(self.addresses)]
            one.status, body = await self._post(client, address, one)
            self.statuses[one.status] += 1
            if httpx.codes.is_success(one.status):
                one.position, one.at = body["position"], time.monotonic()
                return
            if one.status not in {0, *LATER}:
                return
            await asyncio.sleep(PAUSE_S)

    async def _post(self, client: httpx.AsyncClient, address: str, one: Sent) -> tuple[int, Any]:
        try:
            reply = await client.post(
                f"{address}/v1/{one.ledger}/officials/register",
                json={
                    "official_id": one.key,
                    "full_name": f"Cán bộ {one.key[-8:]}",
                    "effective_on": "2021-01-04",
                },
                headers={"Idempotency-Key": one.key},
            )
        except httpx.TransportError:
            return 0, None
        return reply.status_code, reply.json()


@dataclass
class Subscriber:
    """A reader who follows a ledger's feed, and comes back where it was interrupted.

    Attributes:
        streams: whether it reads the live stream, or else page after page.
        seen: the position and the subject of every event, in the order of arrival.
    """

    addresses: Sequence[str]
    token: str
    ledger: str
    streams: bool
    seen: list[tuple[int, str]] = field(default_factory=list)

    @property
    def position(self) -> int:
        """The cursor: the last position that was read."""
        return self.seen[-1][0] if self.seen else 0

    async def run(self) -> None:
        """Read without end; the task is cancelled."""
        headers = {"Authorization": f"Bearer {self.token}"}
        turn = 0
        async with httpx.AsyncClient(headers=headers, timeout=TIMEOUT_S) as client:
            while True:
                base = f"{self.addresses[turn % len(self.addresses)]}/v1/{self.ledger}/events"
                try:
                    await (self._stream if self.streams else self._pages)(client, base)
                except httpx.HTTPError:
                    turn += 1
                await asyncio.sleep(PAUSE_S)

    async def _pages(self, client: httpx.AsyncClient, base: str) -> None:
        after, wait = self.position, 5
        while True:
            reply = await client.get(base, params={"after": after, "limit": 500, "wait": wait})
            reply.raise_for_status()
            page = reply.json()
            self.seen += [(one["position"], one["subject"]) for one in page["events"]]
            after = page["next_after"]

    async def _stream(self, client: httpx.AsyncClient, base: str) -> None:
        params = {"last_event_id": self.position}
        async with client.stream("GET", f"{base}/stream", params=params) as reply:
            reply.raise_for_status()
            async for line in reply.aiter_lines():
                if line.startswith("data: "):
                    event = json.loads(line.removeprefix("data: "))
                    self.seen.append((event["position"], event["subject"]))


@contextmanager
def under_load(load: Load, *subscribers: Subscriber) -> Iterator[Load]:
    """The callers call while the body runs, then finish; the subscribers catch up."""
    runs = threading.Thread(target=lambda: asyncio.run(_run(load, subscribers)), daemon=True)
    runs.start()
    try:
        yield load
    finally:
        load.end()
        runs.join(TIMEOUT_S * 4)
    assert not runs.is_alive(), "the load does not end"


async def _run(load: Load, subscribers: Sequence[Subscriber]) -> None:
    reading = [asyncio.create_task(subscriber.run()) for subscriber in subscribers]
    try:
        await load.run()
        await _caught_up(load, subscribers)
    finally:
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)


async def _caught_up(load: Load, subscribers: Sequence[Subscriber]) -> None:
    """Wait until every subscriber has read what was acknowledged last, or time is up."""
    last = {one.ledger: 0 for one in subscribers}
    for one in load.acknowledged:
        if one.ledger in last:
            last[one.ledger] = max(last[one.ledger], one.position)
    end = time.monotonic() + TIMEOUT_S
    while any(one.position < last[one.ledger] for one in subscribers):
        if time.monotonic() > end:
            return  # the checker says who is behind
        await asyncio.sleep(PAUSE_S)
