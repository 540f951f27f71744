"""An office with both its callers, in a ledger of its own."""

import httpx
import pytest

from service.access.roles import Role
from tests.service.conftest import ClientOf
from tests.service.imports.office import Office


@pytest.fixture
async def office(administrator: httpx.AsyncClient, client_of: ClientOf, ledger: str) -> Office:
    return Office(administrator, ledger, await client_of(Role.AUTHORITY, units=["ban-thuong-vu"]))
