"""Coverage trend: communes, those with a monitor, and monitors, at the end of each month.

One reading of the rows, however many days are asked about: each row counts from the first of them
on which it holds to the first on which it holds no longer; the days are sums. An official's rows
are laid together first, so that one who monitors several communes counts once.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Integer,
    Select,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import INT4MULTIRANGE, INT4RANGE

from projections.commune_coverage.gaps import stretches
from projections.commune_coverage.of_day import NAMES, share
from projections.days import ONE_DAY
from projections.statement import Statement, standing, statement

DAYS: ColumnElement[Any] = bindparam("days", type_=ARRAY(Date))
NONE: ColumnElement[int] = literal_column("0", Integer)
MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
YEAR_MONTHS = 12


class Change(NamedTuple):
    """By how many these figures change at one of the days asked about, by its index."""

    at: int
    communes: int
    covered: int
    officials: int


@lru_cache(maxsize=16)
def changes(filters: frozenset[str]) -> Statement:
    """Rows of `position` and of a `Change`, none where there is no commune.

    Arguments: ledger, `days` in order, from_on and to_on (the first and the last of them), and each
    filter's.
    """
    row = stretches(filters).subquery("stretch").c
    part = select(
        row.official_id,
        _first_day(row.since).label("begins"),
        _first_day(row.until).label("ends"),
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
    figures = (cast(func.sum(parts.c[name]), Integer).label(name) for name in Change._fields[1:])
    return statement(
        select(standing(*NAMES).label("position"), parts.c.at, *figures).group_by(parts.c.at)
    )


def _at(at: ColumnElement[Any], *figures: ColumnElement[int]) -> Select[Any]:
    named = zip(Change._fields[1:], figures, strict=True)
    return select(at.label("at"), *(made.label(name) for name, made in named)).group_by(at)


def _first_day(since: ColumnElement[Any]) -> ColumnElement[int]:
    """The index of the first of `days` not before `since`; their number if there is none."""
    return func.width_bucket(since - ONE_DAY, DAYS)


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


def series(found: Iterable[Change], days: Sequence[date]) -> list[dict[str, object]]:
    """A point for each of the days."""
    changed = {name: [0] * (len(days) + 1) for name in Change._fields[1:]}
    for change in found:
        for name in Change._fields[1:]:
            changed[name][change.at] += getattr(change, name)
    sums = zip(*(accumulate(changed[name]) for name in Change._fields[1:]), strict=True)
    return [
        {
            "on": on.isoformat(),
            "communes": communes,
            "covered": covered,
            "uncovered": communes - covered,
            "share_percent": share(covered, communes),
            "officials": officials,
        }
        for on, (communes, covered, officials) in zip(days, sums, strict=False)
    ]
