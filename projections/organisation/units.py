"""Units: which exist on any day, under the names of that day."""

from datetime import date
from typing import Annotated, Literal, NotRequired, TypedDict, TypeVar

from sqlalchemy import Boolean

from domain.organisation import events as organisation
from domain.organisation.unit_kinds import KindId, Level, UnitKindUnknown
from projections.days import last_day, valid
from projections.filters import Filters, Id, Ids, Truth, one_of, where
from projections.listing import Listing, ListItem, Shown
from projections.projection import (
    Fold,
    Name,
    Projection,
    RecordedEvent,
    Rows,
    Version,
    opened,
    read_table,
    require_open_row,
    superseded,
)

V = TypeVar("V", bound=Version)


class UnitRow(Version):
    """A unit, as it is called and placed; its level and whether it is monitored, by its kind."""

    unit_id: Name
    name: str
    kind: Name
    level: Name | None
    monitored: bool
    code: Name | None
    parent_id: Name | None


TABLE = read_table("units", UnitRow)


class UnitData(TypedDict):
    """A unit that is established."""

    unit_id: str
    name: str
    kind: str
    level: str | None
    monitored: bool
    code: NotRequired[str | None]
    parent_id: NotRequired[str | None]


def unit_established(_: UnitRow | None, event: RecordedEvent[UnitData]) -> Rows[UnitRow]:
    data = event.data
    row: UnitRow = {
        **opened(event),
        "unit_id": data["unit_id"],
        "name": data["name"],
        "kind": data["kind"],
        "level": data["level"],
        "monitored": data["monitored"],
        "code": data.get("code"),
        "parent_id": data.get("parent_id"),
    }
    return (row,)


def changed(column: Literal["name", "code", "parent_id"]) -> Fold[UnitRow]:
    """The unit has another from now on; the event calls it as the column is called."""

    def fold(unit: UnitRow | None, event: RecordedEvent) -> Rows[UnitRow]:
        row = require_open_row(unit, event)
        later = row.copy()
        later[column] = event.data[column]
        return superseded(row, event, later)

    return fold


class RetypedData(TypedDict):
    """A unit is of another kind, or its kind means something else."""

    kind: str
    level: str | None
    monitored: bool


def retyped(unit: UnitRow | None, event: RecordedEvent[RetypedData]) -> Rows[UnitRow]:
    row, data = require_open_row(unit, event), event.data
    later: UnitRow = {
        **row,
        "kind": data["kind"],
        "level": data["level"],
        "monitored": data["monitored"],
    }
    return superseded(row, event, later)


def closed(row: V | None, event: RecordedEvent) -> Rows[V]:
    """The unit or post, whose last day is the day before."""
    later = require_open_row(row, event).copy()
    later["valid_to"], later["position"] = event.day, event.position
    return (later,)


UNITS = Projection(
    version=3,
    table=TABLE,
    row=UnitRow,
    key=("unit_id",),
    versioned=True,
    folds={
        organisation.UnitEstablished.TYPE: unit_established,
        organisation.UnitRenamed.TYPE: changed("name"),
        organisation.UnitRetyped.TYPE: retyped,
        organisation.UnitRecoded.TYPE: changed("code"),
        organisation.UnitMoved.TYPE: changed("parent_id"),
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
    kind: str
    level: Annotated[Level | None, Shown(vi="Cấp")]
    monitored: Annotated[bool, Shown(vi="Được theo dõi")]
    code: str | None
    parent_id: Annotated[str | None, Shown(vi="Đơn vị cấp trên")]
    from_on: Annotated[date, Shown(TABLE.c.valid_from)]
    to_on: Annotated[date | None, Shown(last_day(TABLE.c.valid_to))]


class UnitFilters(Filters):
    """Which units."""

    ids: Ids | None = one_of(TABLE.c.unit_id)
    kind: KindId | None = where(TABLE.c.kind)
    level: Level | None = where(TABLE.c.level)
    monitored: Truth | None = where(
        lambda monitored: monitored == TABLE.c.monitored,
        "Of a kind that is monitored.",
        of=Boolean(),
    )
    code: str | None = where(TABLE.c.code, pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$")
    parent: Id | None = where(TABLE.c.parent_id, "Directly under this unit.")


EXISTING_UNITS = Listing(
    name="units",
    tag="units",
    answers="The units that exist on a day.",
    page="One page of units, by id.",
    item=Unit,
    filters=UnitFilters,
    projections=(UNITS,),
    table=TABLE,
    holds=valid(TABLE),
    order=("unit_id",),
    refusals=(UnitKindUnknown,),
)
