"""Read retries: a read goes on though its session ends; nothing else is done twice."""

import asyncio

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from service.database.engine import Pool
from service.database.outages import NotNow
from service.http import problems
from service.http.read_retries import RetriedReads
from tests.service.province import Province

# A page of the list; what moves the read model has no limit.
HELD_UP = r"""
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ~ 'read\.posts.*LIMIT'
"""


async def test_a_read_whose_session_ends_is_answered(province: Province, owner_pool: Pool) -> None:
    """An operator ends its backend while it waits for a lock."""

    async def held_up() -> list[int]:
        return [row["pid"] for row in await owner_pool.fetch(HELD_UP)]

    async def until_held_up() -> int:
        while not (found := await held_up()):  # noqa: ASYNC110  no event tells
            await asyncio.sleep(0.01)
        return found[0]

    address = f"/v1/{province.ledger}/posts"
    async with asyncio.timeout(60), owner_pool.acquire() as holder:
        async with holder.transaction():
            await holder.execute("LOCK TABLE read.posts IN ACCESS EXCLUSIVE MODE")
            reading = asyncio.create_task(province.client.get(address))
            pid = await until_held_up()
            await owner_pool.execute("SELECT pg_terminate_backend($1)", pid)
            while pid in await held_up():  # noqa: ASYNC110  no event tells
                await asyncio.sleep(0.01)
        assert (await reading).status_code == 200


async def replies(method: str, *errors: Exception, seconds: float = 60) -> list[int]:
    """The status, and how often the route ran, where it meets these errors one after the other."""
    waiting, runs = [*errors], 0
    app = FastAPI()

    @app.api_route("/", methods=["GET", "POST"])
    async def route() -> None:
        nonlocal runs
        runs += 1
        if waiting:
            raise waiting.pop(0)

    problems.install(app, [])
    app.add_middleware(RetriedReads, seconds=seconds)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return [(await client.request(method, "/")).status_code, runs]


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.InvalidCachedStatementError("cached plan must not change result type"),
        asyncpg.UndefinedTableError('relation "read.posts" does not exist'),
        asyncpg.InternalServerError("cache lookup failed for type 16400"),
        asyncpg.DeadlockDetectedError("deadlock detected"),
        asyncpg.SerializationError("canceling statement due to conflict with recovery"),
        asyncpg.ConnectionDoesNotExistError("connection was closed"),
        asyncpg.InterfaceError("connection is closed"),
        ConnectionResetError(),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_what_is_over_at_once_is_met_once_only(error: Exception) -> None:
    assert await replies("GET", error) == [200, 2]
    assert await replies("GET", error, error) == [503, 2]
    assert await replies("POST", error) == [503, 1], "it may be recorded already"
    assert await replies("GET", error, seconds=0) == [503, 1], "no time is left"


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(),
        asyncpg.QueryCanceledError("canceling statement due to statement timeout"),
        asyncpg.LockNotAvailableError("canceling statement due to lock timeout"),
        asyncpg.TooManyConnectionsError("too many clients already"),
        NotNow("not now"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_what_lasts_is_told_at_once(error: Exception) -> None:
    assert await replies("GET", error) == [503, 1]
