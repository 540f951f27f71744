"""Bounds: a service with the smallest of them answers beyond each as the reference says."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from service.access.roles import Role
from service.access.tokens import Tokens
from service.app import create_app
from service.bounds import met_beyond
from service.database.engine import create_pool
from service.handle import today, utc_now
from service.sent_files import SentFiles
from service.settings import Settings
from tests.logins import as_service
from tests.service.conftest import MASTER_KEY
from tests.service.listened import until_open

LEDGER = "bounded"
AHEAD = 2


@pytest.fixture
async def app(own_url: str) -> AsyncIterator[FastAPI]:
    """A service that is so bounded."""
    settings = Settings(
        database_url=as_service(own_url),
        master_key=SecretStr(MASTER_KEY),
        request_seconds=60,
        read_wait_seconds=60,
        body_limit_bytes=1024,
        import_limit_bytes=1024,
        ahead_days=AHEAD,
        snapshots_kept=0,
        streams=2,
        streams_per_token=1,
        sent_file_bytes=2**20,
    )
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def clients(app: FastAPI, own_url: str) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Three of its clients, each with a token of its own."""
    async with await create_pool(own_url, size=2, role=None) as pool:
        await pool.execute("INSERT INTO log.ledgers (ledger, name) VALUES ($1, $1)", LEDGER)
        tokens = Tokens(pool)
        texts = [
            (await tokens.create(f"office-{number}", Role.AUTHORITY, units=["*"]))[1]
            for number in range(3)
        ]
    made = [
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url=f"http://test/v1/{LEDGER}",
            headers={"Authorization": f"Bearer {text}"},
        )
        for text in texts
    ]
    yield made
    for client in made:
        await client.aclose()


def is_met(reply: httpx.Response, setting: str) -> None:
    """Require the answer that the reference tells of this setting."""
    slug = reply.json()["type"].rpartition("/")[2]
    told = met_beyond()[setting]
    assert f"`{slug}`" in told, reply.text
    assert told.startswith(str(reply.status_code))


async def test_a_file_that_is_read_slowly_keeps_others_from_the_disk(
    app: FastAPI, clients: list[httpx.AsyncClient], tmp_path: Path
) -> None:
    """Alone a file may be larger than the bound."""
    files: SentFiles = app.state.service.files
    (tmp_path / "list").write_bytes(b"a" * 2**21)
    (tmp_path / "of it").mkdir()
    folder = TemporaryDirectory(dir=tmp_path / "of it")
    files.require_room(2**21)
    slow = files.chunks(tmp_path / "list", 2**21, folder)
    read = await anext(slow)
    is_met(await clients[0].get("/units", params={"format": "csv"}), "sent_file_bytes")
    async for chunk in slow:
        read += chunk
    assert len(read) == 2**21
    assert list((tmp_path / "of it").iterdir()) == []
    assert (await clients[0].get("/units", params={"format": "csv"})).is_success


async def test_beyond_a_bound_is_met_what_the_reference_says(
    app: FastAPI, clients: list[httpx.AsyncClient]
) -> None:
    client, second, third = clients
    body = {"unit_id": "a", "name": "Sở A", "kind": "department"}
    far = (today(utc_now) + timedelta(days=AHEAD + 1)).isoformat()

    async def establish(**more: str) -> httpx.Response:
        return await client.post("/units/establish", json={**body, **more})

    is_met(await establish(name="A" * 2_000), "body_limit_bytes")
    is_met(await establish(effective_on=far), "ahead_days")
    assert (await establish()).is_success
    is_met(await client.post("/snapshots", json={"known_at": 1, "name": "a"}), "snapshots_kept")
    file = {"content": b"a" * 2_000, "headers": {"Content-Type": "text/csv"}}
    is_met(await client.post("/imports/units", **file), "import_limit_bytes")  # type: ignore[arg-type]  # a body and its type

    waiting = {"after": 1, "wait": 30}
    waits = [asyncio.create_task(one.get("/events", params=waiting)) for one in (client, second)]
    await until_open(app.state.service, 2)
    is_met(await client.get("/events", params=waiting), "streams_per_token")
    is_met(await third.get("/events", params=waiting), "streams")
    for wait in waits:
        wait.cancel()
    await asyncio.wait(waits)
