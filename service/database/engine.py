"""Connections: a raw pool for the service, an SQLAlchemy engine for its migrations.

Every session is pinned to what the service relies on, whatever the role's or the database's own
defaults say, and nothing waits for a database without end: not to connect, not for an answer, not
for a lock, and not for a peer that is gone.
"""

import asyncio
import socket
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import structlog
from asyncpg.connect_utils import SessionAttribute

from service.database.hosts import each_host, first_to_open
from service.database.warm_pool import Session, WarmPool

SERVICE_ROLE = "giaoviec_service"

CONNECT_S = 10.0
# How much longer than the server's limit we wait for its answer.
ANSWER_S = 2.0
# How long a cancelled statement may keep its connection, and how long a pool may take to close.
RELEASE_S = 2.0
CLOSE_S = 5.0

# A peer that is gone is noticed after IDLE_S + PROBES * PROBE_S seconds at the latest.
IDLE_S, PROBE_S, PROBES = 10, 5, 3
UNACKNOWLEDGED_MS = 20_000

# A statement is prepared once in a session if it is no longer than this, in bytes. The longest of
# ours, a page of the duties, is a third of it; the driver's own bound is shorter than some.
LONGEST_KEPT = 2**16

# Commits are never weaker than this; a stronger default, such as remote_apply, stays. The server
# looks whether the client is still there, where its system can (not on Windows).
SETTLE = f"""
SELECT set_config('synchronous_commit', 'on', false)
WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write')
UNION ALL
SELECT set_config('client_connection_check_interval', '{PROBE_S}s', false)
WHERE version() !~ 'Visual C|mingw|-msvc'
"""

# Of several servers, and of a replica: whichever answers.
ANY_SERVER = SessionAttribute.any

log = structlog.get_logger()

# The classes are generic in their stubs only.
if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record]
    Acquired: TypeAlias = asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
else:
    Connection = asyncpg.Connection
    Acquired = asyncpg.pool.PoolConnectionProxy


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a session's work may take, in seconds; 0 is without end.

    Attributes:
        statement_s: one statement.
        lock_s: waiting for one lock.
        idle_s: a transaction in which nothing happens.
        wait_s: waiting for a free connection of the pool.
        cancels: whether a statement is cancelled that is not answered in time.
    """

    statement_s: float
    lock_s: float
    idle_s: float
    wait_s: float
    cancels: bool = True

    @property
    def answer_s(self) -> float | None:
        """How long an answer is waited for before the statement is cancelled; None: without end."""
        return self.statement_s + ANSWER_S if self.statement_s and self.cancels else None


# Work that nobody waits for: rebuilds, migrations, the command line.
LONG = Patience(statement_s=0, lock_s=60, idle_s=600, wait_s=0)
# The read models and other small work beside the requests.
BACKGROUND = Patience(statement_s=60, lock_s=10, idle_s=30, wait_s=60)


def of_requests(seconds: float) -> Patience:
    """The patience of work that a client waits for, so many seconds at most for each part."""
    return Patience(statement_s=seconds, lock_s=seconds / 2, idle_s=seconds, wait_s=seconds)


class Pool(WarmPool):
    """A pool whose every wait ends.

    It does not reset connections: code that changes a session's setting restores it.

    Attributes:
        url: of the database.
        role: that each connection sets.
    """

    def __init__(  # noqa: PLR0913, PLR0917  as `create_pool`
        self,
        url: str,
        role: str | None,
        size: int,
        least: int,
        patience: Patience,
        server: SessionAttribute,
    ) -> None:
        self.url = url
        self.role = role
        super().__init__(
            connect=partial(connect, url, role=role, patience=patience, server=server),
            min_size=least,
            max_size=size,
            max_queries=50_000,
            max_inactive_connection_lifetime=300.0,
            reset=_skip_reset,
            loop=None,
            connection_class=Session,
            record_class=asyncpg.Record,
        )
        self.wait_s = patience.wait_s or None

    def acquire(self, *, timeout: float | None = None) -> Any:  # noqa: ANN401  as the library has it
        """Wait for a free connection, no longer than the pool's patience."""
        return super().acquire(timeout=timeout or self.wait_s)

    async def release(self, connection: Any, *, timeout: float | None = None) -> None:  # noqa: ANN401, ASYNC109  as the library has it
        """Give a connection back. One whose statement cannot be cancelled in time is ended."""
        await super().release(connection, timeout=timeout or RELEASE_S)

    async def close(self) -> None:
        """Close the connections; those that do not close in time are ended."""
        try:
            async with asyncio.timeout(CLOSE_S):
                await super().close()
        except TimeoutError:
            log.warning("connections_ended", reason="they did not close in time")


async def create_pool(  # noqa: PLR0913  each is named
    url: str,
    *,
    size: int,
    role: str | None = SERVICE_ROLE,
    patience: Patience = LONG,
    least: int | None = None,
    server: SessionAttribute = SessionAttribute.read_write,
) -> Pool:
    """A pool of connections, to a server that may be written to; json and jsonb stay text.

    Args:
        url: `postgresql://…`, Unix sockets through `?host=/folder`.
        size: connections at most.
        role: the role that each connection sets; None keeps the login's own (migrations).
        patience: how long its work may take.
        least: connections that are opened at once and kept; all of them, if left out.
        server: what server it is; for a replica, any.
    """
    return await Pool(url, role, size, size if least is None else least, patience, server)


def create_engine(
    url: str, *, size: int, role: str | None = SERVICE_ROLE, patience: Patience = LONG
) -> "AsyncEngine":
    """An SQLAlchemy engine on the same kind of connections."""
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415  slow, and rarely needed

    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=partial(connect, url, role=role, patience=patience),
        pool_size=size,
        max_overflow=0,
    )


async def connect(
    url: str,
    *,
    role: str | None = SERVICE_ROLE,
    patience: Patience = LONG,
    server: SessionAttribute = SessionAttribute.read_write,
    **further: Any,  # noqa: ANN401  passed on
) -> Connection:
    """Open one connection, to the server of several that is such: one that may be written to.

    Raises:
        asyncpg.TargetServerAttributeNotMatched: no server is; every one is a standby, or read-only.
    """

    async def opened(url: str) -> Connection:
        connection: Connection = await asyncpg.connect(
            url,
            timeout=CONNECT_S,
            command_timeout=patience.answer_s,
            max_cacheable_statement_size=LONGEST_KEPT,
            server_settings=session(role, patience),
            target_session_attrs=server,
            **further,
        )
        try:
            _watch(connection)
            await connection.execute(SETTLE)
        except BaseException:
            connection.terminate()
            raise
        return connection

    async with asyncio.timeout(CONNECT_S):
        return await first_to_open(each_host(url), opened, lambda late: late.terminate())


def with_database(url: str, name: str) -> str:
    """Return the URL of another database on the same server, with the same login."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def session(role: str | None, patience: Patience) -> dict[str, str]:
    """Return the settings with which every session begins.

    They outrank the defaults of the server, the database and the login. `jit` is off: the
    statements are too short to gain.
    """
    settings = {
        "application_name": "giaoviec",
        "jit": "off",
        "timezone": "UTC",
        "default_transaction_isolation": "read committed",
        "statement_timeout": _milliseconds(patience.statement_s),
        "lock_timeout": _milliseconds(patience.lock_s),
        "idle_in_transaction_session_timeout": _milliseconds(patience.idle_s),
        "tcp_keepalives_idle": str(IDLE_S),
        "tcp_keepalives_interval": str(PROBE_S),
        "tcp_keepalives_count": str(PROBES),
        "tcp_user_timeout": str(UNACKNOWLEDGED_MS),
    }
    return settings if role is None else {**settings, "role": role}


def _milliseconds(seconds: float) -> str:
    return str(round(seconds * 1000))


def _watch(connection: Connection) -> None:
    """Have our own system notice a server that is gone, as the server's notices us."""
    transport = connection._transport  # type: ignore[attr-defined]  # noqa: SLF001  asyncpg shows it nowhere else
    ours = transport.get_extra_info("socket")
    if ours is None or ours.family not in {socket.AF_INET, socket.AF_INET6}:
        return
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (
        ("TCP_KEEPIDLE", IDLE_S),
        ("TCP_KEEPINTVL", PROBE_S),
        ("TCP_KEEPCNT", PROBES),
        ("TCP_USER_TIMEOUT", UNACKNOWLEDGED_MS),
    ):
        if hasattr(socket, option):  # each system has its own
            ours.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)


async def _skip_reset(_: Connection) -> None:
    """Skip the pool's own reset, which costs a round trip each time."""
