"""Databases that tests make beside their worker's own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg

from service.database.engine import with_database


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
