"""The projector: every event once, in order; loud where it cannot go on."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from projections.folding import FoldFailed
from projections.projection import Projection, RecordedEvent, Row, Rows
from service.database.engine import Pool
from service.log.events import LogEvent
from service.log.log import Log
from service.read_models.events import LogBroken
from service.read_models.projector import PositionNotRecorded, ProjectionBehind, Projector
from tests.projections.conftest import Recorder
from tests.projections.reports import (
    DAY,
    REPORT,
    counted,
    patient,
    report,
    reports_projection,
    rows,
    standing,
)

PATIENCE_SECONDS = 60.0


async def test_two_projectors_at_once_count_every_event_once(
    own_pool: Pool, own_log: Log, own_recorder: Recorder, projection: Projection
) -> None:
    ledger = await own_recorder.new_ledger()
    projectors = [Projector(own_pool, own_log, [projection]) for _ in range(2)]
    for projector in projectors:
        await projector.start()
    for number in range(200):
        await own_recorder.record(ledger, [report(f"t{number % 7}"), report("t0")])
    for projector in projectors:
        await projector.wait(ledger, 400, [projection], PATIENCE_SECONDS)
        await projector.stop()
    found = await rows(own_pool, projection, ledger)
    assert sum(found.values()) == 400
    assert found["t1"] == 29


async def test_a_projector_killed_in_mid_batch_neither_loses_nor_repeats(
    own_pool: Pool, own_log: Log, own_recorder: Recorder, projection: Projection
) -> None:
    ledger = await own_recorder.new_ledger()
    for _ in range(30):
        projector = Projector(own_pool, own_log, [projection])
        await projector.start()
        last = await own_recorder.record(ledger, [report("t0"), report("t1")])
        await asyncio.sleep(0.004)
        await projector.stop()
    projector = Projector(own_pool, own_log, [projection])
    await projector.catch_up(ledger)
    assert await rows(own_pool, projection, ledger) == {"t0": 30, "t1": 30}
    assert (await standing(projector, ledger)).position == last == 60


async def test_a_poison_event_stops_its_projection_there_and_no_other(
    own_pool: Pool, own_log: Log, own_recorder: Recorder, projection: Projection
) -> None:
    ledger = await own_recorder.new_ledger()
    other = await own_recorder.new_ledger()
    healthy = replace(
        reports_projection(f"healthy_{uuid4().hex[:12]}"),
        folds={REPORT: patient},
    )
    projector = Projector(own_pool, own_log, [projection, healthy])
    await projector.prepare()
    for name in (ledger, other):
        await own_recorder.record(name, [report("t0"), report("t1")])
    await own_recorder.record(ledger, [report("t0", "poison"), report("t0")])
    for name in (ledger, other):
        await projector.catch_up(name)
    by_name = {
        (found.projection, found.ledger): found
        for found in await projector.status()
        if found.ledger in {ledger, other}
    }
    stopped = by_name[projection.name, ledger]
    assert (stopped.state, stopped.position, stopped.stopped_at) == ("stopped", 2, 3)
    assert "cannot be folded" in (stopped.error or "")
    assert await rows(own_pool, projection, ledger) == {"t0": 1, "t1": 1}
    assert by_name[projection.name, other].state == "running"
    assert by_name[healthy.name, ledger].position == 4
    assert await rows(own_pool, healthy, ledger) == {"t0": 3, "t1": 1}


async def test_a_stopped_projection_goes_on_where_it_stopped_once_it_can(
    own_pool: Pool, own_log: Log, own_recorder: Recorder, projection: Projection
) -> None:
    ledger = await own_recorder.new_ledger()
    broken = Projector(own_pool, own_log, [projection])
    await broken.prepare()
    await own_recorder.record(ledger, [report("t0"), report("t0", "poison"), report("t0")])
    await broken.catch_up(ledger)
    await broken.retry()
    await broken.catch_up(ledger)
    assert (await standing(broken, ledger)).stopped_at == 2
    mended = replace(
        projection,
        folds={REPORT: patient},
    )
    projector = Projector(own_pool, own_log, [mended])
    await projector.start()
    await projector.wait(ledger, 3, [mended], PATIENCE_SECONDS)
    await projector.stop()
    assert await rows(own_pool, mended, ledger) == {"t0": 3}
    assert (await standing(projector, ledger)).state == "running"


async def test_an_event_that_cannot_be_read_stops_the_projection(
    own_pool: Pool, own_log: Log, own_recorder: Recorder, projection: Projection
) -> None:
    kind = "test.unreadable"
    reader = replace(projection, folds={REPORT: counted, kind: counted})
    ledger = await own_recorder.new_ledger()
    await own_recorder.record(ledger, [report("t0")])
    await own_log.append(ledger, [LogEvent(type=kind, data=b"{", tags=["task:t0"])])
    projector = Projector(own_pool, own_log, [reader])
    await projector.prepare()
    await projector.catch_up(ledger)
    assert (await standing(projector, ledger)).stopped_at == 2
    with pytest.raises(FoldFailed):
        await projector.rebuild(reader.name)
    assert await rows(own_pool, reader, ledger) == {"t0": 1}


async def test_rows_the_database_refuses_stop_the_projection_at_their_event(
    own_pool: Pool, own_log: Log, own_recorder: Recorder, projection: Projection
) -> None:
    def wrong(row: Row | None, event: RecordedEvent) -> Rows:
        [made] = counted(row, event)
        return ({**made, "reports": "many" if event.position == 3 else made["reports"]},)

    ledger = await own_recorder.new_ledger()
    refused = replace(projection, folds={REPORT: wrong})
    projector = Projector(own_pool, own_log, [refused])
    await projector.prepare()
    await own_recorder.record(ledger, [report("t0")] * 5)
    await projector.catch_up(ledger)
    found = await standing(projector, ledger)
    assert (found.position, found.stopped_at) == (2, 3)
    assert await rows(own_pool, refused, ledger) == {"t0": 2}


async def test_a_thing_that_cannot_be_folded_anew_stops_the_projection_at_what_is_late(
    own_pool: Pool, own_log: Log, own_recorder: Recorder, projection: Projection
) -> None:
    def orderly(row: Row | None, event: RecordedEvent) -> Rows:
        if row is not None and event.data["narrative"] == "first":
            raise ValueError("it is not the first")
        return counted(row, event)

    ledger = await own_recorder.new_ledger()
    strict = replace(projection, folds={REPORT: orderly})
    projector = Projector(own_pool, own_log, [strict])
    await projector.prepare()
    await own_recorder.record(ledger, [report("t0", "first"), report("t1"), report("t1")])
    late = report("t0").model_copy(update={"effective_on": DAY - timedelta(days=1)})
    await own_recorder.record(ledger, [report("t0"), late, report("t1")])
    await projector.catch_up(ledger)
    found = await standing(projector, ledger)
    assert (found.position, found.stopped_at) == (4, 5)
    assert "it is not the first" in (found.error or "")
    assert await rows(own_pool, strict, ledger) == {"t0": 2, "t1": 2}


async def test_a_reader_waits_for_the_position_it_needs(
    own_pool: Pool, own_log: Log, own_recorder: Recorder, projection: Projection
) -> None:
    ledger = await own_recorder.new_ledger()
    projector = Projector(own_pool, own_log, [projection])
    await projector.prepare()
    await own_recorder.record(ledger, [report("t0")])
    with pytest.raises(ProjectionBehind):
        await projector.wait(ledger, 1, [projection], 0.1)
    with pytest.raises(PositionNotRecorded):
        await projector.wait(ledger, 2, [projection], PATIENCE_SECONDS)
    elsewhere = Projector(own_pool, own_log, [projection])
    waiting = asyncio.create_task(projector.wait(ledger, 1, [projection], PATIENCE_SECONDS))
    await elsewhere.catch_up(ledger)
    await waiting


async def test_what_another_process_is_moving_is_not_taken_for_done(
    own_pool: Pool, own_log: Log, own_recorder: Recorder, projection: Projection
) -> None:
    ledger = await own_recorder.new_ledger()
    projector = Projector(own_pool, own_log, [projection])
    await projector.prepare()
    await own_recorder.record(ledger, [report("t0")])
    await projector.catch_up(ledger)
    await own_recorder.record(ledger, [report("t0")])
    async with own_pool.acquire() as elsewhere:
        async with elsewhere.transaction():
            await elsewhere.execute("SELECT FROM read.positions FOR UPDATE")
            catching_up = asyncio.create_task(projector.catch_up(ledger))
            done, _ = await asyncio.wait({catching_up}, timeout=0.2)
            assert not done
            with pytest.raises(ProjectionBehind):
                await projector.wait(ledger, 2, [projection], 0.1)
        await catching_up
    assert await rows(own_pool, projection, ledger) == {"t0": 2}


async def test_a_missing_position_stops_every_projection_and_no_rebuild_hides_it(
    own_pool: Pool, own_log: Log, own_recorder: Recorder, projection: Projection, own_url: str
) -> None:
    ledger = await own_recorder.new_ledger()
    await own_recorder.record(ledger, [report("t0"), report("t1"), report("t2")])
    owner = await asyncpg.connect(own_url)
    await owner.execute("ALTER TABLE log.events DISABLE TRIGGER append_only")
    await owner.execute("DELETE FROM log.events WHERE ledger = $1 AND position = 2", ledger)
    projector = Projector(own_pool, own_log, [projection])
    await projector.prepare()
    await projector.catch_up(ledger)
    found = await standing(projector, ledger)
    assert (found.state, found.position, found.stopped_at) == ("stopped", 1, 2)
    with pytest.raises(LogBroken):
        await projector.rebuild(projection.name)
    await owner.close()
