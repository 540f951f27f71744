"""Loaders: a long log is folded by processes into the same rows, or into none at all."""

import asyncio
import os
from itertools import pairwise
from signal import SIGKILL

import psutil
import pytest

from domain.kernel import Event
from domain.organisation.events import UnitEstablished
from projections import PROJECTIONS
from projections.folding import FoldFailed
from service.database.engine import Pool
from service.log.events import LogEvent
from service.log.log import Log
from service.read_models import loaders as loading
from service.read_models.loaders import LoaderEnded, Loaders
from service.read_models.projector import Projector
from service.read_models.rebuild import SHADOW
from service.read_models.tables import ReadTable
from tests.projections.conftest import Recorder

UNITS = 60
WAIT_S = 60.0
[PROJECTION] = [each for each in PROJECTIONS if each.name == "units"]


@pytest.fixture(autouse=True)
def _long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take a log of so many events for a long one."""
    monkeypatch.setattr(loading, "LEAST_EVENTS", 20)


def established(number: int) -> Event:
    return UnitEstablished.model_validate(
        {"effective_on": "2021-01-04", "unit_id": f"xa-{number}", "name": "Xã", "kind": "commune"}
    )


@pytest.fixture
async def projector(own_pool: Pool, own_log: Log, own_recorder: Recorder) -> Projector:
    """Of two ledgers with some units; its read models are up to date."""
    projector = Projector(own_pool, own_log)
    await projector.prepare()
    for _ in range(2):
        ledger = await own_recorder.new_ledger()
        await own_recorder.record(ledger, [established(number) for number in range(UNITS)])
        await projector.catch_up(ledger)
    return projector


async def test_processes_fold_what_one_folds(projector: Projector, own_pool: Pool) -> None:
    before = [one.digest for one in await projector.verify("units")]
    await own_pool.execute("UPDATE read.units SET name = 'Phường'")
    told: list[tuple[int, int]] = []
    async with Loaders() as loaders:
        for _ in range(2):  # the second by the processes of the first
            await projector.rebuild("units", lambda *shares: told.append(shares), loaders)
    assert told[-1] == (2 * UNITS, 2 * UNITS)
    verified = await projector.verify("units")
    assert [one.digest for one in verified] == before
    assert all(one.differing == () for one in verified)


async def test_a_log_is_cut_into_parts_that_hold_everything_once(
    projector: Projector, own_pool: Pool, own_log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    heads = {one.ledger: UNITS for one in await own_log.ledgers()}
    async with Loaders() as loaders, own_pool.acquire() as connection:
        parts = await loaders.parts(connection, [PROJECTION], heads, 2 * UNITS)
        assert parts is not None
        assert len(parts) == 2 * len(heads)
        for before, after in pairwise(parts):
            assert before.ledger != after.ledger or before.things.end == after.things.first
        assert await loaders.parts(connection, [PROJECTION], heads, 19) is None
    assert (await projector.status())[0].state == "running"


async def test_an_event_that_cannot_be_folded_is_named_and_the_old_rows_stay(
    projector: Projector, own_pool: Pool, own_log: Log
) -> None:
    [ledger, *_] = [one.ledger for one in await own_log.ledgers()]
    broken = LogEvent(
        type="unit.renamed", data=b'{"effective_on": "2021-02-01"}', tags=["unit:xa-7"]
    )
    position = (await own_log.append(ledger, [broken])).last_position
    async with Loaders() as loaders:
        with pytest.raises(FoldFailed) as failed:
            await projector.rebuild("units", loaders=loaders)
    assert failed.value.position == position
    assert await own_pool.fetchval("SELECT count(*) FROM read.units") == 2 * UNITS
    assert await own_pool.fetchval("SELECT to_regclass($1)", f"{SHADOW}.units") is None


async def test_a_process_that_is_killed_fails_all_and_leaves_none_behind(
    projector: Projector, own_pool: Pool, own_log: Log
) -> None:
    ours = psutil.Process()
    before = set(ours.children(recursive=True))
    table = ReadTable(PROJECTION, SHADOW)
    heads = {one.ledger: UNITS for one in await own_log.ledgers()}
    async with own_pool.acquire() as holder, Loaders() as loaders:
        await table.create(holder)
        parts = await loaders.parts(holder, [PROJECTION], heads, 2 * UNITS)
        assert parts is not None
        async with holder.transaction():
            # What the processes write into it waits.
            await holder.execute(f"LOCK TABLE {table.name} IN ACCESS EXCLUSIVE MODE")
            loading = asyncio.create_task(loaders.load(own_pool, [table], parts, lambda _: None))
            async with asyncio.timeout(WAIT_S):
                while not (forks := _forks(ours, before)):  # noqa: ASYNC110  no event tells
                    await asyncio.sleep(0.01)
            os.kill(forks.pop(), SIGKILL)
            with pytest.raises(LoaderEnded):
                await loading
            assert set(ours.children(recursive=True)) <= before
        await projector.rebuild("units", loaders=loaders)
    assert all(one.differing == () for one in await projector.verify("units"))


def _forks(ours: psutil.Process, before: set[psutil.Process]) -> set[int]:
    """What our new children have begun."""
    return {
        fork.pid for child in ours.children() if child not in before for fork in child.children()
    }
