"""A snapshot of a ledger against rebuilding every read model from the same log, in turns.

Both fold the same events into the same tables; a ledger of tasks is all there is.
"""

from time import perf_counter

import asyncpg

from bench import sample_log
from bench.harness import Figures, Result, Rounds
from projections import PROJECTIONS
from service.database.engine import Pool, create_pool
from service.read_models.rebuild import prepare, rebuild_all
from service.read_models.slots import clear, fill

TASKS = 6_000
LEDGER = "bench"
SLOT = 1
PER_SECOND = "events/s"


async def rebuilt(pool: Pool, events: int) -> Figures:
    began = perf_counter()
    await rebuild_all(pool, PROJECTIONS)
    return {PER_SECOND: events / (perf_counter() - began)}


async def kept(pool: Pool, events: int) -> Figures:
    async with pool.acquire() as reader, pool.acquire() as writer:
        await clear(writer, SLOT)
        began = perf_counter()
        await fill(reader, writer, SLOT, LEDGER, events, lambda *_: None)
        return {PER_SECOND: events / (perf_counter() - began)}


async def run(url: str) -> list[Result]:
    """Throughput in turns."""
    owner = await asyncpg.connect(url)
    try:
        async with await create_pool(url, size=4) as pool:
            for projection in PROJECTIONS:
                await prepare(pool, projection)
            events = await sample_log.write(owner, LEDGER, TASKS)
            turns = await Rounds(
                {
                    "snapshot": lambda: kept(pool, events),
                    "rebuilding": lambda: rebuilt(pool, events),
                }
            ).run()
    finally:
        await owner.close()
    return [turns.ratio("snapshot_vs_rebuild", "snapshot", "rebuilding", PER_SECOND, target=0.9)]
