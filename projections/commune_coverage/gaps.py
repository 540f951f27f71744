"""Coverage gaps: the days on which a commune had no monitor, why, and how many in a period.

A gap stays in the history when it is closed, with its days. One that was filled on the day on which
it began has lasted no day, and is none.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal,
    select,
)

from domain.kernel import Invalid
from domain.values import Day
from projections.commune_coverage.communes import DISTRICT, PROJECTIONS, UNIT, Places, with_names
from projections.commune_coverage.intervals import TABLE, GapCause
from projections.commune_coverage.of_day import NAMES
from projections.days import ONE_DAY, last_day
from projections.filters import Id, where
from projections.listing import Arguments, Listing, ListItem, Shown
from projections.organisation.units import TABLE as UNITS_TABLE
from projections.statement import LEDGER, LIMIT, Statement, standing, statement

COMMUNES = TABLE.c
FROM_ON: ColumnElement[Any] = bindparam("from_on", type_=Date)
TO_ON: ColumnElement[Any] = bindparam("to_on", type_=Date)
AFTER_TO_ON = TO_ON + ONE_DAY
# The last day of the gap that is asked about: on it the commune bears the name that is shown.
SHOWN_ON = func.least(COMMUNES.valid_to - ONE_DAY, TO_ON)

FIRST_DAY = date(1900, 1, 1)


class PeriodUnusable(Invalid):
    """From {from_on} to {to_on} is no day: the first must not be after the last.

    Từ {from_on} đến {to_on} không có ngày nào: ngày đầu không được ở sau ngày cuối.
    """


def period(from_on: date, to_on: date) -> dict[str, object]:
    """The arguments of a statement about these days.

    Raises:
        PeriodUnusable: there is none.
    """
    if from_on > to_on:
        raise PeriodUnusable(from_on=from_on, to_on=to_on)
    return {"from_on": from_on, "to_on": to_on}


class GapFilters(Places):
    """Which gaps: open on one day (`as_of`), or touching a stretch of days."""

    district: Id | None = where(UNIT.c.parent_id, "Communes of which it is the parent, on the day.")
    cause: GapCause | None = where(COMMUNES.cause)
    from_on: Annotated[
        Day | None, Field(description="Gaps that run on or after this day, closed since or not.")
    ] = None
    to_on: Annotated[
        Day | None,
        Field(description="Gaps that run on or before this day; `as_of` beside `from_on`."),
    ] = None


def _days(params: GapFilters, as_of: date, _: object) -> Arguments:
    """The one day, or the stretch.

    Raises:
        PeriodUnusable.
    """
    if params.from_on is None and params.to_on is None:
        return period(as_of, as_of)
    return period(params.from_on or FIRST_DAY, params.to_on or as_of)


class Gap(ListItem):
    """Nobody monitors the commune from `from_on` to `to_on`, both included; null while it is open.

    `days` counts from the first to the last, or to the last day asked about where it goes on
    beyond. Names and district are those of that day.
    """

    unit_id: str
    name: Annotated[str | None, Shown(UNIT.c.name)]
    district_id: Annotated[str | None, Shown(UNIT.c.parent_id)]
    district_name: Annotated[str | None, Shown(DISTRICT.c.name)]
    from_on: Annotated[date, Shown(COMMUNES.valid_from)]
    to_on: Annotated[date | None, Shown(last_day(COMMUNES.valid_to))]
    days: Annotated[
        int, Shown(func.least(COMMUNES.valid_to, AFTER_TO_ON) - COMMUNES.valid_from, vi="Số ngày")
    ]
    cause: GapCause
    last_official: str | None
    agency_id: str | None
    position: int


COVERAGE_GAPS = Listing(
    name="coverage-gaps",
    path="commune-coverage/gaps",
    operation="list_coverage_gaps",
    tag="monitoring",
    answers="Where nobody monitored a commune: from when to when, how long, why, and who did "
    "before.",
    page="One page of gaps, the earliest first.",
    item=Gap,
    filters=GapFilters,
    projections=PROJECTIONS,
    table=TABLE,
    source=with_names(SHOWN_ON),
    holds=(
        COMMUNES.official_id.is_(None),
        COMMUNES.valid_from < COMMUNES.valid_to,
        COMMUNES.valid_from <= TO_ON,
        COMMUNES.valid_to > FROM_ON,
    ),
    order=("from_on", "unit_id"),
    arguments=_days,
    refusals=(PeriodUnusable,),
)


def stretches(filters: frozenset[str], *, with_district: bool = False) -> Select[Any]:
    """The rows that touch the days from FROM_ON to TO_ON, as `valid_from` and `valid_to` are.

    Where the district counts, a row is cut where the commune changed its district.
    """
    since: ColumnElement[Any] = COMMUNES.valid_from
    until: ColumnElement[Any] = COMMUNES.valid_to
    conditions = [COMMUNES.ledger == LEDGER]
    source: FromClause = TABLE
    district: ColumnElement[Any] = literal(None, Text)
    if with_district or "district" in filters:
        unit = UNITS_TABLE.c
        same = and_(unit.ledger == LEDGER, unit.unit_id == COMMUNES.unit_id)
        source = source.join(UNITS_TABLE, same)
        since = func.greatest(since, unit.valid_from)
        until = func.least(until, unit.valid_to)
        district = unit.parent_id
    if "district" in filters:
        conditions.append(district == bindparam("district", type_=Text))
    if "agency" in filters:
        conditions.append(COMMUNES.agency_id == bindparam("agency", type_=Text))
    return (
        select(
            COMMUNES.unit_id,
            COMMUNES.official_id,
            COMMUNES.agency_id,
            district.label("district_id"),
            since.label("since"),
            until.label("until"),
        )
        .select_from(source)
        .where(*conditions, since < until, since <= TO_ON, until > FROM_ON)
    )


@lru_cache(maxsize=64)
def commune_days(group_by: str, filters: frozenset[str], *, continued: bool) -> Statement:
    """Rows of `position`, `group`, `commune_days` and `monitored_days`; one more if more follow.

    Arguments: ledger, from_on and to_on (both included), limit, each filter's, and `after`.
    """
    row = stretches(filters, with_district=group_by == "district").subquery("stretch").c
    groups: Mapping[str, ColumnElement[Any]] = {
        "total": literal("all"),
        "agency": func.coalesce(row.agency_id, "-"),
        "district": func.coalesce(row.district_id, "-"),
        "commune": row.unit_id,
    }
    days = func.least(row.until, AFTER_TO_ON) - func.greatest(row.since, FROM_ON)
    part = select(
        cast(groups[group_by], Text).collate("C").label("group"),
        days.label("days"),
        row.official_id,
    ).subquery("part")
    monitored = func.sum(part.c.days).filter(part.c.official_id.is_not(None))
    query = select(
        standing(*NAMES).label("position"),
        part.c.group,
        func.sum(part.c.days).label("commune_days"),
        func.coalesce(monitored, literal(0, Integer)).label("monitored_days"),
    ).group_by(part.c.group)
    if continued:
        query = query.where(part.c.group > bindparam("after", type_=Text))
    return statement(query.order_by(part.c.group).limit(LIMIT + 1))
