"""Commune allocations: which agency's leaders a commune is given to, from when until when (D9)."""

from sqlalchemy import BigInteger, Column, Date, Index

from domain.monitoring.events import AllocationWithdrawn, CommuneAllocated
from projections.projection import (
    FOREVER,
    Projection,
    RecordedEvent,
    Row,
    Rows,
    read_table,
    require_open_row,
    text_id,
)

TABLE = read_table(
    "commune_allocations",
    text_id("unit_id"),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    text_id("agency_id"),
    text_id("allocated_by"),
)
Index("commune_allocations_agency", TABLE.c.ledger, TABLE.c.agency_id, TABLE.c.from_on)


def allocated(_: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    return (
        {
            "unit_id": data["unit_id"],
            "from_on": event.day,
            "until_on": FOREVER,
            "position": event.position,
            "agency_id": data["agency_id"],
            "allocated_by": data["allocated_by"],
        },
    )


def withdrawn(allocation: Row | None, event: RecordedEvent) -> Rows:
    return (
        {**require_open_row(allocation, event), "until_on": event.day, "position": event.position},
    )


COMMUNE_ALLOCATIONS = Projection(
    version=1,
    table=TABLE,
    key=("unit_id",),
    since="from_on",
    until="until_on",
    folds={
        CommuneAllocated.TYPE: allocated,
        AllocationWithdrawn.TYPE: withdrawn,
    },
)
