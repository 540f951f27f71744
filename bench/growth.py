"""Growth: what the same question, append and command cost in a log ten times as long.

It runs on its own (`make bench-growth`): it fills two databases by COPY, of 100,000 and 1,000,000
events, or of as many as `BENCH_EVENTS` says (`BENCH_EVENTS="10000 100000"`). Of ten tasks one is
under way and nine have ended, all within one calendar: the longer log is the denser one. A ratio is
of medians in milliseconds, taken in turns.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from statistics import median
from time import perf_counter
from typing import TypeAlias
from uuid import uuid4

import asyncpg
from eventsourcing.dcb.api import DCBQuery, DCBQueryItem

from bench import disk, sample_log
from bench.harness import Figures, Result, Rounds, Spread
from bench.rebuild import read
from domain.access.authority import Authority
from domain.access.callers import EVERY_UNIT, Caller
from domain.access.roles import Role
from domain.access.rules import rule_of
from domain.kernel import Actor, Event
from domain.tasks.work.progress import ProgressReport, ReportProgress
from projections import PROJECTIONS
from projections.listing import Listing, page
from projections.record.history import HISTORY
from projections.statement import Statement
from projections.tasks.completion_rates import COMPLETION_RATES
from projections.tasks.overdue_trend import OVERDUE_TREND, month_ends
from projections.tasks.states import TASK_STATES
from projections.tasks.task_lists import ACTIVE_TASKS, ALL_TASKS, one_task
from service.access.recorders import Recorders
from service.database.engine import Pool, create_pool, with_database
from service.database.migrate import migrate
from service.handle import CommandHandler
from service.log.codec import Codec
from service.log.events import LogEvent
from service.log.log import Log
from service.log.sealing import PersonKeys
from service.observability.metrics import Metrics
from service.read_models.loaders import Loaders
from service.read_models.rebuild import prepare, rebuild_all, verify_all
from service.requests import CommandRequest

LEDGER = "bench"
USUAL = "100000 1000000"
# Of ten tasks so many have ended; the others have come as far as their last report.
ENDED_OF_TEN = 9
UNDER_WAY = 6
# Two tasks of which only the number of reports differs.
REPORTED = {"few-reports": 10, "many-reports": 1_000}
CALLERS = 32
SAMPLES = 15
LIMIT = 100
NOW = datetime(2026, 1, 5, 3, tzinfo=UTC)
TODAY, PAST = date(2026, 1, 5), date(2021, 6, 15)
EVENT = LogEvent("bench.grown", b"{}", ["task:grown", "unit:unit-1"], effective_on=TODAY)
REPORT = ProgressReport(narrative="Đã vận động thêm được một số hộ.")
# What the longer log may cost at most, as a multiple of the shorter one.
FLAT, CROWDED, PAGED, COUNTED = 1.3, 1.4, 1.5, 2.0
# What all read models may cost at most, as a multiple of reading the log once.
OF_READING = 5

Measured: TypeAlias = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Grown:
    """A filled database.

    Attributes:
        seconds: how long it took to read the log, to build all read models anew, to verify them.
        kb_per_event: of the log's tables and their indexes.
    """

    pool: Pool
    log: Log
    handler: CommandHandler
    seconds: Mapping[str, float]
    kb_per_event: float


def lives(events: int) -> Iterator[Event]:
    """So many events, about: tasks that ended, tasks under way, and the two by their reports."""
    tens = events // (ENDED_OF_TEN * sample_log.EVENTS_PER_LIFE + UNDER_WAY)
    ended, every = ENDED_OF_TEN * tens, 10 * tens
    going_on = (sample_log.life(number, UNDER_WAY) for number in range(ended, every))
    reported = (reported_on(name, times) for name, times in REPORTED.items())
    return chain(sample_log.interleaved(ended), *going_on, *reported)


def reported_on(name: str, reports: int) -> Iterator[Event]:
    """A task under way on which so much was reported."""
    begun = sample_log.life(0, UNDER_WAY)
    for event in begun:
        yield event.model_copy(update={"task_id": name})
    for number in range(1, reports):
        on = begun[-1].effective_on + timedelta(days=number // 4)
        yield begun[-1].model_copy(update={"task_id": name, "effective_on": on})


async def grow(stack: AsyncExitStack, server: str, events: int) -> Grown:
    """A database with so many events, and every read model of them."""
    name = f"bench_growth_{events}"
    owner = await asyncpg.connect(server)
    await owner.execute(f"CREATE DATABASE {name}")
    await owner.close()
    url = with_database(server, name)
    await migrate(url)
    owner = await asyncpg.connect(url)
    stored = await sample_log.store(owner, LEDGER, lives(events))
    sizes = await disk.parts(owner)
    print(f"{stored} events:")
    disk.show(sizes)
    pool = await stack.enter_async_context(await create_pool(url, size=CALLERS))
    log = await stack.enter_async_context(Log(pool))
    handler = CommandHandler(
        log, Codec(PersonKeys(pool, bytes(32))), Metrics(), Recorders(pool), lambda: NOW
    )
    seconds = await building(pool, await stack.enter_async_context(Loaders()))
    await owner.execute("VACUUM ANALYZE")
    await owner.close()
    return Grown(pool, log, handler, seconds, disk.kb_per_event(sizes))


async def building(pool: Pool, loaders: Loaders) -> Mapping[str, float]:
    """How long all read models take, and reading the log once."""
    for projection in PROJECTIONS:
        await prepare(pool, projection)

    steps: Mapping[str, Measured] = {
        "rebuild": lambda: rebuild_all(pool, PROJECTIONS, loaders=loaders),
        "verify": lambda: verify_all(pool, PROJECTIONS),
        "reading": lambda: read(pool),
    }
    return {name: await lasting(step) / 1000 for name, step in steps.items()}


async def lasting(what: Measured) -> float:
    """In milliseconds."""
    began = perf_counter()
    await what()
    return 1000 * (perf_counter() - began)


def asked(grown: Grown, of: Listing, day: date, by: str, *filters: str) -> Measured:
    """The first page of a list, as of a day."""
    shape = page(of, frozenset(filters), by=by, today=day == TODAY)
    further = {"days": month_ends(date(2021, 1, 1), day)} if of is OVERDUE_TREND else {}
    return answered(grown, shape, as_of=day, until=2**53, limit=50, **further)


def answered(grown: Grown, shape: Statement, **params: object) -> Measured:
    arguments = shape.arguments({**shape.constants, "ledger": LEDGER, **params})
    return lambda: grown.pool.fetch(shape.sql, *arguments)


def fed(grown: Grown, *, types: Sequence[str] = (), tags: Sequence[str] = ()) -> Measured:
    """A page of the feed."""
    query = DCBQuery(items=[DCBQueryItem(types=[*types], tags=[*tags])])
    return lambda: grown.log.page(LEDGER, query, after=0, limit=LIMIT)


def reported(grown: Grown, task: str) -> Measured:
    """A progress report on a task, as a command."""
    request = CommandRequest(
        ledger=LEDGER,
        command=ReportProgress,
        params=REPORT,
        ids={"task_id": task},
        subject=f"task:{task}",
        actor=Actor("client:bench"),
        authority=Authority(
            "report_progress",
            rule_of(ReportProgress),
            Caller(Role.AUTHORITY, units=frozenset({EVERY_UNIT})),
        ),
        correlation_id=uuid4(),
    )
    return lambda: grown.handler.handle(request)


def measures(grown: Grown) -> Mapping[str, Measured]:
    """What is measured in both logs, by name."""

    async def crowded() -> None:
        await asyncio.gather(*(grown.log.append(LEDGER, [EVENT]) for _ in range(CALLERS)))

    own = DCBQuery(items=[DCBQueryItem(tags=["task:few-reports"])])
    return {
        "append": lambda: grown.log.append(LEDGER, [EVENT]),
        "append_32": crowded,
        "boundary": lambda: grown.log.boundary(LEDGER, own),
        "command": reported(grown, "few-reports"),
        "feed_by_type": fed(grown, types=["task.assigned"]),
        "feed_by_tag": fed(grown, tags=["unit:unit-1"]),
        "feed_by_two_tags": fed(grown, tags=["unit:unit-1", "official:official-1"]),
        "history": asked(grown, HISTORY, TODAY, "-position"),
        "task": answered(grown, one_task(today=True), task="task-7", as_of=TODAY),
        "tasks": asked(grown, ALL_TASKS, TODAY, "due_on"),
        "tasks_past": asked(grown, ALL_TASKS, PAST, "due_on"),
        "active": asked(grown, ACTIVE_TASKS, TODAY, "due_on"),
        "active_past": asked(grown, ACTIVE_TASKS, PAST, "due_on"),
        "states": asked(grown, TASK_STATES, PAST, "none"),
        "states_by_unit": asked(grown, TASK_STATES, PAST, "unit"),
        "trend": asked(grown, OVERDUE_TREND, TODAY, "none"),
        "rates": asked(grown, COMPLETION_RATES, PAST, "none"),
        "rates_by_unit": asked(grown, COMPLETION_RATES, PAST, "unit"),
    }


TARGETS = {
    "append_32": CROWDED,
    **dict.fromkeys(("feed_by_two_tags", "tasks", "tasks_past", "active_past"), PAGED),
    **dict.fromkeys(("states", "states_by_unit", "trend", "rates", "rates_by_unit"), COUNTED),
}


async def medians(grown: Grown) -> Figures:
    """The median of every measure, in milliseconds, and of the task with many reports."""
    every = {**measures(grown), "command_long": reported(grown, "many-reports")}
    return {
        name: median([await lasting(what) for _ in range(SAMPLES)]) for name, what in every.items()
    }


async def run(url: str) -> list[Result]:
    """Every measure in both logs, in turns."""
    short, long = (int(size) for size in os.environ.get("BENCH_EVENTS", USUAL).split())
    async with AsyncExitStack() as stack:
        small, large = await grow(stack, url, short), await grow(stack, url, long)
        turns = await Rounds(
            {"short": lambda: medians(small), "long": lambda: medians(large)}
        ).run()
        results = [
            turns.ratio(
                f"growth_{name}",
                "long",
                "short",
                name,
                target=TARGETS.get(name, FLAT),
                at_most=True,
            )
            for name in measures(large)
        ]
        results.append(
            turns.within(
                "growth_of_a_task", "long", "command_long", "command", target=PAGED, at_most=True
            )
        )
    return [*results, *_of_all(large)]


def _of_all(grown: Grown) -> list[Result]:
    """What all read models cost, and the log."""
    once = grown.seconds["reading"]

    def result(name: str, ratio: float, target: float, figure: str, over: str) -> Result:
        rounds = Spread.of([ratio])
        return Result(name, rounds, target, at_most=True, figure=figure, of="long", over=over)

    return [
        *(
            result(f"{name}_all_vs_reading", grown.seconds[name] / once, OF_READING, name, "read")
            for name in ("rebuild", "verify")
        ),
        result("log_per_event", grown.kb_per_event, disk.KB_PER_EVENT, "kB", "event"),
    ]
