"""Coverage gaps: the days on which a commune had no monitor, why, and how many in a period.

A gap stays in the history when it is closed, with its days. One that was filled on the day on which
it began has lasted no day, and is none.
"""

from collections.abc import Mapping
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
    cast,
    func,
    literal,
    select,
    tuple_,
)

from projections.commune_coverage.intervals import TABLE
from projections.commune_coverage.of_day import DISTRICT, NAMES, UNIT, with_names
from projections.days import ONE_DAY, last_day
from projections.organisation.units import TABLE as UNITS_TABLE
from projections.statement import LEDGER, LIMIT, Statement, paged, standing, statement

COMMUNES = TABLE.c
FROM_ON: ColumnElement[Any] = bindparam("from_on", type_=Date)
TO_ON: ColumnElement[Any] = bindparam("to_on", type_=Date)
AFTER_TO_ON = TO_ON + ONE_DAY
# The last day of the gap that is asked about: on it the commune bears the name that is shown.
SHOWN_ON = func.least(COMMUNES.valid_to - ONE_DAY, TO_ON)

GAP: Mapping[str, ColumnElement[Any]] = {
    "unit_id": COMMUNES.unit_id,
    "name": UNIT.c.name,
    "district_id": UNIT.c.parent_id,
    "district_name": DISTRICT.c.name,
    "from_on": COMMUNES.valid_from,
    "to_on": last_day(COMMUNES.valid_to),
    "days": func.least(COMMUNES.valid_to, AFTER_TO_ON) - COMMUNES.valid_from,
    "cause": COMMUNES.cause,
    "last_official": COMMUNES.last_official,
    "agency_id": COMMUNES.agency_id,
    "position": COMMUNES.position,
}
GAP_FILTERS: Mapping[str, ColumnElement[bool]] = {
    "district": UNIT.c.parent_id == bindparam("district", type_=Text),
    "agency": COMMUNES.agency_id == bindparam("agency", type_=Text),
    "cause": COMMUNES.cause == bindparam("cause", type_=Text),
}


@lru_cache(maxsize=64)
def gaps(filters: frozenset[str], *, continued: bool) -> Statement:
    """One page of gaps that touch a stretch of days, the earliest first.

    Arguments: ledger, from_on and to_on (both included), limit, each filter's, and `after_0` and
    `after_1` for the mark's day and commune.
    """
    place = (COMMUNES.valid_from, COMMUNES.unit_id)
    query: Select[Any] = select(*(made.label(name) for name, made in GAP.items())).where(
        COMMUNES.ledger == LEDGER,
        COMMUNES.official_id.is_(None),
        COMMUNES.valid_from < COMMUNES.valid_to,
        COMMUNES.valid_from <= TO_ON,
        COMMUNES.valid_to > FROM_ON,
        *(GAP_FILTERS[name] for name in sorted(filters)),
    )
    query = with_names(query, SHOWN_ON).order_by(*place)
    if continued:
        after = (bindparam("after_0", type_=Date), bindparam("after_1", type_=Text))
        query = query.where(tuple_(*place) > tuple_(*after))
    return paged(query, tuple(GAP), NAMES)


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
