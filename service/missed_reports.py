"""Missed reports: a paper whose day has passed unmet becomes one event, whoever finds it.

Every process looks for them: for periodic reports on tasks, for yearly papers on communes, and for
the plans, reports and papers of cycles that regulations ask for. The decision that records one
depends on all that it could be met by, so that of several which decide at once one records it, and
the others find it recorded. It also tells what is missing: the read model only says where to look.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

import structlog
from uuid_utils.compat import uuid7

from domain.access.authority import Authority
from domain.access.callers import EVERY_UNIT, Caller
from domain.access.roles import Role
from domain.access.rule import NOBODY
from domain.duties.missed_cycle_papers import MissedCyclePaper, RecordMissedCyclePaper
from domain.duties.missed_task_papers import MissedTaskPaper, RecordMissedTaskPaper
from domain.kernel import Actor, Refusal
from domain.monitoring.papers.missed import MissedPaper, RecordMissedPaper
from domain.tasks.work.missed_reports import MissedReport, RecordMissedReport
from projections.duties.paper_days import days_of_papers
from projections.duties.papers_due import arguments_of_years
from projections.duties.task_paper_days import days_of_task_papers
from projections.duties.untold import (
    untold,
    untold_cycle_papers,
    untold_papers,
    untold_task_papers,
)
from projections.statement import Statement
from service.database.engine import Acquired, Pool
from service.handle import Clock, CommandHandler, today
from service.kept_regulations import KeptRegulations
from service.log.log import Log
from service.requests import CommandRequest

# They are looked for so often, but not by a process that has just begun.
PERIOD_SECONDS = 60.0
# So many of each kind are recorded in a round; there may be as many as there are tasks.
AT_ONCE = 200
# To find none costs a look at every task: where all is recorded, that is done so often a day.
REST = timedelta(hours=1)
LOCK_CLASS = 0x6D697373
HOLD = "SELECT pg_try_advisory_lock($1, hashtext($2))"
LET_GO = "SELECT pg_advisory_unlock($1, hashtext($2))"
# The service itself acts for no one: what it may record is this and nothing else.
ACTOR = Actor("client:giaoviec")
OF_SERVICE = Caller(Role.OPERATOR, units=frozenset({EVERY_UNIT}))

log = structlog.get_logger()
Found: TypeAlias = Sequence[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is looked for, and how one that is found is recorded.

    Attributes:
        untold: finds those that are missing and of which no event tells, in an order.
        after: the arguments that say after which row it goes on; they are its first columns.
        request: asks a ledger to record the one that a row tells of.
        rests: whether none is looked for, once all of a day are recorded, until `REST` is over.
    """

    untold: Callable[[], Statement]
    after: tuple[str, ...]
    request: Callable[[str, Found], CommandRequest]
    rests: bool = False


def _requested(command: Any, verb: str, **of: Any) -> CommandRequest:  # noqa: ANN401  a command's own
    authority = Authority(verb, NOBODY, OF_SERVICE)
    correlation_id = UUID(int=uuid7().int)
    return CommandRequest(
        command=command, actor=ACTOR, authority=authority, correlation_id=correlation_id, **of
    )


def _report(ledger: str, found: Found) -> CommandRequest:
    due_on, task_id, period = found
    return _requested(
        RecordMissedReport,
        "record-missed-report",
        ledger=ledger,
        params=MissedReport(period=period, due_on=due_on),
        ids={"task_id": task_id},
        subject=f"task:{task_id}",
    )


def _paper(ledger: str, found: Found) -> CommandRequest:
    due_on, unit_id, paper, year = found
    return _requested(
        RecordMissedPaper,
        "record-missed-paper",
        ledger=ledger,
        params=MissedPaper(paper=paper, year=year, due_on=due_on),
        ids={"unit_id": unit_id},
        subject=f"unit:{unit_id}",
    )


def _task_paper(ledger: str, found: Found) -> CommandRequest:
    due_on, paper, task_id, period = found
    return _requested(
        RecordMissedTaskPaper,
        "record-missed-task-paper",
        ledger=ledger,
        params=MissedTaskPaper(paper=paper, period=period, due_on=due_on),
        ids={"task_id": task_id},
        subject=f"task:{task_id}",
    )


def _cycle_paper(ledger: str, found: Found) -> CommandRequest:
    due_on, paper, cycle_id, unit_id, official_id = found
    of_whom = {"unit_id": unit_id, "official_id": official_id or None}
    return _requested(
        RecordMissedCyclePaper,
        "record-missed-cycle-paper",
        ledger=ledger,
        params=MissedCyclePaper(paper=paper, due_on=due_on, **of_whom),
        ids={"cycle_id": cycle_id},
        subject=f"cycle:{cycle_id}",
    )


REPORTS = Sought(
    untold=untold,
    after=("after_due_on", "after_task", "after_period"),
    request=_report,
)
PAPERS = Sought(
    untold=untold_papers,
    after=("after_due_on", "after_unit", "after_kind"),
    request=_paper,
)
TASK_PAPERS = Sought(
    untold=untold_task_papers,
    after=("after_due_on", "after_kind", "after_task", "after_period"),
    request=_task_paper,
    rests=True,
)
CYCLE_PAPERS = Sought(
    untold=untold_cycle_papers,
    after=("after_due_on", "after_kind", "after_cycle", "after_unit", "after_official"),
    request=_cycle_paper,
)
SOUGHT = (REPORTS, PAPERS, TASK_PAPERS, CYCLE_PAPERS)


def _first(of: Sought) -> dict[str, Any]:
    """Where one begins: before every row."""
    return dict(zip(of.after, (date.min, *("" for _ in of.after)), strict=False))


class MissedReports:
    """Records the reports and papers that are missing, ledger by ledger.

    Args:
        pool: reads the read models.
        event_log: whose ledgers.
        handler: records.
        regulations: what each of them regulates.
        clock: tells the day.
        days: what was due longer ago is not recorded; with 0 nothing is.
    """

    def __init__(  # noqa: PLR0913  what it works with
        self,
        pool: Pool,
        event_log: Log,
        handler: CommandHandler,
        regulations: KeptRegulations,
        *,
        clock: Clock,
        days: int,
    ) -> None:
        self._pool = pool
        self._log = event_log
        self._handler = handler
        self._regulations = regulations
        self._clock = clock
        self._days = timedelta(days)
        self._after: dict[tuple[str, tuple[str, ...]], dict[str, Any]] = {}
        self._all_recorded_at: dict[tuple[str, tuple[str, ...]], datetime] = {}
        self._has_begun = False

    async def round(self) -> bool:
        """Record some of those of every ledger; whether there are more."""
        if not self._has_begun:
            self._has_begun = True
            return False
        ledgers = [one.ledger for one in await self._log.ledgers()]
        return any([await self.record(ledger) for ledger in ledgers])

    async def record(self, ledger: str) -> bool:
        """Record some of the ledger's, unless another process is at it; whether there are more."""
        if not self._days:
            return False
        async with self._pool.acquire() as connection:
            if not await connection.fetchval(HOLD, LOCK_CLASS, ledger):
                return False
            try:
                known = await self._known(ledger)
                return any([await self._record(connection, of, known) for of in SOUGHT])
            finally:
                await connection.execute(LET_GO, LOCK_CLASS, ledger)

    async def _known(self, ledger: str) -> Mapping[str, object]:
        """The arguments that what is looked for has in common."""
        on = today(self._clock)
        first, last = on - self._days, on - timedelta(1)
        regulated = await self._regulations.of(self._log, ledger)
        return {
            **arguments_of_years(first, last, on, regulated),
            **days_of_task_papers(first, last, regulated),
            **days_of_papers(first, last, regulated),
            "ledger": ledger,
            "as_of": on,
            "limit": AT_ONCE,
            "from_on": first,
            "to_on": last,
        }

    async def _record(self, connection: Acquired, of: Sought, known: Mapping[str, object]) -> bool:
        """Record some of these; whether there are more."""
        query, ledger, now = of.untold(), str(known["ledger"]), self._clock()
        place = ledger, of.after
        if of.rests and self._rests(self._all_recorded_at.get(place), now):
            return False
        at = self._after.pop(place, None) or _first(of)
        rows = await connection.fetch(query.sql, *query.arguments({**known, **at}))
        for row in rows:
            await self.record_one(of.request(ledger, tuple(row)))
        if len(rows) < AT_ONCE:
            self._all_recorded_at[place] = now
            return False
        self._after[place] = dict(zip(of.after, rows[-1], strict=False))
        return True

    def _rests(self, since: datetime | None, now: datetime) -> bool:
        """Whether all was recorded on this day, and not long ago."""
        if since is None or today(lambda: since) != today(lambda: now):
            return False
        return since <= now < since + REST

    async def record_one(self, request: CommandRequest) -> None:
        """Record what is missing, if it is and nobody has recorded it."""
        try:
            await self._handler.handle(request)
        except Refusal as refusal:
            # It came meanwhile, or is owed no more; if neither, it is found again.
            log.info(
                "missed_report_not_recorded",
                ledger=request.ledger,
                subject=request.subject,
                why=str(refusal),
            )
