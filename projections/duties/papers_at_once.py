"""Papers at once: what regulations ask for of tasks, read of all tasks and days together.

The same as the papers of tasks that are looked up one by one. Where all are counted, each table is
read once: of every task the days on which something came are gathered, and each paper finds the
first of its own days among them.
"""

from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from domain.tasks.term import TaskPaperKind
from projections.appraisal.cycle_rows import CYCLE_TABLE as CYCLES
from projections.appraisal.cycle_rows import MEMBER_TABLE as MEMBERS
from projections.days import AS_OF, FROM_ON, ONE_DAY, TO_ON, valid
from projections.duties.papers_of_tasks import ended_on, told_position
from projections.duties.reports_due import TABLE as RULES
from projections.duties.task_paper_days import task_paper_days
from projections.projection import Projection
from projections.statement import LEDGER, word
from projections.tasks.papers_given import PLANS_GIVEN, REPORTS_GIVEN
from projections.tasks.standing_rows import TABLE as TASKS

ALL_ROWS = literal_column("0", Integer)
ONE = literal_column("1", Integer)


def papers_at_once(name: str) -> Select[Any]:
    """Those that are due in the days asked about, as rows of the board.

    Args:
        name: of the days in the statement.
    """
    paper = _asked(name)
    before = func.width_bucket(paper.c.from_on - ONE_DAY, paper.c.days)
    first: ColumnElement[Any] = paper.c.days[before + ONE]
    return select(
        paper.c.paper.label("kind"),
        paper.c.task_id,
        paper.c.unit_id,
        paper.c.official_id,
        paper.c.period,
        paper.c.due_on,
        case((first <= paper.c.to_on, first)).label("given_on"),
        paper.c.excused_on,
        cast(null(), Date).label("reminded_on"),
        told_position(paper, paper).label("told_position"),
        paper.c.position,
    )


def _asked(name: str) -> FromClause:
    """Each paper, and the days on which such a paper of its task came."""
    asked = task_paper_days(name)
    task, is_plan = _tasks(asked), asked.c.paper == word("plan")
    cohorts = func.string_to_array(asked.c.cohorts.collate("C"), word(" "))
    of_body = (
        task.c.assigned_by == asked.c.body,
        *valid(task, func.least(asked.c.due_on, AS_OF)),
    )
    return (
        select(
            asked.c.paper.collate("C").label("paper"),
            asked.c.period.collate("C").label("period"),
            asked.c.due_on,
            asked.c.from_on,
            asked.c.to_on,
            *(task.c[of] for of in ("task_id", "unit_id", "official_id", "excused_on", "position")),
            case((is_plan, task.c.plan_days), else_=task.c.report_days).label("days"),
        )
        .select_from(asked.join(task, and_(*of_body)))
        .where(
            or_(asked.c.cohorts == word(""), task.c.cohorts.bool_op("&&")(cohorts)),
            or_(is_plan, ~task.c.has_own_rule),
        )
        .subquery("asked_of_tasks")
    )


def _tasks(asked: FromClause) -> FromClause:
    """How the tasks stood while in progress in these days, and what is known of their papers."""
    bound = TASKS.alias("bound")
    plans, reports = (
        _days("plan", PLANS_GIVEN, asked),
        _days("progress_report", REPORTS_GIVEN, asked),
    )
    ruled, enrolled = _ruled(), _enrolled(asked)
    source = (
        bound.join(plans, plans.c.task_id == bound.c.task_id, isouter=True)
        .join(reports, reports.c.task_id == bound.c.task_id, isouter=True)
        .join(ruled, ruled.c.task_id == bound.c.task_id, isouter=True)
        .join(
            enrolled,
            and_(
                enrolled.c.official_id == bound.c.official_id,
                enrolled.c.decided_by == bound.c.assigned_by,
            ),
            isouter=True,
        )
    )
    columns = ("task_id", "assigned_by", "unit_id", "official_id", "valid_from", "valid_to")
    return (
        select(
            *(bound.c[name] for name in columns),
            bound.c.position,
            plans.c.days.label("plan_days"),
            reports.c.days.label("report_days"),
            ended_on(bound).label("excused_on"),
            ruled.c.task_id.is_not(None).label("has_own_rule"),
            enrolled.c.cohorts,
        )
        .select_from(source)
        .where(
            bound.c.ledger == LEDGER,
            bound.c.assigned_by == any_(bindparam("task_bodys", type_=ARRAY(Text))),
            bound.c.state == word("in_progress"),
            bound.c.valid_from <= TO_ON,
            bound.c.valid_to > func.least(FROM_ON, AS_OF),
        )
        .offset(ALL_ROWS)
        .subquery("its_task")
    )


def _days(paper: TaskPaperKind, given: Projection, asked: FromClause) -> FromClause:
    """Of every task, in order, the days on which such a paper came that may be one asked for."""
    came = given.table.c
    first, last = (
        select(end).select_from(asked).where(asked.c.paper == word(paper)).scalar_subquery()
        for end in (func.min(asked.c.from_on), func.max(asked.c.to_on))
    )
    return (
        select(
            came.task_id,
            func.array_agg(
                aggregate_order_by(came.given_on, came.given_on), type_=ARRAY(Date)
            ).label("days"),
        )
        .where(came.ledger == LEDGER, came.given_on.between(first, last))
        .group_by(came.task_id)
        .offset(ALL_ROWS)
        .subquery(f"{paper}_days")
    )


def _ruled() -> FromClause:
    """The tasks on which a rule of their own had asked for reports by the day asked about."""
    rows = select(RULES.c.task_id).where(RULES.c.ledger == LEDGER, RULES.c.ruled_on <= AS_OF)
    return rows.offset(ALL_ROWS).subquery("ruled")


def _enrolled(asked: FromClause) -> FromClause:
    """The cohorts of each official in cycles of a body, where only some owe a paper."""
    is_asked = select(asked.c.body).select_from(asked).where(asked.c.cohorts != word("")).exists()
    of_cycle = and_(
        CYCLES.c.ledger == LEDGER, CYCLES.c.cycle_id == MEMBERS.c.cycle_id, *valid(CYCLES)
    )
    of_body = (MEMBERS.c.official_id, CYCLES.c.decided_by)
    return (
        select(*of_body, func.array_agg(CYCLES.c.cohort).label("cohorts"))
        .select_from(MEMBERS.join(CYCLES, of_cycle))
        .where(MEMBERS.c.ledger == LEDGER, *valid(MEMBERS), is_asked)
        .group_by(*of_body)
        .offset(ALL_ROWS)
        .subquery("enrolled")
    )
