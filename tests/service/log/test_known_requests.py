"""Known requests: a key is met again in the next year, and is forgotten when its time is over."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from eventsourcing.dcb.api import DCBQuery, DCBQueryItem

from service.database.engine import Connection, create_pool
from service.database.migrate import migrate
from service.log.events import Appended, Idempotency, LogEvent
from service.log.known_requests import EXPIRE, KnownRequests
from service.log.log import Log
from tests.databases import database_before, empty_database

BY_YEAR = "0035"
THIS = datetime.now(UTC).year
LEDGER = "a"
CALLERS, PROCESSES = 64, 4
KEYS = [f"key-{number}" for number in range(6)]
OPEN = "INSERT INTO log.ledgers (ledger, name) VALUES ($1, $1)"
RECORDED = """
INSERT INTO log.events (
    ledger, position, event_id, type, schema_version, recorded_at, effective_on, actor, tags, data
) VALUES ($1, log.head($1) + 1, gen_random_uuid(), 't', 1, $2, current_date, 'x', '{}', '{}')
"""
REQUESTED = """
INSERT INTO log.requests (
    ledger, client, key, digest, first_position, last_position, recorded_at, reply
) VALUES ($1, 'c', $2, 'd', 1, 1, $3, 'r')
"""
YEARS = """
SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'log.requests'::regclass ORDER BY 1
"""
FILE_OF_FIRST = "SELECT pg_relation_filenode(to_regclass($1))"


@pytest.fixture
async def url(server_url: str) -> AsyncIterator[str]:
    """A database of its own: the years of its requests are those of this test."""
    async with empty_database(server_url) as url:
        await migrate(url)
        yield url


@pytest.fixture
async def owner(url: str) -> AsyncIterator[Connection]:
    connection: Connection = await asyncpg.connect(url)
    await connection.execute(OPEN, LEDGER)
    yield connection
    await connection.close()


def first_of(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=UTC)


async def append(log: Log, key: str) -> Appended:
    event = LogEvent("t", b"{}", [f"key:{key}"])
    return await log.append(LEDGER, [event], idempotency=Idempotency("c", key, b"d"), reply=b"r")


async def looked_up(log: Log, key: str) -> Appended | None:
    """What a command is told of its key before it decides."""
    query = DCBQuery(items=[DCBQueryItem(tags=[f"key:{key}"])])
    return (await log.boundary(LEDGER, query, idempotency=Idempotency("c", key, b"d"))).replay


async def years(owner: Connection) -> list[int]:
    return [int(name.removeprefix("requests_")) for (name,) in await owner.fetch(YEARS)]


async def begin_in(owner: Connection, year: int) -> None:
    """Let the requests begin with that year, and with all before it."""
    for one in await years(owner):
        await owner.execute(f"DROP TABLE log.requests_{one}")
    await owner.execute(
        f"CREATE TABLE log.requests_{year} PARTITION OF log.requests "
        f"FOR VALUES FROM (MINVALUE) TO ('{year + 1}-01-01 00:00+00')"
    )


async def end_year(owner: Connection) -> None:
    """From now on what is recorded in the ledger is of the next year."""
    async with owner.transaction():
        await owner.execute("SELECT log.ledger_lock($1)", LEDGER)
        await owner.execute(RECORDED, LEDGER, first_of(THIS + 1))


async def test_of_many_callers_across_the_end_of_a_year_one_is_recorded(
    url: str, owner: Connection
) -> None:
    if THIS + 1 not in await years(owner):
        await owner.execute(
            f"CREATE TABLE log.requests_{THIS + 1} PARTITION OF log.requests "
            f"FOR VALUES FROM ('{THIS + 1}-01-01 00:00+00') TO ('{THIS + 2}-01-01 00:00+00')"
        )
    async with AsyncExitStack() as stack:
        logs: list[Log] = []
        for _ in range(PROCESSES):
            pool = await stack.enter_async_context(await create_pool(url, size=2))
            skew = timedelta(days=800)
            logs.append(await stack.enter_async_context(Log(pool, most_skew=skew)))
        for key in KEYS:
            callers = [append(logs[number % PROCESSES], key) for number in range(CALLERS)]
            answers = asyncio.gather(*callers)
            if key == KEYS[len(KEYS) // 2]:
                await end_year(owner)
            await answers
            assert len({answer.first_position for answer in answers.result()}) == 1
            assert sum(not answer.replayed for answer in answers.result()) == 1
        again = [await append(logs[0], key) for key in KEYS]
        known = [await looked_up(logs[0], key) for key in KEYS]
    assert all(answer.replayed for answer in again)
    assert known == again
    assert {answer.recorded_at.year for answer in again} == {THIS, THIS + 1}
    assert await owner.fetchval("SELECT count(*) FROM log.requests") == len(KEYS)
    assert await owner.fetchval("SELECT log.head($1)", LEDGER) == len(KEYS) + 1


async def test_a_year_of_keys_goes_when_its_time_is_over(url: str, owner: Connection) -> None:
    await begin_in(owner, THIS - 3)
    async with await create_pool(url, size=2) as pool, Log(pool) as log:
        await log.append(LEDGER, [LogEvent("t", b"{}")])
        made = await years(owner)
        assert made[:4] == [THIS - 3, THIS - 2, THIS - 1, THIS]
        for year in made:
            await owner.execute(REQUESTED, LEDGER, f"of-{year}", first_of(year))
        for year in made[1:]:
            for change in ("UPDATE log.{} SET key = ''", "DELETE FROM log.{}", "TRUNCATE log.{}"):
                with pytest.raises(asyncpg.RestrictViolationError):
                    await owner.execute(change.format(f"requests_{year}"))
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await pool.execute(f"DROP TABLE log.requests_{year}")
        with pytest.raises(asyncpg.CheckViolationError):
            await pool.fetchval(EXPIRE, 30)
        known = KnownRequests(pool, (datetime.now(UTC) - first_of(THIS - 1)).days)
        async with owner.transaction():
            await owner.fetch("SELECT FROM log.requests")
            await known.keep()  # somebody reads: nothing waits for that
            assert await years(owner) == made
        await known.keep()
        assert await years(owner) == made[2:]
        kept = await append(log, f"of-{THIS - 1}")
        anew = await append(log, f"of-{THIS - 3}")
    assert kept.replayed
    assert not anew.replayed
    assert anew.first_position == 2


async def test_what_was_requested_before_is_the_first_year_and_not_written_anew(
    server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database_before(server_url, BY_YEAR, monkeypatch) as url:
        owner = await asyncpg.connect(url)
        await owner.execute(OPEN, LEDGER)
        await owner.execute(RECORDED, LEDGER, first_of(THIS - 5))
        for key, year in (("old", THIS - 5), ("new", THIS)):
            await owner.execute(REQUESTED, LEDGER, key, first_of(year))
        file = await owner.fetchval(FILE_OF_FIRST, "log.requests")
        await migrate(url)
        assert await owner.fetchval(FILE_OF_FIRST, f"log.requests_{THIS}") == file
        async with await create_pool(url, size=2) as pool, Log(pool) as log:
            assert [(await append(log, key)).replayed for key in ("old", "new", "x")] == [
                True,
                True,
                False,
            ]
        await owner.close()
