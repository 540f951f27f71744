"""A late fact: a thing of 200 events folded anew, against the usual step of the projector.

A step is a batch of one event, for every read model there is. The usual one comes last in the
timeline of its task; the late one in the midst of it.
"""

from collections.abc import Iterator
from datetime import timedelta
from time import perf_counter

import asyncpg

from bench import sample_log
from bench.harness import Figures, Result, Rounds
from domain.kernel import Event
from projections import PROJECTIONS
from projections.projection import SCHEMA
from service.database.engine import Pool, create_pool
from service.log.codec import Codec
from service.log.log import Log
from service.log.sealing import PersonKeys
from service.read_models.advance import advance, begin
from service.read_models.rebuild import prepare
from service.read_models.tables import ReadTable

LEDGER = "bench"
EVENTS = 200
STEPS = 20
LATE_DAYS = 150
SECONDS = "s/step"


def reports(first: int, events: int) -> Iterator[Event]:
    """Reports on the task, one a day."""
    *_, report = sample_log.life(0, events=4)
    for number in range(first, first + events):
        day = sample_log.FIRST_DAY + timedelta(days=100 + number)
        yield report.model_copy(update={"effective_on": day})


class Steps:
    """Steps on one ledger after another, in each of which a task has that many events."""

    def __init__(self, pool: Pool, log: Log) -> None:
        self._pool = pool
        self._log = log
        self._codec = Codec(PersonKeys(pool, bytes(32)))
        self._tables = [ReadTable(projection, SCHEMA) for projection in PROJECTIONS]
        self._ledgers = 0

    async def run(self, days_late: int) -> Figures:
        """Report, and fold that; each report counts from so many days before the last one."""
        self._ledgers += 1
        ledger = f"{LEDGER}-{self._ledgers}"
        await self._log.create_ledger(ledger, ledger)
        before = sample_log.life(0, events=4)
        await self._record(ledger, [*before, *reports(0, EVENTS - len(before))])
        async with self._pool.acquire() as connection:
            await begin(connection, ledger, PROJECTIONS)
            while await advance(connection, ledger, self._tables):
                pass
            taken = 0.0
            for [report] in zip(reports(EVENTS, STEPS), strict=True):
                on = report.effective_on - timedelta(days=days_late)
                await self._record(ledger, [report.model_copy(update={"effective_on": on})])
                began = perf_counter()
                await advance(connection, ledger, self._tables)
                taken += perf_counter() - began
        return {SECONDS: taken / STEPS}

    async def _record(self, ledger: str, events: list[Event]) -> None:
        encoded = [await self._codec.encode(ledger, one, actor="client:bench") for one in events]
        await self._log.append(ledger, encoded)


async def run(url: str) -> list[Result]:
    """Both kinds of steps in turns."""
    async with await create_pool(url, size=4) as pool, Log(pool) as log:
        for projection in PROJECTIONS:
            await prepare(pool, projection)
        owner = await asyncpg.connect(url)
        await owner.execute("ANALYZE")
        await owner.close()
        steps = Steps(pool, log)
        turns = await Rounds(
            {"a late step": lambda: steps.run(LATE_DAYS), "a usual step": lambda: steps.run(0)}
        ).run()
    return [
        turns.ratio(
            "refold_vs_step", "a late step", "a usual step", SECONDS, target=5, at_most=True
        )
    ]
