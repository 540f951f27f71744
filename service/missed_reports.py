"""Missed reports: a report whose day has passed unmet becomes one event, whoever finds it.

Every process looks for them. The decision that records one depends on all events of the task, so
that of several which decide at once one records it, and the others find it recorded. It also tells
what is missing: the read model only says where to look.
"""

from datetime import date, timedelta
from uuid import UUID

import structlog
from uuid_utils.compat import uuid7

from domain.access.authority import Authority
from domain.access.callers import EVERY_UNIT, Caller
from domain.access.roles import Role
from domain.access.rule import NOBODY
from domain.kernel import Actor, Refusal
from domain.tasks.work.missed_reports import MissedReport, RecordMissedReport
from projections.duties.untold import untold
from service.database.engine import Pool
from service.handle import Clock, CommandHandler, today
from service.log.log import Log
from service.requests import CommandRequest

# They are looked for so often, but not by a process that has just begun.
PERIOD_SECONDS = 60.0
# So many are recorded in a round; there may be as many as there are tasks.
AT_ONCE = 200
LOCK_CLASS = 0x6D697373
HOLD = "SELECT pg_try_advisory_lock($1, hashtext($2))"
LET_GO = "SELECT pg_advisory_unlock($1, hashtext($2))"
# The service itself acts for no one: what it may record is this and nothing else.
ACTOR = Actor("client:giaoviec")
AUTHORITY = Authority(
    "record-missed-report", NOBODY, Caller(Role.OPERATOR, units=frozenset({EVERY_UNIT}))
)

log = structlog.get_logger()
Place = tuple[date, str, str]
FIRST: Place = (date.min, "", "")


class MissedReports:
    """Records the reports that are missing, ledger by ledger.

    Args:
        pool: reads the read models.
        event_log: whose ledgers.
        handler: records.
        clock: tells the day.
        days: a report whose day passed longer ago is not recorded; with 0 none is.
    """

    def __init__(
        self, pool: Pool, event_log: Log, handler: CommandHandler, clock: Clock, days: int
    ) -> None:
        self._pool = pool
        self._log = event_log
        self._handler = handler
        self._clock = clock
        self._days = timedelta(days)
        self._after: dict[str, Place] = {}
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
                on, query = today(self._clock), untold()
                after = self._after.pop(ledger, FIRST)
                known = {"ledger": ledger, "as_of": on, "limit": AT_ONCE}
                days = {"from_on": on - self._days, "to_on": on - timedelta(1)}
                at = dict(zip(("after_due_on", "after_task", "after_period"), after, strict=True))
                rows = await connection.fetch(query.sql, *query.arguments(known | days | at))
                for due_on, task_id, period in rows:
                    await self.record_one(ledger, task_id, period, due_on)
            finally:
                await connection.execute(LET_GO, LOCK_CLASS, ledger)
        if len(rows) < AT_ONCE:
            return False
        self._after[ledger] = tuple(rows[-1])
        return True

    async def record_one(self, ledger: str, task_id: str, period: str, due_on: date) -> None:
        """Record that the report is missing, if it is and nobody has recorded it."""
        request = CommandRequest(
            ledger=ledger,
            command=RecordMissedReport,
            params=MissedReport(period=period, due_on=due_on),
            ids={"task_id": task_id},
            subject=f"task:{task_id}",
            actor=ACTOR,
            authority=AUTHORITY,
            correlation_id=UUID(int=uuid7().int),
        )
        try:
            await self._handler.handle(request)
        except Refusal as refusal:
            # It came meanwhile, or the task has ended; if neither, it is found again.
            log.info("missed_report_not_recorded", ledger=ledger, task=task_id, why=str(refusal))
