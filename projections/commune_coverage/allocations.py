"""Commune allocations: which agency's leaders a commune is given to, from when until when (D9)."""

from sqlalchemy import Index

from domain.monitoring.events import AllocationWithdrawn, CommuneAllocated
from projections.projection import Name, Stretch
from projections.records import begun_and_ended


class AllocationRow(Stretch):
    """A commune is allocated to an agency."""

    unit_id: Name
    agency_id: Name
    allocated_by: Name


COMMUNE_ALLOCATIONS = begun_and_ended(
    "commune_allocations",
    AllocationRow,
    key=("unit_id",),
    begun=CommuneAllocated,
    ended=AllocationWithdrawn,
)
TABLE = COMMUNE_ALLOCATIONS.table
Index("commune_allocations_agency", TABLE.c.ledger, TABLE.c.agency_id, TABLE.c.from_on)
