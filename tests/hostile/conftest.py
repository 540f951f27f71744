"""What attacks share: a service process on this worker's database, a ledger and a token."""

import secrets
from collections.abc import Iterator

import pytest

from service.access.roles import Role
from service.access.tokens import Tokens
from service.database.engine import create_pool
from tests.faults.postgres import in_thread
from tests.faults.processes import ServiceProcess, service_process
from tests.hostile.attack import Target


@pytest.fixture(scope="session")
def victim(service_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    """A service that every attack of this worker is aimed at; it survives them all."""
    folder = tmp_path_factory.mktemp("victim")
    with service_process(folder, service_url, GIAOVIEC_PROJECTOR="false") as service:
        yield service
        assert service.process.poll() is None


@pytest.fixture(scope="session")
def target(victim: ServiceProcess, database_url: str) -> Target:
    """The service's address, a ledger of its and a token for all of it."""
    ledger = f"hostile-{secrets.token_hex(6)}"

    async def prepare() -> str:
        async with await create_pool(database_url, size=2, role=None) as pool:
            await pool.execute("INSERT INTO log.ledgers (ledger, name) VALUES ($1, $1)", ledger)
            name = f"hostile-{secrets.token_hex(6)}"
            return (await Tokens(pool).create(name, Role.AUTHORITY, units=["*"]))[1]

    return Target(victim.port, ledger, in_thread(prepare))
