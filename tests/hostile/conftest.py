"""What attacks share: a service process on a database of its own, a ledger and a token."""

import secrets
from collections.abc import AsyncIterator, Iterator

import pytest

from service.access.roles import Role
from service.access.tokens import Tokens
from service.database.engine import create_pool
from service.database.logins import EMBEDDED_LOGIN
from service.database.migrate import migrate
from tests.databases import empty_database
from tests.faults.postgres import in_thread
from tests.faults.processes import ServiceProcess, service_process
from tests.hostile.attack import Target
from tests.logins import as_service


@pytest.fixture(scope="session")
async def attacked_url(server_url: str) -> AsyncIterator[str]:
    """A database for attacks: the workers of the service would take the jobs of other tests."""
    async with empty_database(server_url) as url:
        await migrate(url, login=EMBEDDED_LOGIN)
        yield url


@pytest.fixture(scope="session")
def victim(attacked_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    """A service that every attack of this worker is aimed at; it survives them all."""
    folder = tmp_path_factory.mktemp("victim")
    patient = {"GIAOVIEC_REQUEST_SECONDS": "60", "GIAOVIEC_READ_WAIT_SECONDS": "60"}
    with service_process(folder, as_service(attacked_url), **patient) as service:
        yield service
        assert service.process.poll() is None


@pytest.fixture(scope="session")
def target(victim: ServiceProcess, attacked_url: str) -> Target:
    """The service's address, a ledger of its and a token for all of it."""
    ledger = f"hostile-{secrets.token_hex(6)}"

    async def prepare() -> str:
        async with await create_pool(attacked_url, size=2, role=None) as pool:
            await pool.execute("INSERT INTO log.ledgers (ledger, name) VALUES ($1, $1)", ledger)
            name = f"hostile-{secrets.token_hex(6)}"
            return (await Tokens(pool).create(name, Role.AUTHORITY, units=["*"]))[1]

    return Target(victim.port, ledger, in_thread(prepare))
