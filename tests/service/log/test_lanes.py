"""Lanes: ledgers that others hold do not hold up the rest, and nothing waits without end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import uuid4

import pytest

from service.database.engine import Pool
from service.log.events import Appended, LogBusy, LogEvent
from service.log.lanes import open_lanes
from service.log.log import Log
from service.log.room import Room
from tests.service.waiting_appends import until_one_waits

PATIENCE_S = 120


def event() -> LogEvent:
    return LogEvent("task.registered", b"{}", [f"task:{uuid4()}"])


@asynccontextmanager
async def held(pool: Pool, *ledgers: str) -> AsyncIterator[None]:
    """Hold the ledgers' locks, as another process would that hangs in its append."""
    async with AsyncExitStack() as stack:
        connection = await stack.enter_async_context(pool.acquire())
        await stack.enter_async_context(connection.transaction())
        for ledger in ledgers:
            await connection.execute("SELECT log.ledger_lock($1)", ledger)
        yield


@pytest.fixture
async def log(pool: Pool, database_url: str) -> AsyncIterator[Log]:
    async with (
        open_lanes(database_url, connections=4, seconds=PATIENCE_S) as lanes,
        Log(pool, lanes=lanes, patience_s=PATIENCE_S) as log,
    ):
        yield log


@pytest.fixture
async def ledgers(log: Log) -> list[str]:
    names = [f"lane-{uuid4().hex[:12]}" for _ in range(10)]
    for name in names:
        await log.create_ledger(name, name)
    return names


async def test_nine_held_ledgers_do_not_hold_up_the_tenth(
    log: Log, owner_pool: Pool, ledgers: list[str]
) -> None:
    *nine, tenth = ledgers
    async with held(owner_pool, *nine):
        waiting = [asyncio.create_task(log.append(ledger, [event()])) for ledger in nine]
        async with asyncio.timeout(PATIENCE_S / 2):
            for number in range(1, 51):
                assert (await log.append(tenth, [event()])).last_position == number
        assert not any(task.done() for task in waiting)
    assert [(await task).first_position for task in waiting] == [1] * 9


async def test_what_a_held_ledger_does_not_take_in_time_is_refused_and_not_recorded(
    pool: Pool, owner_pool: Pool, database_url: str, ledger: str
) -> None:
    async with (
        open_lanes(database_url, connections=2, seconds=PATIENCE_S) as lanes,
        Log(pool, lanes=lanes, patience_s=2) as log,
    ):
        async with held(owner_pool, ledger):
            with pytest.raises(LogBusy):
                await log.append(ledger, [event()])
        async with Log(pool) as patient:
            assert (await patient.append(ledger, [event()])).first_position == 1
    assert await patient.head(ledger) == 1


async def test_a_caller_who_leaves_while_the_ledger_is_held_has_nothing_recorded(
    log: Log, owner_pool: Pool, ledger: str
) -> None:
    async with held(owner_pool, ledger):
        left = asyncio.create_task(log.append(ledger, [event()]))
        stays = asyncio.create_task(log.append(ledger, [event()]))
        attempt = await until_one_waits(owner_pool)
        left.cancel()
        for _ in range(2):  # the next may have begun before
            attempt = await until_one_waits(owner_pool, after=attempt)
    assert (await stays).first_position == 1
    assert await log.head(ledger) == 1


async def test_requests_that_were_not_sent_wait_for_the_next_connection(
    log: Log, owner_pool: Pool, ledger: str
) -> None:
    """600 callers were refused when one backend ended, though only some were in its batch."""
    await log.require_ledger(ledger)
    async with held(owner_pool, ledger):
        callers = [asyncio.create_task(log.append(ledger, [event()])) for _ in range(600)]
        attempt = await until_one_waits(owner_pool)
        await owner_pool.execute("SELECT pg_terminate_backend($1)", attempt.pid)
    outcomes: list[Appended] = await asyncio.gather(*callers)
    assert {outcome.first_position for outcome in outcomes} == {*range(1, 601)}
    assert await log.head(ledger) == 600


async def test_a_room_is_bounded_in_number_and_in_bytes() -> None:
    room = Room(places=2, size=100, seconds=0.05)
    await room.enter(60)
    with pytest.raises(LogBusy):
        await room.enter(60)
    await room.enter(40)
    with pytest.raises(LogBusy):
        await room.enter(0)
    waits = asyncio.create_task(room.enter(60))
    await asyncio.sleep(0)
    room.leave(60)
    await waits


async def test_what_is_larger_than_the_room_goes_in_alone() -> None:
    room = Room(places=2, size=100, seconds=0.05)
    await room.enter(1000)
    with pytest.raises(LogBusy):
        await room.enter(1)
    room.leave(1000)
    await room.enter(1)


async def test_a_connection_goes_from_hand_to_hand_and_none_is_lost(
    database_url: str,
) -> None:
    """In the order of asking; whoever gives up, or whose connection ends, costs nobody a turn."""
    async with open_lanes(database_url, connections=1, seconds=PATIENCE_S) as lanes:
        lane, order, sessions = lanes.usual, list[int](), set[int]()

        async def take(number: int, *, ends: bool = False) -> None:
            async with lane.turn() as connection:
                order.append(number)
                sessions.add(connection.get_server_pid())
                await asyncio.sleep(0)
                if ends:
                    connection.terminate()

        async with asyncio.timeout(60):
            async with lane.turn():
                takers = [asyncio.create_task(take(number)) for number in range(4)]
                await asyncio.sleep(0)
                assert lane.is_wanted
                takers[1].cancel()
            await asyncio.gather(*takers, return_exceptions=True)
            assert order == [0, 2, 3]
            assert len(sessions) == 1
            await asyncio.gather(*[take(number, ends=number == 5) for number in range(4, 8)])
        assert order == [0, 2, 3, 4, 5, 6, 7]
        assert len(sessions) == 2
        assert not lane.is_wanted


async def test_who_is_called_and_leaves_at_that_moment_hands_the_turn_on(database_url: str) -> None:
    async with open_lanes(database_url, connections=1, seconds=PATIENCE_S) as lanes:
        lane = lanes.usual

        async def take() -> None:
            async with lane.turn():
                pass

        async with asyncio.timeout(60):
            async with lane.turn():
                leaves, stays = asyncio.create_task(take()), asyncio.create_task(take())
                await asyncio.sleep(0)
            leaves.cancel()
            await stays
            assert leaves.cancelled()
            await take()
