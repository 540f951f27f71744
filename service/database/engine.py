"""Connections: a raw pool for the service, an SQLAlchemy engine for its migrations."""

from functools import partial
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit, urlunsplit

import asyncpg

SERVICE_ROLE = "giaoviec_service"

# The classes are generic in their stubs only.
if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record]
    Acquired: TypeAlias = asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
else:
    Pool = asyncpg.Pool
    Connection = asyncpg.Connection
    Acquired = asyncpg.pool.PoolConnectionProxy


async def create_pool(url: str, *, size: int, role: str | None = SERVICE_ROLE) -> Pool:
    """A pool of `size` open connections for the service; json and jsonb stay text.

    The pool does not reset connections: code that changes a session's setting restores it.

    Args:
        url: `postgresql://…`, Unix sockets through `?host=/folder`.
        size: connections, all opened at once.
        role: the role that each connection sets; None keeps the login's own (migrations).
    """
    return await asyncpg.create_pool(
        url,
        min_size=size,
        max_size=size,
        reset=_skip_reset,
        server_settings=_session(role),
    )


def create_engine(url: str, *, size: int, role: str | None = SERVICE_ROLE) -> "AsyncEngine":
    """An SQLAlchemy engine on the same kind of connections."""
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415  slow, and rarely needed

    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=partial(asyncpg.connect, url, server_settings=_session(role)),
        pool_size=size,
        max_overflow=0,
    )


def with_database(url: str, name: str) -> str:
    """Return the URL of another database on the same server, with the same login."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _session(role: str | None) -> dict[str, str]:
    """Return the settings of every session. `jit` is off: the statements are too short to gain."""
    settings = {"application_name": "giaoviec", "jit": "off", "timezone": "UTC"}
    return settings if role is None else {**settings, "role": role}


async def _skip_reset(_: Connection) -> None:
    """Skip the pool's own reset, which costs a round trip each time."""
