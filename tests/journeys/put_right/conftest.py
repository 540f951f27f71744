"""Journeys through the whole service in this process, on a real database."""

import httpx
import pytest

from service.access.roles import Role
from tests.journeys.put_right.office import Office
from tests.service.conftest import ClientOf, administrator, app, client_of, service

__all__ = ["administrator", "app", "client_of", "service"]


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
