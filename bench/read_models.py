"""All read models built anew and verified, against one reading of the same log, in turns.

The log is of every kind of thing: tasks, each with words of its own, communes and their monitors,
posts and tenures. What counts is the processor time of our processes and of PostgreSQL's together:
it does not grow while others are at work on the machine. Reading is `bench.rebuild`'s.
"""

import random
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import date
from itertools import chain

import asyncpg
import psutil

from bench import commune_log, sample_log
from bench.harness import Figures, Result, Rounds
from bench.rebuild import LEDGER, read
from bench.search import sentence
from domain.kernel import Event
from domain.organisation.events import EndCause, PostCreated, TenureEnded, TenureStarted
from domain.tasks.events import TaskRegistered
from projections import PROJECTIONS
from service.database.engine import Pool, create_pool
from service.read_models.loaders import Loaders
from service.read_models.rebuild import prepare, rebuild_all, verify_all

TASKS = 7_500
COMMUNES = 600
POSTS = 600
# What all read models may cost at most, as a multiple of reading the log once.
OF_READING = 5
PROCESSOR = "processor s"


def events() -> Iterator[Event]:
    """Everything, the same in every run: the organisation first."""
    communes = (f"commune-{number}" for number in range(COMMUNES))
    kept = {*communes, *(f"district-{number}" for number in range(COMMUNES))}
    of_communes = (event for event in commune_log.events() if _unit(event) in kept)
    return chain(of_communes, _posts(), _tasks())


def _unit(event: Event) -> str:
    return str(event.model_dump(include={"unit_id"})["unit_id"])


def _posts() -> Iterator[Event]:
    for number in range(POSTS):
        who = {"post_id": f"post-{number}", "unit_id": f"unit-{number % 40}"}
        yield PostCreated(
            effective_on=date(2016, 1, 4), title=f"Trưởng phòng {number}", kind="head_of_division",
            managed_by="standing-committee", **who,
        )  # fmt: skip
        before, official = f"official-former-{number}", f"official-{number}"
        yield TenureStarted(effective_on=date(2016, 1, 4), official_id=before, **who)
        yield TenureEnded(
            effective_on=date(2020, 6, 1), official_id=before, cause=EndCause.TRANSFER, **who
        )
        yield TenureStarted(effective_on=date(2020, 6, 1), official_id=official, **who)


def _tasks() -> Iterator[Event]:
    chance = random.Random(2021)  # noqa: S311  a sample, not a secret
    for event in sample_log.interleaved(TASKS):
        if isinstance(event, TaskRegistered):
            said = {"title": sentence(chance), "goal": f"{sentence(chance)}. {sentence(chance)}"}
            proposal = event.proposal.model_copy(update=said)
            yield event.model_copy(update={"proposal": proposal})
        else:
            yield event


async def measured(what: Callable[[], Awaitable[object]], server: psutil.Process) -> Figures:
    """How much of the processors it takes, of the server and of this process."""
    took = (server, psutil.Process())
    before = processor_seconds(took)
    await what()
    return {PROCESSOR: processor_seconds(took) - before}


def processor_seconds(processes: Iterable[psutil.Process]) -> float:
    """What these processes, and all that they have begun, have used so far."""
    return sum(
        sum(one.cpu_times()[:4])
        for process in processes
        for one in (process, *process.children(recursive=True))
    )


async def rebuilt(pool: Pool) -> None:
    async with Loaders() as loaders:
        await rebuild_all(pool, PROJECTIONS, loaders=loaders)


async def run(url: str) -> list[Result]:
    """Processor time in turns."""
    owner = await asyncpg.connect(url)
    try:
        async with await create_pool(url, size=8) as pool:
            for projection in PROJECTIONS:
                await prepare(pool, projection)
            await sample_log.store(owner, LEDGER, events())
            await owner.execute("VACUUM ANALYZE log.events, log.event_tags")
            server = psutil.Process(owner.get_server_pid()).parent()
            if server is None:
                raise RuntimeError("PostgreSQL is not on this machine")
            turns = await Rounds(
                {
                    "rebuilding all": lambda: measured(lambda: rebuilt(pool), server),
                    "verifying all": lambda: measured(
                        lambda: verify_all(pool, PROJECTIONS), server
                    ),
                    "reading": lambda: measured(lambda: read(pool), server),
                }
            ).run()
    finally:
        await owner.close()

    def promised(name: str, of: str) -> Result:
        return turns.ratio(name, of, "reading", PROCESSOR, target=OF_READING, at_most=True)

    return [
        promised("rebuild_all_vs_read", "rebuilding all"),
        promised("verify_all_vs_read", "verifying all"),
    ]
