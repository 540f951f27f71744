"""Growth is noticed without a notification, and what is idle costs the same for many ledgers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest

from projections.projection import Projection
from service.database.engine import Connection, Pool, create_pool
from service.log import growth
from service.log.log import Log
from service.log.notifications import Notifications
from service.read_models import projector as projectors
from service.read_models.projector import Projector
from service.supervision import Tasks
from tests.projections.conftest import Recorder
from tests.projections.reports import report, rows

WAIT_S = 60.0
SETTLED_S = 1.0
LOOKS = 20


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks follow soon upon one another."""
    monkeypatch.setattr(growth, "POLL_S", 0.05)
    monkeypatch.setattr(projectors, "POLL_S", 0.05)


@asynccontextmanager
async def deaf_process(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Pool, Log]]:
    """Another process on the database, which no notification reaches."""
    monkeypatch.setattr(Notifications, "_dispatch", lambda *_: None)
    async with await create_pool(url, size=6) as pool, Log(pool) as log:
        yield pool, log


def counted(monkeypatch: pytest.MonkeyPatch, url: str) -> list[str]:
    """The statements in that database which return something, from now on.

    A service of other tests, in the same process, has another database.
    """
    statements: list[str] = []
    database = urlsplit(url).path[1:]
    for name in ("fetch", "fetchval", "fetchrow"):
        original = getattr(Connection, name)

        async def run(
            self: Connection, query: str, *values: object, original: Any = original, **named: object
        ) -> object:
            if self._params.database == database:  # type: ignore[attr-defined]  # nothing else tells
                statements.append(query)
            return await original(self, query, *values, **named)

        monkeypatch.setattr(Connection, name, run)
    return statements


async def test_growth_that_no_notification_told_is_noticed(
    own_recorder: Recorder, own_pool: Pool
) -> None:
    ledger = await own_recorder.new_ledger()
    grown: list[str] = []
    looks = growth.Growth(own_pool, grown.append, Tasks())
    await looks.look()
    assert grown == [ledger], "it may have grown before the first look"
    grown.clear()
    await looks.look()
    await own_recorder.record(ledger, [report("t0")])
    await looks.look()
    assert grown == [ledger]
    await looks.look()
    assert grown == [ledger]


@pytest.mark.usefixtures("quick")
async def test_a_read_model_that_lacks_events_is_moved_without_any_notification(
    own_url: str,
    own_recorder: Recorder,
    projection: Projection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ledger = await own_recorder.new_ledger()
    async with deaf_process(own_url, monkeypatch) as (pool, log):
        projector = Projector(pool, log, [projection])
        await projector.start()
        for number in range(1, 4):
            position = await own_recorder.record(ledger, [report("t0")])
            await projector.wait(ledger, position, [projection], WAIT_S)
            assert (await rows(pool, projection, ledger))["t0"] == number
        await projector.stop()


@pytest.mark.usefixtures("quick")
async def test_idle_ledgers_cost_no_statement_each(
    own_url: str,
    own_recorder: Recorder,
    projection: Projection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with deaf_process(own_url, monkeypatch) as (pool, log):
        projector = Projector(pool, log, [projection])
        await projector.start()
        a_look: list[float] = []
        for ledgers in (2, 30):
            for _ in range(ledgers):
                ledger = await own_recorder.new_ledger()
                position = await own_recorder.record(ledger, [report("t0")])
                await projector.wait(ledger, position, [projection], WAIT_S)
            await asyncio.sleep(SETTLED_S)
            with monkeypatch.context() as patched:
                statements = counted(patched, own_url)
                async with asyncio.timeout(WAIT_S):
                    while statements.count(growth.SNAPSHOT) < LOOKS:  # noqa: ASYNC110  no event tells
                        await asyncio.sleep(0.05)
                a_look.append(len(statements) / statements.count(growth.SNAPSHOT))
        await projector.stop()
    assert a_look[1] < 1.5 * a_look[0], a_look
