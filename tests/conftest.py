"""A real PostgreSQL for every test: one server per run, one migrated database per worker."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.ext.asyncio import AsyncEngine

from service.database.embedded import EmbeddedPostgres, ServerInUse
from service.database.engine import Pool, create_engine, create_pool, with_database
from service.database.logins import EMBEDDED_LOGIN
from service.database.migrate import migrate
from tests.logins import GIVEN, as_service

RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid4().hex
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
LOCK = 8_090_002
# Every worker has services of a whole run, which stay, beside those of single tests.
CONNECTIONS = 600

# Generated examples are the same in every run, and take as long as a busy machine needs for them.
settings.register_profile(
    "steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server's own database, as a login that may make databases and roles."""
    if GIVEN:
        yield GIVEN
        return
    shared = tmp_path_factory.getbasetemp()
    if WORKER != "main":
        shared = shared.parent
    binaries = os.environ.get("PGBIN")
    server = EmbeddedPostgres(
        shared / "server",
        fsync=False,
        binaries=Path(binaries) if binaries else None,
        root_home=Path(tempfile.gettempdir()) / "giaoviec-tests",
        connections=CONNECTIONS,
    )
    yield server.start()
    if server.stop():
        with suppress(ServerInUse):  # a worker that starts late
            server.remove()


@pytest.fixture(scope="session")
async def database_url(server_url: str) -> AsyncIterator[str]:
    """This worker's migrated database, as its owner."""
    template = f"giaoviec_test_{RUN[:12]}"
    name = f"{template}_{WORKER}"
    connection = await asyncpg.connect(server_url)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        if not await connection.fetchval(
            "SELECT true FROM pg_database WHERE datname = $1", template
        ):
            await connection.execute(f"CREATE DATABASE {template}")
        await migrate(with_database(server_url, template), login=EMBEDDED_LOGIN)
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        await connection.execute("SELECT pg_advisory_unlock($1)", LOCK)
        yield with_database(server_url, name)
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await connection.execute(f"DROP DATABASE IF EXISTS {template}")
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def service_url(database_url: str) -> str:
    """This worker's database with the login of the service, which owns nothing."""
    return as_service(database_url)


@pytest.fixture(scope="session")
async def pool(service_url: str) -> AsyncIterator[Pool]:
    """Connections as the service has them."""
    async with await create_pool(service_url, size=10) as pool:
        yield pool


@pytest.fixture(scope="session")
async def owner_pool(database_url: str) -> AsyncIterator[Pool]:
    """Connections as the owner of the schema has them."""
    async with await create_pool(database_url, size=4, role=None) as pool:
        yield pool


@pytest.fixture(scope="session")
async def engine(service_url: str) -> AsyncIterator[AsyncEngine]:
    """SQLAlchemy under the role of the service."""
    engine = create_engine(service_url, size=5)
    yield engine
    await engine.dispose()


@pytest.fixture
async def ledger(owner_pool: Pool) -> str:
    """The name of a ledger with nothing in it: the log cannot be emptied, so tests share none."""
    name = f"test-{uuid4().hex[:12]}"
    await owner_pool.execute("INSERT INTO log.ledgers (ledger, name) VALUES ($1, $1)", name)
    return name
