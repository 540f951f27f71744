"""Restores under a running service: nobody takes new events for old ones, and no name is lost."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx
import pytest

from tests.faults.checker import Outcome
from tests.faults.conftest import Report, Serve, Site
from tests.faults.postgres import PostgresServer, copied, wait_for
from tests.faults.processes import ServiceProcess

WAIT_S = 60
PAUSE_S = 0.1
NOT_NOW = {0, 409, 429, 500, 502, 503, 504}


@dataclass
class Follower:
    """A reader who keeps what the feed delivers, and does what the feed says of a restore.

    Attributes:
        streams: whether it reads the live stream, or else page after page.
        kept: the subject of each event, by position.
        told: the problems that it was answered.
    """

    address: str
    site: Site
    streams: bool
    kept: dict[int, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    cursor: str = "0"

    async def run(self) -> None:
        """Follow without end; the task is cancelled."""
        headers = {"Authorization": f"Bearer {self.site.token}"}
        async with httpx.AsyncClient(headers=headers, timeout=WAIT_S) as client:
            while True:
                with suppress(httpx.HTTPError):
                    await (self._stream(client) if self.streams else self._page(client))
                await asyncio.sleep(PAUSE_S)

    async def _page(self, client: httpx.AsyncClient) -> None:
        params = {"after": self.cursor, "limit": "50", "wait": "2"}
        reply = await client.get(f"{self.address}/v1/{self.site.ledger}/events", params=params)
        body = reply.json()
        if reply.is_success:
            self._keep(body["events"])
            self.cursor = str(body.get("cursor", body["next_after"]))
        else:
            self._obey(body)

    async def _stream(self, client: httpx.AsyncClient) -> None:
        address = f"{self.address}/v1/{self.site.ledger}/events/stream"
        async with client.stream("GET", address, headers={"Last-Event-ID": self.cursor}) as reply:
            if not reply.is_success:
                self._obey(json.loads(await reply.aread()))
                return
            message: dict[str, str] = {}
            async for line in reply.aiter_lines():
                name, _, value = line.partition(": ")
                message[name] = value
                if line:
                    continue
                if message.get("event") == "problem":
                    self._obey(json.loads(message["data"]))
                elif "data" in message:
                    self._keep([json.loads(message["data"])])
                    self.cursor = message["id"]
                message = {}

    def _keep(self, events: Iterable[dict[str, Any]]) -> None:
        self.kept |= {event["position"]: event["subject"] for event in events}

    def _obey(self, problem: dict[str, Any]) -> None:
        self.told.append(problem["type"])
        if problem["type"] == "/problems/epoch-ended":
            self.cursor = problem["go_on_after"]
            last = int(self.cursor.partition("-")[2])
            self.kept = {at: subject for at, subject in self.kept.items() if at <= last}


@asynccontextmanager
async def following(*followers: Follower) -> AsyncIterator[None]:
    """The followers follow while the body runs."""
    tasks = [asyncio.create_task(follower.run()) for follower in followers]
    try:
        yield
        for task in tasks:
            assert not task.done(), task.exception()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Officials:
    """Registers officials, as a client that tries again what could not be done."""

    def __init__(self, service: ServiceProcess, site: Site) -> None:
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {site.token}"}, timeout=WAIT_S
        )
        self._address = f"{service.address}/v1/{site.ledger}"

    async def register(self, names: Iterable[str]) -> int:
        """Register each of them. Return the position of the last."""
        return max([await self._register(name) for name in names])

    async def close(self) -> None:
        await self._client.aclose()

    async def names(self) -> dict[str, str | None]:
        """The names as the feed tells them."""
        reply = await self._client.get(f"{self._address}/events", params={"limit": 1000})
        return {
            event["data"]["official_id"]: event["data"]["full_name"]
            for event in reply.json()["events"]
        }

    async def _register(self, name: str) -> int:
        body = {"official_id": name, "full_name": f"Cán bộ {name}", "effective_on": "2021-01-04"}
        async with asyncio.timeout(WAIT_S):
            while True:
                with suppress(httpx.TransportError):
                    reply = await self._client.post(
                        f"{self._address}/officials/register", json=body
                    )
                    if reply.is_success:
                        return int(reply.json()["position"])
                    assert reply.status_code in NOT_NOW, reply.text
                await asyncio.sleep(PAUSE_S)


def backed_up(server: PostgresServer, database: str, name: str) -> str:
    """Copy the database, which lets nobody in meanwhile."""
    closed(server, database)
    copied(server, database, name)
    server.execute(f"ALTER DATABASE {database} ALLOW_CONNECTIONS true", database="postgres")
    return name


def restored(server: PostgresServer, database: str, backup: str) -> None:
    """Put the backup in the database's place."""
    closed(server, database)
    for old, new in ((database, f"{backup}_before"), (backup, database)):
        server.execute(f"ALTER DATABASE {old} RENAME TO {new}", database="postgres")


def closed(server: PostgresServer, database: str) -> None:
    """Let nobody into the database, and end the sessions that are in it."""
    server.execute(f"ALTER DATABASE {database} ALLOW_CONNECTIONS false", database="postgres")

    def is_empty() -> bool:
        sessions = "FROM pg_stat_activity WHERE datname = "
        server.execute(
            f"SELECT pg_terminate_backend(pid) {sessions}'{database}'", database="postgres"
        )
        return server.column(f"SELECT count(*) {sessions}'{database}'", "postgres") == [0]

    wait_for(is_empty, "its sessions end")


def has_read(position: int, follower: Follower) -> bool:
    return position in follower.kept


def keeps(events: dict[int, str], follower: Follower) -> bool:
    return follower.kept == events


async def each(followers: Iterable[Follower], condition: Callable[[Follower], bool]) -> None:
    """Wait until the condition holds of each follower."""
    for follower in followers:
        async with asyncio.timeout(WAIT_S):
            while not condition(follower):  # noqa: ASYNC110  others bring it about
                await asyncio.sleep(PAUSE_S)


async def held(server: PostgresServer, site: Site) -> dict[int, str]:
    """The subject of each event of the log, by position."""
    rows = await asyncio.to_thread(
        server.column,
        "SELECT (position, tags[1]) FROM log.events "  # noqa: S608  a test's own ledger
        f"WHERE ledger = '{site.ledger}'",
        site.database,
    )
    return dict(rows)


@pytest.mark.parametrize("rounds", [1, pytest.param(4, marks=pytest.mark.faults)])
async def test_after_a_restore_readers_miss_nothing_and_every_name_is_readable(
    postgres: PostgresServer, site: Site, serve: Serve, report: Report, rounds: int
) -> None:
    service = await asyncio.to_thread(serve, site.url)
    officials = Officials(service, site)
    followers = [Follower(service.address, site, streams=streams) for streams in (False, True)]
    seconds = 0.0
    async with following(*followers):
        for number in range(rounds):
            await officials.register(f"kept-{number}-{nth}" for nth in range(3))
            backup = await asyncio.to_thread(
                backed_up, postgres, site.database, f"{site.database}_{number}"
            )
            lost = [f"again-{number}-{nth}" for nth in range(10)]
            last = await officials.register(lost)
            await each(followers, partial(has_read, last))
            await asyncio.to_thread(restored, postgres, site.database, backup)
            began = time.monotonic()
            # The service remembers their keys, which are not in the database any more.
            await officials.register([*(f"new-{number}-{nth}" for nth in range(10)), *lost])
            told = await held(postgres, site)
            await each(followers, partial(keeps, told))
            seconds = max(seconds, time.monotonic() - began)
    assert all(follower.told.count("/problems/epoch-ended") == rounds for follower in followers)
    await asyncio.to_thread(service.terminate)
    await asyncio.to_thread(service.restart)
    names = await officials.names()
    await officials.close()
    assert names == {name: f"Cán bộ {name}" for name in names}
    row = Outcome(
        "database restored by rename",
        rounds,
        acknowledged=rounds * 23,
        lost=rounds * 23 - len(names),
        doubled=len(told) - len(names),
        seconds=round(seconds, 2),
    )
    report(row)
