"""After a restore: `doctor` sees it, and `restored` begins a new epoch."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from service.database.engine import create_pool, with_database
from service.log.epochs import Epochs
from service.log.events import LogEvent
from service.log.log import Log
from tests.giaoviec import Giaoviec


@pytest.fixture
async def url(own_url: str, tmp_path: Path) -> str:
    """A database with three events, which a process has seen."""
    async with await create_pool(own_url, size=3) as pool:
        epochs = Epochs(pool, file=tmp_path / "data" / "seen.json")
        async with Log(pool, epochs=epochs) as log:
            await epochs.start()
            await log.create_ledger("a", "A")
            await log.append("a", [LogEvent("t", b"{}", []) for _ in range(3)])
            await epochs.stop()
    return own_url


@pytest.fixture
async def copy_url(server_url: str, url: str) -> AsyncIterator[str]:
    """A copy of it."""
    name = urlsplit(url).path[1:]
    server = await asyncpg.connect(server_url)
    await server.execute(f"CREATE DATABASE {name}_copy TEMPLATE {name}")
    yield with_database(server_url, f"{name}_copy")
    await server.execute(f"DROP DATABASE {name}_copy WITH (FORCE)")
    await server.close()


async def removed(url: str, position: int) -> None:
    """Take an event away, as only the owner can who switches the guard off."""
    owner = await asyncpg.connect(url)
    await owner.execute("ALTER TABLE log.events DISABLE TRIGGER append_only")
    await owner.execute("DELETE FROM log.events WHERE position = $1", position)
    await owner.execute("ALTER TABLE log.events ENABLE ALWAYS TRIGGER append_only")
    await owner.close()


async def findings(giaoviec: Giaoviec) -> dict[str, Any]:
    _, out, err = await asyncio.to_thread(giaoviec.run, "doctor", "--json")
    assert "Traceback" not in err
    return {finding["check"]: finding for finding in json.loads(out)}


async def test_doctor_and_restored_in_a_copy_of_the_database(copy_url: str, tmp_path: Path) -> None:
    giaoviec = Giaoviec(tmp_path / "data", copy_url)
    epoch = (await findings(giaoviec))["epoch"]
    assert epoch["state"] == "wrong"
    assert "giaoviec restored" in epoch["mend"]
    listed = json.loads(await asyncio.to_thread(giaoviec.done, "restored", "--json"))
    assert listed == [{"ledger": "a", "last_common_position": 3}]
    assert (await findings(giaoviec))["epoch"]["state"] == "ok"


async def test_doctor_and_restored_where_the_log_was_set_back(url: str, tmp_path: Path) -> None:
    giaoviec = Giaoviec(tmp_path / "data", url)
    assert (await findings(giaoviec))["epoch"]["state"] == "ok"
    await removed(url, 3)
    epoch = (await findings(giaoviec))["epoch"]
    assert epoch["state"] == "wrong"
    assert "a by at most" in epoch["says"]
    at = "2020-01-01T00:00:00+07:00"
    listed = json.loads(await asyncio.to_thread(giaoviec.done, "restored", "--json", "--at", at))
    assert listed == [{"ledger": "a", "last_common_position": 0}]
    assert (await findings(giaoviec))["epoch"]["state"] == "ok"


async def test_doctor_names_the_first_position_that_is_missing(url: str, tmp_path: Path) -> None:
    giaoviec = Giaoviec(tmp_path / "data", url)
    assert (await findings(giaoviec))["positions"]["state"] == "ok"
    await removed(url, 2)
    positions = (await findings(giaoviec))["positions"]
    assert positions["state"] == "wrong"
    assert "a lacks 1, first 2" in positions["says"]
