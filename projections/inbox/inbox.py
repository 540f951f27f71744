"""Inbox: everything that awaits one official or one body on a day, with the verb that answers it.

What awaits a body that was merged or split by that day awaits its heirs.
"""

from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Boolean, case, select, union_all

from domain.access.authority import NotRelated
from domain.regulations.regulations import Regulations
from domain.values import ID_PATTERN
from projections.appraisal.cycle_rows import CYCLES, MEMBERS
from projections.appraisal.ratings import RATINGS
from projections.appraisal.unit_results import UNIT_RESULTS
from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.conduct.findings import CONDUCT_FINDINGS
from projections.days import AS_OF, valid
from projections.duties.papers_missed import CYCLE_PAPERS_MISSED
from projections.filters import PLAIN_DIGITS, Filters, Id, Truth, where
from projections.inbox import papers
from projections.inbox.matters import VERBS, MatterKind
from projections.inbox.of_communes import CLOSED as CLOSED_OF_COMMUNES
from projections.inbox.of_communes import COMMUNE_MATTERS
from projections.inbox.of_officials import CLOSED as CLOSED_OF_OFFICIALS
from projections.inbox.of_officials import OFFICIAL_MATTERS
from projections.inbox.of_tasks import CLOSED as CLOSED_OF_TASKS
from projections.inbox.of_tasks import TASK_MATTERS
from projections.inbox.papers_of_cycles import missed_of_cycles
from projections.inbox.proposed_levels import proposed_levels
from projections.inbox.waiting import overdue, waiting
from projections.listing import Arguments, Listing, ListItem, Mark, Shown
from projections.monitoring.papers import ANNUAL_REPORTS, PROGRAMMES, REVIEWS
from projections.organisation.units import UNITS
from projections.statement import LEDGER, word
from projections.tasks.report_duties import REPORT_DUTIES
from projections.tasks.standing_rows import TABLE as TASKS
from projections.tasks.standings import TASK_STANDINGS
from projections.territory.lineage import UNIT_LINEAGE

DUE_WITHIN, LONGEST_NOTICE = 30, 366
INBOX = union_all(
    *waiting(TASK_MATTERS.table, CLOSED_OF_TASKS.table, "task_id"),
    *waiting(COMMUNE_MATTERS.table, CLOSED_OF_COMMUNES.table, "unit_id"),
    *waiting(OFFICIAL_MATTERS.table, CLOSED_OF_OFFICIALS.table, "official_id"),
    proposed_levels(),
    *missed_of_cycles(),
    *papers.due(),
).subquery("inbox")
TITLE = (
    select(TASKS.c.title)
    .where(TASKS.c.ledger == LEDGER, TASKS.c.task_id == INBOX.c.task_id, *valid(TASKS))
    .correlate(INBOX)
    .scalar_subquery()
)
VERB = case(*((INBOX.c.kind == word(kind), word(verb)) for kind, verb in VERBS.items()))
OVERDUE = overdue(INBOX.c.due_on)


class InboxItem(ListItem):
    """Something that awaits the official or body, and the verb that answers it.

    It is of a task, of a commune or another unit (`unit_id`) or of the official, in a cycle of
    ratings if it is of one; `number` is among those of its kind there. A paper awaits from the day
    on which it falls due: until then `days_waiting` is negative. `official_id` is the monitor or
    the official whom it is about, `year` the year. `position` is the event that opened it, and of
    a paper the one by which it is due.
    """

    kind: MatterKind
    verb: Annotated[str, Shown(VERB, vi="Thao tác xử lý")]
    task_id: str | None
    title: Annotated[str | None, Shown(TITLE)]
    unit_id: str | None
    official_id: str | None
    cycle_id: str | None
    number: int | None
    year: int | None
    since_on: date
    days_waiting: Annotated[int, Shown(AS_OF - INBOX.c.since_on, vi="Số ngày đã chờ")]
    due_on: Annotated[date | None, Shown(vi="Hạn xử lý")]
    overdue: Annotated[bool, Shown(OVERDUE)]
    position: Annotated[int, Shown(INBOX.c.opened_position)]


class InboxFilters(Filters):
    """Whose inbox, and which of it."""

    whose: Annotated[
        str,
        Field(
            alias="for",
            pattern=f"^(official|unit):{ID_PATTERN[1:]}",
            description="An official or a body: `official:` or `unit:`, and the id.",
            examples=["official:official-017", "unit:standing-committee"],
        ),
    ]
    due_within: Annotated[
        int,
        Field(
            ge=0,
            le=LONGEST_NOTICE,
            description="Papers that fall due within so many days are told beforehand.",
        ),
        PLAIN_DIGITS,
    ] = DUE_WITHIN
    kind: MatterKind | None = where(INBOX.c.kind)
    task: Id | None = where(INBOX.c.task_id, "Of this task.")
    overdue: Truth | None = where(
        lambda overdue: overdue == OVERDUE, "Its day has passed.", of=Boolean()
    )


def asked(params: Any, as_of: date, regulated: Regulations | None) -> Arguments:  # noqa: ANN401  the list's own
    kind, _, name = params.whose.partition(":")
    due_by = min(as_of, date.max - timedelta(LONGEST_NOTICE)) + timedelta(params.due_within)
    return {
        "whom": params.whose,
        "official": name if kind == "official" else None,
        "unit": name if kind == "unit" else None,
        **papers.arguments(as_of, due_by, regulated),
    }


READ_INBOX = Listing(
    name="inbox",
    operation="read_inbox",
    tag="reports",
    answers="Everything that awaits one official or one body on a day, and the verb that answers "
    "it.",
    page="One page of the inbox, what has waited longest first.",
    item=InboxItem,
    filters=InboxFilters,
    projections=(
        TASK_MATTERS,
        COMMUNE_MATTERS,
        OFFICIAL_MATTERS,
        REPORT_DUTIES,
        TASK_STANDINGS,
        COMMUNE_COVERAGE,
        PROGRAMMES,
        ANNUAL_REPORTS,
        REVIEWS,
        CONDUCT_FINDINGS,
        CYCLES,
        MEMBERS,
        RATINGS,
        CYCLE_PAPERS_MISSED,
        UNIT_RESULTS,
        UNITS,
        UNIT_LINEAGE,
    ),
    table=INBOX,
    order=("since_on", Mark("position", INBOX.c.opened_position), "kind"),
    arguments=asked,
    regulated=True,
    planned_once=True,
    refusals=(NotRelated,),
)
