"""Announcements: growth wakes other processes by itself, also where none of them polls."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from projections.projection import Projection
from service.database.engine import Pool, create_pool
from service.log import growth
from service.log.log import Log
from service.read_models import projector as projectors
from service.read_models.projector import Projector
from tests.projections.conftest import Recorder
from tests.projections.reports import report, rows
from tests.service.listened import until_waited_for

NEVER_S = 3600.0
WAIT_S = 60.0


@pytest.fixture
async def other(own_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Log]:
    """The log in another process, which does not poll; what it shares is the database alone."""
    monkeypatch.setattr(growth, "POLL_S", NEVER_S)
    monkeypatch.setattr(projectors, "POLL_S", NEVER_S)
    async with await create_pool(own_url, size=6) as pool, Log(pool) as log:
        yield log


async def test_an_announcement_alone_wakes_the_read_models_of_another_process(
    own_url: str, own_recorder: Recorder, projection: Projection, other: Log
) -> None:
    ledger = await own_recorder.new_ledger()
    async with await create_pool(own_url, size=4) as pool:
        projector = Projector(pool, other, [projection])
        await projector.start()
        for number in range(1, 4):
            position = await own_recorder.record(ledger, [report("t0")])
            await projector.wait(ledger, position, [projection], WAIT_S)
            assert (await rows(pool, projection, ledger))["t0"] == number
        await projector.stop()


async def test_an_announcement_alone_wakes_who_waits_for_the_feed_in_another_process(
    own_recorder: Recorder, other: Log
) -> None:
    ledger = await own_recorder.new_ledger()
    for _ in range(3):
        head = await other.head(ledger)
        waiting = asyncio.create_task(other.wait_beyond(ledger, head, NEVER_S))
        await until_waited_for(other, ledger)
        await own_recorder.record(ledger, [report("t0")])
        async with asyncio.timeout(WAIT_S):
            assert await waiting == head + 1


async def test_nothing_that_an_append_runs_notifies_in_its_transaction(owner_pool: Pool) -> None:
    """Ledgers would wait for one another: such a commit takes a lock of the whole server."""
    of_the_log = "FROM pg_proc WHERE pronamespace = 'log'::regnamespace"
    notifying = await owner_pool.fetch(f"SELECT proname {of_the_log} AND prosrc ~* 'notify'")
    assert {name for (name,) in notifying} == {"begin_epoch", "destroy_keys"}
