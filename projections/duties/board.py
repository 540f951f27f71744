"""Duties board: which paper was due from whom on which day, and how that stands on a day.

A plan or a periodic report of a task is due from whoever leads the task on its day; the programme
and the annual report on a commune from its monitor, the year-end form from the commune; in a cycle
of ratings the self-assessment from the official, the official's review from the agency, the rating
and the results of units from the body that decides. What is due of a task is excused if the task
ended; a report also if the rule was withdrawn, or an objective cause was confirmed before it came;
a paper of a cycle if the cycle was closed.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    FromClause,
    Select,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    null,
    or_,
    select,
    true,
    union_all,
)

from domain.kernel import Invalid
from domain.regulations.regulations import Regulations
from domain.values import Day
from projections.appraisal.cycle_rows import CYCLES, MEMBERS
from projections.appraisal.ratings import RATINGS
from projections.appraisal.unit_results import UNIT_RESULTS
from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.days import AS_OF, FROM_ON, TO_ON
from projections.duties.due_pages import NAMES, asked_for, due_page, its_task, state_of, whose
from projections.duties.occasions import RULES, occasions, owing
from projections.duties.of_cycles import papers_of_cycles
from projections.duties.paper_days import days_of_papers
from projections.duties.papers_at_once import papers_at_once
from projections.duties.papers_due import KINDS_OF_PAPERS, arguments_of_years, papers_due
from projections.duties.papers_missed import CYCLE_PAPERS_MISSED, TASK_PAPERS_MISSED
from projections.duties.papers_of_tasks import papers_of_tasks, tasks_of, tasks_with_late_papers
from projections.duties.reports_due import REPORTS_DUE
from projections.duties.reports_due import TABLE as REPORTS
from projections.duties.task_paper_days import days_of_task_papers, task_paper_days
from projections.filters import Filters, Id, where
from projections.listing import Arguments, Listing, ListItem, Mark, Shown
from projections.monitoring.papers import ANNUAL_REPORTS, PAPERS_MISSED, PROGRAMMES, REVIEWS
from projections.statement import LEDGER, LIMIT, NO_TEXT, word
from projections.tasks.papers_given import PLANS_GIVEN, REPORTS_GIVEN
from projections.tasks.reminders import REMINDERS
from projections.tasks.standings import TASK_STANDINGS

DutyKind: TypeAlias = Literal[
    "plan",
    "progress_report",
    "programme",
    "annual_report",
    "review",
    "self_assessment",
    "official_review",
    "rating",
    "unit_result",
]
State: TypeAlias = Literal["in_time", "late", "missing", "excused", "awaited"]
# What is shown where a reader names no days, and how many a reader may name.
BEFORE, AFTER_DAYS, MOST_DAYS = timedelta(365), timedelta(30), 1100
NONE_YET: ColumnElement[Any] = cast(null(), Date)
NOT_TOLD: ColumnElement[Any] = cast(null(), BigInteger)


class DaysUnusable(Invalid):
    """From {from_on} to {to_on} are not 1 to {most} days.

    Từ {from_on} đến {to_on} phải có từ 1 đến {most} ngày.
    """


def _branches() -> Iterator[Select[Any]]:
    yield due_page(_written().subquery("written_reports"), "task_id", "period", of_tasks=True)
    occasion = occasions()
    unwritten = _unwritten(occasion).subquery("of_occasion")
    of_occasion = due_page(unwritten, "task_id", "period", of_tasks=True)
    each = of_occasion.correlate(RULES, occasion).lateral("on_occasion")
    # Day after day, and no further than a page goes; all of its last day are among them.
    of_rule = (
        select(*each.c)
        .select_from(occasion.join(each, true()))
        .order_by(occasion.c.due_on)
        .fetch(LIMIT + 1, with_ties=True)
        .correlate(RULES)
        .lateral("of_rule")
    )
    yield select(*of_rule.c).select_from(RULES.join(of_rule, true()))
    for kind in KINDS_OF_PAPERS:
        yield due_page(papers_due(kind).subquery(f"{kind}_due"), "period", "unit_id")
    unit, official = asked_for("unit"), asked_for("official")
    of_all = and_(unit.is_(None), official.is_(None))
    is_late = func.coalesce(asked_for("state") == word("late"), false())
    yield _by_regulation("of_all", and_(of_all, ~is_late))
    # Those that came late are few among all papers of a body: they are found by what came.
    yield _by_regulation("of_late", and_(of_all, is_late), tasks_with_late_papers)
    yield _by_regulation("of_theirs", ~of_all, lambda _: tasks_of(official, unit))
    of_cycles = papers_of_cycles().subquery("due_in_cycles")
    yield due_page(of_cycles, "kind", "period", "unit_id", "official_id")


def _by_regulation(
    name: str,
    when: ColumnElement[bool],
    bound: Callable[[FromClause], FromClause] | None = None,
) -> Select[Any]:
    """Those that a regulation asks for of tasks: day after day, and no further than a page goes."""
    asked = task_paper_days(f"{name}_days")
    due = papers_of_tasks(asked, None if bound is None else bound(asked)).subquery(f"{name}_due")
    state, passed = asked_for("state"), asked.c.due_on < AS_OF
    # Nothing is excused of a task that goes on as it was.
    of_state = or_(state.is_(None), state != word("excused"), due.c.valid_to <= AS_OF)
    page = due_page(due, "task_id", "period").where(when, of_state)
    each = page.correlate(asked).lateral(name)
    # Nothing is missing on a day that has not passed, nor awaited on one that has.
    may_be = (
        or_(state.is_(None), state != word("missing"), passed),
        or_(state.is_(None), state != word("awaited"), ~passed),
    )
    return (
        select(*each.c)
        .select_from(asked.join(each, true()))
        .where(*may_be)
        .order_by(asked.c.due_on)
        .fetch(LIMIT + 1, with_ties=True)
    )


def _written() -> Select[Any]:
    """The reports whose fate is known, and which were asked for by the day."""
    rows = REPORTS.c
    return (
        select(
            *_of_task(rows.task_id, rows.due_on, rows.period, rows.position),
            rows.given_on,
            rows.excused_on,
            rows.reminded_on,
            rows.told_position,
        )
        .select_from(REPORTS)
        .where(rows.ledger == LEDGER, rows.due_on.between(FROM_ON, TO_ON), rows.asked_on <= AS_OF)
    )


def _unwritten(occasion: Any) -> Select[Any]:  # noqa: ANN401  a lateral subquery
    """The reports that follow from the rule that runs."""
    rows = REPORTS.c
    return (
        select(
            *_of_task(rows.task_id, occasion.c.due_on, occasion.c.period, rows.position),
            NONE_YET.label("given_on"),
            NONE_YET.label("excused_on"),
            NONE_YET.label("reminded_on"),
            NOT_TOLD.label("told_position"),
        )
        .select_from(REPORTS)
        .where(owing(occasion), rows.asked_on <= AS_OF)
        .correlate(RULES, occasion)
    )


def _of_task(
    task_id: ColumnElement[Any],
    due_on: ColumnElement[Any],
    period: ColumnElement[Any],
    position: ColumnElement[Any],
) -> Iterator[ColumnElement[Any]]:
    yield word("progress_report").collate("C").label("kind")
    yield task_id.label("task_id")
    yield NO_TEXT.label("unit_id")
    yield NO_TEXT.label("official_id")
    yield period.label("period")
    yield due_on.label("due_on")
    yield position.label("position")


def all_of_them() -> Select[Any]:
    """All that were due in the days asked about, whatever a page takes, and whose they are."""
    occasion = occasions()
    each = _unwritten(occasion).lateral("of_every_occasion")
    from_rules = select(*(each.c[name] for name in NAMES)).select_from(
        RULES.join(occasion, true()).join(each, true())
    )
    written = _written().subquery("all_written")
    papers = (papers_due(kind).subquery(f"every_{kind}") for kind in KINDS_OF_PAPERS)
    of_cycles = papers_of_cycles().subquery("every_in_cycles")
    by_regulation = papers_at_once("every_task_day").subquery("every_by_regulation")
    tables = (written, *papers, by_regulation, of_cycles)
    others = (select(*(one.c[name] for name in NAMES)) for one in tables)
    every = union_all(from_rules, *others).subquery("every_duty")
    placed = {name: whose(every, name).label(name) for name in ("unit_id", "official_id")}
    return select(*(placed.get(name, every.c[name]) for name in NAMES))


BOARD = union_all(*_branches()).subquery("duties")
ITS_TASK = its_task(BOARD)
UNIT = func.coalesce(BOARD.c.unit_id, ITS_TASK.c.unit_id)
OFFICIAL = func.coalesce(BOARD.c.official_id, ITS_TASK.c.official_id)
STATE = state_of(BOARD.c)
LATE_BY = case(
    (word("late") == STATE, BOARD.c.given_on - BOARD.c.due_on),
    (word("missing") == STATE, AS_OF - BOARD.c.due_on),
)


def _by_the_day(on: ColumnElement[Any], vi: str) -> Shown:
    return Shown(case((on <= AS_OF, on)), vi)


class DutyItem(ListItem):
    """A paper that was or will be due, and how that stands on the day.

    It is due from `official_id`, and of a task or of a commune (`unit_id`); a `review` is due from
    the commune, a `rating` from the body that decides, about that official, an `official_review`
    from the agency (`unit_id`). A `unit_result` is about the unit. The `period` of what is due in
    a cycle of ratings is the cycle. `days_late` are those until it came, or until
    the day asked about. `reminded_on` is the first day on which a reminder named it,
    `missed_position` the event that told of it.
    """

    kind: Annotated[DutyKind, Shown(vi="Loại giấy tờ")]
    state: Annotated[State, Shown(STATE)]
    due_on: date
    period: Annotated[str, Shown(vi="Kỳ")]
    task_id: str | None
    title: Annotated[str | None, Shown(ITS_TASK.c.title)]
    unit_id: Annotated[str | None, Shown(UNIT)]
    official_id: Annotated[str | None, Shown(OFFICIAL)]
    given_on: Annotated[date | None, _by_the_day(BOARD.c.given_on, "Ngày nộp")]
    days_late: Annotated[int | None, Shown(LATE_BY, vi="Số ngày chậm")]
    reminded_on: Annotated[date | None, _by_the_day(BOARD.c.reminded_on, "Ngày đôn đốc")]
    missed_position: Annotated[int | None, Shown(BOARD.c.told_position, vi="Sự kiện báo thiếu")]
    position: int


class DutyDays(Filters):
    """From which day to which papers are due."""

    from_on: Annotated[
        Day | None,
        Field(description="The first day on which they are due; 365 before `as_of` if left out."),
    ] = None
    to_on: Annotated[
        Day | None,
        Field(description="The last day on which they are due; 30 after `as_of` if left out."),
    ] = None


class DutyFilters(DutyDays):
    """Which papers, due when, from whom."""

    kind: DutyKind | None = where(BOARD.c.kind)
    state: State | None = where(lambda state: state == STATE, of=Text())
    task: Id | None = where(BOARD.c.task_id, "Of this task.")
    unit: Id | None = where(
        lambda unit: unit == UNIT,
        "Of the unit that answers for it, or the commune.",
        of=Text(),
    )
    official: Id | None = where(
        lambda official: official == OFFICIAL,
        "Due from this official.",
        of=Text(),
    )


def days_of(params: Any, as_of: date) -> tuple[date, date]:  # noqa: ANN401  a list's own
    """The first and the last day on which what a reader asks for is due.

    Raises:
        DaysUnusable.
    """
    first = params.from_on or max(as_of, date.min + BEFORE) - BEFORE
    last = params.to_on or min(as_of, date.max - AFTER_DAYS) + AFTER_DAYS
    if not 0 <= (last - first).days < MOST_DAYS:
        raise DaysUnusable(from_on=first, to_on=last, most=MOST_DAYS)
    return first, last


def asked(params: Any, as_of: date, regulated: Regulations | None) -> Arguments:  # noqa: ANN401  the list's own
    first, last = days_of(params, as_of)
    of_years = arguments_of_years(first, last, as_of, regulated or Regulations())
    days = days_of_papers(first, last, regulated or Regulations())
    of_tasks = days_of_task_papers(first, last, regulated or Regulations())
    return {"from_on": first, "to_on": last, **of_years, **days, **of_tasks}


DUTIES = Listing(
    name="duties",
    tag="reports",
    answers="Which papers were due from whom on which day, and how each stands: in time, late, "
    "missing, excused, or awaited.",
    page="One page of papers, that which was due first before the others.",
    item=DutyItem,
    filters=DutyFilters,
    projections=(
        REPORTS_DUE,
        TASK_STANDINGS,
        COMMUNE_COVERAGE,
        PROGRAMMES,
        ANNUAL_REPORTS,
        REVIEWS,
        PAPERS_MISSED,
        CYCLES,
        MEMBERS,
        RATINGS,
        UNIT_RESULTS,
        PLANS_GIVEN,
        REPORTS_GIVEN,
        REMINDERS,
        TASK_PAPERS_MISSED,
        CYCLE_PAPERS_MISSED,
    ),
    table=BOARD,
    source=BOARD.outerjoin(ITS_TASK, true()),
    order=(
        "due_on",
        "kind",
        Mark("task_id", func.coalesce(BOARD.c.task_id, word(""))),
        "period",
        Mark("unit_id", func.coalesce(BOARD.c.unit_id, word(""))),
        Mark("official_id", func.coalesce(BOARD.c.official_id, word(""))),
    ),
    arguments=asked,
    regulated=True,
    planned_once=True,
    refusals=(DaysUnusable,),
)
