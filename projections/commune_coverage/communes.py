"""Communes of a day: which has a monitor, whose, and who monitors several.

Names, codes and districts are those of the day; the district is the commune's parent.
"""

from datetime import date
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Boolean, ColumnElement, FromClause, Integer, and_, bindparam, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from projections.commune_coverage.intervals import COMMUNE_COVERAGE, TABLE, GapCause
from projections.days import AS_OF, of_day, valid
from projections.filters import PLAIN_DIGITS, Filters, Id, Truth, where
from projections.listing import Arguments, Listing, ListItem, Shown
from projections.organisation.units import TABLE as UNITS_TABLE
from projections.organisation.units import UNITS

COMMUNES = TABLE.c
PROJECTIONS = (COMMUNE_COVERAGE, UNITS)
UNIT, DISTRICT = UNITS_TABLE.alias("unit"), UNITS_TABLE.alias("district")
COVERED = COMMUNES.official_id.is_not(None)


def _in_district(district: ColumnElement[str]) -> ColumnElement[bool]:
    under = select(UNITS_TABLE.c.unit_id).where(
        *of_day(UNITS_TABLE), UNITS_TABLE.c.parent_id == district
    )
    return COMMUNES.unit_id.in_(under)


def with_names(on: ColumnElement[Any]) -> FromClause:
    """Each commune beside itself and its district as units of that day, `UNIT` and `DISTRICT`."""
    source: FromClause = TABLE
    for unit, unit_id in ((UNIT, COMMUNES.unit_id), (DISTRICT, UNIT.c.parent_id)):
        source = source.join(unit, and_(*of_day(unit, on), unit.c.unit_id == unit_id), isouter=True)
    return source


class Places(Filters):
    """Which communes: of a district, of an agency."""

    district: Id | None = where(_in_district, "Communes of which it is the parent, on the day.")
    agency: Id | None = where(
        COMMUNES.agency_id, "Communes of whose monitor, or in a gap last monitor, it is the agency."
    )


class CommuneFilters(Places):
    """Which communes, on which day."""

    covered: Truth | None = where(
        lambda covered: covered == COVERED, "Whether somebody monitors it.", of=Boolean()
    )
    official: Id | None = where(COMMUNES.official_id, "Monitored by this official.")


class CoveredCommune(ListItem):
    """A commune on the day, and who monitors it, or why nobody does, since `since_on`.

    Without a monitor `agency_id` is that of `last_official`, and both are null where there never
    was one. `exception` is whether the official monitors it above the number the regulation says.
    """

    unit_id: str
    name: Annotated[str | None, Shown(UNIT.c.name)]
    kind: Annotated[str | None, Shown(UNIT.c.kind)]
    code: Annotated[str | None, Shown(UNIT.c.code)]
    district_id: Annotated[str | None, Shown(UNIT.c.parent_id)]
    district_name: Annotated[str | None, Shown(DISTRICT.c.name)]
    covered: Annotated[bool, Shown(COVERED)]
    official_id: str | None
    post_id: str | None
    agency_id: str | None
    since_on: Annotated[date, Shown(COMMUNES.valid_from)]
    exception: Annotated[bool, Shown(vi="Trường hợp ngoại lệ")]
    cause: Annotated[GapCause | None, Shown(vi="Nguyên nhân khuyết")]
    last_official: str | None
    position: int


COMMUNES_BY_COVERAGE = Listing(
    name="commune-coverage",
    path="commune-coverage/communes",
    operation="list_communes_by_coverage",
    tag="monitoring",
    answers="The communes of a day, under the names of that day, and who monitors each.",
    page="One page of communes, by id.",
    item=CoveredCommune,
    filters=CommuneFilters,
    projections=PROJECTIONS,
    table=TABLE,
    source=with_names(AS_OF),
    holds=valid(TABLE),
    order=("unit_id",),
)


class MonitorFilters(Places):
    """Which officials, by the communes they monitor on the day."""

    at_least: Annotated[
        int,
        Field(ge=1, le=1000, description="Who monitor so many of these communes."),
        PLAIN_DIGITS,
    ] = 1


class MonitoredCommune(ListItem):
    """A commune that the official monitors since that day, for that agency."""

    unit_id: str
    name: str | None
    agency_id: str
    since_on: date
    exception: bool


MONITORED = func.json_build_object(
    "unit_id", COMMUNES.unit_id,
    "name", UNIT.c.name,
    "agency_id", COMMUNES.agency_id,
    "since_on", COMMUNES.valid_from,
    "exception", COMMUNES.exception,
)  # fmt: skip


class Monitor(ListItem):
    """An official and the communes monitored on the day."""

    official_id: str
    number_of_communes: Annotated[int, Shown(func.count(), vi="Số xã theo dõi")]
    communes: Annotated[
        list[MonitoredCommune],
        Shown(func.json_agg(aggregate_order_by(MONITORED, COMMUNES.unit_id))),
    ]


def _least_number(params: MonitorFilters, *_: object) -> Arguments:
    return {"at_least": params.at_least}


COMMUNE_MONITORS = Listing(
    name="commune-monitors",
    path="commune-coverage/officials",
    tag="monitoring",
    answers="The officials who monitor communes on a day, how many and which.",
    page="One page of officials, by id.",
    item=Monitor,
    filters=MonitorFilters,
    projections=PROJECTIONS,
    table=TABLE,
    source=with_names(AS_OF),
    holds=(*valid(TABLE), COVERED),
    group_by=(COMMUNES.official_id,),
    having=(func.count() >= bindparam("at_least", type_=Integer),),
    order=("official_id",),
    arguments=_least_number,
)
