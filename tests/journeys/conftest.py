"""Journeys: the service as a user has it, on a database of its own."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.databases import empty_database
from tests.giaoviec import Giaoviec, Served


@pytest.fixture(scope="session")
async def empty_database_url(server_url: str) -> AsyncIterator[str]:
    async with empty_database(server_url) as url:
        yield url


@pytest.fixture(scope="session")
def giaoviec(empty_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Giaoviec:
    """The command line on a new database."""
    return Giaoviec(tmp_path_factory.mktemp("data"), empty_database_url)


@pytest.fixture(scope="session")
def figures(giaoviec: Giaoviec) -> dict[str, Any]:
    """The sample province, loaded for the first time, and what the service says of it."""
    return giaoviec.figures()


@pytest.fixture(scope="session")
def served(giaoviec: Giaoviec) -> Iterator[Served]:
    """The service on that database."""
    served = Served(giaoviec)
    yield served
    code, err = served.stop()
    assert code == 0, err
