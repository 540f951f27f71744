"""Warm pool: a connection is kept between reads, and goes to whoever waits; none is lost."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from service.database.engine import Patience, Pool, create_pool
from service.database.outages import NOT_NOW

PID = "SELECT pg_backend_pid()"
PATIENT = Patience(statement_s=60, lock_s=60, idle_s=60, wait_s=60)


@pytest.fixture
async def one(database_url: str) -> AsyncIterator[Pool]:
    """A pool of a single connection."""
    async with await create_pool(database_url, size=1, patience=PATIENT) as pool:
        yield pool


async def pid(pool: Pool) -> int:
    [row] = await pool.fetch(PID)
    return int(row[0])


async def test_reads_go_through_one_connection_that_whoever_waits_gets(one: Pool) -> None:
    first = await pid(one)
    assert await pid(one) == first
    assert one.get_idle_size() == one.get_size() == 1
    async with one.acquire() as connection:
        assert await connection.fetchval(PID) == first
        assert one.get_idle_size() == 0
        waiting = [asyncio.ensure_future(pid(one)) for _ in range(3)]
        await asyncio.sleep(0)
    assert await asyncio.gather(*waiting) == [first] * 3
    reading = [asyncio.ensure_future(pid(one)) for _ in range(50)]
    assert await one.fetchval(PID) == first
    assert set(await asyncio.gather(*reading)) == {first}


MODE = "SHOW plan_cache_mode"


async def test_a_statement_that_is_planned_once_leaves_the_session_as_it_was(one: Pool) -> None:
    first = await pid(one)
    for _ in range(2):
        assert [(first,)] == [tuple(row) for row in await one.fetch_planned_once(PID)]
        assert one.get_idle_size() == one.get_size() == 1
        [row] = await one.fetch_planned_once(MODE)
        assert row[0] == "force_generic_plan"
    # Whoever waits gets the one there is, as does a read that is planned as by default.
    assert await one.fetchval(MODE) == "auto"
    await one.fetch_planned_once(PID)
    reading = [asyncio.ensure_future(pid(one)) for _ in range(10)]
    once = [asyncio.ensure_future(one.fetch_planned_once(PID)) for _ in range(10)]
    assert set(await asyncio.gather(*reading)) == {first}
    assert {row[0] for [row] in await asyncio.gather(*once)} == {first}
    with pytest.raises(asyncpg.DivisionByZeroError):
        await one.fetch_planned_once("SELECT 1 / 0")
    assert await one.fetchval(MODE) == "auto"
    left = asyncio.ensure_future(one.fetch_planned_once("SELECT pg_sleep(60)"))
    await asyncio.sleep(0.05)
    left.cancel()
    with pytest.raises(asyncio.CancelledError):
        await left
    assert await one.fetchval(MODE) == "auto"


async def test_a_read_that_fails_or_is_left_keeps_no_connection(one: Pool) -> None:
    with pytest.raises(asyncpg.DivisionByZeroError):
        await one.fetch("SELECT 1 / 0")
    left = asyncio.ensure_future(one.fetch("SELECT pg_sleep(60)"))
    await asyncio.sleep(0.05)
    left.cancel()
    with pytest.raises(asyncio.CancelledError):
        await left
    assert await pid(one) > 0
    assert one.get_idle_size() == 1


async def test_a_connection_that_ends_at_hand_is_replaced(one: Pool, owner_pool: Pool) -> None:
    first = await pid(one)
    await owner_pool.execute("SELECT pg_terminate_backend($1)", first)
    async with asyncio.timeout(60):
        while True:
            try:
                assert await pid(one) != first
            except NOT_NOW:  # its end was not heard of yet
                continue
            break
    assert one.get_size() == 1


async def test_what_is_at_hand_goes_back_after_a_while(
    one: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.database.warm_pool.KEPT_S", 0.01)
    await pid(one)
    assert asyncpg.Pool.get_idle_size(one) == 0
    async with asyncio.timeout(60):
        while asyncpg.Pool.get_idle_size(one) == 0:  # noqa: ASYNC110  nothing tells of it
            await asyncio.sleep(0.01)
    assert await pid(one) > 0


async def test_a_pool_closes_with_connections_at_hand(database_url: str) -> None:
    pool = await create_pool(database_url, size=2, patience=PATIENT)
    await asyncio.gather(pid(pool), pid(pool))
    async with asyncio.timeout(60):
        await pool.close()
    ended = await create_pool(database_url, size=1, patience=PATIENT)
    await pid(ended)
    ended.terminate()
    with pytest.raises(asyncpg.InterfaceError):
        await pid(ended)
