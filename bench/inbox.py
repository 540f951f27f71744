"""Inboxes and duties of 100,000 tasks under way, against the list of active tasks.

All are the service's own routes, 50 items a page; the load comes from a process of its own. Half of
the tasks await one body's decision on a claim; of the others monthly reports are missing. Duties
are read as of today and as of a day half a year ago, whole and of those that are missing.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import asyncpg

from bench import sample_log
from bench.command import PER_SECOND, Load
from bench.harness import Contender, Result, Rounds
from bench.listing import CONNECTIONS, LEDGER, SECONDS, serving
from bench.load import Shot
from domain.kernel import Event
from domain.tasks.work.report_duties import ReportDuty, ReportDutySet
from projections.duties.board import DUTIES
from projections.inbox.inbox import READ_INBOX
from projections.tasks.tasks import TASKS
from service.database.engine import create_pool
from service.read_models.rebuild import prepare, rebuild

ACTIVE = 100_000
OFFICIALS = 600
# Whole lives lie that long before the day on which the sample is recorded.
BEFORE = timedelta(400)
HALF_A_YEAR = timedelta(182)
CLAIM = 6  # among the events of a sample life
MONTHLY = ReportDuty.model_validate({"cadence": "monthly", "day": 25})


def under_way(number: int) -> Iterator[Event]:
    """A task: claimed, or with reports that are missing; nothing is recorded before its day."""
    life = [
        event.model_copy(update={"effective_on": event.effective_on - BEFORE})
        for event in sample_log.life(number)
    ]
    yield from life[:3]
    if number % 2:
        yield life[CLAIM]
        return
    who = life[2].model_dump(include={"task_id", "official_id", "post_id", "unit_id"})
    yield ReportDutySet(
        effective_on=life[2].effective_on, duty=MONTHLY, set_by="standing-committee", **who
    )


async def fill(url: str) -> None:
    """Tasks under way, and the read models of them."""
    owner = await asyncpg.connect(url)
    events = (event for number in range(ACTIVE) for event in under_way(number))
    await sample_log.store(owner, LEDGER, events)
    await owner.close()
    async with await create_pool(url, size=4) as pool:
        for projection in dict.fromkeys((TASKS, *READ_INBOX.projections, *DUTIES.projections)):
            await prepare(pool, projection)
            await rebuild(pool, projection)


async def run(url: str) -> list[Result]:
    """Requests per second of all, in turns."""
    await fill(url)
    inbox = f"/v1/{LEDGER}/inbox?limit=50&for="
    board = f"/v1/{LEDGER}/duties?limit=50"
    past = f"{board}&as_of={date.today() - HALF_A_YEAR}"  # noqa: DTZ011  any day will do
    officials = [f"{inbox}official:official-{number}" for number in range(OFFICIALS)]
    async with serving(url, lambda _: None) as (host, port, token):
        load = await Load.start()

        def fired(paths: list[str]) -> Contender:
            return load.firing(Shot(host, port, paths, token, "", CONNECTIONS, SECONDS))

        turns = await Rounds(
            {
                "active tasks": fired([f"/v1/{LEDGER}/active-tasks?limit=50"]),
                "a body's inbox": fired([f"{inbox}unit:standing-committee"]),
                "an official's inbox": fired(officials),
                "the duties": fired([board, f"{board}&state=missing"]),
                "past duties": fired([past, f"{past}&state=missing"]),
            }
        ).run()
        await load.end()
    return [
        turns.ratio(f"{name}_vs_list", of, "active tasks", PER_SECOND, target=0.5)
        for name, of in (
            ("inbox_of_body", "a body's inbox"),
            ("inbox_of_official", "an official's inbox"),
            ("duties", "the duties"),
            ("past_duties", "past duties"),
        )
    ]
