"""Epochs: a log that was restored or set back gets a new one, and nothing of before is believed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest
from eventsourcing.dcb.api import DCBQuery

from service.database.engine import create_pool, with_database
from service.database.migrate import migrate
from service.log.epochs import Epochs, Place, thinned
from service.log.events import (
    AppendConditionFailed,
    ClocksDisagree,
    Condition,
    KeysMissing,
    LogEvent,
    SealedWith,
)
from service.log.log import Log
from service.log.pages import PositionMissing
from service.log.sealing import PersonKeys
from tests.erasing import destroy
from tests.service.listened import until_waited_for

COMMON = "SELECT heads ->> 'a' FROM log.epochs ORDER BY number DESC LIMIT 1"


def event(*tags: str) -> LogEvent:
    return LogEvent("t", b"{}", list(tags))


@pytest.fixture
async def url(server_url: str) -> AsyncIterator[str]:
    """A migrated database of this test's own, with the ledger `a`."""
    name = f"epochs_{uuid4().hex[:12]}"
    server = await asyncpg.connect(server_url)
    await server.execute(f"CREATE DATABASE {name}")
    await migrate(with_database(server_url, name))
    owner = await asyncpg.connect(with_database(server_url, name))
    await owner.execute("INSERT INTO log.ledgers (ledger, name) VALUES ('a', 'A')")
    await owner.close()
    yield with_database(server_url, name)
    for each in (name, f"{name}_copy", f"{name}_gone"):
        await server.execute(f"DROP DATABASE IF EXISTS {each} WITH (FORCE)")
    await server.close()


@asynccontextmanager
async def process(url: str, file: Path | None = None) -> AsyncIterator[Log]:
    """A log as a process of the service has it."""
    async with await create_pool(url, size=3) as pool:
        epochs = Epochs(pool, file=file)
        async with Log(pool, epochs=epochs) as log:
            await epochs.start()
            try:
                yield log
            finally:
                await epochs.stop()


async def removed(url: str, *positions: int) -> None:
    """Take events away, as only the owner can who switches the guard off."""
    owner = await asyncpg.connect(url)
    for table in ("tagged", "events"):
        await owner.execute(f"ALTER TABLE log.{table} DISABLE TRIGGER append_only")
        await owner.execute(
            f"DELETE FROM log.{table} WHERE position = ANY ($1::bigint[])",  # noqa: S608  constants
            positions,
        )
        await owner.execute(f"ALTER TABLE log.{table} ENABLE ALWAYS TRIGGER append_only")
    await owner.close()


async def copied(server_url: str, url: str) -> str:
    """Copy the database. Return the copy's address."""
    name = urlsplit(url).path[1:]
    server = await asyncpg.connect(server_url)
    await server.execute(f"CREATE DATABASE {name}_copy TEMPLATE {name}")
    await server.close()
    return with_database(server_url, f"{name}_copy")


async def restored(server_url: str, url: str) -> None:
    """Put the copy in the database's place, which the sessions in it leave."""
    name = urlsplit(url).path[1:]
    server = await asyncpg.connect(server_url)
    await server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    sessions = f"FROM pg_stat_activity WHERE datname = '{name}'"
    async with asyncio.timeout(60):
        while await server.fetchval(f"SELECT count(*) {sessions}"):
            await server.execute(f"SELECT pg_terminate_backend(pid) {sessions}")
            await asyncio.sleep(0.05)
    await server.execute(f"ALTER DATABASE {name} RENAME TO {name}_gone")
    await server.execute(f"ALTER DATABASE {name}_copy RENAME TO {name}")
    await server.close()


async def common(log: Log) -> int:
    return int(await log._pool.fetchval(COMMON))  # noqa: SLF001  the process's own connections


async def test_a_copy_of_the_log_has_another_epoch_before_anything_is_appended_to_it(
    server_url: str, url: str
) -> None:
    async with await create_pool(url, size=2) as pool, Log(pool) as log:
        await log.append("a", [event(), event()])
        before = (await log.page("a", after=0, limit=10)).epoch
    copy = await copied(server_url, url)
    async with await create_pool(copy, size=2) as pool, Log(pool) as log:
        await log.append("a", [event()])
        page = await log.page("a", after=0, limit=10)
        assert page.epoch != before
        assert page.upto == 3
        assert await log.epochs.common("a", before) == 2
        assert await log.epochs.common("a", "0" * 12) == 0


async def test_what_was_decided_in_another_epoch_is_decided_again(url: str) -> None:
    async with process(url) as log:
        now = (await log.boundary("a", DCBQuery())).epoch
        with pytest.raises(AppendConditionFailed):
            await log.append("a", [event()], Condition(DCBQuery(), after=0, epoch="0" * 12))
        await log.append("a", [event()], Condition(DCBQuery(), after=0, epoch=now))


async def test_nothing_is_appended_to_a_log_that_was_set_back_before_its_new_epoch(
    url: str,
) -> None:
    async with process(url) as log:
        before = log.epochs.current
        await log.append("a", [event() for _ in range(5)])
        await removed(url, 4, 5)
        with pytest.raises(AppendConditionFailed):
            await log.append("a", [event()])
        assert log.epochs.current != before
        assert (await log.append("a", [event()])).first_position == 4


async def test_other_events_at_the_same_positions_are_noticed(url: str) -> None:
    async with process(url) as log:
        for _ in range(5):
            await log.append("a", [event()])
        await removed(url, 4, 5)
        async with await create_pool(url, size=2) as pool, Log(pool) as forgetful:
            await forgetful.append("a", [event() for _ in range(3)])
        before = log.epochs.current
        await log.epochs.check()
        assert log.epochs.current != before
        assert await common(log) <= 3


async def test_a_process_that_starts_notices_what_it_had_seen(url: str, tmp_path: Path) -> None:
    file = tmp_path / "kept" / "seen.json"
    async with process(url, file) as log:
        await log.append("a", [event() for _ in range(3)])
        before = log.epochs.current
    async with process(url, file) as log:
        assert log.epochs.current == before
    await removed(url, 3)
    async with await create_pool(url, size=2) as pool:
        assert await Epochs(pool, file=file).lost() == {"a": 3}
    async with process(url, file) as log:
        assert log.epochs.current != before
    file.write_text("{", encoding="utf-8")
    async with process(url, file):
        pass


async def test_one_new_epoch_is_enough_for_all_processes(url: str) -> None:
    async with process(url) as one, process(url) as other:
        await one.append("a", [event() for _ in range(3)])
        await other.epochs.check()
        await removed(url, 3)
        await asyncio.gather(one.epochs.check(), other.epochs.check())
        await one.epochs.check()
        assert one.epochs.current == other.epochs.current
        count = await one._pool.fetchval("SELECT count(*) FROM log.epochs")  # noqa: SLF001  as above
        assert count == 2


async def test_an_epoch_of_before_that_came_back_is_not_continued(
    server_url: str, url: str
) -> None:
    async with process(url) as log:
        await log.append("a", [event()])
    await copied(server_url, url)
    async with process(url) as log:
        before = log.epochs.current
        await log.epochs.restored(None)
        await log.epochs.check()
        second = log.epochs.current
        assert second != before
        await restored(server_url, url)
        async with asyncio.timeout(60):
            while log.epochs.current in {before, second}:
                try:
                    await log.epochs.check()
                except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                    await asyncio.sleep(0.1)


async def test_the_operator_says_when_it_was_restored(url: str) -> None:
    async with process(url) as log:
        await log.append("a", [event()])
        await asyncio.sleep(0.01)
        at = datetime.now(UTC)
        await asyncio.sleep(0.01)
        await log.append("a", [event()])
        before = log.epochs.current
        begun = await log.epochs.restored(at)
        assert begun != before
        assert await log.epochs.common("a", before) == 1


async def test_an_event_is_not_recorded_where_clocks_disagree(url: str) -> None:
    async with await create_pool(url, size=2) as pool, Log(pool) as log:
        await log.append("a", [event()])
        async with Log(pool, most_skew=timedelta(seconds=-1)) as strict:
            with pytest.raises(ClocksDisagree):
                await strict.append("a", [event()])
        assert (await log.append("a", [event()])).first_position == 2


@pytest.mark.parametrize("key", ["missing", "another", "destroyed"])
async def test_an_event_is_not_recorded_whose_key_is_not_stored(url: str, key: str) -> None:
    async with process(url) as log, await create_pool(url, size=2, role=None) as owner:
        keys = PersonKeys(owner, bytes(32))
        seal = await keys.seal("a", "person")
        sealed = event("official:person")
        sealed.sealed_with = SealedWith("person", seal.digest)
        assert (await log.append("a", [sealed])).first_position == 1
        if key == "destroyed":
            await destroy(owner, "a", "person")
        else:
            await owner.execute("ALTER TABLE log.person_keys DISABLE TRIGGER append_only")
            await owner.execute("DELETE FROM log.person_keys")
        if key == "another":
            await PersonKeys(owner, bytes(32)).seal("a", "person")
        outcomes = await asyncio.gather(
            log.append("a", [sealed, event()]), log.append("a", [event()]), return_exceptions=True
        )
        assert isinstance(outcomes[0], KeysMissing)
        assert await log.head("a") == 2


async def test_a_page_ends_before_a_position_that_is_missing(url: str) -> None:
    async with process(url) as log:
        await log.append("a", [event("x:1") for _ in range(9)])
        await removed(url, 5)
        for query in (
            None,
            DCBQuery(),
        ):
            page = await log.page("a", query, after=2, limit=100)
            assert [each.position for each in page.events] == [3, 4]
            assert page.upto == 4
            with pytest.raises(PositionMissing):
                await log.page("a", query, after=4, limit=1)


async def test_notifications_of_what_is_no_ledger_are_not_remembered(url: str) -> None:
    async with process(url) as log:
        waiting = asyncio.create_task(log.wait_beyond("a", 0, 60))
        await until_waited_for(log, "a")
        owner = await asyncpg.connect(url)
        await owner.execute(
            "SELECT pg_notify('giaoviec.log', 'nowhere-' || n) FROM generate_series(1, 500) n"
        )
        await owner.close()
        await log.append("a", [event()])
        assert await waiting == 1
        await asyncio.sleep(0.2)
        assert set(log._wakeups._counts) <= {"a"}  # noqa: SLF001  nothing else shows it


def test_what_was_seen_thins_out_the_further_it_lies_back() -> None:
    places: list[Place] = []
    for position in range(1, 10_001):
        places = thinned([Place(position, uuid4()), *places])
    distances = [places[0].position - place.position for place in places]
    assert distances[0] == 0
    assert distances[-1] == 9_999
    assert len(places) < 40
    assert all(after <= 6 * max(before, 1) for before, after in pairwise(distances))
