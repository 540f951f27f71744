"""Streams: readers of live events of one token, and what one event costs however many there are."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from service.bounds import Bounds
from tests.faults.processes import ServiceProcess, service_process
from tests.hostile.attack import Target
from tests.hostile.watch import watched
from tests.logins import as_service

MOST_OF_ONE: int = Bounds.model_fields["streams_per_token"].default
WAIT_S = 180
EVENTS = 20


async def read(client: httpx.AsyncClient, path: str, last: str, opened: list[int]) -> str:
    """Read the stream until an event says `last`. Return its problem if it is refused."""
    async with client.stream("GET", path) as reply:
        opened.append(reply.status_code)
        if not reply.is_success:
            return str(json.loads(await reply.aread())["type"])
        async for line in reply.aiter_lines():
            if last in line:
                return ""
    return "it ended"


async def attack(service: ServiceProcess, target: Target, streams: int, last: str) -> list[str]:
    """Open so many streams, then record some events, the last of which every stream waits for."""
    headers = {"Authorization": f"Bearer {target.token}"}
    limits = httpx.Limits(max_connections=None)
    async with (
        httpx.AsyncClient(
            base_url=service.address, headers=headers, timeout=WAIT_S, limits=limits
        ) as client,
        asyncio.timeout(WAIT_S),
    ):
        base = f"/v1/{target.ledger}"
        head = (await client.get(f"{base}/events")).json()["head"]
        opened: list[int] = []
        path = f"{base}/events/stream?after={head}"
        reading = [asyncio.create_task(read(client, path, last, opened)) for _ in range(streams)]
        while len(opened) < streams:  # noqa: ASYNC110  a list wakes nobody
            await asyncio.sleep(0.02)
        for number in range(EVENTS):
            name = last if number == EVENTS - 1 else f"cán bộ {number}"
            sent = await client.post(
                f"{base}/officials/register", json={"full_name": name, "effective_on": "2021-01-04"}
            )
            assert sent.is_success, sent.text
        return await asyncio.gather(*reading)


async def test_streams_of_one_token_are_bounded_and_leave_the_service_to_others(
    victim: ServiceProcess, target: Target
) -> None:
    with watched(victim, memory_mib=64):
        ended = await attack(victim, target, 400, "Người cuối cùng")
    assert ended.count("") == MOST_OF_ONE
    assert ended.count("/problems/too-many-streams") == 400 - MOST_OF_ONE


@pytest.mark.hostile
async def test_four_hundred_streams_leave_the_service_to_others(
    attacked_url: str, target: Target, tmp_path: Path
) -> None:
    with (
        service_process(
            tmp_path,
            as_service(attacked_url),
            GIAOVIEC_STREAMS_PER_TOKEN="400",  # noqa: S106  no secret
        ) as service,
        watched(service, memory_mib=128),
    ):
        assert set(await attack(service, target, 400, "Người cuối cùng nữa")) == {""}
