"""Snapshots: made in the background whatever happens meanwhile, kept apart, bounded, expired."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import NamedTuple

import asyncpg
import pytest

from domain.kernel import Event
from domain.organisation.events import UnitEstablished
from projections import PROJECTIONS
from projections.projection import SCHEMA
from service.database.engine import Acquired, Pool, create_pool
from service.log.events import LogEvent
from service.log.log import Log
from service.read_models import bulk, slots, snapshot_worker
from service.read_models.events import Read, lives
from service.read_models.projector import Projector
from service.read_models.slots import fill, hold, schema_of
from service.read_models.snapshot_worker import GIVEN_UP, SnapshotWorker
from service.read_models.snapshots import (
    MOST_ATTEMPTS,
    Snapshot,
    SnapshotFailed,
    SnapshotNameTaken,
    SnapshotNotReady,
    SnapshotOutdated,
    Snapshots,
    SnapshotsFull,
    SnapshotUnknown,
    snapshot_at,
)
from service.read_models.tables import ReadTable
from tests.giaoviec import Giaoviec, Served
from tests.projections.conftest import Recorder

UNITS = 60
PATIENCE_SECONDS = 60.0


class Held(NamedTuple):
    """The log is read for a snapshot: that it has begun, and that it may go on."""

    begun: asyncio.Event
    released: asyncio.Event


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    """Whoever makes a snapshot is held up after the first events."""
    held = Held(asyncio.Event(), asyncio.Event())

    async def stuck(*asked: object) -> AsyncIterator[Sequence[Read]]:
        async for events in lives(*asked):  # type: ignore[arg-type]  # passed on
            yield events
            held.begun.set()
            await held.released.wait()

    monkeypatch.setattr(bulk, "lives", stuck)
    monkeypatch.setattr(snapshot_worker, "SAVE_SECONDS", 0.01)
    return held


class Killed(Exception):
    """The process ends here."""


def established(number: int) -> Event:
    return UnitEstablished.model_validate(
        {"effective_on": "2021-01-04", "unit_id": f"xa-{number}", "name": "Xã", "kind": "commune"}
    )


@pytest.fixture
async def recorded(own_pool: Pool, own_log: Log, own_recorder: Recorder) -> str:
    """A ledger with some units; the live read models contain them."""
    ledger = await own_recorder.new_ledger()
    await own_recorder.record(ledger, [established(number) for number in range(UNITS)])
    projector = Projector(own_pool, own_log)
    await projector.prepare()
    await projector.catch_up(ledger)
    return ledger


@pytest.fixture
def kept(own_pool: Pool) -> Snapshots:
    return Snapshots(own_pool, most=3, days=30)


@pytest.fixture
def worker(kept: Snapshots, own_url: str) -> SnapshotWorker:
    return SnapshotWorker(kept, own_url)


@pytest.fixture
async def own_connections(own_url: str) -> AsyncIterator[tuple[Acquired, Acquired]]:
    async with (
        await create_pool(own_url, size=2) as pool,
        pool.acquire() as one,
        pool.acquire() as other,
    ):
        yield one, other


async def order(kept: Snapshots, ledger: str, name: str = "meeting", at: int = UNITS) -> Snapshot:
    return await kept.order(ledger, name, at, "client:test")


async def relations(pool: Pool, slot: int) -> int:
    counted: int = await pool.fetchval(
        "SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace($1)::oid",
        schema_of(slot),
    )
    return counted


async def test_a_snapshot_of_the_head_is_the_live_tables(
    recorded: str, kept: Snapshots, worker: SnapshotWorker, own_pool: Pool
) -> None:
    ordered = await order(kept, recorded)
    with pytest.raises(SnapshotNotReady):
        await snapshot_at(own_pool, recorded, "meeting")
    assert await worker.work_once()
    assert not await worker.work_once()
    made = await snapshot_at(own_pool, recorded, "meeting")
    assert (made.id, made.position, made.attempts) == (ordered.id, UNITS, 1)
    assert made == await snapshot_at(own_pool, recorded, UNITS)
    async with own_pool.acquire() as connection:
        for projection in PROJECTIONS:
            live = ReadTable(projection, SCHEMA)
            there = ReadTable(projection, made.schema)
            assert (await live.compare(connection, there, recorded)).things == ()
            assert [row[0] for row in await _indexes(connection, there)] == [
                row[0] for row in await _indexes(connection, live)
            ]


async def _indexes(connection: Acquired, table: ReadTable) -> list[asyncpg.Record]:
    return await connection.fetch(
        "SELECT indexname FROM pg_indexes WHERE schemaname = $1 AND tablename = $2 ORDER BY 1",
        table.schema,
        table.projection.name,
    )


async def test_a_snapshot_of_an_earlier_position_ends_there(
    recorded: str, kept: Snapshots, worker: SnapshotWorker, own_pool: Pool
) -> None:
    made = await order(kept, recorded, at=7)
    assert await worker.work_once()
    for table in ("units", "events"):
        found = await own_pool.fetchval(f"SELECT count(*) FROM {made.schema}.{table}")  # noqa: S608  constants
        assert found == 7
    with pytest.raises(SnapshotUnknown):
        await snapshot_at(own_pool, recorded, 8)
    with pytest.raises(SnapshotUnknown):
        await snapshot_at(own_pool, "another-ledger", 7)


async def test_a_snapshot_left_half_made_is_not_read_and_is_begun_anew(
    recorded: str,
    kept: Snapshots,
    worker: SnapshotWorker,
    own_pool: Pool,
    own_connections: tuple[Acquired, Acquired],
) -> None:
    """As a killed process leaves it: running, with tables in its slot, and nobody holds it."""
    snapshot = await order(kept, recorded)
    await kept.begin(snapshot)
    reader, writer = own_connections

    def dies(done: int, _: int) -> None:
        if done:
            raise Killed

    with pytest.raises(Killed):
        await fill(reader, writer, snapshot.slot, recorded, UNITS, dies)
    for connection in (reader, writer):
        connection.terminate()
    assert await relations(own_pool, snapshot.slot)
    with pytest.raises(SnapshotNotReady):
        await snapshot_at(own_pool, recorded, "meeting")
    assert await worker.work_once()
    made = await snapshot_at(own_pool, recorded, "meeting")
    assert made.attempts == 2
    assert made.events_done == made.events_total


async def test_a_slot_that_another_process_holds_is_left_alone(
    recorded: str,
    kept: Snapshots,
    worker: SnapshotWorker,
    own_connections: tuple[Acquired, Acquired],
) -> None:
    snapshot = await order(kept, recorded)
    assert await hold(own_connections[0], snapshot.slot)
    assert not await worker.work_once()
    assert (await kept.find(recorded, "meeting")).state == "waiting"


async def test_what_is_begun_too_often_is_given_up(
    recorded: str, kept: Snapshots, worker: SnapshotWorker, own_pool: Pool
) -> None:
    snapshot = await order(kept, recorded)
    for _ in range(MOST_ATTEMPTS):
        await kept.begin(snapshot)
    assert await worker.work_once()
    with pytest.raises(SnapshotFailed, match=GIVEN_UP):
        await snapshot_at(own_pool, recorded, "meeting")
    assert not await worker.work_once()


async def test_a_log_that_cannot_be_folded_fails_the_snapshot_and_leaves_nothing(
    recorded: str,
    kept: Snapshots,
    worker: SnapshotWorker,
    own_pool: Pool,
    own_log: Log,
) -> None:
    wrong = LogEvent(
        type=UnitEstablished.TYPE,
        data=b"no JSON",
        tags=["unit:xa-0"],
        effective_on=date(2021, 1, 4),
    )
    last = (await own_log.append(recorded, [wrong])).last_position
    snapshot = await order(kept, recorded, at=last)
    assert await worker.work_once()
    failed = await kept.find(recorded, "meeting")
    assert failed.state == "failed"
    assert str(last) in (failed.error or "")
    assert await relations(own_pool, snapshot.slot) == 0
    with pytest.raises(SnapshotFailed):
        await snapshot_at(own_pool, recorded, "meeting")
    await kept.drop(recorded, "meeting")
    assert await worker.work_once()


async def test_a_snapshot_dropped_while_it_is_made_is_made_no_further(
    recorded: str,
    kept: Snapshots,
    worker: SnapshotWorker,
    own_pool: Pool,
    held: Held,
) -> None:
    snapshot = await order(kept, recorded)
    working = asyncio.create_task(worker.work_once())
    await held.begun.wait()
    await kept.drop(recorded, "meeting")
    assert await working
    assert await relations(own_pool, snapshot.slot) == 0
    assert not await worker.work_once()


async def test_a_worker_that_stops_leaves_the_snapshot_to_the_next(
    recorded: str, kept: Snapshots, own_url: str, own_pool: Pool, held: Held
) -> None:
    worker = SnapshotWorker(kept, own_url)
    await order(kept, recorded)
    worker.start()
    async with asyncio.timeout(PATIENCE_SECONDS):
        await held.begun.wait()
    assert (await kept.find(recorded, "meeting")).state == "running"
    await worker.stop()
    left = await kept.find(recorded, "meeting")
    assert (left.state, left.attempts) == ("waiting", 0)
    held.released.set()
    other = SnapshotWorker(kept, own_url)
    assert await other.work_once()
    assert (await snapshot_at(own_pool, recorded, "meeting")).attempts == 1


async def test_a_snapshot_expires_and_its_tables_go(
    recorded: str, kept: Snapshots, worker: SnapshotWorker, own_pool: Pool
) -> None:
    snapshot = await order(kept, recorded)
    assert await worker.work_once()
    await own_pool.execute("UPDATE jobs.snapshots SET expires_at = now()")
    with pytest.raises(SnapshotUnknown):
        await snapshot_at(own_pool, recorded, "meeting")
    assert await kept.of_ledger(recorded) == []
    assert await worker.work_once()
    assert await relations(own_pool, snapshot.slot) == 0
    assert (await order(kept, recorded)).slot != snapshot.slot, "it rests"


async def test_a_snapshot_that_is_being_read_goes_when_it_is_read_no_more(
    recorded: str,
    kept: Snapshots,
    worker: SnapshotWorker,
    own_pool: Pool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = await order(kept, recorded)
    await worker.work_once()
    async with own_pool.acquire() as reader, reader.transaction():
        await reader.execute(f"SELECT FROM {made.schema}.units")
        await kept.drop(recorded, "meeting")
        with monkeypatch.context() as impatient:
            impatient.setattr(slots, "CLEAR_WAIT_MS", 20)
            with pytest.raises(asyncpg.LockNotAvailableError):
                await worker.work_once()
        assert await reader.fetchval(f"SELECT count(*) FROM {made.schema}.units")  # noqa: S608  a constant
    assert await worker.work_once()
    assert await relations(own_pool, made.slot) == 0


async def test_no_more_are_kept_than_the_settings_say(recorded: str, kept: Snapshots) -> None:
    for name in "abc":
        await order(kept, recorded, name)
    with pytest.raises(SnapshotNameTaken):
        await order(kept, recorded, "a")
    with pytest.raises(SnapshotsFull, match="3"):
        await order(kept, recorded, "d")
    await kept.drop(recorded, "b")
    assert (await order(kept, recorded, "d")).name == "d"


async def test_orders_at_once_take_the_last_place_once(recorded: str, kept: Snapshots) -> None:
    orders = [order(kept, recorded, f"at-once-{number}") for number in range(6)]
    outcomes = await asyncio.gather(*orders, return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, SnapshotsFull)]
    taken = {outcome.slot for outcome in outcomes if isinstance(outcome, Snapshot)}
    assert (len(refused), len(taken)) == (3, 3)


async def test_a_snapshot_of_another_build_is_refused(
    recorded: str, kept: Snapshots, worker: SnapshotWorker, own_pool: Pool
) -> None:
    await order(kept, recorded)
    await worker.work_once()
    await own_pool.execute("UPDATE jobs.snapshots SET build = 'another'")
    for known_at in ("meeting", UNITS):
        with pytest.raises(SnapshotOutdated):
            await snapshot_at(own_pool, recorded, known_at)
    await order(kept, recorded, "again")
    await worker.work_once()
    assert (await snapshot_at(own_pool, recorded, UNITS)).name == "again"


async def test_the_migration_makes_the_slots_that_the_service_fills(own_pool: Pool) -> None:
    for (slot,) in await own_pool.fetch("SELECT slot FROM jobs.snapshot_slots"):
        assert await own_pool.fetchval("SELECT has_schema_privilege($1, 'CREATE')", schema_of(slot))


def test_a_snapshot_is_made_after_a_kill_in_the_middle(
    own_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    giaoviec = Giaoviec(tmp_path_factory.mktemp("data"), own_url)
    token = giaoviec.done(
        "token", "create", "snapshot-1", "--role", "authority", "--unit", "*"
    ).strip()
    ledger = f"killed-{time.monotonic_ns()}"
    giaoviec.done("ledger", "create", ledger, "Tỉnh")
    first = Served(giaoviec)
    client = first.client(token)
    unit = {"effective_on": "2021-01-04", "unit_id": "xa", "name": "Xã", "kind": "commune"}
    assert client.post(f"/v1/{ledger}/units/establish", json=unit).is_success
    address = client.post(
        f"/v1/{ledger}/snapshots", json={"known_at": 1, "name": "meeting"}
    ).headers["Location"]
    while client.get(address).json()["state"] == "waiting":
        time.sleep(0.005)
    client.close()
    first.process.kill()
    first.process.communicate()
    second = Served(giaoviec)
    client = second.client(token)
    assert client.get(address).json()["state"] in {"running", "done"}
    while (made := client.get(address).json())["state"] == "running":
        time.sleep(0.05)
    assert made["state"] == "done"
    assert made["events_done"] == made["events_total"]
    found = client.get(f"/v1/{ledger}/changes", params={"from": "meeting"}).json()
    assert (found["items"], found["position"]) == ([], 1)
    assert client.delete(address).status_code == 204
    code, err = second.stop()
    assert code == 0, err
