"""Journeys through the whole service, each on a ledger of its own."""

import httpx
import pytest

from service.access.roles import Role
from tests.service.conftest import ClientOf
from tests.service.put_right.office import Office


@pytest.fixture(scope="session")
async def colleague(client_of: ClientOf) -> httpx.AsyncClient:
    """Another who may do everything: nobody confirms what they claimed."""
    return await client_of(Role.ADMINISTRATOR)


@pytest.fixture
async def office(
    administrator: httpx.AsyncClient, colleague: httpx.AsyncClient, ledger: str
) -> Office:
    """The office of a province that has its organisation, and nothing else."""
    office = Office(administrator, colleague, ledger)
    await office.establish()
    return office
