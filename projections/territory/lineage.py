"""Unit lineage: which units succeeded to which, whole or in part, from which day, by which act."""

from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeAlias, TypedDict

from pydantic import Field
from sqlalchemy import (
    ColumnElement,
    Date,
    Index,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    literal_column,
    select,
)
from sqlalchemy import literal as constant

from domain.organisation.events import UnitCeded, UnitMerged, UnitSplit
from projections.days import AS_OF
from projections.listing import ListItem
from projections.organisation.units import TABLE as UNITS_TABLE
from projections.organisation.units import UNITS
from projections.projection import IsoDay, Name, Place, Projection, RecordedEvent, Rows, read_table
from projections.statement import LEDGER, Statement, standing, statement

MOST_GENERATIONS = 20

Direction: TypeAlias = Literal["predecessors", "successors"]
DIRECTIONS: tuple[Direction, ...] = ("predecessors", "successors")


class LinkRow(TypedDict):
    """A unit, and one that succeeded to it; `part` is what was ceded, if not all was."""

    unit_id: Name
    link: Name
    successor_id: Name
    happened_on: IsoDay
    position: Place
    how: Name
    part: str | None
    basis_number: str | None


TABLE = read_table("unit_lineage", LinkRow)
Index("unit_lineage_successor", TABLE.c.ledger, TABLE.c.successor_id)


class UnitData(TypedDict):
    """Of any event of a unit."""

    unit_id: str


class MergedData(UnitData):
    """Into which unit all of it goes."""

    into: str


class SplitData(UnitData):
    """Into which units its parts go."""

    into: list[str]


class CededData(UnitData):
    """Which part goes to which unit."""

    to_unit: str
    part: str


def _link(
    event: RecordedEvent[UnitData], successor_id: str, how: str, part: str | None = None
) -> LinkRow:
    """A row is never open, and stays: a unit may cede to the same unit twice."""
    return {
        "unit_id": event.data["unit_id"],
        "link": f"{event.position}.{successor_id}",
        "successor_id": successor_id,
        "happened_on": event.day,
        "position": event.position,
        "how": how,
        "part": part,
        "basis_number": None if event.basis is None else event.basis["number"],
    }


def merged(_: LinkRow | None, event: RecordedEvent[MergedData]) -> Rows[LinkRow]:
    return (_link(event, event.data["into"], "merged"),)


def split(_: LinkRow | None, event: RecordedEvent[SplitData]) -> Rows[LinkRow]:
    return tuple(_link(event, successor_id, "split") for successor_id in event.data["into"])


def ceded(_: LinkRow | None, event: RecordedEvent[CededData]) -> Rows[LinkRow]:
    return (_link(event, event.data["to_unit"], "ceded", event.data["part"]),)


UNIT_LINEAGE = Projection(
    table=TABLE,
    row=LinkRow,
    key=("unit_id",),
    since="link",
    until="happened_on",
    folds={
        UnitMerged.TYPE: merged,
        UnitSplit.TYPE: split,
        UnitCeded.TYPE: ceded,
    },
    cites=True,
)


@lru_cache
def lineage(direction: Direction) -> Statement:
    """The units that this one comes from, or goes into, generation by generation: rows.

    A ceded part leads no further: what became of the ceding unit is its own. Arguments: ledger,
    as_of, unit.
    """
    nearer, farther = TABLE.c.successor_id, TABLE.c.unit_id
    if direction == "successors":
        nearer, farther = farther, nearer
    named = ("unit_id", "successor_id", "happened_on", "how", "part", "basis_number")
    links = [TABLE.c[name] for name in named]
    known = (TABLE.c.ledger == LEDGER, TABLE.c.happened_on <= AS_OF)
    first: Select[Any] = select(
        *links, farther.label("found_id"), constant(1, Integer).label("generation")
    ).where(*known, nearer == bindparam("unit", type_=Text))
    walked = first.cte("walked", recursive=True)
    further = (
        select(*links, farther, walked.c.generation + 1)
        .join(walked, walked.c.found_id == nearer)
        .where(*known, walked.c.how != "ceded", walked.c.generation < MOST_GENERATIONS)
    )
    relative = walked.union(further)
    return statement(
        select(
            relative.c.found_id.label("unit_id"),
            _name(relative, direction).label("name"),
            relative.c.generation,
            relative.c.how,
            relative.c.part,
            relative.c.happened_on,
            (relative.c.successor_id if direction == "predecessors" else relative.c.unit_id).label(
                "via_unit"
            ),
            relative.c.basis_number,
        ).order_by(relative.c.generation, relative.c.happened_on, relative.c.found_id)
    )


def _name(relative: Any, direction: Direction) -> ColumnElement[str]:  # noqa: ANN401  a query's columns
    """A predecessor's last name before that day; a successor's on that day."""
    day = relative.c.happened_on
    if direction == "predecessors":
        day = day - literal_column("1")
    unit = UNITS_TABLE.alias("named")
    return (
        select(unit.c.name)
        .where(
            unit.c.ledger == LEDGER,
            unit.c.unit_id == relative.c.found_id,
            unit.c.valid_from <= cast(day, Date),
        )
        .order_by(unit.c.valid_from.desc())
        .limit(literal_column("1"))
        .scalar_subquery()
    )


@lru_cache
def lineage_standing() -> Statement:
    """One row, `position`; arguments: ledger."""
    return statement(select(standing(UNITS.name, UNIT_LINEAGE.name).label("position")))


class Relative(ListItem):
    """A unit that this one comes from, or that it went into, `generation` steps away.

    A predecessor bears its last name, a successor its first; `part` says what was ceded.
    """

    unit_id: str
    name: str
    generation: int
    how: Literal["merged", "split", "ceded"]
    part: str | None
    happened_on: date
    via_unit: Annotated[str, Field(description="The unit at the other end of this step.")]
    basis_number: str | None


class Lineage(ListItem):
    """The predecessors and successors of a unit, the nearest first."""

    unit_id: str
    predecessors: list[Relative]
    successors: list[Relative]
