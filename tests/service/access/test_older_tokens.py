"""Tokens from before they belonged to someone go on, and so does the service before this one."""

from collections.abc import AsyncIterator
from hashlib import sha256

import asyncpg
import pytest

from service.access.principals import EVERY_UNIT
from service.access.tokens import Tokens
from service.database.engine import create_pool
from service.database.migrate import migrate
from service.log.events import LogEvent
from service.log.log import Log
from service.log.wire import PARAMETERS, RequestRow, Sender, columns, event_row
from tests.databases import database_before

HOLDERS = "0015"
SECRET = "1" * 64
MADE_BEFORE = """
INSERT INTO access.tokens (id, name, secret_hash, role, official_id) VALUES ($1, $2, $3, $4, $5)
"""
PLACES = ", ".join(f"${number}::{kind}" for number, kind in enumerate(PARAMETERS[:-1], 1))
OLDER_APPEND = f"SELECT * FROM log.append({PLACES})"  # noqa: S608  constants only


@pytest.fixture
async def older_url(server_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """A database as it was before tokens belonged to someone."""
    async with database_before(server_url, HOLDERS, monkeypatch) as url:
        yield url


async def test_tokens_from_before_stand_for_every_unit(older_url: str) -> None:
    connection = await asyncpg.connect(older_url)
    older = {"authority": None, "administrator": None, "inspector": None, "official": "o-1"}
    for number, (role, official) in enumerate(older.items()):
        digest = sha256(SECRET.encode()).digest()
        await connection.execute(MADE_BEFORE, f"{number:016x}", role, digest, role, official)
    await connection.close()
    await migrate(older_url)
    async with await create_pool(older_url, size=2) as pool:
        for number, role in enumerate(older):
            principal = await Tokens(pool).authenticate(f"gv_{number:016x}_{SECRET}")
            assert principal is not None
            assert principal.role.value == role
            assert principal.units == (set() if role == "official" else {EVERY_UNIT})


async def test_a_service_of_the_version_before_goes_on_to_append(older_url: str) -> None:
    await migrate(older_url)
    async with await create_pool(older_url, size=2) as pool, Log(pool) as log:
        await log.create_ledger("older", "Tỉnh")
        row = RequestRow((None,) * 4, [event_row(LogEvent("t", b"{}", ["x"]))], [], 0)
        *arguments, _tokens = columns([row])
        await pool.fetch(OLDER_APPEND, "older", *Sender(), *arguments)
        [recorded] = (await log.read("older")).events
        assert recorded.event.token_id is None
