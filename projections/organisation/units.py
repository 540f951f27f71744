"""Units: which exist on any day, under the names of that day."""

from datetime import date
from typing import Annotated

from sqlalchemy import BigInteger, Column, Date, Text

from domain.organisation import events as organisation
from domain.organisation.events import UnitKind
from projections.days import last_day, valid
from projections.filters import Filters, Id, where
from projections.listing import Listing, ListItem, Shown
from projections.projection import (
    Projection,
    RecordedEvent,
    Row,
    Rows,
    first_version,
    next_version,
    read_table,
    require_open_row,
    text_id,
)

TABLE = read_table(
    "units",
    text_id("unit_id"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    text_id("kind"),
    text_id("code", nullable=True),
    text_id("parent_id", nullable=True),
)


def unit_established(_: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    return first_version(
        event,
        {
            "unit_id": data["unit_id"],
            "name": data["name"],
            "kind": data["kind"],
            "code": data.get("code"),
            "parent_id": data.get("parent_id"),
        },
    )


def renamed(unit: Row | None, event: RecordedEvent) -> Rows:
    return next_version(require_open_row(unit, event), event, {"name": event.data["name"]})


def retyped(unit: Row | None, event: RecordedEvent) -> Rows:
    return next_version(require_open_row(unit, event), event, {"kind": event.data["kind"]})


def recoded(unit: Row | None, event: RecordedEvent) -> Rows:
    return next_version(require_open_row(unit, event), event, {"code": event.data["code"]})


def moved(unit: Row | None, event: RecordedEvent) -> Rows:
    return next_version(
        require_open_row(unit, event), event, {"parent_id": event.data["parent_id"]}
    )


def closed(row: Row | None, event: RecordedEvent) -> Rows:
    """The unit or post, whose last day is the day before."""
    return ({**require_open_row(row, event), "valid_to": event.day, "position": event.position},)


UNITS = Projection(
    version=2,
    table=TABLE,
    key=("unit_id",),
    since="valid_from",
    until="valid_to",
    folds={
        organisation.UnitEstablished.TYPE: unit_established,
        organisation.UnitRenamed.TYPE: renamed,
        organisation.UnitRetyped.TYPE: retyped,
        organisation.UnitRecoded.TYPE: recoded,
        organisation.UnitMoved.TYPE: moved,
        organisation.UnitClosed.TYPE: closed,
        organisation.UnitMerged.TYPE: closed,
        organisation.UnitSplit.TYPE: closed,
    },
)


class Unit(ListItem):
    """A unit under its name of the day, and the days of its existence, both included."""

    position: int
    unit_id: str
    name: str
    kind: UnitKind
    code: str | None
    parent_id: Annotated[str | None, Shown(vi="Đơn vị cấp trên")]
    from_on: Annotated[date, Shown(TABLE.c.valid_from)]
    to_on: Annotated[date | None, Shown(last_day(TABLE.c.valid_to))]


class UnitFilters(Filters):
    """Which units."""

    kind: UnitKind | None = where(TABLE.c.kind)
    code: str | None = where(TABLE.c.code, pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$")
    parent: Id | None = where(TABLE.c.parent_id, "Directly under this unit.")


EXISTING_UNITS = Listing(
    name="units",
    path="units",
    operation="list_units",
    tag="units",
    answers="The units that exist on a day.",
    page="One page of units, by id.",
    item=Unit,
    filters=UnitFilters,
    projections=(UNITS,),
    table=TABLE,
    holds=valid(TABLE),
    order=("unit_id",),
)
