"""Coverage trend: communes, those with a monitor, and monitors, at the end of each month.

One reading of the rows, however many days are asked about: each row counts from the first of them
on which it holds to the first on which it holds no longer; the days are sums. An official's rows
are laid together first, so that one who monitors several communes counts once.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field
from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    cast,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import INT4MULTIRANGE, INT4RANGE

from domain.kernel import Invalid
from projections.commune_coverage.communes import PROJECTIONS
from projections.commune_coverage.intervals import TABLE
from projections.commune_coverage.of_day import share
from projections.commune_coverage.uncovered_days import OfPeriod, stretches
from projections.days import DAYS, ONE_DAY, first_of_days
from projections.filters import PLAIN_DIGITS
from projections.listing import Arguments, Item, Listing, ListItem, Shown

NONE: ColumnElement[int] = literal_column("0", Integer)
MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
YEAR_MONTHS = 12
MOST_POINTS = 240
# What changes at one of the days asked about.
FIGURES = ("communes", "covered", "officials")

Step: TypeAlias = Literal["month", "quarter", "year"]


class PointsUnusable(Invalid):
    """From {from_on} to {to_on} by {step} are not 1 to {most} points.

    Từ {from_on} đến {to_on} theo từng {step} phải có từ 1 đến {most} mốc.
    """


class TrendFilters(OfPeriod):
    """Which days, and which communes."""

    limit: Annotated[
        int, Field(ge=1, le=MOST_POINTS, description="At most so many points."), PLAIN_DIGITS
    ] = MOST_POINTS
    step: Annotated[
        Step,
        Field(description="Of what each point is the last day; the last point is of `to_on`."),
    ] = "month"


class CoveragePoint(ListItem):
    """The figures of the day `on`."""

    on: date
    communes: int
    covered: int
    uncovered: Annotated[int, Shown(vi="Không có người theo dõi")]
    share_percent: str | None
    officials: int


def points(_: str, filters: frozenset[str]) -> Select[Any]:
    """Rows of `on` and of the figures of that day, for each of `days`."""
    change = _changes(filters).subquery("change")
    day = func.unnest(DAYS).table_valued("on", with_ordinality="number").render_derived("day")
    point = select(
        cast(day.c["on"], Date).label("on"),
        *(
            func.sum(func.coalesce(change.c[name], NONE)).over(order_by=day.c.number).label(name)
            for name in FIGURES
        ),
    ).join_from(day, change, change.c.at == day.c.number - ONE_DAY, isouter=True)
    return select(point.subquery("point"))


def _changes(filters: frozenset[str]) -> Select[Any]:
    """By how many each figure changes `at` one of the days asked about, by its index."""
    row = stretches(filters).subquery("stretch").c
    part = select(
        row.official_id,
        first_of_days(row.since).label("begins"),
        first_of_days(row.until).label("ends"),
    ).cte("part")
    indexes = func.int4range(part.c.begins, part.c.ends, type_=INT4RANGE)
    together = (
        select(func.unnest(func.range_agg(indexes, type_=INT4MULTIRANGE)).label("days"))
        .where(part.c.official_id.is_not(None))
        .group_by(part.c.official_id)
        .cte("together")
    )
    communes, covered = func.count(), func.count(part.c.official_id)
    first, end = func.lower(together.c.days), func.upper(together.c.days)
    parts = union_all(
        _at(part.c.begins, communes, covered, NONE),
        _at(part.c.ends, -communes, -covered, NONE),
        _at(first, NONE, NONE, func.count()),
        _at(end, NONE, NONE, -func.count()),
    ).subquery("parts")
    figures = (cast(func.sum(parts.c[name]), Integer).label(name) for name in FIGURES)
    return select(parts.c.at, *figures).group_by(parts.c.at)


def _at(at: ColumnElement[Any], *figures: ColumnElement[int]) -> Select[Any]:
    named = zip(FIGURES, figures, strict=True)
    return select(at.label("at"), *(made.label(name) for name, made in named)).group_by(at)


def step_ends(first: date, last: date, step: str) -> list[date]:
    """The last day of every month, quarter or year from that of `first`; `last` for its own."""
    months = MONTHS_IN[step]
    begins = range(
        (first.year * YEAR_MONTHS + first.month - 1) // months + 1,
        (last.year * YEAR_MONTHS + last.month - 1) // months + 1,
    )
    starts = (divmod(number * months, YEAR_MONTHS) for number in begins)
    return [
        *(date.fromordinal(date(year, month + 1, 1).toordinal() - 1) for year, month in starts),
        last,
    ]


def with_the_others(items: Sequence[Item], _: Arguments) -> list[Item]:
    """The points with the communes that nobody monitors, and the share of the others."""
    return [
        {
            "on": item["on"],
            "communes": item["communes"],
            "covered": item["covered"],
            "uncovered": item["communes"] - item["covered"],
            "share_percent": share(item["covered"], item["communes"]),
            "officials": item["officials"],
        }
        for item in items
    ]


def _days(params: TrendFilters, as_of: date, _: object) -> Arguments:
    """The days of the points.

    Raises:
        PointsUnusable: none, or too many.
    """
    first, last = params.days(as_of)
    days = step_ends(first, last, params.step)
    if first > last or len(days) > MOST_POINTS:
        raise PointsUnusable(from_on=first, to_on=last, step=params.step, most=MOST_POINTS)
    return {"days": days, "from_on": days[0], "to_on": last}


COVERAGE_TREND = Listing(
    name="commune-coverage-trend",
    path="commune-coverage/trend",
    operation="read_commune_coverage_trend",
    tag="monitoring",
    answers="How many communes had a monitor at the end of each month, quarter or year.",
    page="The series, the earliest point first; which the last day asked about ends.",
    item=CoveragePoint,
    filters=TrendFilters,
    projections=PROJECTIONS,
    table=TABLE,
    order=("on",),
    groups=points,
    arguments=_days,
    finish=with_the_others,
    refusals=(PointsUnusable,),
)
