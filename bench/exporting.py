"""Commands while a list of 25,000 tasks is exported as a workbook over and over, and without.

The commands are progress reports in another ledger. The load comes from a process of its own, and
another takes the workbooks away.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from bench import sample_log
from bench.command import BODY, PER_SECOND, Load, serving, tasks_in_progress
from bench.harness import Figures, Result, Rounds
from bench.load import Shot
from projections import PROJECTIONS
from projections.tasks.task_lists import ALL_TASKS
from service.database.engine import create_pool
from service.read_models.rebuild import prepare, rebuild

EXPORTED = "exported"
TASKS = 25_000
EVENTS_EACH = 4
TASKS_REPORTED = 300
CONNECTIONS = 8
SECONDS = 6.0


async def fill(url: str) -> None:
    """The tasks that are exported, and the read models of them."""
    owner = await asyncpg.connect(url)
    await sample_log.write(owner, EXPORTED, TASKS, EVENTS_EACH)
    await owner.close()
    async with await create_pool(url, size=4) as pool:
        for projection in PROJECTIONS:
            await prepare(pool, projection)
        for projection in ALL_TASKS.projections:
            await rebuild(pool, projection)


@asynccontextmanager
async def taken_away(address: str, token: str) -> AsyncIterator[None]:
    """Take the workbook over and over."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.taker", address, token), stdin=pipe, stdout=pipe
    )
    yield
    await process.communicate(b"\n")
    if process.returncode:
        raise RuntimeError("the workbook could not be taken")


async def run(url: str) -> list[Result]:
    """Commands per second beside exports, over those without."""
    await fill(url)
    async with serving(url) as (host, port, token):
        load = await Load.start()
        reports = await tasks_in_progress(host, port, token, TASKS_REPORTED)
        fire = load.firing(Shot(host, port, reports, token, BODY, CONNECTIONS, SECONDS))

        async def beside() -> Figures:
            address = f"http://{host}:{port}/v1/{EXPORTED}/tasks?format=xlsx"
            async with taken_away(address, token):
                return await fire()

        turns = await Rounds({"beside exports": beside, "alone": fire}).run()
        await load.end()
    return [
        turns.ratio("command_beside_exports", "beside exports", "alone", PER_SECOND, target=0.7)
    ]
