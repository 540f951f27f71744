"""Papers of tasks: plans and reports that a body's regulation asks for of the tasks it assigned.

A paper is due from whoever leads the task on its day. A task on which the body asks for reports by
a rule of the task's own owes those, and not the ones of the regulation.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    Select,
    TableValuedAlias,
    any_,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
)

from projections.appraisal.cycle_rows import CYCLE_TABLE as CYCLES
from projections.appraisal.cycle_rows import MEMBER_TABLE as MEMBERS
from projections.days import AS_OF, running, valid
from projections.duties.reports_due import NO_REPORT
from projections.duties.reports_due import TABLE as RULES
from projections.duties.task_paper_days import TaskPaper
from projections.projection import Projection
from projections.statement import LEDGER, word
from projections.tasks.papers_given import PLANS_GIVEN, REPORTS_GIVEN
from projections.tasks.responsibilities import TABLE as SPANS
from projections.tasks.standing_rows import TABLE as TASKS
from projections.tasks.standing_rows import UNDER_WAY

GIVEN: Mapping[TaskPaper, Projection] = {"plan": PLANS_GIVEN, "progress_report": REPORTS_GIVEN}
ONE = literal_column("1", Integer)


def papers_of_tasks(kind: TaskPaper, asked: TableValuedAlias) -> Select[Any]:
    """Those of a kind that are due on the day asked for, as rows of the board."""
    on = func.least(asked.c.due_on, AS_OF)
    return (
        select(
            word(kind).collate("C").label("kind"),
            SPANS.c.task_id,
            SPANS.c.unit_id,
            SPANS.c.official_id,
            asked.c.period.collate("C").label("period"),
            asked.c.due_on,
            _given_on(kind, asked).label("given_on"),
            _ended_on().label("excused_on"),
            cast(null(), Date).label("reminded_on"),
            cast(null(), BigInteger).label("told_position"),
            SPANS.c.position,
        )
        .where(
            asked.c.paper == word(kind),
            SPANS.c.ledger == LEDGER,
            SPANS.c.official_id.is_not(None),
            *running(SPANS, on),
            _is_bound(asked, on),
            _is_of_cohorts(asked),
            *(() if kind == "plan" else (_follows_no_own_rule(),)),
        )
        .correlate(asked)
    )


def _given_on(kind: TaskPaper, asked: TableValuedAlias) -> ColumnElement[Any]:
    """The first day on which what came is taken for the paper."""
    given = GIVEN[kind].table.c
    return (
        select(func.min(given.given_on))
        .where(
            given.ledger == LEDGER,
            given.task_id == SPANS.c.task_id,
            given.given_on.between(asked.c.from_on, asked.c.to_on),
        )
        .correlate(SPANS, asked)
        .scalar_subquery()
    )


def _ended_on() -> ColumnElement[Any]:
    """The day from which the task is no longer under way, if that is so on the day asked about."""
    over = [TASKS.c.state != word(state) for state in UNDER_WAY]
    return (
        select(TASKS.c.valid_from)
        .where(TASKS.c.ledger == LEDGER, TASKS.c.task_id == SPANS.c.task_id, *valid(TASKS), *over)
        .correlate(SPANS)
        .scalar_subquery()
    )


def _is_bound(asked: TableValuedAlias, on: ColumnElement[Any]) -> ColumnElement[bool]:
    """The body assigned the task, which is in progress on the day."""
    # Looked up span by span, of as many as a page takes: the limit keeps it from being joined.
    state = (
        select(TASKS.c.state)
        .where(
            TASKS.c.ledger == LEDGER,
            TASKS.c.task_id == SPANS.c.task_id,
            *valid(TASKS, on),
            TASKS.c.assigned_by == asked.c.body,
        )
        .limit(ONE)
        .correlate(SPANS, asked)
        .scalar_subquery()
    )
    return state == word("in_progress")


def _is_of_cohorts(asked: TableValuedAlias) -> ColumnElement[bool]:
    """The official is in a cycle of one of the cohorts, if only these owe the paper."""
    cohorts = func.string_to_array(asked.c.cohorts, word(" "))
    # Looked up one by one: the limits keep all that there are from being read.
    cycle = (
        select(CYCLES.c.cycle_id)
        .where(
            CYCLES.c.ledger == LEDGER,
            CYCLES.c.cycle_id == MEMBERS.c.cycle_id,
            *valid(CYCLES),
            CYCLES.c.decided_by == asked.c.body,
            CYCLES.c.cohort == any_(cohorts),
        )
        .limit(ONE)
        .correlate(MEMBERS, asked)
        .scalar_subquery()
    )
    enrolled = (
        select(MEMBERS.c.cycle_id)
        .where(
            MEMBERS.c.ledger == LEDGER,
            MEMBERS.c.official_id == SPANS.c.official_id,
            *valid(MEMBERS),
            cycle.is_not(None),
        )
        .limit(ONE)
        .correlate(SPANS, asked)
        .scalar_subquery()
    )
    return or_(asked.c.cohorts == word(""), enrolled.is_not(None))


def _follows_no_own_rule() -> ColumnElement[bool]:
    own = (
        select(RULES.c.report)
        .where(
            RULES.c.ledger == LEDGER,
            RULES.c.task_id == SPANS.c.task_id,
            or_(RULES.c.rule.is_not(None), RULES.c.report != word(NO_REPORT)),
        )
        .limit(ONE)
        .correlate(SPANS)
        .scalar_subquery()
    )
    return own.is_(None)
