"""Read models of one kind of thing, built and verified together: one reading of the log for all."""

from dataclasses import replace
from typing import Any

import pytest

from projections.projection import Projection
from service.database.engine import Pool
from service.log.log import Log
from service.read_models import bulk
from service.read_models import rebuild as rebuilding
from service.read_models.events import Counts, LogBroken, lives
from service.read_models.projector import Projector
from service.read_models.rebuild import RebuildUnderWay
from tests.projections.conftest import Recorder
from tests.projections.reports import REPORT, patient, report, reports_projection, rows

PATIENCE_SECONDS = 60.0


@pytest.fixture
def projections(projection: Projection) -> list[Projection]:
    """Three of tasks; the first alone fails at a report that says `poison`."""
    others = (reports_projection(f"{projection.name}_{name}") for name in ("b", "c"))
    return [projection, *(replace(one, folds={REPORT: patient}) for one in others)]


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """For which read models logs are read, one entry for each reading."""
    read: list[list[str]] = []

    def noted(*asked: Any) -> Any:
        read.append([projection.name for projection in asked[2]])
        return lives(*asked)

    monkeypatch.setattr(bulk, "lives", noted)
    return read


async def test_a_log_is_read_once_for_all_read_models_of_a_kind(
    own_pool: Pool,
    own_log: Log,
    own_recorder: Recorder,
    projections: list[Projection],
    readings: list[list[str]],
) -> None:
    ledger = await own_recorder.new_ledger()
    projector = Projector(own_pool, own_log, projections)
    await projector.prepare()
    every = [report(f"t{number % 90:02}") for number in range(300)]
    await own_recorder.record(ledger, every)
    told: list[tuple[int, int]] = []
    assert await projector.rebuild_all(lambda *shares: told.append(shares)) == {}
    assert readings == [[projection.name for projection in projections]]
    assert told[-1] == (300, 300)
    counts = [sum((await rows(own_pool, one, ledger)).values()) for one in projections]
    assert counts == [300, 300, 300]
    # They go on from there, and one may lie behind the others.
    await own_recorder.record(ledger, [report("t00")])
    await Projector(own_pool, own_log, projections[:2]).catch_up(ledger)
    readings.clear()
    verified = await projector.verify_all()
    assert [(one.projection, one.position) for one in verified] == [
        (projection.name, position)
        for projection, position in zip(projections, (301, 301, 300), strict=True)
    ]
    assert not any(one.differing for one in verified)
    assert len(readings) == 2
    wrong = f"UPDATE read.{projections[1].name} SET reports = 7 WHERE task_id = 't01'"  # noqa: S608  a constant
    await own_pool.execute(wrong)
    differing = {one.projection: one.differing for one in await projector.verify_all()}
    assert differing == {
        projections[0].name: (),
        projections[1].name: ("task_id=t01, valid_from=2000-01-01",),
        projections[2].name: (),
    }


async def test_one_that_cannot_be_folded_holds_up_no_other(
    own_pool: Pool, own_log: Log, own_recorder: Recorder, projections: list[Projection]
) -> None:
    ledger = await own_recorder.new_ledger()
    projector = Projector(own_pool, own_log, projections)
    await projector.prepare()
    await own_recorder.record(ledger, [report("t0")])
    await projector.catch_up(ledger)
    await own_recorder.record(ledger, [report("t1", "poison")])
    left = await projector.rebuild_all()
    assert [one.name for one in left] == [projections[0].name]
    assert "position 2" in str(left[projections[0]])
    assert [await rows(own_pool, one, ledger) for one in projections] == [
        {"t0": 1},
        {"t0": 1, "t1": 1},
        {"t0": 1, "t1": 1},
    ]
    shadows = await own_pool.fetch(rebuilding.SHADOWS, rebuilding.SHADOW)
    assert not {row[0] for row in shadows} & {one.name for one in projections}


async def test_what_others_are_at_is_left_to_them_and_looked_at_again(
    own_pool: Pool, own_log: Log, own_recorder: Recorder, projections: list[Projection]
) -> None:
    ledger = await own_recorder.new_ledger()
    await Projector(own_pool, own_log, projections).prepare()
    await own_recorder.record(ledger, [report("t0")])
    newer = [replace(one, version=2) for one in projections]
    projector = Projector(own_pool, own_log, newer)
    lock = (rebuilding.LOCK_CLASS, newer[1].name)
    async with own_pool.acquire() as other:
        await other.execute("SELECT pg_advisory_lock($1, hashtext($2))", *lock)
        left = await projector.rebuild_all()
        assert [(one.name, type(why)) for one, why in left.items()] == [
            (newer[1].name, RebuildUnderWay)
        ]
        states = {one.projection: one.state for one in await projector.status()}
        assert states == dict.fromkeys(states, "running") | {newer[1].name: "rebuilding"}
        await other.execute("SELECT pg_advisory_unlock($1, hashtext($2))", *lock)
    await projector.start()
    await projector.wait(ledger, 1, newer, PATIENCE_SECONDS)
    await projector.stop()
    assert [await rows(own_pool, one, ledger) for one in newer] == [{"t0": 1}] * 3


async def test_what_a_log_has_is_counted_from_where_it_was_counted_before(
    own_pool: Pool, own_recorder: Recorder
) -> None:
    ledger, counts = await own_recorder.new_ledger(), Counts()
    await own_recorder.record(ledger, [report(f"t{number}") for number in range(9)])
    async with own_pool.acquire() as connection:
        for until in (4, 9, 9, 2, 7):
            assert (await counts.up_to(connection, ledger, until)).total() == until
        with pytest.raises(LogBroken):
            await counts.up_to(connection, ledger, 10)
