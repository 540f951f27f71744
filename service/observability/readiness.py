"""Readiness: whether the service can take requests, and what does not work meanwhile.

What concerns every ledger is a fault: the service is not ready. What concerns one ledger degrades
it: the others are served, and so is the rest of that ledger. A read model that lacks events and
has not moved for a while stands still; that is judged by this process's own monotonic clock.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from time import monotonic
from typing import Literal, TypeAlias

import asyncpg
import structlog

from service.clocks import Clocks
from service.database.engine import Acquired, Pool
from service.database.migrate import lacking
from service.log.ahead import ledgers_ahead
from service.log.events import LedgerAhead
from service.observability.short_cache import ShortCache
from service.read_models.projector import Projector, follower
from service.read_models.standings import Standing
from service.sources import Sources
from service.supervision import Tasks

# So long an answer may take.
TIMEOUT_SECONDS = 5.0
# How often it is looked at though nobody asks, so that a standstill is known when somebody does.
WATCH_SECONDS = 5.0

# By what is concerned, such as `database` or `projection tasks of hoa-binh`.
Reasons: TypeAlias = Mapping[str, str]
Place: TypeAlias = tuple[str, str]
Status: TypeAlias = Literal["ready", "degraded", "not_ready"]
# Of what is wrong; of more it is told how many.
MOST_TOLD = 100

HEADS = "SELECT version_num FROM alembic_version"
LEDGERS = "SELECT ledger FROM log.ledgers WHERE log.head(ledger) > 0"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Report:
    """How things stand.

    Attributes:
        faults: why the service is not ready; empty if it is.
        degraded: what of some ledgers does not work.
        standing_still: since how many seconds read models have not moved, by projection and ledger.
        short: how many read models of a ledger lack events or do not run.
    """

    faults: Reasons = field(default_factory=dict)
    degraded: Reasons = field(default_factory=dict)
    standing_still: Mapping[Place, float] = field(default_factory=dict)
    short: int = 0

    @property
    def status(self) -> "Status":
        """In one word."""
        return "not_ready" if self.faults else "degraded" if self.degraded else "ready"

    def sentences(self) -> list[str]:
        """What is wrong, as far as it is told: faults first."""
        found = [f"{part}: {what}" for part, what in (*self.faults.items(), *self.degraded.items())]
        more = len(found) - MOST_TOLD
        return found if more <= 0 else [*found[:MOST_TOLD], f"and {more} more"]


class Standstills:
    """Which read models lack events and do not move.

    Args:
        seconds: how long one may stand where it is before it stands still.
        clock: monotonic seconds.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._since: dict[Place, tuple[int, float]] = {}

    def note(self, standings: Iterable[Standing]) -> dict[Place, float]:
        """Take in where those stand that lack events; return since when others have not moved."""
        now, before = self._clock(), self._since
        self._since = {}
        for one in standings:
            if one.state != "running" or one.position >= one.head:
                continue
            place = (one.projection, one.ledger)
            position, since = before.get(place, (one.position, now))
            self._since[place] = (one.position, since if position == one.position else now)
        return {
            place: now - since
            for place, (_, since) in self._since.items()
            if now - since >= self._seconds
        }


class Readiness:
    """Looks whether the service is ready: once for all who ask at the same time.

    Args:
        pool: connections in the service's role.
        projector: whose read models are looked at.
        tasks: the process's background tasks.
        clocks: which must agree for anything to be recorded.
        bound: how far the last event of a ledger may lie in the future.
        sources: from where reads are answered.
        standstill_seconds: how long a read model may stand where it is while it lacks events.
    """

    def __init__(  # noqa: PLR0913  all that may not be in order
        self,
        pool: Pool,
        projector: Projector,
        tasks: Tasks,
        clocks: Clocks,
        sources: Sources,
        *,
        bound: timedelta,
        standstill_seconds: float,
    ) -> None:
        self._pool = pool
        self._projector = projector
        self._tasks = tasks
        self._clocks = clocks
        self._sources = sources
        self._bound = bound
        self._standstills = Standstills(standstill_seconds)
        self._recent = ShortCache(self._look)
        self._told: tuple[set[str], set[str]] = (set(), set())

    def start(self) -> None:
        """Look from time to time, and log what changes."""
        self._tasks.repeat("readiness", self._watch, WATCH_SECONDS)

    async def report(self) -> Report:
        """How things stand, as of the last second."""
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                return await self._recent.value()
        except TimeoutError:
            return Report({"database": "it does not answer in time"})

    async def _watch(self) -> None:
        report = await self.report()
        reasons = (set(report.faults), set(report.degraded))
        if reasons != self._told:
            tell = log.warning if any(reasons) else log.info
            tell("readiness", status=report.status, faults=report.sentences())
        self._told = reasons

    async def _look(self) -> Report:
        tasks = self._tasks.faults()
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS / 2), self._pool.acquire() as connection:
                missing = await _pending(connection)
                if missing:
                    fault = {"database": f"migrations are pending: {', '.join(missing)}"}
                    return Report(fault | _of_tasks(tasks))
                ledgers = {ledger for (ledger,) in await connection.fetch(LEDGERS)}
                standings = await self._projector.standings.short(connection)
                ahead = await ledgers_ahead(connection, self._bound)
        except Exception as error:  # noqa: BLE001  whatever it is, the service is not ready
            return Report({"database": repr(error)} | _of_tasks(tasks))
        still = self._standstills.note(standings)
        report = judged(tasks, ledgers, standings, still, self._projector.names)
        degraded = {
            **report.degraded,
            **{f"ledger {ledger}": str(LedgerAhead(*found)) for ledger, found in ahead.items()},
            **await self._of_replica(),
        }
        off = self._clocks.fault
        faults = report.faults if off is None else {"clocks": off, **report.faults}
        return replace(report, faults=faults, degraded=degraded)

    async def _of_replica(self) -> dict[str, str]:
        """What is wrong with the replica; the database itself answers in its place."""
        replica = self._sources.replica
        fault = None if replica is None else await replica.fault()
        return {} if fault is None else {"replica": fault}


def judged(
    tasks: Reasons,
    ledgers: set[str],
    standings: Iterable[Standing],
    standing_still: Mapping[Place, float],
    projections: frozenset[str],
) -> Report:
    """What concerns all ledgers is a fault; what concerns some degrades the service.

    Args:
        tasks: what is wrong with background tasks, by name.
        ledgers: those that have events.
        standings: where the read models stand that lack events, are stopped or of another build.
        standing_still: since how many seconds some of them have not moved.
        projections: all of them. A ledger stands still where none of its read models moves.
    """
    followers = {follower(ledger) for ledger in ledgers}
    failing, others = followers & tasks.keys(), tasks.keys() - followers
    faults = {f"task {name}": tasks[name] for name in others}
    degraded = {f"task {name}": tasks[name] for name in failing}
    for one in standings:
        if one.state == "outdated":
            faults[f"projection {one.projection}"] = "outdated"
        elif one.stopped_at is not None:
            place = f"projection {one.projection} of {one.ledger}"
            degraded[place] = f"stopped at {one.stopped_at}: {one.error}"
    stuck = _standing_still(standings, standing_still)
    degraded |= stuck
    whole = _standing_whole(standings, standing_still, projections)
    if ledgers and (failing == followers or whole == ledgers):
        faults |= {"read models": "those of every ledger stand still"} | degraded
        degraded = {}
    return Report(faults, degraded, standing_still, len(tuple(standings)))


def _standing_whole(
    standings: Iterable[Standing],
    standing_still: Mapping[Place, float],
    projections: frozenset[str],
) -> set[str]:
    """The ledgers that have read models which stand still, and none that moves."""
    at_rest: defaultdict[str, set[str]] = defaultdict(set)
    for one in standings:
        if one.state == "stopped" or (one.projection, one.ledger) in standing_still:
            at_rest[one.ledger].add(one.projection)
    return {ledger for _, ledger in standing_still if projections <= at_rest[ledger]}


def _standing_still(
    standings: Iterable[Standing], standing_still: Mapping[Place, float]
) -> dict[str, str]:
    """One sentence for each ledger that has read models which stand still."""
    of: defaultdict[str, list[Standing]] = defaultdict(list)
    for one in standings:
        if (one.projection, one.ledger) in standing_still:
            of[one.ledger].append(one)
    return {
        f"read models of {ledger}": f"{', '.join(one.projection for one in stuck)} "
        f"stand still at {min(one.position for one in stuck)} of {stuck[0].head}"
        for ledger, stuck in of.items()
    }


def _of_tasks(tasks: Reasons) -> dict[str, str]:
    return {f"task {name}": fault for name, fault in tasks.items()}


async def _pending(connection: Acquired) -> list[str]:
    try:
        return lacking([head for (head,) in await connection.fetch(HEADS)])
    except (asyncpg.UndefinedTableError, asyncpg.InsufficientPrivilegeError):
        return lacking([])
