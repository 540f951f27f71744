"""Databases that tests make beside their worker's own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from service.database import migrate as migrating
from service.database.engine import with_database
from service.database.migrate import configuration, migrate


@asynccontextmanager
async def empty_database(server_url: str) -> AsyncIterator[str]:
    """The address of a database with nothing in it, not even a schema; dropped afterwards."""
    name = f"giaoviec_own_{uuid4().hex[:12]}"
    connection = await asyncpg.connect(server_url)
    try:
        await connection.execute(f"CREATE DATABASE {name}")
        yield with_database(server_url, name)
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()


@asynccontextmanager
async def database_before(
    server_url: str, revision: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    """A database as it was before a migration."""
    of = ScriptDirectory.from_config(configuration()).get_revision(revision)
    assert of is not None
    before = str(of.down_revision)

    def upgrade(connection: Connection) -> None:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, before)

    async with empty_database(server_url) as url:
        with monkeypatch.context() as patched:
            patched.setattr(migrating, "_upgrade", upgrade)
            await migrate(url)
        yield url
