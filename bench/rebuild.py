"""Rebuilding `tasks` from 200,000 events: against the library's way, and against reading.

Ours folds in processes, as the service does; its memory is that of one process that folds alone.
Read is: every event with all the log keeps of it, as asyncpg gives it, its data decoded from JSON.
"""

import asyncio
import json
import subprocess
import sys
from time import perf_counter

import asyncpg
import psutil

from bench import sample_log, stock_projection
from bench.append import environment
from bench.harness import Figures, Result, Rounds
from projections.tasks.tasks import TASKS as TASKS_PROJECTION
from service.database.engine import Connection, Pool, create_pool
from service.log.read import EVENT
from service.read_models.loaders import Loaders
from service.read_models.rebuild import prepare, rebuild

TASKS = 25_000
STOCK_TASKS = 625
LEDGER = "bench"
PAGE_EVENTS = 4_000
PER_SECOND = "events/s"
PEAK = "bytes grown by"
LOG = "bytes of the events"
READ = f"""
SELECT {EVENT} FROM log.events e WHERE ledger = $1 AND position > $2 ORDER BY position LIMIT $3
"""  # noqa: S608  constants only


async def ours(pool: Pool, loaders: Loaders, events: int) -> Figures:
    began = perf_counter()
    await rebuild(pool, TASKS_PROJECTION, loaders=loaders)
    return {PER_SECOND: events / (perf_counter() - began)}


async def read(pool: Pool) -> Figures:
    began, position = perf_counter(), 0
    async with pool.acquire() as connection:
        while rows := await connection.fetch(READ, LEDGER, position, PAGE_EVENTS):
            for row in rows:
                json.loads(row["data"])
            position = rows[-1]["position"]
    return {PER_SECOND: position / (perf_counter() - began)}


async def stock(owner: Connection, env: dict[str, str]) -> Figures:
    await owner.execute("DROP TABLE IF EXISTS stock_tasks, stock_tracking")
    return {PER_SECOND: await asyncio.to_thread(stock_projection.run, env)}


async def peak(url: str) -> None:
    """Print by how many bytes a process grows that rebuilds the read model, above its idle size."""
    async with await create_pool(url, size=4) as pool:
        process = psutil.Process()
        idle = process.memory_info().rss
        most = idle

        def look(*_: int) -> None:
            nonlocal most
            most = max(most, process.memory_info().rss)

        await rebuild(pool, TASKS_PROJECTION, look)
        look()
        print(most - idle)


def in_a_process_of_its_own(url: str, log_bytes: int) -> Figures:
    done = subprocess.run(  # noqa: S603  this very module
        [sys.executable, "-m", "bench.rebuild", url], check=True, capture_output=True, text=True
    )
    return {PEAK: float(done.stdout.splitlines()[-1]), LOG: log_bytes}


async def run(url: str) -> list[Result]:
    """Throughput in turns, and the memory of a process that does nothing else."""
    env = dict(environment(url))
    await asyncio.to_thread(stock_projection.save, env, list(sample_log.interleaved(STOCK_TASKS)))
    owner = await asyncpg.connect(url)
    try:
        async with await create_pool(url, size=4) as pool, Loaders() as loaders:
            await prepare(pool, TASKS_PROJECTION)
            events = await sample_log.write(owner, LEDGER, TASKS)
            log_bytes = await owner.fetchval("SELECT sum(octet_length(data)) FROM log.events")
            turns = await Rounds(
                {
                    "ours": lambda: ours(pool, loaders, events),
                    "reading": lambda: read(pool),
                    "stock runner": lambda: stock(owner, env),
                    "ours, alone": lambda: asyncio.to_thread(
                        in_a_process_of_its_own, url, int(log_bytes)
                    ),
                }
            ).run()
    finally:
        await owner.close()
    return [
        turns.ratio("rebuild_vs_stock", "ours", "stock runner", PER_SECOND, target=48),
        turns.ratio("rebuild_vs_read", "ours", "reading", PER_SECOND, target=0.55),
        turns.within("rebuild_peak_vs_log", "ours, alone", PEAK, LOG, target=0.3, at_most=True),
    ]


if __name__ == "__main__":
    asyncio.run(peak(sys.argv[1]))
