"""The whole service on a real database, and a small province to give commands to."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TypeAlias
from uuid import uuid4

import asyncpg
import httpx
import pytest
import structlog
from fastapi import FastAPI
from pydantic import SecretStr

from projections.projection import Projection
from service.access.principals import EVERY_UNIT, KINDS, NAMES_UNITS
from service.access.roles import Role
from service.app import create_app
from service.components import Service
from service.database.engine import Pool, create_pool, with_database
from service.database.logins import EMBEDDED_LOGIN
from service.database.migrate import migrate
from service.log.log import Log
from service.server import Server, listening
from service.settings import Settings
from tests.logins import as_service
from tests.projections.conftest import Recorder
from tests.projections.reports import reports_projection
from tests.service.province import Province

MASTER_KEY = b64encode(bytes(32)).decode()

ClientOf: TypeAlias = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture(scope="session", autouse=True)
def _short_log_lines() -> None:
    """Structlog's own default draws every local variable, for seconds, while the loop waits."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
        ],
        wrapper_class=structlog.make_filtering_bound_logger("info"),
    )


@pytest.fixture(scope="session")
async def app(service_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FastAPI]:
    """The started application."""
    settings = Settings(
        database_url=service_url,
        data_dir=tmp_path_factory.mktemp("data"),
        master_key=SecretStr(MASTER_KEY),
        pool_size=5,
        request_seconds=60,
        read_wait_seconds=60,
        failed_authentications=1_000_000,
        missed_report_days=0,
    )
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture(scope="session")
def service(app: FastAPI) -> Service:
    service: Service = app.state.service
    return service


@pytest.fixture(scope="session")
async def client_of(app: FastAPI, service: Service) -> AsyncIterator[ClientOf]:
    """Create clients with a token of the given role and official; `None` has no token."""
    clients: list[httpx.AsyncClient] = []

    async def make(role: Role | None, **extensions: object) -> httpx.AsyncClient:
        headers = {"Accept-Language": "en"}
        if role is not None:
            if KINDS[role] in NAMES_UNITS:
                extensions.setdefault("units", [EVERY_UNIT])
            name = f"{role.value}-{len(clients)}"
            _, text = await service.tokens.create(name, role, **extensions)  # type: ignore[arg-type]  # passed on
            headers["Authorization"] = f"Bearer {text}"
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://test", headers=headers
        )
        clients.append(client)
        return client

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture(scope="session")
async def administrator(client_of: ClientOf) -> httpx.AsyncClient:
    """Whoever stands for the whole authority: sets up its organisation, and decides."""
    return await client_of(Role.AUTHORITY)


@pytest.fixture(scope="session")
async def operator(client_of: ClientOf) -> httpx.AsyncClient:
    """Whoever runs the service, and decides nothing."""
    return await client_of(Role.OPERATOR)


@pytest.fixture(scope="session")
async def stranger(client_of: ClientOf) -> httpx.AsyncClient:
    """A client without a token."""
    return await client_of(None)


@pytest.fixture
async def province(administrator: httpx.AsyncClient, ledger: str) -> Province:
    """A ledger that contains the organisation only."""
    province = Province(administrator, ledger)
    await province.establish()
    return province


@pytest.fixture
async def address(app: FastAPI, service: Service) -> AsyncIterator[str]:
    """The service's address on the network, behind a real server."""
    settings = service.settings.model_copy(update={"port": 0})
    socket = listening(settings)
    server = Server(app, settings)
    serving = asyncio.create_task(server.serve([socket]))
    yield f"http://127.0.0.1:{socket.getsockname()[1]}"
    server.should_exit = True
    await serving
    service.closing.clear()


@pytest.fixture(scope="module")
async def template(server_url: str) -> AsyncIterator[str]:
    """A migrated database to copy."""
    name = f"projector_{uuid4().hex[:12]}"
    connection = await asyncpg.connect(server_url)
    await connection.execute(f"CREATE DATABASE {name}")
    await migrate(with_database(server_url, name), login=EMBEDDED_LOGIN)
    yield name
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


@pytest.fixture
async def own_url(server_url: str, template: str) -> AsyncIterator[str]:
    """A database for this test only, because a rebuild folds all its ledgers."""
    name = f"projector_{uuid4().hex[:12]}"
    connection = await asyncpg.connect(server_url)
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield with_database(server_url, name)
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


@pytest.fixture
async def own_pool(own_url: str) -> AsyncIterator[Pool]:
    async with await create_pool(as_service(own_url), size=8) as pool:
        yield pool


@pytest.fixture
async def own_log(own_pool: Pool) -> AsyncIterator[Log]:
    async with Log(own_pool) as log:
        yield log


@pytest.fixture
def own_recorder(own_pool: Pool, own_log: Log) -> Recorder:
    return Recorder(own_pool, own_log)


@pytest.fixture
def projection() -> Projection:
    return reports_projection(f"reports_{uuid4().hex[:12]}")


@pytest.fixture
async def others(service_url: str, tmp_path: Path) -> AsyncIterator[list[Service]]:
    """Two more processes of the service."""
    async with AsyncExitStack() as stack:
        services = []
        for _ in range(2):
            settings = Settings(
                database_url=service_url,
                data_dir=tmp_path,
                master_key=SecretStr(MASTER_KEY),
                pool_size=3,
                request_seconds=60,
                missed_report_days=0,
            )
            app = create_app(settings)
            await stack.enter_async_context(app.router.lifespan_context(app))
            services.append(app.state.service)
        yield services
