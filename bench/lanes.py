"""Ledgers beside one another: held ones leave the rest its speed, and several together gain.

Nine ledgers whose lock another session holds, as a process that hangs would, and a tenth; and eight
ledgers written at once against one alone.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from time import perf_counter

import asyncpg
from uuid_utils.compat import uuid7

from bench.append import DATA, PER_SECOND, SECONDS, TYPE, tags_of
from bench.harness import Figures, Result, Rounds
from service.database.engine import Connection, create_pool
from service.log.events import LogBusy, LogEvent
from service.log.lanes import open_lanes
from service.log.log import Log
from service.settings import Settings

HELD = [f"held-{number}" for number in range(9)]
TENTH = "tenth"
EIGHT = [f"one-of-{number}" for number in range(8)]
CONNECTIONS: int = Settings.model_fields["writer_connections"].default
CALLERS = 16
PATIENCE_S = 10.0


async def written(log: Log, ledgers: Sequence[str]) -> Figures:
    """How much these ledgers record together, each for as many callers."""
    end = perf_counter() + SECONDS
    count = 0

    async def call(ledger: str) -> None:
        nonlocal count
        caller, number = str(uuid7()), 0
        while perf_counter() < end:
            number += 1
            await log.append(ledger, [LogEvent(TYPE, DATA, tags_of(caller, number))])
            count += 1

    began = perf_counter()
    await asyncio.gather(*(call(ledger) for ledger in ledgers for _ in range(CALLERS)))
    return {PER_SECOND: count / (perf_counter() - began)}


@asynccontextmanager
async def held(log: Log, holder: Connection) -> AsyncIterator[None]:
    """Let another session hold the nine, and callers wait for them."""
    leaving = asyncio.Event()

    async def call(ledger: str) -> None:
        while not leaving.is_set():
            try:
                await log.append(ledger, [LogEvent(TYPE, DATA, [f"task:{ledger}"])])
            except LogBusy:
                continue

    async with holder.transaction():
        for ledger in HELD:
            await holder.execute("SELECT log.ledger_lock($1)", ledger)
        waiting = [asyncio.create_task(call(ledger)) for ledger in HELD]
        await asyncio.sleep(1)  # they have been found to be slow
        yield
        leaving.set()
    await asyncio.gather(*waiting)


async def run(url: str) -> list[Result]:
    """The tenth ledger beside nine held ones and without them; eight ledgers against one."""
    holder = await asyncpg.connect(url)
    async with (
        await create_pool(url, size=4) as pool,
        open_lanes(url, connections=CONNECTIONS, seconds=PATIENCE_S) as lanes,
        Log(pool, lanes=lanes, patience_s=PATIENCE_S) as log,
    ):
        for ledger in (*HELD, TENTH, *EIGHT):
            await log.create_ledger(ledger, ledger)

        async def beside_held() -> Figures:
            async with held(log, holder):
                return await written(log, [TENTH])

        turns = await Rounds(
            {
                "beside nine held ledgers": beside_held,
                "alone": lambda: written(log, [TENTH]),
                "eight ledgers": lambda: written(log, EIGHT),
            }
        ).run()
    await holder.close()
    return [
        turns.ratio(
            "append_beside_held", "beside nine held ledgers", "alone", PER_SECOND, target=0.8
        ),
        turns.ratio("append_eight_ledgers", "eight ledgers", "alone", PER_SECOND, target=1.3),
    ]
