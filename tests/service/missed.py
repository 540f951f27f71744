"""Looking for what is missing, as a process of the service does, and the events that tell of it."""

from collections import Counter

from service.components import Service
from service.handle import utc_now
from service.kept_regulations import KeptRegulations
from service.missed_reports import MissedReports

DAYS = 40
TYPES = (
    "task.report_missed",
    "monitoring.paper_missed",
    "task.paper_missed",
    "appraisal.paper_missed",
)


def looking(service: Service, days: int = DAYS) -> MissedReports:
    regulations = KeptRegulations(service.codec)
    return MissedReports(
        service.background, service.log, service.commands, regulations, clock=utc_now, days=days
    )


async def told(service: Service, ledger: str) -> Counter[str]:
    """How many events tell of each report."""
    rows = await service.pool.fetch(
        "SELECT convert_from(data, 'UTF8')::json ->> 'due_on' FROM log.events "
        "WHERE ledger = $1 AND type = ANY ($2)",
        ledger,
        TYPES,
    )
    return Counter(due_on for (due_on,) in rows)
