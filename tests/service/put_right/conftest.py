"""Journeys through the whole service, each on a ledger of its own."""

from collections.abc import AsyncIterator

import httpx
import pytest

from projections import PROJECTIONS
from service.access.roles import Role
from service.components import Service
from tests.service.conftest import ClientOf
from tests.service.put_right.office import COMMITTEE, Office


@pytest.fixture(scope="session")
async def colleague(client_of: ClientOf) -> httpx.AsyncClient:
    """Another who may do everything: nobody confirms what they claimed."""
    return await client_of(Role.AUTHORITY, units=[COMMITTEE])


@pytest.fixture(scope="module")
async def offices(service: Service) -> AsyncIterator[list[Office]]:
    """Of all journeys; in the end the read models are what a new fold of the log gives."""
    offices: list[Office] = []
    yield offices
    for office in offices:
        await service.projector.wait(office.ledger, await office.head(), PROJECTIONS, 60)
    ledgers = {office.ledger for office in offices}
    for projection in PROJECTIONS:
        verified = await service.projector.verify(projection.name, ledgers)
        differing = {one.ledger: one.differing for one in verified}
        assert not any(differing.values()), (projection.name, differing)


@pytest.fixture
async def office(
    administrator: httpx.AsyncClient,
    colleague: httpx.AsyncClient,
    ledger: str,
    offices: list[Office],
) -> Office:
    """The office of a province that has its organisation, and nothing else."""
    office = Office(administrator, colleague, ledger)
    offices.append(office)
    await office.establish()
    return office
