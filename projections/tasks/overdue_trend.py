"""Overdue trend: how many tasks are open, overdue and done, as of the end of each month.

One reading of the rows, however many months: each row is counted once by the first day asked about
on which it holds, on which it is overdue, and on which it holds no longer; the months are sums.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from itertools import accumulate, groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Text,
    bindparam,
    case,
    func,
    literal_column,
    select,
)

from projections.days import ENDLESS, ONE_DAY
from projections.statement import LEDGER, LIMIT, Statement, standing, statement
from projections.tasks.standings import TABLE as TASKS
from projections.tasks.standings import TASK_STANDINGS
from projections.tasks.states import COUNTED, DONE_IN_TIME, DONE_LATE, TASK_STATES, group_of

DAYS: ColumnElement[Any] = bindparam("days", type_=ARRAY(Date))


class Stretch(NamedTuple):
    """Tasks of a group that stood alike over the same of the days asked about.

    Attributes:
        outcome: `open`, `done_in_time` or `done_late`.
        begins: index of the first day on which they stand so.
        overdue: index of the first day on which they are overdue, if they are open.
        ends: index of the first day on which they do not stand so any more.
    """

    group: str
    outcome: str
    begins: int
    overdue: int
    ends: int
    tasks: int


class Point(NamedTuple):
    """How many tasks stand in which state at the end of a day."""

    open: int
    overdue: int
    done_in_time: int
    done_late: int


@lru_cache(maxsize=512)
def stretches(group_by: str, filters: frozenset[str], *, continued: bool) -> Statement:
    """Rows of `position` and of a `Stretch`, of `limit` groups, and one more if more follow.

    Arguments: ledger, `days` in order, limit, each filter's, and `after`, the last group of the
    page before.
    """
    outcome = case(
        (DONE_IN_TIME, literal_column("'done_in_time'")),
        (DONE_LATE, literal_column("'done_late'")),
        else_=literal_column("'open'"),
    )
    past_due = func.coalesce(TASKS.c.due_on + ONE_DAY, ENDLESS)
    late_from = func.greatest(TASKS.c.valid_from, func.least(past_due, TASKS.c.valid_to))
    tasks = (
        select(
            group_of(group_by),
            outcome.label("outcome"),
            _first_day(TASKS.c.valid_from).label("begins"),
            _first_day(late_from).label("overdue"),
            _first_day(TASKS.c.valid_to).label("ends"),
        )
        .where(TASKS.c.ledger == LEDGER, COUNTED)
        .where(*(TASK_STATES.where[name].condition(name) for name in sorted(filters)))
        .subquery("tasks")
    )
    columns = [tasks.c[name] for name in Stretch._fields if name != "tasks"]
    alike = select(*columns, func.count().label("tasks")).where(tasks.c.begins < tasks.c.ends)
    if continued:
        alike = alike.where(tasks.c.group > bindparam("after", type_=Text))
    ranked = alike.group_by(*columns).subquery("alike")
    number = func.dense_rank().over(order_by=ranked.c.group).label("number")
    page = select(ranked, number).subquery("page")
    return statement(
        select(
            standing(TASK_STANDINGS.name).label("position"),
            *(page.c[name] for name in Stretch._fields),
        )
        .where(page.c.number <= LIMIT + 1)
        .order_by(page.c.group)
    )


def _first_day(since: ColumnElement[Any]) -> ColumnElement[int]:
    """The index of the first of `days` not before `since`; their number if there is none."""
    return func.width_bucket(since - ONE_DAY, DAYS)


def month_ends(first: date, last: date) -> list[date]:
    """The last day of every month from that of `first` to that of `last`; this one for its own."""
    months = range(first.year * 12 + first.month, last.year * 12 + last.month)
    starts = (date(month // 12, month % 12 + 1, 1) for month in months)
    return [*(date.fromordinal(start.toordinal() - 1) for start in starts), last]


def series(found: Iterable[Stretch], days: int) -> dict[str, list[Point]]:
    """The points of every group, one for each of so many days."""
    return {
        group: _points(list(of_group), days)
        for group, of_group in groupby(found, key=itemgetter(Stretch._fields.index("group")))
    }


def _points(found: Sequence[Stretch], days: int) -> list[Point]:
    changes = {name: [0] * (days + 1) for name in Point._fields}
    for one in found:
        changes[one.outcome][one.begins] += one.tasks
        changes[one.outcome][one.ends] -= one.tasks
        if one.outcome == "open":
            changes["overdue"][one.overdue] += one.tasks
            changes["overdue"][one.ends] -= one.tasks
    sums = [list(accumulate(changes[name]))[:days] for name in Point._fields]
    return [Point(*values) for values in zip(*sums, strict=True)]
