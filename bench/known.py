"""A dossier as known at a position, folded at once, against the dossier, read from tables.

Both are the service's own route, of the same tasks in turn; the load comes from a process of its
own.
"""

import asyncpg

from bench import sample_log
from bench.command import P50, Load
from bench.harness import Contender, Result, Rounds
from bench.listing import serving
from bench.load import Shot
from projections import PROJECTIONS
from service.database.engine import create_pool
from service.read_models.rebuild import prepare, rebuild

TASKS = 3_000
LEDGER = "bench"
# The day on which every life is over.
AS_OF = "2021-12-31"
CONNECTIONS = 8
SECONDS = 2.0


async def fill(url: str) -> int:
    """Whole lives of tasks and every read model of them; the log's last position."""
    owner = await asyncpg.connect(url)
    head = await sample_log.write(owner, LEDGER, TASKS)
    await owner.close()
    async with await create_pool(url, size=4) as pool:
        for projection in PROJECTIONS:
            await prepare(pool, projection)
            await rebuild(pool, projection)
    return head


async def run(url: str) -> list[Result]:
    """How long a dossier takes, both ways in turns."""
    head = await fill(url)
    dossiers = [
        f"/v1/{LEDGER}/tasks/task-{number}/dossier?as_of={AS_OF}" for number in range(TASKS)
    ]
    async with serving(url, lambda _: None) as (host, port, token):
        load = await Load.start()

        def fired(paths: list[str]) -> Contender:
            return load.firing(Shot(host, port, paths, token, "", CONNECTIONS, SECONDS))

        turns = await Rounds(
            {
                "dossier": fired(dossiers),
                "known_at": fired([f"{path}&known_at={head}" for path in dossiers]),
            }
        ).run()
        await load.end()
    return [turns.ratio("known_at_vs_dossier", "known_at", "dossier", P50, target=2, at_most=True)]
