"""Rebuilds: read models built anew beside those that serve, swapped in whole, and proved right."""

import asyncio
from dataclasses import replace
from typing import Any, TypedDict, get_type_hints

import pytest
from sqlalchemy import delete, func, select, update

from projections import PROJECTIONS
from projections import projection as printing
from projections.projection import SCHEMA, Projection, read_table
from projections.statement import LEDGER, statement
from projections.statement import standing as standing_at
from projections.tasks.tasks import TASKS
from service.database.engine import Acquired, Pool, create_engine
from service.log.events import LogEvent
from service.log.log import Log
from service.read_models import rebuild as rebuilding
from service.read_models.advance import advance
from service.read_models.projector import Projector
from service.read_models.tables import ReadTable
from tests.projections.conftest import Recorder
from tests.projections.reports import REPORT, report, rows, standing, tenfold

PATIENCE_SECONDS = 60.0


async def until_running(projector: Projector, ledger: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await standing(projector, ledger)).state != "running":  # noqa: ASYNC110  no event tells
            await asyncio.sleep(0.02)


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


async def test_no_projector_writes_while_a_rebuild_swaps_its_table_in(
    own_pool: Pool,
    own_log: Log,
    own_recorder: Recorder,
    projection: Projection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else its position would go back, or rows of a ledger begun meanwhile be lost."""
    monkeypatch.setattr(rebuilding, "SWAP_WAIT_MS", 1000 * int(PATIENCE_SECONDS))
    ledger = await own_recorder.new_ledger()
    projector = Projector(own_pool, own_log, [projection])
    await projector.prepare()
    await own_recorder.record(ledger, [report("t0")])
    await projector.catch_up(ledger)
    table = ReadTable(projection, SCHEMA)
    async with own_pool.acquire() as reader, own_pool.acquire() as other:
        async with reader.transaction():
            await reader.execute(f"LOCK TABLE {table.name} IN ACCESS SHARE MODE")
            rebuild = asyncio.create_task(projector.rebuild(projection.name))
            await _until_waiting(other, table, "AccessExclusiveLock")
            # It writes no row, so only the projection's own lock can hold it off.
            event = LogEvent(type="test.other", data=b"{}", tags=["test:1"])
            await own_log.append(ledger, [event])
            assert not await advance(other, ledger, [table])
        await rebuild
        assert await advance(other, ledger, [table])
    assert (await standing(projector, ledger)).position == 2
    assert await rows(own_pool, projection, ledger) == {"t0": 1}


async def test_a_rebuild_waits_for_a_vacuum_of_the_old_table_and_holds_no_reader_up(
    own_pool: Pool, own_log: Log, projection: Projection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "UPKEEP_WAIT_MS", 1000 * int(PATIENCE_SECONDS))
    projector = Projector(own_pool, own_log, [projection])
    await projector.prepare()
    table = ReadTable(projection, SCHEMA)
    async with own_pool.acquire() as vacuum, own_pool.acquire() as reader:
        async with vacuum.transaction():
            await vacuum.execute(f"LOCK TABLE {table.name} IN SHARE UPDATE EXCLUSIVE MODE")
            rebuild = asyncio.create_task(projector.rebuild(projection.name))
            await _until_waiting(reader, table, "ShareUpdateExclusiveLock")
            async with reader.transaction():
                await reader.execute(f"LOCK TABLE {table.name} IN ACCESS SHARE MODE NOWAIT")
        await rebuild


async def _until_waiting(connection: Acquired, table: ReadTable, mode: str) -> None:
    """The rebuild waits for the old table."""
    waiting = """
    SELECT EXISTS (
        SELECT FROM pg_locks
        WHERE NOT granted AND mode = $2 AND relation = to_regclass($1)::oid
    )
    """
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await connection.fetchval(waiting, table.name, mode):  # noqa: ASYNC110  no event tells
            await asyncio.sleep(0.01)


async def test_what_a_killed_rebuild_left_is_dropped_at_the_next_start_unless_one_is_under_way(
    own_pool: Pool, own_log: Log, projection: Projection
) -> None:
    projector = Projector(own_pool, own_log, [projection])
    await projector.prepare()
    shadow = ReadTable(projection, rebuilding.SHADOW)
    async with own_pool.acquire() as killed, own_pool.acquire() as other:
        await shadow.create(other)
        lock = (rebuilding.LOCK_CLASS, projection.name)
        await killed.execute("SELECT pg_advisory_lock($1, hashtext($2))", *lock)
        await projector.start()
        await projector.stop()
        assert await shadow.exists(other)
        await killed.execute("SELECT pg_advisory_unlock($1, hashtext($2))", *lock)
        await projector.start()
        await projector.stop()
        assert not await shadow.exists(other)


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
    assert replace(TASKS, version=99).fingerprint != TASKS.fingerprint
    assert replace(TASKS).fingerprint == TASKS.fingerprint


def test_a_library_that_prints_sql_in_another_way_causes_no_rebuild(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = TASKS.fingerprint
    sql = printing._sql  # noqa: SLF001  the library's part
    monkeypatch.setattr(printing, "_sql", lambda statement: f"{sql(statement)} ")
    assert replace(TASKS).create_table(SCHEMA).endswith(" ")
    assert replace(TASKS).fingerprint == before
    row = {**get_type_hints(TASKS.row, include_extras=True)}
    del row["origin"]
    narrower = read_table("tasks", TypedDict("Narrower", row))  # type: ignore[operator]  # made up
    assert replace(TASKS, table=narrower).fingerprint != before
