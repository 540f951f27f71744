"""The stream: the live feed over a real server. A reader that reconnects misses nothing."""

import asyncio
import json
from dataclasses import dataclass

import httpx
import pytest

from service.access.roles import Role
from service.access.tokens import CACHE_SECONDS
from service.components import Service
from service.listening import listeners
from tests.service.conftest import ClientOf
from tests.service.listened import until_open
from tests.service.province import REPORT, Province


@dataclass
class Live:
    """A reader of a stream over the network."""

    base: str
    province: Province

    async def read(
        self, count: int, query: str = "", headers: dict[str, str] | None = None
    ) -> list[dict[str, str]]:
        """Read the next messages by their fields, comments included."""
        messages: list[dict[str, str]] = []
        async with (
            httpx.AsyncClient(base_url=self.base, timeout=60) as client,
            client.stream(
                "GET",
                f"/v1/{self.province.ledger}/events/stream{query}",
                headers={**self.province.client.headers, **(headers or {})},
            ) as reply,
        ):
            assert reply.status_code == 200
            assert reply.headers["Content-Type"].startswith("text/event-stream")
            message: dict[str, str] = {}
            async for line in reply.aiter_lines():
                if line:
                    name, _, value = line.partition(": ")
                    message[name or "comment"] = value
                    continue
                if "data" in message:
                    messages.append(message)
                message = {}
                if len(messages) == count:
                    break
        return messages


@pytest.fixture
def live(address: str, province: Province) -> Live:
    return Live(address, province)


async def test_a_stream_tells_what_was_and_what_happens(live: Live, service: Service) -> None:
    task = await live.province.task_in_progress("kilns")
    page = (await live.province.client.get(f"/v1/{live.province.ledger}/events")).json()
    head, epoch = page["head"], page["epoch"]
    reading = asyncio.create_task(live.read(head + 1))
    await until_open(service, 1)
    await live.province.says(f"/tasks/{task}/report-progress", REPORT)
    messages = await asyncio.wait_for(reading, 60)
    assert [message["id"] for message in messages] == [
        f"{epoch}-{position}" for position in range(1, head + 2)
    ]
    assert json.loads(messages[-1]["data"])["type"] == "vn.giaoviec.task.progress_reported"


async def test_a_reader_that_comes_back_goes_on_where_it_was(live: Live) -> None:
    await live.province.task_in_progress("kilns")
    first = await live.read(2)
    last = first[-1]["id"]
    by_header = await live.read(1, headers={"Last-Event-ID": last})
    by_query = await live.read(1, query=f"?last_event_id={last}")
    by_cursor = await live.read(1, query=f"?after={last}")
    assert by_header == by_query == by_cursor
    epoch, _, position = last.partition("-")
    assert by_header[0]["id"] == f"{epoch}-{int(position) + 1}"


async def test_the_header_counts_before_the_address_it_was_opened_with(live: Live) -> None:
    await live.province.task_in_progress("kilns")
    events = await live.read(1, query="?last_event_id=1&after=1", headers={"Last-Event-ID": "3"})
    assert events[0]["id"].endswith("-4")


async def test_a_stream_may_be_of_some_events_only(live: Live) -> None:
    await live.province.task_in_progress("kilns")
    events = await live.read(1, query="?types=task.assigned")
    assert json.loads(events[0]["data"])["type"] == "vn.giaoviec.task.assigned"


async def test_a_stream_ends_when_the_service_stops(live: Live, service: Service) -> None:
    page = (await live.province.client.get(f"/v1/{live.province.ledger}/events")).json()
    reading = asyncio.create_task(live.read(1, query=f"?after={page['head']}"))
    await until_open(service, 1)
    service.closing.set()
    assert await asyncio.wait_for(reading, 60) == []


async def test_a_stream_of_what_cannot_be_is_refused(live: Live) -> None:
    for headers, query in (({"Last-Event-ID": "x"}, ""), ({}, "?last_event_id=-1")):
        reply = await live.province.client.get(
            f"/v1/{live.province.ledger}/events/stream{query}", headers=headers
        )
        assert reply.status_code == 422


async def test_a_stream_and_a_long_poll_end_with_the_right_to_read(
    live: Live, service: Service, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert listeners.RIGHT_SECONDS + CACHE_SECONDS < 5
    monkeypatch.setattr(listeners, "RIGHT_SECONDS", 0.05)
    leaver = await client_of(Role.INTEGRATOR)
    headers = dict(leaver.headers)
    path = f"/v1/{live.province.ledger}/events"
    head = (await leaver.get(path)).json()["head"]
    reading = asyncio.create_task(live.read(1, f"?after={head}", headers))
    polling = asyncio.create_task(leaver.get(f"{path}?after={head}&wait=30"))
    await until_open(service, 2)
    token_id = headers["authorization"].split("_")[1]
    await service.tokens.revoke(token_id)
    [problem] = await asyncio.wait_for(reading, 60)
    assert problem["event"] == "problem"
    assert json.loads(problem["data"])["type"] == "/problems/not-authenticated"
    assert (await polling).status_code == 401
    await until_open(service, 0)


async def test_streams_are_bounded_by_token_and_in_all(
    live: Live, service: Service, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    await until_open(service, 0)
    monkeypatch.setattr(service.streams, "_most", 3)
    monkeypatch.setattr(service.streams, "_most_of_one", 2)
    first, second = [await client_of(Role.INTEGRATOR) for _ in range(2)]
    head = (await first.get(f"/v1/{live.province.ledger}/events")).json()["head"]
    path = f"/v1/{live.province.ledger}/events/stream?after={head}"
    reading = [
        asyncio.create_task(live.read(1, f"?after={head}", dict(of.headers)))
        for of in (first, first, second)
    ]
    await until_open(service, 3)
    refused = [await of.get(path) for of in (first, second)]
    assert [reply.status_code for reply in refused] == [429, 429]
    assert [reply.json()["limit"] for reply in refused] == [2, 3]
    assert {reply.headers["Retry-After"] for reply in refused} == {"1"}
    assert (await first.head(path)).status_code == 429
    for one in reading:
        one.cancel()
    await asyncio.gather(*reading, return_exceptions=True)
    await until_open(service, 0)
    assert (await first.head(path)).status_code == 200
    await until_open(service, 0)
