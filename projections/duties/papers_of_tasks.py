"""Papers of tasks: plans and reports that a body's regulation asks for of the tasks it assigned.

A paper is due from whoever leads the task on its day. A task on which the body asks for reports by
a rule of the task's own owes those, and not the ones of the regulation. They are looked up task by
task, for a page that takes few of them.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    any_,
    case,
    func,
    literal_column,
    or_,
    select,
    true,
    union,
    union_all,
)

from projections.appraisal.cycle_rows import CYCLE_TABLE as CYCLES
from projections.appraisal.cycle_rows import MEMBER_TABLE as MEMBERS
from projections.days import AS_OF, valid
from projections.duties.papers_missed import TASK_PAPERS_MISSED
from projections.duties.reports_due import TABLE as RULES
from projections.projection import Projection
from projections.statement import LEDGER, word
from projections.tasks.papers_given import PLANS_GIVEN, REPORTS_GIVEN
from projections.tasks.reminders import REMINDERS
from projections.tasks.standing_rows import TABLE as TASKS
from projections.tasks.standing_rows import UNDER_WAY

ONE = literal_column("1", Integer)
NO_ROWS = literal_column("0", Integer)
# What is read of a task.
READ = (
    "ledger",
    "task_id",
    "assigned_by",
    "state",
    "unit_id",
    "official_id",
    "valid_from",
    "valid_to",
    "position",
)


def tasks_of(official: ColumnElement[Any], unit: ColumnElement[Any]) -> FromClause:
    """How the tasks stood that the official led, or the unit if no official is given."""
    rows = select(*(TASKS.c[name] for name in READ)).where(TASKS.c.ledger == LEDGER)
    of_official = rows.where(TASKS.c.official_id == official)
    of_unit = rows.where(TASKS.c.unit_id == unit, official.is_(None))
    # All of theirs are found first: the fence keeps those of the whole body from being read.
    either = union_all(of_official, of_unit).subquery("either")
    return select(either).offset(NO_ROWS).subquery("theirs")


def tasks_with_late_papers(asked: FromClause) -> FromClause:
    """How the tasks stood of which such a paper came after its day; it may have come before too."""
    came = union(
        *(
            select(of.table.c.task_id)
            .where(
                asked.c.paper == word(paper),
                of.table.c.ledger == LEDGER,
                of.table.c.given_on > asked.c.due_on,
                of.table.c.given_on <= func.least(asked.c.to_on, AS_OF),
            )
            .correlate(asked)
            for paper, of in (("plan", PLANS_GIVEN), ("progress_report", REPORTS_GIVEN))
        )
    ).lateral("came_late")
    # Looked up one by one: the fence keeps all tasks from being read for a few.
    task = (
        select(*(TASKS.c[name] for name in READ))
        .where(TASKS.c.ledger == LEDGER, TASKS.c.task_id == came.c.task_id)
        .offset(NO_ROWS)
        .correlate(came)
        .lateral("its_task")
    )
    rows = select(*(task.c[name] for name in READ)).select_from(came.join(task, true()))
    return rows.lateral("with_late_papers")


def papers_of_tasks(asked: FromClause, bound: FromClause | None = None) -> Select[Any]:
    """Those that are due on the day asked for, as rows of the board.

    Args:
        asked: a row of `days_of_task_papers`.
        bound: how the tasks stand that there may be papers of; all of them if left out.
    """
    if bound is None:
        bound = TASKS.alias("bound")
    on = func.least(asked.c.due_on, AS_OF)
    is_plan = asked.c.paper == word("plan")
    told = _told(bound, asked, is_plan)
    return (
        select(
            asked.c.paper.collate("C").label("kind"),
            bound.c.task_id,
            bound.c.unit_id,
            bound.c.official_id,
            asked.c.period.collate("C").label("period"),
            asked.c.due_on,
            told.c.given_on,
            told.c.excused_on,
            told.c.reminded_on,
            told.c.told_position,
            bound.c.position,
            bound.c.valid_to,
        )
        .select_from(bound.join(told, true()))
        .where(
            bound.c.ledger == LEDGER,
            bound.c.assigned_by == asked.c.body,
            bound.c.state == word("in_progress"),
            *valid(bound, on),
            _is_of_cohorts(bound, asked),
            or_(is_plan, _follows_no_own_rule(bound)),
        )
        .correlate(asked)
    )


def _told(bound: FromClause, asked: FromClause, is_plan: ColumnElement[bool]) -> FromClause:
    """What became of the paper: looked up once, however often it is asked about."""
    given_on = case(
        (is_plan, _given_on(PLANS_GIVEN, bound, asked)),
        else_=_given_on(REPORTS_GIVEN, bound, asked),
    )
    return (
        select(
            given_on.label("given_on"),
            ended_on(bound).label("excused_on"),
            _reminded_on(bound, asked).label("reminded_on"),
            told_position(bound, asked).label("told_position"),
        )
        .offset(NO_ROWS)
        .correlate(bound, asked)
        .lateral("told")
    )


def _given_on(of: Projection, bound: FromClause, asked: FromClause) -> ColumnElement[Any]:
    """The first day on which what came is taken for the paper."""
    given = of.table.c
    return (
        select(func.min(given.given_on))
        .where(
            given.ledger == LEDGER,
            given.task_id == bound.c.task_id,
            given.given_on.between(asked.c.from_on, asked.c.to_on),
        )
        .correlate(bound, asked)
        .scalar_subquery()
    )


def _reminded_on(bound: FromClause, asked: FromClause) -> ColumnElement[Any]:
    """The first day on which a reminder named it."""
    reminder = REMINDERS.table.c
    return (
        select(func.min(reminder.issued_on))
        .where(
            reminder.ledger == LEDGER,
            reminder.task_id == bound.c.task_id,
            reminder.missed_paper["paper"].astext == asked.c.paper,
            reminder.missed_paper["period"].astext == asked.c.period,
        )
        .correlate(bound, asked)
        .scalar_subquery()
    )


def ended_on(bound: FromClause) -> ColumnElement[Any]:
    """The day from which the task is no longer under way, if that is so on the day asked about.

    It is looked up only of what is not in progress as it was.
    """
    over = [TASKS.c.state != word(state) for state in UNDER_WAY]
    ended = (
        select(TASKS.c.valid_from)
        .where(TASKS.c.ledger == LEDGER, TASKS.c.task_id == bound.c.task_id, *valid(TASKS), *over)
        .correlate(bound)
        .scalar_subquery()
    )
    return case((bound.c.valid_to <= AS_OF, ended))


def told_position(bound: FromClause, asked: FromClause) -> ColumnElement[Any]:
    """Of the event that tells that it is missing."""
    told = TASK_PAPERS_MISSED.table
    return (
        select(told.c.position)
        .where(
            told.c.ledger == LEDGER,
            told.c.task_id == bound.c.task_id,
            told.c.paper == asked.c.paper,
            told.c.period == asked.c.period,
            told.c.due_on == asked.c.due_on,
            *valid(told),
        )
        .correlate(bound, asked)
        .scalar_subquery()
    )


def _is_of_cohorts(bound: FromClause, asked: FromClause) -> ColumnElement[bool]:
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
            MEMBERS.c.official_id == bound.c.official_id,
            *valid(MEMBERS),
            cycle.is_not(None),
        )
        .limit(ONE)
        .correlate(bound, asked)
        .scalar_subquery()
    )
    return or_(asked.c.cohorts == word(""), enrolled.is_not(None))


def _follows_no_own_rule(bound: FromClause) -> ColumnElement[bool]:
    """Whether no rule of the task's own had asked for reports by the day asked about."""
    own = (
        select(RULES.c.ruled_on)
        .where(
            RULES.c.ledger == LEDGER,
            RULES.c.task_id == bound.c.task_id,
            RULES.c.ruled_on <= AS_OF,
        )
        .limit(ONE)
        .correlate(bound)
        .scalar_subquery()
    )
    return own.is_(None)
