"""The projector: every event once, in order; loud where it cannot go on; rebuilt beside itself."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import delete, func, select, update

from projections import PROJECTIONS
from projections.active_tasks import ACTIVE_TASKS
from projections.folding import FoldFailed
from projections.projection import Fact, Projection, Row, Rows
from projections.statement import LEDGER, statement
from projections.statement import standing as standing_at
from service.database.engine import Pool, create_engine, create_pool, with_database
from service.database.migrate import migrate
from service.facts import LogBroken
from service.log.events import LogEvent
from service.log.log import Log
from service.projector import PositionNotRecorded, ProjectionBehind, Projector, Standing
from tests.projections.conftest import Recorder
from tests.projections.reports import (
    REPORT,
    counted,
    patient,
    report,
    reports_projection,
    tenfold,
)

PATIENCE_SECONDS = 20.0


@pytest.fixture(scope="module")
async def template(server_url: str) -> AsyncIterator[str]:
    """A migrated database to copy."""
    name = f"projector_{uuid4().hex[:12]}"
    connection = await asyncpg.connect(server_url)
    await connection.execute(f"CREATE DATABASE {name}")
    await migrate(with_database(server_url, name))
    yield name
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


@pytest.fixture
async def own_url(server_url: str, template: str) -> AsyncIterator[str]:
    """A database of this test alone: a rebuild folds all its ledgers."""
    name = f"projector_{uuid4().hex[:12]}"
    connection = await asyncpg.connect(server_url)
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield with_database(server_url, name)
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


@pytest.fixture
async def own_pool(own_url: str) -> AsyncIterator[Pool]:
    async with await create_pool(own_url, size=8) as pool:
        yield pool


@pytest.fixture
async def own_log(own_pool: Pool) -> AsyncIterator[Log]:
    async with Log(own_pool) as log:
        yield log


@pytest.fixture
def own_recorder(own_pool: Pool, own_log: Log) -> Recorder:
    return Recorder(own_pool, own_log)


@pytest.fixture
def projection() -> Projection:
    return reports_projection(f"reports_{uuid4().hex[:12]}")


async def rows(pool: Pool, projection: Projection, ledger: str) -> dict[str, int]:
    table = projection.table
    query = statement(select(table.c.task_id, table.c.reports).where(table.c.ledger == LEDGER))
    found = await pool.fetch(query.sql, *query.arguments({"ledger": ledger}))
    return {row["task_id"]: row["reports"] for row in found}


async def standing(projector: Projector, ledger: str) -> Standing:
    [found] = [found for found in await projector.status() if found.ledger == ledger]
    return found


async def until_running(projector: Projector, ledger: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await standing(projector, ledger)).state != "running":  # noqa: ASYNC110  no event tells
            await asyncio.sleep(0.02)


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
    def wrong(row: Row | None, fact: Fact) -> Rows:
        [made] = counted(row, fact)
        return ({**made, "reports": "many" if fact.position == 3 else made["reports"]},)

    ledger = await own_recorder.new_ledger()
    refused = replace(projection, folds={REPORT: wrong})
    projector = Projector(own_pool, own_log, [refused])
    await projector.prepare()
    await own_recorder.record(ledger, [report("t0")] * 5)
    await projector.catch_up(ledger)
    found = await standing(projector, ledger)
    assert (found.position, found.stopped_at) == (2, 3)
    assert await rows(own_pool, refused, ledger) == {"t0": 2}


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


def reports_until(position: int) -> int:
    """500 reports, then one and something else in turn."""
    return 500 + (position - 499) // 2


async def test_a_rebuild_under_writers_and_a_slow_reader_loses_nothing_and_never_goes_back(
    own_pool: Pool, own_log: Log, own_recorder: Recorder, projection: Projection
) -> None:
    ledger = await own_recorder.new_ledger()
    projector = Projector(own_pool, own_log, [projection])
    await projector.start()
    await own_recorder.record(ledger, [report(f"t{number}") for number in range(500)])
    await projector.wait(ledger, 500, [projection], PATIENCE_SECONDS)
    table = projection.table
    counted_in_all = select(func.sum(table.c.reports)).where(table.c.ledger == LEDGER)
    query = statement(
        select(
            standing_at(projection.name).label("position"),
            counted_in_all.scalar_subquery().label("counted"),
        )
    )
    seen: list[tuple[int, int]] = []
    over = asyncio.Event()

    async def record() -> int:
        last = 0
        while not over.is_set():
            await own_recorder.record(ledger, [report("t0")])
            other = LogEvent(type="test.other", data=b"{}", tags=["test:1"])
            last = (await own_log.append(ledger, [other])).last_position
        return last

    async def read() -> None:
        while not over.is_set():
            row = await own_pool.fetchrow(query.sql, *query.arguments({"ledger": ledger}))
            assert row is not None
            seen.append((row["position"], int(row["counted"])))
            await asyncio.sleep(0)

    recording, reading = asyncio.create_task(record()), asyncio.create_task(read())
    told: list[tuple[int, int]] = []
    for _ in range(3):
        async with own_pool.acquire() as reader, reader.transaction():
            await reader.execute(f"LOCK TABLE read.{projection.name} IN ACCESS SHARE MODE")
            rebuild = asyncio.create_task(
                projector.rebuild(projection.name, lambda *shares: told.append(shares))
            )
            await asyncio.sleep(0.8)
        await rebuild
    over.set()
    last, _ = await asyncio.gather(recording, reading)
    await projector.wait(ledger, last, [projection], PATIENCE_SECONDS)
    await projector.stop()
    assert all(count == reports_until(position) for position, count in seen)
    assert seen == sorted(seen)
    assert told[-1][0] == told[-1][1] >= 500
    assert sum((await rows(own_pool, projection, ledger)).values()) == reports_until(last)


async def test_a_projection_of_another_shape_is_rebuilt_at_the_start(
    own_pool: Pool, own_log: Log, own_recorder: Recorder, projection: Projection
) -> None:
    ledger = await own_recorder.new_ledger()
    await own_recorder.record(ledger, [report("t0"), report("t0")])
    old = Projector(own_pool, own_log, [projection])
    await old.prepare()
    await old.catch_up(ledger)
    newer = replace(
        projection,
        version=2,
        folds={REPORT: tenfold},
    )
    new = Projector(own_pool, own_log, [newer])
    assert (await standing(new, ledger)).state == "outdated"
    await new.start()
    await until_running(new, ledger)
    await new.stop()
    assert await rows(own_pool, newer, ledger) == {"t0": 10}
    await own_recorder.record(ledger, [report("t1")])
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await old.catch_up(ledger)
    assert await rows(own_pool, newer, ledger) == {"t0": 10}


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


async def test_verify_finds_the_rows_that_differ_from_the_log(
    own_url: str, own_pool: Pool, own_log: Log, own_recorder: Recorder, projection: Projection
) -> None:
    engine = create_engine(own_url, size=1)
    ledger = await own_recorder.new_ledger()
    projector = Projector(own_pool, own_log, [projection])
    await projector.prepare()
    await own_recorder.record(ledger, [report(f"t{number}") for number in range(5)])
    await projector.catch_up(ledger)

    async def differing() -> tuple[str, ...]:
        [found] = [v for v in await projector.verify(projection.name) if v.ledger == ledger]
        return found.differing

    assert await differing() == ()
    table = projection.table
    async with engine.begin() as connection:
        await connection.execute(update(table).where(table.c.task_id == "t3").values(reports=2))
    assert await differing() == ("task_id=t3, valid_from=2000-01-01",)
    async with engine.begin() as connection:
        await connection.execute(delete(table).where(table.c.task_id == "t1"))
    assert len(await differing()) == 2
    await projector.rebuild(projection.name)
    assert await differing() == ()
    await engine.dispose()


def test_the_folds_of_the_real_projections_need_no_rebuild_unless_they_change() -> None:
    prints: dict[str, Any] = {projection.name: projection.fingerprint for projection in PROJECTIONS}
    assert len(set(prints.values())) == len(PROJECTIONS)
    assert replace(ACTIVE_TASKS, version=99).fingerprint != ACTIVE_TASKS.fingerprint
    assert replace(ACTIVE_TASKS).fingerprint == ACTIVE_TASKS.fingerprint
