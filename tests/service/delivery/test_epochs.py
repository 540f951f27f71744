"""Cursors of another epoch, beyond the end, and before a missing position: the feed says so."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
import pytest
from pydantic import SecretStr

from service.access.roles import Role
from service.app import create_app
from service.components import Service
from service.server import Server, listening
from service.settings import Settings
from tests.service.conftest import MASTER_KEY
from tests.service.listened import until_open, until_waited_for
from tests.service.province import Province


@dataclass
class Site:
    """A service on a database of its own, with a province in it."""

    url: str
    service: Service
    client: httpx.AsyncClient
    province: Province

    async def page(self, status: int = 200, /, **query: str | int) -> dict[str, object]:
        reply = await self.client.get("/v1/a/events", params=query)
        assert reply.status_code == status, reply.text
        body: dict[str, object] = reply.json()
        return body

    async def new_epoch(self) -> str:
        """Begin a new epoch, as an operator does. Return the one before."""
        before = self.service.log.epochs.current
        await self.service.log.epochs.restored(None)
        await self.service.log.epochs.check()
        return before

    async def remove(self, position: int) -> None:
        """Take an event away, as only the owner can who switches the guard off."""
        owner = await asyncpg.connect(self.url)
        await owner.execute("ALTER TABLE log.events DISABLE TRIGGER append_only")
        await owner.execute("DELETE FROM log.events WHERE position = $1", position)
        await owner.execute("ALTER TABLE log.events ENABLE ALWAYS TRIGGER append_only")
        await owner.close()


@pytest.fixture
async def site(own_url: str, tmp_path: Path) -> AsyncIterator[Site]:
    settings = Settings(
        database_url=own_url,
        data_dir=tmp_path,
        master_key=SecretStr(MASTER_KEY),
        port=0,
        projector=False,
        request_seconds=60,
        read_wait_seconds=60,
    )
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        service: Service = app.state.service
        await service.log.create_ledger("a", "A")
        _, token = await service.tokens.create("a", Role.AUTHORITY, units=["*"])
        socket = listening(settings)
        server = Server(app, settings)
        serving = asyncio.create_task(server.serve([socket]))
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
        base = f"http://127.0.0.1:{socket.getsockname()[1]}"
        async with httpx.AsyncClient(base_url=base, headers=headers, timeout=60) as client:
            province = Province(client, "a")
            await province.establish()
            yield Site(own_url, service, client, province)
        server.should_exit = True
        await serving


async def messages(site: Site, after: str, count: int) -> list[dict[str, str]]:
    """So many messages of the stream, comments apart, or all until it ends."""
    found: list[dict[str, str]] = []
    message: dict[str, str] = {}
    address = f"/v1/a/events/stream?after={after}"
    async with asyncio.timeout(60), site.client.stream("GET", address) as reply:
        assert reply.status_code == 200
        async for line in reply.aiter_lines():
            name, _, value = line.partition(": ")
            if name and line:
                message[name] = value
                continue
            if "data" in message:
                found.append(message)
            message = {}
            if len(found) == count:
                break
    return found


async def test_a_cursor_of_another_epoch_is_refused_with_the_one_to_go_on_from(site: Site) -> None:
    page = await site.page(limit=5)
    assert page["cursor"] == f"{page['epoch']}-5"
    before = await site.new_epoch()
    assert before == page["epoch"]
    problem = await site.page(410, after=str(page["cursor"]))
    assert problem["type"] == "/problems/epoch-ended"
    assert problem["go_on_after"] == f"{site.service.log.epochs.current}-5"
    assert (await site.page(after=str(problem["go_on_after"])))["next_after"] == page["head"]
    ahead = await site.page(410, after=f"{before}-99999")
    assert ahead["go_on_after"] == f"{site.service.log.epochs.current}-{page['head']}"
    unknown = await site.page(410, after="0" * 12 + "-3")
    assert unknown["go_on_after"] == f"{site.service.log.epochs.current}-0"
    stream = await site.client.get(
        "/v1/a/events/stream", headers={"Last-Event-ID": str(page["cursor"])}
    )
    assert stream.status_code == 410


async def test_a_cursor_beyond_the_end_is_refused(site: Site) -> None:
    page = await site.page()
    for after in (f"{page['epoch']}-99", "99"):
        problem = await site.page(422, after=after)
        assert problem["type"] == "/problems/cursor-beyond-head"
        assert problem["head"] == page["head"]
        stream = await site.client.get(f"/v1/a/events/stream?after={after}")
        assert stream.status_code == 422


async def test_a_stream_ends_with_its_epoch(site: Site) -> None:
    page = await site.page()
    reading = asyncio.create_task(messages(site, str(page["cursor"]), 2))
    await until_open(site.service, 1)
    await site.new_epoch()
    await site.province.does("/officials/register", official_id="new", full_name="Mới")
    [last] = await reading
    assert last["event"] == "problem"
    problem = json.loads(last["data"])
    assert problem["type"] == "/problems/epoch-ended"
    [event] = await messages(site, problem["go_on_after"], 1)
    assert json.loads(event["data"])["data"]["official_id"] == "new"


async def test_who_waits_is_told_that_the_epoch_ended(site: Site) -> None:
    page = await site.page()
    waiting = asyncio.create_task(site.page(410, after=int(str(page["head"])), wait=30))
    await until_waited_for(site.service.log, "a")
    await site.new_epoch()
    await site.province.does("/officials/register", official_id="new", full_name="Mới")
    assert (await waiting)["type"] == "/problems/epoch-ended"


async def test_a_missing_position_ends_the_feed_loudly(site: Site) -> None:
    await site.remove(3)
    assert (await site.page())["next_after"] == 2
    queries: list[dict[str, str | int]] = [
        {},
        {"types": "official.registered"},
        {"tags": "unit:yen-son"},
    ]
    for query in queries:
        assert (await site.page(**query))["next_after"] == 2
        problem = await site.page(500, **query, after=2)
        assert problem["type"] == "/problems/position-missing"
        assert problem["position"] == 3
    *_, last = await messages(site, "0", 9)
    assert json.loads(last["data"])["type"] == "/problems/position-missing"
    assert b"giaoviec_feed_positions_missing_total 4.0" in site.service.metrics.text()
    assert (await site.page(after=3))["events"]


async def test_a_list_does_not_go_on_in_another_epoch(site: Site) -> None:
    address = "/v1/a/units/yen-son/history?limit=1"
    cursor = (await site.client.get(address)).json()["next_cursor"]
    assert (await site.client.get(f"{address}&cursor={cursor}")).status_code == 200
    await site.new_epoch()
    reply = await site.client.get(f"{address}&cursor={cursor}")
    assert reply.json()["type"] == "/problems/cursor-unusable"


async def test_numbers_beyond_the_end_are_refused_everywhere(site: Site) -> None:
    address = "/v1/a/units/yen-son/history"
    for query in ("min_position=99", "known_at=99"):
        reply = await site.client.get(f"{address}?{query}")
        assert reply.json()["type"] == "/problems/position-not-recorded", reply.text
    reply = await site.province.says(
        "/units/yen-son/rename",
        {"name": "Yên Sơn mới", "effective_on": "2021-01-05"},
        {"If-Match": '"99"'},
    )
    assert reply.status_code == 412, reply.text


async def test_a_name_is_sealed_again_where_its_key_is_gone(site: Site) -> None:
    await site.service.keys.seal("a", "b")  # from now on it is remembered
    owner = await asyncpg.connect(site.url)
    await owner.execute("ALTER TABLE log.person_keys DISABLE TRIGGER append_only")
    await owner.execute("DELETE FROM log.person_keys WHERE subject = 'b'")
    await owner.close()
    await site.province.does("/officials/register", official_id="b", full_name="Bảy Tám")
    site.service.keys.forget_all()
    page = await site.page(tags="official:b")
    assert str(page["events"]).count("Bảy Tám") == 1
