"""Parts: the log is the same whether it lies in one part or in several, and wherever they lie."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import asyncpg
import pytest
from eventsourcing.dcb.api import DCBAppendCondition, DCBQuery, DCBQueryItem

from service.database.engine import Connection, Pool, create_pool
from service.database.migrate import migrate
from service.log.events import AppendConditionFailed, LogEvent, RecordedEvent
from service.log.log import Log
from service.log.parts import Parts, missing_parts, require_all_parts
from service.settings import Misconfigured
from tests.databases import database_before, empty_database

PARTS = "0037"
LEDGERS = ("a", "b")
SIZE = 10
EVENTS = 35
OPEN = "INSERT INTO log.ledgers (ledger, name) VALUES ($1, $1)"
# While the log is empty its first part may as well be small.
SMALL = """
ALTER TABLE log.{whole} DETACH PARTITION log.{whole}_from_1;
ALTER TABLE log.{whole} ATTACH PARTITION log.{whole}_from_1 FOR VALUES FROM (1) TO (11);
"""
EXTEND = f"SELECT log.extend_log({SIZE})"
NAMES = """
SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = $1::regclass ORDER BY length(c.relname), 1
"""
ROWS = "SELECT e.*, t.xmin::text FROM {events} e JOIN {events} t USING (ledger, position)"
TAGGED = "SELECT ledger, tag, position::bigint, type FROM log.event_tags ORDER BY 1, 2, 3"
RECORDED = """
INSERT INTO log.events (
    ledger, position, event_id, type, schema_version, recorded_at, effective_on, actor, tags, data
) VALUES ($1, $2, gen_random_uuid(), 't.one', 1, now(), current_date, 'x', '{task:1}', '{}')
"""
TOLD = re.compile(r"```sql\n(.*?)```", re.DOTALL)
HOW_TO = Path("docs/how-to/scale.md")


def by(*tags: str, types: tuple[str, ...] = ()) -> DCBQuery:
    return DCBQuery(items=[DCBQueryItem(tags=[*tags], types=[*types])])


def event(number: int) -> LogEvent:
    tags = [f"task:{number % 3}", "unit:1", *(["rare:1"] if number % 16 == 0 else [])]
    return LogEvent(f"t.{number % 4}", b"{}", tags)


async def fill(url: str, *, between: str) -> None:
    """Append one event after another, in two ledgers, the second of them a short one."""
    owner = await asyncpg.connect(url)
    async with await create_pool(url, size=2) as pool, Log(pool) as log:
        for ledger in LEDGERS:
            await owner.execute(OPEN, ledger)
            for number in range(1, (EVENTS if ledger == "a" else SIZE) + 1):
                await log.append(ledger, [event(number)])
                await owner.execute(between)
    await owner.close()


@pytest.fixture
async def url(server_url: str) -> AsyncIterator[str]:
    """A log of four parts, the last of them empty but for the first half of a part."""
    async with empty_database(server_url) as url:
        await migrate(url)
        owner = await asyncpg.connect(url)
        for whole in ("events", "tagged"):
            await owner.execute(SMALL.format(whole=whole))
        await owner.close()
        await fill(url, between=EXTEND)
        yield url


@pytest.fixture
async def owner(url: str) -> AsyncIterator[Connection]:
    connection: Connection = await asyncpg.connect(url)
    yield connection
    await connection.close()


def positions(events: Sequence[RecordedEvent]) -> list[int]:
    return [one.position for one in events]


async def parts(owner: Connection, whole: str) -> list[str]:
    return [name for (name,) in await owner.fetch(NAMES, whole)]


async def test_a_part_is_made_once_a_ledger_is_half_through_the_last(
    url: str, owner: Connection
) -> None:
    names = [f"events_from_{begun}" for begun in (1, 11, 21, 31)]
    assert await parts(owner, "log.events") == names
    counts = [f"SELECT count(*) FROM log.{name}" for name in names]  # noqa: S608  our own names
    held = [await owner.fetchval(count) for count in counts]
    assert held == [2 * SIZE, SIZE, SIZE, EVENTS - 3 * SIZE]
    async with await create_pool(url, size=2) as pool, Log(pool) as log:
        await log.append("a", [event(36)])
    await owner.execute(EXTEND)
    assert await parts(owner, "log.events") == [*names, "events_from_41"]


async def test_processes_that_look_at_once_make_one_part(url: str, owner: Connection) -> None:
    async with await create_pool(url, size=8) as pool, Log(pool) as log:
        await log.append("a", [event(number) for number in range(5)])
        before = await parts(owner, "log.tagged")
        await asyncio.gather(*(pool.execute(EXTEND) for _ in range(8)))
        assert len(await parts(owner, "log.tagged")) == len(before) + 1


async def test_no_part_is_made_that_is_not_needed_yet(own_pool: Pool) -> None:
    before = await own_pool.fetch(NAMES, "log.events")
    assert len(before) == 1
    await Parts(own_pool).extend()
    assert await own_pool.fetch(NAMES, "log.events") == before


@pytest.mark.parametrize(
    ("query", "matching"),
    [
        (None, range(1, EVENTS + 1)),
        (by("unit:1"), range(1, EVENTS + 1)),
        (by("task:1"), range(1, EVENTS + 1, 3)),
        (by("unit:1", "rare:1"), range(16, EVENTS + 1, 16)),
        (by(types=("t.3",)), range(3, EVENTS + 1, 4)),
        (by("task:1", types=("t.1",)), range(1, EVENTS + 1, 12)),
    ],
)
async def test_every_question_is_answered_over_all_parts_in_order(
    url: str, query: DCBQuery | None, matching: range
) -> None:
    async with await create_pool(url, size=2) as pool, Log(pool) as log:
        assert positions((await log.read("a", query)).events) == [*matching]
        after = [position for position in matching if position > 12]
        assert positions((await log.read("a", query, after=12, limit=2)).events) == after[:2]
        if query is not None:
            boundary = await log.boundary("a", query, occurring="t.3")
            assert [one.position for one in boundary.events] == [*matching]
            assert boundary.occurs
            for believed, is_met in ((matching[-1], True), (matching[-1] - 1, False)):
                condition = DCBAppendCondition(fail_if_events_match=query, after=believed)
                if is_met:
                    await log.append("a", [LogEvent("else", b"{}", [])], condition)
                else:
                    with pytest.raises(AppendConditionFailed):
                        await log.append("a", [LogEvent("else", b"{}", [])], condition)


async def test_no_part_is_changed_by_whoever_asks(owner: Connection) -> None:
    for whole in ("events", "tagged"):
        for part in await parts(owner, f"log.{whole}"):
            for statement in ("DELETE FROM", "TRUNCATE"):
                with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
                    await owner.execute(f"{statement} log.{part}")
            granted = f"SELECT has_table_privilege('giaoviec_service', 'log.{part}', 'INSERT')"
            assert not await owner.fetchval(granted)


async def test_what_was_recorded_before_lies_where_it_lay(
    server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database_before(server_url, PARTS, monkeypatch) as url:
        owner = await asyncpg.connect(url)
        for ledger in LEDGERS:
            await owner.execute(OPEN, ledger)
            for position in (1, 2):
                await owner.execute(RECORDED, ledger, position)
        await owner.execute(
            "INSERT INTO log.words (ledger, word) VALUES ('a', 'x'), ('a', 't.one')"
        )
        await owner.execute("INSERT INTO log.tagged (tag, position, type) VALUES (1, 1, 2)")
        rows = await owner.fetch(ROWS.format(events="log.events"))
        tagged = await owner.fetch(TAGGED)
        file = await owner.fetchval("SELECT pg_relation_filenode('log.events')")
        await migrate(url)
        assert await owner.fetch(ROWS.format(events="log.events_from_1")) == rows
        assert await owner.fetch(TAGGED) == tagged
        assert await owner.fetchval("SELECT pg_relation_filenode('log.events_from_1')") == file
        await owner.close()
        async with await create_pool(url, size=2) as pool, Log(pool) as log:
            await log.append("a", [event(3)])
            assert positions((await log.read("a")).events) == [1, 2, 3]


async def test_a_full_part_is_moved_as_the_manual_says(url: str, owner: Connection) -> None:
    async with await create_pool(url, size=2) as pool, Log(pool) as log:
        before = (await log.read("a")).events
        for whole in ("events", "tagged"):
            for told in moving(whole):
                assert (
                    not await owner.fetch(told)
                    if told.startswith("(")
                    else (await owner.execute(told))
                )
            await owner.execute(f"DROP TABLE log.{whole}_before")
        assert (await log.read("a")).events == before
        assert positions((await log.read("a", by("unit:1"))).events) == positions(before)
        await log.append("a", [event(1)])
        with pytest.raises(asyncpg.RestrictViolationError):
            await owner.execute("DELETE FROM log.events_from_1")
        assert not await missing_parts(pool)


def moving(whole: str) -> list[str]:
    """What the manual says, for parts of this test's size, on the disk that there is."""
    text = HOW_TO.read_text(encoding="utf-8")
    blocks = TOLD.findall(text[text.index("## Parts of the log") :])
    said = [block.replace("50000001", f"{SIZE + 1}").replace("'archive'", "''") for block in blocks]
    if whole == "tagged":
        said = [block.replace("events", "tagged").replace("ledger", "tag") for block in said]
    assert len(said) == 3
    return said


async def test_a_service_does_not_start_while_a_part_is_detached(
    url: str, owner: Connection
) -> None:
    async with await create_pool(url, size=2) as pool:
        await require_all_parts(pool)
        await owner.execute("ALTER TABLE log.tagged DETACH PARTITION log.tagged_from_11")
        with pytest.raises(Misconfigured, match=r"log\.tagged lacks .* positions 11 to 20"):
            await require_all_parts(pool)
        await owner.execute("ALTER TABLE log.events DETACH PARTITION log.events_from_1")
        assert await missing_parts(pool) == [
            "log.events lacks the part of positions 1 to 10",
            "log.tagged lacks the part of positions 11 to 20",
            "log.events_from_1 is detached",
            "log.tagged_from_11 is detached",
        ]


async def test_nor_while_the_last_part_is_detached(url: str, owner: Connection) -> None:
    async with await create_pool(url, size=2) as pool:
        for whole in ("events", "tagged"):
            await owner.execute(f"ALTER TABLE log.{whole} DETACH PARTITION log.{whole}_from_31")
        with pytest.raises(Misconfigured, match=r"log\.events_from_31 is detached"):
            await require_all_parts(pool)
        with pytest.raises(asyncpg.DuplicateTableError):  # nothing takes its place unseen
            await owner.execute(EXTEND)
