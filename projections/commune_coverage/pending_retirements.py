"""Pending retirements: which monitors leave soon, which communes, and who could follow.

An official whose day to retire has passed, and who monitors on, is about to leave as well. Whoever
could follow holds a leading post in the agency, monitors fewer communes than one official may, and
is not about to leave too.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Integer,
    Text,
    and_,
    any_,
    bindparam,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from projections.commune_coverage.allocations import COMMUNE_ALLOCATIONS
from projections.commune_coverage.allocations import TABLE as ALLOCATIONS
from projections.commune_coverage.intervals import COMMUNE_COVERAGE, TABLE
from projections.commune_coverage.of_day import COMMUNES, FILTERS, UNIT, with_names
from projections.days import AS_OF, running, valid
from projections.organisation.officials import OFFICIALS
from projections.organisation.officials import TABLE as OFFICIALS_TABLE
from projections.organisation.posts import POSTS
from projections.organisation.posts import TABLE as POSTS_TABLE
from projections.organisation.tenures import TABLE as TENURES_TABLE
from projections.organisation.tenures import TENURES
from projections.organisation.units import UNITS
from projections.statement import LEDGER, Statement, paged, statement

PROJECTIONS = (COMMUNE_COVERAGE, COMMUNE_ALLOCATIONS, UNITS, POSTS, OFFICIALS, TENURES)
ITEM = ("official_id", "retires_on", "days_left", "communes")
PERSON, POST, TENURE = OFFICIALS_TABLE.c, POSTS_TABLE.c, TENURES_TABLE.c
ALLOCATED_TO = (
    select(ALLOCATIONS.c.agency_id)
    .where(
        ALLOCATIONS.c.ledger == LEDGER,
        ALLOCATIONS.c.unit_id == COMMUNES.unit_id,
        *running(ALLOCATIONS),
    )
    .correlate(TABLE)
    .scalar_subquery()
)
LEAVES_BY = PERSON.retires_on <= AS_OF + bindparam("within_days", type_=Integer)


@lru_cache(maxsize=8)
def leavers(filters: frozenset[str], *, continued: bool) -> Statement:
    """One page of monitors who are about to leave, the first to leave first.

    Arguments: ledger, as_of, limit, `within_days`, each filter's, and `after_0` and `after_1` for
    the mark's day and official.
    """
    commune = func.json_build_object(
        "unit_id", COMMUNES.unit_id,
        "name", UNIT.c.name,
        "agency_id", func.coalesce(ALLOCATED_TO, COMMUNES.agency_id),
        "since_on", COMMUNES.valid_from,
    )  # fmt: skip
    place = (PERSON.retires_on, PERSON.official_id)
    query = (
        with_names(
            select(
                PERSON.official_id,
                PERSON.retires_on,
                (PERSON.retires_on - AS_OF).label("days_left"),
                func.json_agg(aggregate_order_by(commune, COMMUNES.unit_id)).label("communes"),
            ),
            AS_OF,
        )
        .where(COMMUNES.ledger == LEDGER, *valid(TABLE), PERSON.ledger == LEDGER, LEAVES_BY)
        .where(*valid(OFFICIALS_TABLE), PERSON.official_id == COMMUNES.official_id)
        .where(*(FILTERS[name] for name in sorted(filters)))
        .group_by(*place)
        .order_by(*place)
    )
    if continued:
        after = (bindparam("after_0", type_=Date), bindparam("after_1", type_=Text))
        query = query.where(tuple_(*place) > tuple_(*after))
    return paged(query, ITEM, [one.name for one in PROJECTIONS])


@lru_cache(maxsize=1)
def followers() -> Statement:
    """Rows of `agency_id`, `official_id`, `post_id` and `communes`: who could follow.

    Those with the fewest communes first; one who holds two such posts stands there twice.

    Arguments: ledger, as_of, `agencies`, `kinds` of leading posts, `most` communes of an official,
    and `within_days`.
    """
    communes = (
        select(COMMUNES.official_id, func.count().label("communes"))
        .where(COMMUNES.ledger == LEDGER, *valid(TABLE), COMMUNES.official_id.is_not(None))
        .group_by(COMMUNES.official_id)
        .subquery("monitored")
    )
    number = func.coalesce(communes.c.communes, 0)
    leading = or_(POST.heads_unit, POST.kind == any_(_texts("kinds")))
    held = and_(TENURE.ledger == LEDGER, TENURE.post_id == POST.post_id, *running(TENURES_TABLE))
    person = and_(
        PERSON.ledger == LEDGER,
        PERSON.official_id == TENURE.official_id,
        *valid(OFFICIALS_TABLE),
    )
    source = (
        POSTS_TABLE.join(TENURES_TABLE, held)
        .join(OFFICIALS_TABLE, person)
        .join(communes, communes.c.official_id == TENURE.official_id, isouter=True)
    )
    return statement(
        select(
            POST.unit_id.label("agency_id"),
            TENURE.official_id,
            POST.post_id,
            number.label("communes"),
        )
        .select_from(source)
        .where(
            POST.ledger == LEDGER,
            *valid(POSTS_TABLE),
            POST.unit_id == any_(_texts("agencies")),
            leading,
            number < bindparam("most", type_=Integer),
            or_(PERSON.retires_on.is_(None), ~LEAVES_BY),
        )
        .order_by(number, TENURE.official_id, POST.post_id)
    )


def _texts(name: str) -> ColumnElement[Any]:
    return bindparam(name, type_=ARRAY(Text))
