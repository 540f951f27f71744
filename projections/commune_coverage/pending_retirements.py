"""Pending retirements: which monitors leave soon, which communes, and who could follow.

An official whose day to retire has passed, and who monitors on, is about to leave as well. Whoever
could follow holds a leading post in the agency, monitors fewer communes than one official may, and
is not about to leave too.
"""

from datetime import date
from functools import lru_cache
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import ARRAY, ColumnElement, Integer, Text, and_, any_, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from projections.commune_coverage.allocations import COMMUNE_ALLOCATIONS
from projections.commune_coverage.allocations import TABLE as ALLOCATIONS
from projections.commune_coverage.communes import COMMUNES, UNIT, Places, with_names
from projections.commune_coverage.intervals import COMMUNE_COVERAGE, TABLE
from projections.days import AS_OF, of_day, valid
from projections.filters import PLAIN_DIGITS
from projections.listing import Arguments, Listing, ListItem, Shown
from projections.organisation.officials import OFFICIALS
from projections.organisation.officials import TABLE as OFFICIALS_TABLE
from projections.organisation.posts import POSTS
from projections.organisation.posts import TABLE as POSTS_TABLE
from projections.organisation.tenures import TABLE as TENURES_TABLE
from projections.organisation.tenures import TENURES
from projections.organisation.units import UNITS
from projections.statement import Statement, statement

PERSON, POST, TENURE = OFFICIALS_TABLE.c, POSTS_TABLE.c, TENURES_TABLE.c
ALLOCATED_TO = (
    select(ALLOCATIONS.c.agency_id)
    .where(*of_day(ALLOCATIONS), ALLOCATIONS.c.unit_id == COMMUNES.unit_id)
    .correlate(TABLE)
    .scalar_subquery()
)
LEAVES_BY = PERSON.retires_on <= AS_OF + bindparam("within_days", type_=Integer)
COMMUNE = func.json_build_object(
    "unit_id", COMMUNES.unit_id,
    "name", UNIT.c.name,
    "agency_id", func.coalesce(ALLOCATED_TO, COMMUNES.agency_id),
    "since_on", COMMUNES.valid_from,
)  # fmt: skip


class RetirementFilters(Places):
    """Which monitors, by when they leave."""

    within_days: Annotated[
        int,
        Field(ge=0, le=3650, description="Who leave at most so many days after the day."),
        PLAIN_DIGITS,
    ] = 180


def _within(params: RetirementFilters, *_: object) -> Arguments:
    return {"within_days": params.within_days}


class LeftCommune(ListItem):
    """A commune that loses its monitor.

    `agency_id` is whose leaders may follow: that to which the commune is allocated, else that of
    the monitor.
    """

    unit_id: str
    name: str | None
    agency_id: str
    since_on: date


class Follower(ListItem):
    """Who could follow: `communes` are those monitored already."""

    agency_id: str
    official_id: str
    post_id: str
    communes: int


class PendingRetirement(ListItem):
    """A monitor who leaves every post from `retires_on`; `days_left` is below 1 where that is past.

    `proposed` are those who could follow, with the fewest communes first.
    """

    official_id: Annotated[str, Shown(PERSON.official_id)]
    retires_on: Annotated[date, Shown(PERSON.retires_on)]
    days_left: Annotated[int, Shown(PERSON.retires_on - AS_OF, vi="Số ngày còn lại")]
    communes: Annotated[
        list[LeftCommune], Shown(func.json_agg(aggregate_order_by(COMMUNE, COMMUNES.unit_id)))
    ]
    proposed: Annotated[list[Follower], Shown(computed=True, vi="Đề xuất thay thế")]


# The service adds who could follow those of a page, by `followers`.
PENDING_RETIREMENTS = Listing(
    name="pending-retirements",
    path="commune-coverage/pending-retirements",
    operation="list_pending_retirements_of_monitors",
    tag="monitoring",
    answers="The monitors whose retirement is announced, the communes they leave, and who could "
    "follow.",
    page="One page of monitors, the first to leave first.",
    item=PendingRetirement,
    filters=RetirementFilters,
    projections=(COMMUNE_COVERAGE, COMMUNE_ALLOCATIONS, UNITS, POSTS, OFFICIALS, TENURES),
    table=TABLE,
    source=with_names(AS_OF).join(
        OFFICIALS_TABLE,
        and_(PERSON.ledger == COMMUNES.ledger, PERSON.official_id == COMMUNES.official_id),
    ),
    holds=(*valid(TABLE), *valid(OFFICIALS_TABLE), LEAVES_BY),
    group_by=(PERSON.retires_on, PERSON.official_id),
    order=("retires_on", "official_id"),
    arguments=_within,
)


@lru_cache(maxsize=1)
def followers() -> Statement:
    """Rows of `agency_id`, `official_id`, `post_id` and `communes`: who could follow.

    Those with the fewest communes first; one who holds two such posts stands there twice.

    Arguments: ledger, as_of, `agencies`, `kinds` of leading posts, `most` communes of an official,
    and `within_days`.
    """
    communes = (
        select(COMMUNES.official_id, func.count().label("communes"))
        .where(*of_day(TABLE), COMMUNES.official_id.is_not(None))
        .group_by(COMMUNES.official_id)
        .subquery("monitored")
    )
    number = func.coalesce(communes.c.communes, 0)
    leading = or_(POST.heads_unit, POST.kind == any_(_texts("kinds")))
    held = and_(*of_day(TENURES_TABLE), TENURE.post_id == POST.post_id)
    person = and_(*of_day(OFFICIALS_TABLE), PERSON.official_id == TENURE.official_id)
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
            *of_day(POSTS_TABLE),
            POST.unit_id == any_(_texts("agencies")),
            leading,
            number < bindparam("most", type_=Integer),
            or_(PERSON.retires_on.is_(None), ~LEAVES_BY),
        )
        .order_by(number, TENURE.official_id, POST.post_id)
    )


def _texts(name: str) -> ColumnElement[Any]:
    return bindparam(name, type_=ARRAY(Text))
