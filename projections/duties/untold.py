"""Untold: the reports and papers that are missing, and of which no event tells yet."""

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
    true,
    tuple_,
    union_all,
)

from projections.days import FROM_ON, TO_ON, of_day
from projections.duties.due_pages import state_of
from projections.duties.occasions import RULES, occasions, owing
from projections.duties.of_cycles import papers_of_cycles
from projections.duties.papers_due import KINDS_OF_PAPERS, papers_due
from projections.duties.papers_of_tasks import papers_of_tasks
from projections.duties.reports_due import TABLE as REPORTS
from projections.duties.task_paper_days import task_paper_days
from projections.statement import LEDGER, LIMIT, Statement, statement, word
from projections.tasks.standing_rows import TABLE as TASKS

AFTER_PAPER = (
    bindparam("after_due_on", type_=Date),
    bindparam("after_unit", type_=Text),
    bindparam("after_kind", type_=Text),
)
AFTER = (
    bindparam("after_due_on", type_=Date),
    bindparam("after_task", type_=Text),
    bindparam("after_period", type_=Text),
)
AFTER_TASK_PAPER = (
    bindparam("after_due_on", type_=Date),
    bindparam("after_kind", type_=Text),
    bindparam("after_task", type_=Text),
    bindparam("after_period", type_=Text),
)
AFTER_CYCLE_PAPER = (
    bindparam("after_due_on", type_=Date),
    bindparam("after_kind", type_=Text),
    bindparam("after_cycle", type_=Text),
    bindparam("after_unit", type_=Text),
    bindparam("after_official", type_=Text),
)


@lru_cache
def untold() -> Statement:
    """Rows of `due_on`, `task_id` and `period`, in that order, of tasks that somebody leads.

    Arguments: ledger, as_of, from_on and to_on (the days on which they were due), limit, and those
    of the row to go on after: after_due_on, after_task, after_period.
    """
    rows, occasion = REPORTS.c, occasions()
    known = (rows.given_on.is_(None), rows.excused_on.is_(None), rows.told_position.is_(None))
    written = _led(rows.due_on, rows.period).where(
        rows.ledger == LEDGER, rows.due_on.between(FROM_ON, TO_ON), *known
    )
    following = (
        _led(occasion.c.due_on, occasion.c.period)
        .where(owing(occasion))
        .correlate(RULES, occasion)
        .lateral("following")
    )
    from_rules = select(*following.c).select_from(
        RULES.join(occasion, true()).join(following, true())
    )
    parts = (_in_order(one.subquery()) for one in (written, from_rules))
    return statement(_in_order(union_all(*parts).subquery()))


@lru_cache
def untold_papers() -> Statement:
    """Rows of `due_on`, `unit_id`, `kind` and `year` of papers on communes, in that order.

    Arguments: ledger, as_of, from_on and to_on (the days on which they were due), those of
    `arguments_of_years`, limit, and those of the row to go on after: after_due_on, after_unit,
    after_kind.
    """
    every = union_all(*map(papers_due, KINDS_OF_PAPERS)).subquery("papers")
    place = (every.c.due_on, every.c.unit_id, every.c.kind)
    return statement(
        select(*place, cast(every.c.period, Integer).label("year"))
        .where(
            every.c.given_on.is_(None),
            every.c.told_position.is_(None),
            tuple_(*place) > tuple_(*AFTER_PAPER),
        )
        .order_by(*place)
        .limit(LIMIT)
    )


@lru_cache
def untold_task_papers() -> Statement:
    """Rows of `due_on`, `kind`, `task_id` and `period` that regulations ask for, in that order.

    Arguments: ledger, as_of, those of `days_of_task_papers`, limit, and those of the row to go on
    after: after_due_on, after_kind, after_task, after_period.
    """
    asked = task_paper_days("asked_days")
    paper = papers_of_tasks(asked).subquery("paper_of_day")
    due_on, kind, task, _ = AFTER_TASK_PAPER
    same = and_(asked.c.due_on == due_on, asked.c.paper == kind)
    rows = (paper.c.due_on, paper.c.kind, paper.c.task_id, paper.c.period)
    # Of each day no more than are taken, and by the index from the task on that was the last.
    each = (
        select(*rows)
        .where(
            tuple_(asked.c.due_on, asked.c.paper.collate("C")) >= tuple_(due_on, kind),
            paper.c.task_id >= case((same, task), else_=word("")),
            tuple_(*rows) > tuple_(*AFTER_TASK_PAPER),
            *_missing(paper),
        )
        .order_by(paper.c.task_id)
        .limit(LIMIT)
        .correlate(asked)
        .lateral("untold_of_day")
    )
    return statement(
        select(*each.c).select_from(asked.join(each, true())).order_by(*each.c).limit(LIMIT)
    )


@lru_cache
def untold_cycle_papers() -> Statement:
    """Rows of `due_on`, `kind`, `cycle_id`, `unit_id` and `official_id`, in that order.

    Of the result of a unit the official is an empty text.

    Arguments: ledger, as_of, from_on and to_on (the days on which they were due), those of
    `days_of_papers`, limit, and those of the row to go on after: after_due_on, after_kind,
    after_cycle, after_unit, after_official.
    """
    every = papers_of_cycles().subquery("cycle_papers")
    official = func.coalesce(every.c.official_id, word("")).collate("C").label("official_id")
    place = (every.c.due_on, every.c.kind, every.c.period, every.c.unit_id, official)
    return statement(
        select(*place)
        .where(tuple_(*place) > tuple_(*AFTER_CYCLE_PAPER), *_missing(every))
        .order_by(*place)
        .limit(LIMIT)
    )


def _missing(paper: FromClause) -> tuple[ColumnElement[bool], ...]:
    """The paper is missing as the board says, and no event tells of it."""
    return state_of(paper.c) == word("missing"), paper.c.told_position.is_(None)


def _led(due_on: ColumnElement[Any], period: ColumnElement[Any]) -> Select[Any]:
    led = or_(TASKS.c.state == word("in_progress"), TASKS.c.state == word("claimed"))
    its_task = and_(*of_day(TASKS), TASKS.c.task_id == REPORTS.c.task_id, led)
    return select(
        due_on.label("due_on"), REPORTS.c.task_id.label("task_id"), period.label("period")
    ).select_from(REPORTS.join(TASKS, its_task))


def _in_order(rows: FromClause) -> Select[Any]:
    place = (rows.c.due_on, rows.c.task_id, rows.c.period)
    return select(*place).where(tuple_(*place) > tuple_(*AFTER)).order_by(*place).limit(LIMIT)
