"""Listeners share a ledger's tail: each gets all that it wants once, in order, as it may be."""

import asyncio
import random
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, aclosing
from functools import partial
from typing import Any, TypeAlias

import httpx
import pytest

from domain.kernel import Raw, Refusal
from service.access.roles import Role
from service.components import Service
from service.database.engine import Pool
from service.delivery.live import Live
from service.delivery.reading import PAGE_EVENTS, beyond
from service.delivery.selection import Selection
from service.http.faults import NotAuthenticated
from service.listening import listeners, tail
from service.listening.cloudevents import as_cloudevents
from service.listening.cursors import Cursor
from service.listening.listeners import Listener, Right
from service.log.pages import Page
from tests.erasing import destroy
from tests.service.conftest import ClientOf
from tests.service.province import REPORT, Province

WAIT_S = 60
EVENT = re.compile(rb"id: [0-9a-f]+-([0-9]+)\ndata: (.+)\n\n")
LISTENERS = 60
COMMANDS = 40


class Reader:
    """One listener, and what it has received by position."""

    def __init__(self, listener: Listener, messages: AsyncIterator[bytes]) -> None:
        self.listener = listener
        self.messages = messages
        self.received: list[tuple[int, bytes]] = []

    async def next(self) -> bytes:
        """The next messages."""
        async with asyncio.timeout(WAIT_S):
            some = await anext(self.messages)
        self.received += [(int(position), data) for position, data in EVENT.findall(some)]
        return some

    async def read_to(self, last: int, pause: Callable[[], float]) -> None:
        """Read up to that position, more slowly or less."""
        while not self.received or self.received[-1][0] < last:
            await self.next()
            await asyncio.sleep(pause())


async def permitted() -> None:
    """The right does not end."""


def told(refusal: Refusal) -> Raw:
    return {"title": type(refusal).__name__}


Listen: TypeAlias = Callable[..., Awaitable[Reader]]


@pytest.fixture
async def listen(service: Service, province: Province) -> AsyncIterator[Listen]:
    """Open streams of the province, each by a right of its own: from its end if not told where."""
    async with AsyncExitStack() as opened:

        async def make(
            after: int | None = None,
            still: Callable[[], Awaitable[object]] = permitted,
            **selected: Any,
        ) -> Reader:
            ledger = province.ledger
            selection = Selection(**selected)
            cursor = Cursor(await service.log.head(ledger) if after is None else after)
            first = await beyond(service, ledger, selection, cursor, PAGE_EVENTS)
            right = Right(str(random.random()), ledger)  # noqa: S311  no secret
            listener = opened.enter_context(service.listeners.listening(right, still))
            live = Live(service, ledger, selection, listener, closed=frozenset(), told=told)
            messages = live.messages(first)
            await opened.enter_async_context(aclosing(messages))
            reader = Reader(listener, messages)
            assert (await reader.next()).startswith(b": epoch ")
            return reader

        yield make


async def feed(province: Province, **query: Any) -> list[tuple[int, str]]:
    """The positions and the types of events of the feed's pages."""
    reply = await province.client.get(
        f"/v1/{province.ledger}/events", params={"limit": 1000, **query}
    )
    return [(event["position"], event["type"]) for event in reply.json()["events"]]


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_listener_gets_what_it_wants_once_and_in_order_wherever_it_began(
    province: Province, listen: Listen, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """The tail reaches a few events back only, and listeners read at very different paces."""
    monkeypatch.setattr(tail, "TAIL_BYTES", 4000)
    monkeypatch.setattr(tail, "TAKEN_BYTES", 2000)
    monkeypatch.setattr(tail, "WOKEN_AT_ONCE", 7)
    chance = random.Random(seed)  # noqa: S311  no secret
    task = await province.task_in_progress("kilns")
    wanted: list[dict[str, Any]] = [
        {},
        {"types": ("task.progress_reported",)},
        {"tags": ("official:official-017", f"task:{task}")},
        {"types": ("official.registered", "task.assigned")},
    ]
    head = len(await feed(province))
    opened = [(chance.randrange(head + 1), chance.choice(wanted)) for _ in range(LISTENERS)]
    readers = [await listen(after, **selected) for after, selected in opened]

    async def happen() -> None:
        for number in range(COMMANDS):
            if chance.random() < 0.3:
                official_id = f"official-of-{number}"
                await province.does(
                    "/officials/register", official_id=official_id, full_name="Cán bộ mới"
                )
            else:
                await province.says(f"/tasks/{task}/report-progress", REPORT)
        await province.does("/officials/register", official_id="last", full_name="Cán bộ cuối")
        await province.says(f"/tasks/{task}/report-progress", REPORT)

    happening = asyncio.create_task(happen())
    slowness = [chance.choice([0.0, 0.0, 0.005, 0.05]) for _ in readers]
    last = [
        head + COMMANDS + (1 if "official.registered" in str(each) else 2) for _, each in opened
    ]
    async with asyncio.TaskGroup() as reading:
        for reader, slow, upto in zip(readers, slowness, last, strict=True):
            reading.create_task(reader.read_to(upto, partial(chance.uniform, 0, slow)))
    await happening
    for reader, (after, selected) in zip(readers, opened, strict=True):
        positions = [position for position, _ in reader.received]
        expected = await feed(province, after=after, **selected)
        assert positions == [position for position, _ in expected]


async def test_an_event_is_read_and_encoded_once_for_all_listeners(
    province: Province, service: Service, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = await province.task_in_progress("kilns")
    readers = [await listen() for _ in range(30)]
    receiving = [asyncio.create_task(reader.next()) for reader in readers]
    encoded: list[int] = []
    read: list[Page] = []
    page_of = service.sources.primary.page

    async def encode(codec: Any, ledger: str, events: Any, **named: Any) -> list[bytes]:
        encoded.extend(event.position for event in events)
        return await as_cloudevents(codec, ledger, events, **named)

    async def page(*given: Any, **named: Any) -> Page:
        found = await page_of(*given, **named)
        read.append(found)
        return found

    monkeypatch.setattr(tail, "as_cloudevents", encode)
    monkeypatch.setattr(service.sources.primary, "page", page)
    await _wait(province, service, len(readers))
    await province.says(f"/tasks/{task}/report-progress", REPORT)
    messages = await asyncio.gather(*receiving)
    assert len(set(messages)) == 1
    head = await service.log.head(province.ledger)
    assert encoded == [head]
    assert [event.position for found in read for event in found.events] == [head]


async def test_a_name_that_is_erased_before_a_slow_listener_gets_it_reads_null(
    province: Province, service: Service, owner_pool: Pool, listen: Listen
) -> None:
    quick, slow = await listen(), await listen()
    receiving = asyncio.create_task(quick.next())
    await _wait(province, service, 1)
    await province.does("/officials/register", official_id="official-019", full_name="Hoàng Văn Ẩn")
    assert "Hoàng Văn Ẩn" in (await receiving).decode()
    await destroy(owner_pool, province.ledger, "official-019")
    late = (await slow.next()).decode()
    assert '"full_name":null' in late
    assert '"erased":true' in late


async def test_a_silent_stream_shows_that_it_is_alive(
    listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "RIGHT_SECONDS", 0.05)
    monkeypatch.setattr(listeners, "HEARTBEAT_SECONDS", 0.1)
    reader = await listen()
    assert [await reader.next() for _ in range(3)] == [b": ping\n\n"] * 3


async def test_each_right_is_asked_for_and_ends_its_own_streams_only(
    province: Province, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "RIGHT_SECONDS", 0.05)

    async def ended() -> None:
        raise NotAuthenticated

    stays, leaves = await listen(), await listen(still=ended)
    assert b"NotAuthenticated" in await leaves.next()
    with pytest.raises(StopAsyncIteration):
        await leaves.next()
    await province.does("/officials/register", official_id="official-019", full_name="Mới")
    assert b"official-019" in await stays.next()


async def test_a_tail_that_fails_leaves_everybody_to_read_for_themselves(
    province: Province, service: Service, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = [await listen() for _ in range(3)]
    receiving = [asyncio.create_task(reader.next()) for reader in readers]
    await _wait(province, service, len(readers))

    async def fails(*_: object, **__: object) -> list[bytes]:
        raise ValueError("it cannot be encoded")

    with monkeypatch.context() as broken:
        broken.setattr(tail, "as_cloudevents", fails)
        task = await province.task_in_progress("kilns")
        for each in await asyncio.gather(*receiving):
            assert b"task.commissioned" in each
    await province.says(f"/tasks/{task}/report-progress", REPORT)
    head = await service.log.head(province.ledger)
    for reader in readers:
        await reader.read_to(head, lambda: 0.0)
        positions = [position for position, _ in reader.received]
        assert positions == list(range(positions[0], head + 1))


async def test_contacts_go_to_those_listeners_only_who_read_all_of_them(
    province: Province, service: Service, client_of: ClientOf, address: str
) -> None:
    phone = "0912 345 678"
    head = await service.log.head(province.ledger)
    path = f"{address}/v1/{province.ledger}/events/stream?after={head}"
    clients = [province.client, await client_of(Role.INTEGRATOR)]

    async def first_of(headers: dict[str, str]) -> str:
        async with (
            httpx.AsyncClient(timeout=WAIT_S, headers=headers) as client,
            client.stream("GET", path) as reply,
        ):
            async for line in reply.aiter_lines():
                if line.startswith("data: "):
                    return line
        raise AssertionError

    receiving = [asyncio.create_task(first_of(dict(each.headers))) for each in clients]
    await _wait(province, service, 2)
    await province.does(
        "/officials/register", official_id="official-019", full_name="Mới", contact=phone
    )
    lines = await asyncio.gather(*receiving)
    assert [phone in line for line in lines] == [True, False]


async def _wait(province: Province, service: Service, count: int) -> None:
    """Wait until so many listeners wait at the ledger's tail."""
    tails = service.tails._tails  # noqa: SLF001  nothing else tells
    async with asyncio.timeout(WAIT_S):
        while province.ledger not in tails or len(tails[province.ledger].waiting) < count:  # noqa: ASYNC110  nothing wakes
            await asyncio.sleep(0.01)
