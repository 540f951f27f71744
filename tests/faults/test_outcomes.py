"""Outcomes: a caller is told what became of an append, also where its answer was lost."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from service.database.engine import Pool, create_pool
from service.log.events import Idempotency, LogEvent
from service.log.lanes import open_lanes
from service.log.log import Log
from tests.faults.conftest import Site
from tests.faults.proxy import Proxy, Way
from tests.faults.renaming import renamed_away, renamed_back

KEYS = [None, Idempotency("client", "key", b"digest")]


def event(tag: str) -> LogEvent:
    return LogEvent("task.registered", b"{}", [tag])


@pytest.fixture
async def pool(site: Site) -> AsyncIterator[Pool]:
    """Connections past the proxy."""
    async with await create_pool(site.url, size=3) as pool:
        yield pool


@pytest.fixture
async def log(site: Site, proxy: Proxy, pool: Pool) -> AsyncIterator[Log]:
    """A log that writes through the proxy."""
    async with (
        open_lanes(proxy.url(site.url), connections=2, seconds=60) as lanes,
        Log(pool, lanes=lanes, patience_s=60) as log,
    ):
        await log.append(site.ledger, [event("task:first")])
        yield log


@pytest.mark.parametrize("key", KEYS)
async def test_the_answer_is_lost_after_the_commit(
    site: Site, proxy: Proxy, log: Log, key: Idempotency | None
) -> None:
    proxy.swallow(Way.TO_SERVICE)
    events = [event("task:1"), event("task:2")]
    appending = asyncio.create_task(log.append(site.ledger, events, idempotency=key))
    while await log.head(site.ledger) < 3:  # noqa: ASYNC110  others bring it about
        await asyncio.sleep(0.02)
    proxy.cut()
    proxy.heal()
    outcome = await appending
    assert (outcome.first_position, outcome.last_position) == (2, 3)
    assert await log.head(site.ledger) == 3


@pytest.mark.parametrize("key", KEYS)
async def test_the_request_is_lost_on_the_way(
    site: Site, proxy: Proxy, log: Log, key: Idempotency | None
) -> None:
    proxy.swallow(Way.TO_DATABASE)
    appending = asyncio.create_task(log.append(site.ledger, [event("task:1")], idempotency=key))
    await asyncio.sleep(0.5)
    proxy.cut()
    proxy.heal()
    assert (await appending).first_position == 2
    assert await log.head(site.ledger) == 2


async def test_a_database_that_is_away_for_a_while_is_waited_for(site: Site, log: Log) -> None:
    away = f"{site.database}_away"
    await asyncio.to_thread(renamed_away, site, away)
    appending = asyncio.create_task(log.append(site.ledger, [event("task:1")]))
    await asyncio.sleep(1)
    await asyncio.to_thread(renamed_back, site, away)
    assert (await appending).first_position == 2
