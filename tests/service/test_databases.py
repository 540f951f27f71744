"""Ledgers stand in two databases, and one service answers for both; who calls stands in one."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest
from pydantic import SecretStr, ValidationError

from service.access.roles import Role
from service.app import create_app
from service.components import Service
from service.database.engine import with_database
from service.settings import Misconfigured, Settings
from tests.logins import as_service
from tests.service.conftest import MASTER_KEY
from tests.service.province import Province
from tests.service.ready import until_readiness_is

HOME, OTHER = "home-province", "north-1"


@pytest.fixture
async def other_url(server_url: str, template: str) -> AsyncIterator[str]:
    """A second database."""
    name = f"other_{uuid4().hex[:12]}"
    connection = await asyncpg.connect(server_url)
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield with_database(server_url, name)
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


def settings_of(folder: Path, home: str, other: str, pattern: str = "north-*") -> Settings:
    return Settings(
        database_url=as_service(home),
        databases=((pattern, as_service(other)),),
        data_dir=folder,
        master_key=SecretStr(MASTER_KEY),
        request_seconds=60,
        read_wait_seconds=60,
        pool_size=2,
        writer_connections=2,
    )


async def ledgers_with_events(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    try:
        return {row["ledger"] for row in await connection.fetch("SELECT ledger FROM log.events")}
    finally:
        await connection.close()


async def test_each_ledger_is_recorded_and_read_in_its_own_database(
    own_url: str, other_url: str, tmp_path: Path
) -> None:
    app = create_app(settings_of(tmp_path, own_url, other_url))
    async with app.router.lifespan_context(app):
        service: Service = app.state.service
        _, operating = await service.tokens.create("operator", Role.OPERATOR)
        _, deciding = await service.tokens.create("authority", Role.AUTHORITY, units=["*"])
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://test", timeout=60
        ) as client:
            client.headers["Authorization"] = f"Bearer {operating}"
            for ledger in (HOME, OTHER):
                made = await client.post("/v1/ledgers", json={"ledger": ledger, "name": ledger})
                assert made.status_code == 201, made.text
            again = await client.post("/v1/ledgers", json={"ledger": OTHER, "name": OTHER})
            assert again.status_code == 409
            metrics = (await client.get("/metrics")).text
            for name in ("home", "north-*"):
                shown = f'giaoviec_task_up{{database="{name}",task="projector"}} 1.0'
                assert shown in metrics
            client.headers["Authorization"] = f"Bearer {deciding}"
            listed = (await client.get("/v1/ledgers")).json()["items"]
            assert [each["ledger"] for each in listed] == [HOME, OTHER]
            for ledger in (HOME, OTHER):
                await _is_whole(Province(client, ledger))
            assert (await client.get("/v1/north-2/units")).status_code == 404
            await until_readiness_is(client, 200)
    assert await ledgers_with_events(own_url) == {HOME}
    assert await ledgers_with_events(other_url) == {OTHER}
    misplaced = create_app(settings_of(tmp_path, own_url, other_url, "home-*"))
    with pytest.raises(Misconfigured, match="stands in the database"):
        async with misplaced.router.lifespan_context(misplaced):
            pass


async def _is_whole(province: Province) -> None:
    """Commands, dry runs, keys, lists, files and the feed of a ledger."""
    client, path = province.client, f"/v1/{province.ledger}"
    await province.establish()
    unit = {"unit_id": "new", "name": "Mới", "kind": "district", "effective_on": "2021-01-04"}
    assert (await province.says("/units/establish?dry_run=true", unit)).status_code == 200
    keyed = [
        await province.says("/units/establish", unit, {"Idempotency-Key": "once"}) for _ in range(2)
    ]
    assert [reply.status_code for reply in keyed] == [201, 201], keyed[0].text
    assert keyed[1].headers["Idempotency-Replayed"] == "true"
    head = keyed[0].json()["position"]
    waiting = asyncio.create_task(client.get(f"{path}/events?after={head}&wait=30"))
    done = await province.does("/officials/register", official_id="o", full_name="Cán bộ mới")
    [event] = (await waiting).json()["events"]
    assert event["data"]["full_name"] == "Cán bộ mới"
    query = {"min_position": done["position"]}
    units = (await client.get(f"{path}/units", params=query)).json()
    assert "new" in {item["unit_id"] for item in units["items"]}
    file = await client.get(f"{path}/units", params={**query, "format": "csv"})
    assert "Yên Sơn" in file.text
    history = (await client.get(f"{path}/units/new/history")).json()["items"]
    assert [each["type"] for each in history] == ["unit.established"]


def test_the_setting_says_which_pattern_goes_where() -> None:
    home = "postgresql://a@h/home"
    written = f"north-*={home}1?application_name=x south-?={home}2"
    settings = Settings(database_url=home, databases=written)
    assert settings.databases == (
        ("north-*", f"{home}1?application_name=x"),
        ("south-?", f"{home}2"),
    )
    for wrong in ("north-*", "North=postgresql://h/x", "north-*=mysql://h/x"):
        with pytest.raises(ValidationError):
            Settings(database_url=home, databases=wrong)
    with pytest.raises(ValidationError, match="DATABASE_URL"):
        Settings(databases=f"north-*={home}")
