"""Overdue trend: how many tasks are open, overdue and done, as of the end of each month.

From the counts by day where they tell. Otherwise one reading of the rows, however many months: each
row is counted once by the first day asked about on which it holds, on which it is overdue, and on
which it holds no longer; the months are sums.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import accumulate
from typing import Annotated, Any, NamedTuple, TypeAlias

from pydantic import Field
from sqlalchemy import Select, case, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import array

from domain.kernel import Invalid
from projections.days import DAYS, ENDLESS, ONE_DAY, first_of_days
from projections.listing import Arguments, Item, Listing, ListItem, Shown
from projections.statement import word
from projections.tasks.standing_counts import CHANGES, STANDING_COUNTS
from projections.tasks.standing_rows import COUNTED, DONE_IN_TIME, DONE_LATE
from projections.tasks.standing_rows import TABLE as TASKS
from projections.tasks.standings import TASK_STANDINGS
from projections.tasks.states import StateFilters, group_of

MOST_MONTHS = 120
USUAL_MONTHS = 12

Month: TypeAlias = Annotated[
    str, Field(pattern=r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$", examples=["2021-05"])
]


class MonthsUnusable(Invalid):
    """From {from_month} to {to_month} are not 1 to {most} months.

    Từ {from_month} đến {to_month} phải có từ 1 đến {most} tháng.
    """


class TrendFilters(StateFilters):
    """Which months, and which tasks are counted by what."""

    from_month: Annotated[
        Month | None, Field(description="The first month; eleven before the last if left out.")
    ] = None
    to_month: Annotated[
        Month | None, Field(description="The last month; that of `as_of` if left out.")
    ] = None


class TrendPoint(ListItem):
    """How the tasks stand at the end of `on`: the month's last day, or `as_of` if before it.

    `overdue` are of those `open`; `done` counts all that were done by then.
    """

    month: Annotated[str, Shown(vi="Tháng")]
    on: date
    open: Annotated[int, Shown(vi="Đang mở")]
    overdue: int
    done_in_time: Annotated[int, Shown(vi="Hoàn thành đúng hạn")]
    done_late: Annotated[int, Shown(vi="Hoàn thành quá hạn")]


class OfGroup(ListItem):
    """Something of one group."""

    group: str


class Trend(OfGroup):
    """The series of a group, one point a month."""

    points: list[TrendPoint]


class TrendRow(TrendPoint, OfGroup):
    """A point of a group's series, as a row of a table."""


class Stretch(NamedTuple):
    """Tasks of a group that stood alike over the same of the days asked about.

    Attributes:
        outcome: `open`, `done_in_time` or `done_late`; or `overdue`, of those open, on its own.
        begins: index of the first day on which they stand so.
        overdue: index of the first day on which they are overdue, if they are open.
        ends: index of the first day on which they do not stand so any more.
    """

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


def stretches(group_by: str, filters: frozenset[str]) -> Select[Any]:
    """Rows of `group` and of `points`, which are yet to be made of its `Stretch`es."""
    if STANDING_COUNTS.answer(group_by, filters):
        return _as_counted(group_by, filters)
    outcome = case(
        (DONE_IN_TIME, word("done_in_time")),
        (DONE_LATE, word("done_late")),
        else_=word("open"),
    )
    past_due = func.coalesce(TASKS.c.due_on + ONE_DAY, ENDLESS)
    late_from = func.greatest(TASKS.c.valid_from, func.least(past_due, TASKS.c.valid_to))
    tasks = (
        select(
            group_of(group_by),
            outcome.label("outcome"),
            first_of_days(TASKS.c.valid_from).label("begins"),
            first_of_days(late_from).label("overdue"),
            first_of_days(TASKS.c.valid_to).label("ends"),
        )
        .where(*OVERDUE_TREND.conditions(filters))
        .subquery("tasks")
    )
    alike = (
        select(*tasks.c, func.count().label("tasks"))
        .where(tasks.c.begins < tasks.c.ends)
        .group_by(*tasks.c)
        .order_by(tasks.c.group)  # so that only the groups of a page are laid together
        .subquery("alike")
    )
    stretch = func.json_build_array(*(alike.c[name] for name in Stretch._fields))
    return select(alike.c.group, func.json_agg(stretch).label("points")).group_by(alike.c.group)


def _as_counted(group_by: str, filters: frozenset[str]) -> Select[Any]:
    """The same from the counts by day: what changes lasts to the end."""
    changes = (
        select(
            STANDING_COUNTS.group(group_by),
            first_of_days(CHANGES.c.day).label("begins"),
            func.cardinality(DAYS).label("ends"),
            (CHANGES.c.open_in_time + CHANGES.c.open_overdue).label("open"),
            CHANGES.c.open_overdue.label("overdue"),
            CHANGES.c.done_in_time,
            CHANGES.c.done_late,
        )
        .where(*STANDING_COUNTS.narrowed(filters))
        .subquery("changes")
        .c
    )
    sums = [func.sum(changes[name]) for name in Point._fields]
    by = (changes.group, changes.begins, changes.ends)
    alike = (
        select(*by, *(added.label(name) for name, added in zip(Point._fields, sums, strict=True)))
        .where(changes.begins < changes.ends)
        .group_by(*by)
        .having(or_(*(added != literal_column("0") for added in sums)))
        .order_by(changes.group)
        .subquery("alike")
    )
    each = (
        func.unnest(
            array([word(name) for name in Point._fields]),
            array([alike.c[name] for name in Point._fields]),
        )
        .table_valued("outcome", "tasks")
        .render_derived("each")
        .c
    )
    stretch = func.json_build_array(
        each.outcome, alike.c.begins, alike.c.ends, alike.c.ends, each.tasks
    )
    return select(alike.c.group, func.json_agg(stretch).label("points")).group_by(alike.c.group)


def month_ends(first: date, last: date) -> list[date]:
    """The last day of every month from that of `first` to that of `last`; this one for its own."""
    months = range(first.year * 12 + first.month, last.year * 12 + last.month)
    starts = (date(month // 12, month % 12 + 1, 1) for month in months)
    return [*(date.fromordinal(start.toordinal() - 1) for start in starts), last]


def with_points(items: Sequence[Item], arguments: Arguments) -> list[Item]:
    """The groups with a point for each of the days."""
    days: Sequence[date] = arguments["days"]
    return [
        {
            "group": item["group"],
            "points": [
                {"month": f"{on:%Y-%m}", "on": on, **point._asdict()}
                for on, point in zip(days, _points(item["points"], len(days)), strict=True)
            ],
        }
        for item in items
    ]


def _points(stretches: Iterable[Sequence[Any]], days: int) -> list[Point]:
    changes = {name: [0] * (days + 1) for name in Point._fields}
    for one in map(Stretch._make, stretches):
        changes[one.outcome][one.begins] += one.tasks
        changes[one.outcome][one.ends] -= one.tasks
        if one.outcome == "open":
            changes["overdue"][one.overdue] += one.tasks
            changes["overdue"][one.ends] -= one.tasks
    sums = [list(accumulate(changes[name]))[:days] for name in Point._fields]
    return [Point(*values) for values in zip(*sums, strict=True)]


def _rows(trend: Item) -> Iterable[Item]:
    return ({"group": trend["group"], **point} for point in trend["points"])


def _days(params: TrendFilters, as_of: date, _: object) -> Arguments:
    """The days of the points.

    Raises:
        MonthsUnusable: none, or too many.
    """
    last = as_of if params.to_month is None else min(as_of, _last_day(params.to_month))
    first = _months_before(last) if params.from_month is None else _first_day(params.from_month)
    days = month_ends(first, last)
    if first > last or len(days) > MOST_MONTHS:
        raise MonthsUnusable(
            from_month=f"{first:%Y-%m}", to_month=f"{last:%Y-%m}", most=MOST_MONTHS
        )
    return {"days": days}


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _last_day(month: str) -> date:
    first = _first_day(month)
    return first.replace(day=monthrange(first.year, first.month)[1])


def _months_before(last: date) -> date:
    """The first day of the first month, where as many months as usual end with this one."""
    year, month = divmod(last.year * 12 + last.month - USUAL_MONTHS, 12)
    return date(year, month + 1, 1)


OVERDUE_TREND = Listing(
    name="overdue-trend",
    operation="read_overdue_trend",
    tag="reports",
    answers="How many tasks were open, overdue, done in time and done late at the end of each "
    "month.",
    page="One page of groups, in the order of their names.",
    item=Trend,
    row=TrendRow,
    rows_of=_rows,
    filters=TrendFilters,
    projections=(TASK_STANDINGS,),
    table=TASKS,
    holds=(COUNTED,),
    order=("group",),
    groups=stretches,
    arguments=_days,
    finish=with_points,
    refusals=(MonthsUnusable,),
)
