"""The stream: the live feed over a real server. A reader that reconnects misses nothing."""

import asyncio
import json
from dataclasses import dataclass

import httpx
import pytest

from service.components import Service
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
            httpx.AsyncClient(base_url=self.base, timeout=20) as client,
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


async def test_a_stream_tells_what_was_and_what_happens(live: Live) -> None:
    task = await live.province.task_in_progress("kilns")
    page = (await live.province.client.get(f"/v1/{live.province.ledger}/events")).json()
    head, epoch = page["head"], page["epoch"]
    reading = asyncio.create_task(live.read(head + 1))
    await asyncio.sleep(0.3)
    await live.province.says(f"/tasks/{task}/report-progress", REPORT)
    messages = await asyncio.wait_for(reading, 15)
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
    await asyncio.sleep(0.3)
    assert b"giaoviec_event_streams 1.0" in service.metrics.text()
    service.closing.set()
    assert await asyncio.wait_for(reading, 5) == []


async def test_a_stream_of_what_cannot_be_is_refused(live: Live) -> None:
    for headers, query in (({"Last-Event-ID": "x"}, ""), ({}, "?last_event_id=-1")):
        reply = await live.province.client.get(
            f"/v1/{live.province.ledger}/events/stream{query}", headers=headers
        )
        assert reply.status_code == 422
