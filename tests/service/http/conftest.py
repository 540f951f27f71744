"""A busy ledger that is written once. The tests only read it."""

from uuid import uuid4

import httpx
import pytest

from service.access.roles import Role
from service.components import Service
from service.database.engine import Pool
from tests.service.conftest import ClientOf
from tests.service.http.lists import busy
from tests.service.http.yen_son import Reader
from tests.service.province import Province


@pytest.fixture(scope="session")
async def busy_ledger(
    administrator: httpx.AsyncClient, client_of: ClientOf, service: Service, owner_pool: Pool
) -> Reader:
    """It is read by an inspector, who sees who had access as well."""
    name = f"test-{uuid4().hex[:12]}"
    await owner_pool.execute("INSERT INTO log.ledgers (ledger, name) VALUES ($1, $1)", name)
    reader = await busy(Province(administrator, name))
    await service.access_record.write_all()
    reader.client = await client_of(Role.INSPECTOR)
    return reader
