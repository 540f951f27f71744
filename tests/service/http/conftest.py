"""A busy ledger that is written once. The tests only read it."""

from uuid import uuid4

import httpx
import pytest

from service.database.engine import Pool
from tests.service.http.lists import busy
from tests.service.http.yen_son import Reader
from tests.service.province import Province


@pytest.fixture(scope="session")
async def busy_ledger(administrator: httpx.AsyncClient, owner_pool: Pool) -> Reader:
    name = f"test-{uuid4().hex[:12]}"
    await owner_pool.execute("INSERT INTO log.ledgers (ledger, name) VALUES ($1, $1)", name)
    return await busy(Province(administrator, name))
