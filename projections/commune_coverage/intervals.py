"""Commune coverage: who monitors each commune, from when to when, and where nobody does and why.

A commune here is any unit of a kind that is monitored: the unit's own event says whether it is.
From its first day to its last it stands in exactly one row: with its monitor, or as a gap with its
cause. So the covered and the gaps of a day are all its communes. What begins on the day on
which something else began replaces it; a row that ends on its first day has lasted no day.
"""

from enum import StrEnum
from typing import NotRequired, TypedDict

from sqlalchemy import Index

from domain.monitoring.events import MonitorAssigned, MonitorReleased, MonitorReplaced, ReleaseCause
from domain.organisation.events import (
    UnitClosed,
    UnitEstablished,
    UnitMerged,
    UnitRetyped,
    UnitSplit,
)
from projections.projection import (
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


class Coverage(TypedDict):
    """Who monitors, for which agency; in a gap its cause, and who did last, for which agency."""

    official_id: Name | None
    post_id: Name | None
    last_official: Name | None
    agency_id: Name | None
    exception: bool
    cause: Name | None


class CoverageRow(Version, Coverage):
    """How one commune is covered."""

    unit_id: Name


TABLE = read_table("commune_coverage", CoverageRow)
Index("commune_coverage_days", TABLE.c.ledger, TABLE.c.valid_to, TABLE.c.valid_from)
Index("commune_coverage_official", TABLE.c.ledger, TABLE.c.official_id)


class GapCause(StrEnum):
    """Why nobody monitors a commune.

    `new_unit` is a commune formed of others, or of a unit of another kind, that had no monitor yet.
    """

    NEVER_ASSIGNED = "never_assigned"
    NEW_UNIT = "new_unit"
    RETIRED = "retired"
    TRANSFERRED = "transferred"
    RELEASED = "released"
    DISMISSAL = "dismissal"
    RESIGNATION = "resignation"
    END_OF_TERM = "end_of_term"
    DEATH = "death"
    UNIT_ENDED = "unit_ended"


# The causes of a release that a gap calls otherwise.
OTHERWISE = {
    ReleaseCause.RETIREMENT.value: GapCause.RETIRED.value,
    ReleaseCause.TRANSFER.value: GapCause.TRANSFERRED.value,
}
NOBODY: Coverage = {
    "official_id": None,
    "post_id": None,
    "last_official": None,
    "agency_id": None,
    "exception": False,
    "cause": None,
}


class KindData(TypedDict):
    """A unit is of that kind from now on, monitored or not; a new one may be formed of others."""

    unit_id: str
    kind: str
    monitored: bool
    formed_from: NotRequired[list[str]]


class MonitorData(TypedDict):
    """A leader of the agency monitors the commune."""

    post_id: str
    agency_id: str
    exception: NotRequired[str | None]


class AssignedData(MonitorData):
    """The first, or the first after a gap."""

    official_id: str


class ReplacedData(MonitorData):
    """Another than before."""

    to_official: str


class ReleasedData(TypedDict):
    """A leader of the agency monitors the commune no longer."""

    official_id: str
    agency_id: str
    cause: str


def unit_established(_: CoverageRow | None, event: RecordedEvent[KindData]) -> Rows[CoverageRow]:
    if not event.data["monitored"]:
        return ()
    new = event.data.get("formed_from")
    return (_uncovered(event, GapCause.NEW_UNIT if new else GapCause.NEVER_ASSIGNED),)


def unit_retyped(row: CoverageRow | None, event: RecordedEvent[KindData]) -> Rows[CoverageRow]:
    """A commune that becomes a ward stays as it is; what is monitored now only begins as a gap."""
    if not event.data["monitored"]:
        return unit_ended(row, event)
    return () if row is not None else (_uncovered(event, GapCause.NEW_UNIT),)


def unit_ended(row: CoverageRow | None, event: RecordedEvent) -> Rows[CoverageRow]:
    """Of units that are not monitored there is no row."""
    return () if row is None else ({**row, "valid_to": event.day, "position": event.position},)


def monitor_assigned(
    row: CoverageRow | None, event: RecordedEvent[AssignedData]
) -> Rows[CoverageRow]:
    return _monitored(row, event, event.data["official_id"])


def monitor_replaced(
    row: CoverageRow | None, event: RecordedEvent[ReplacedData]
) -> Rows[CoverageRow]:
    return _monitored(row, event, event.data["to_official"])


def monitor_released(
    row: CoverageRow | None, event: RecordedEvent[ReleasedData]
) -> Rows[CoverageRow]:
    """Where the commune itself ended before it in the log, its end has closed the row."""
    if row is None:
        return ()
    data = event.data
    gap: CoverageRow = {
        **row,
        **NOBODY,
        "last_official": data["official_id"],
        "agency_id": data["agency_id"],
        "cause": OTHERWISE.get(data["cause"], data["cause"]),
    }
    return superseded(row, event, gap)


def _uncovered(event: RecordedEvent[KindData], cause: GapCause) -> CoverageRow:
    return {"unit_id": event.data["unit_id"], **opened(event), **NOBODY, "cause": cause.value}


def _monitored(
    standing: CoverageRow | None, event: RecordedEvent[MonitorData], official_id: str
) -> Rows[CoverageRow]:
    row, data = require_open_row(standing, event), event.data
    monitored: CoverageRow = {
        **row,
        **NOBODY,
        "official_id": official_id,
        "post_id": data["post_id"],
        "agency_id": data["agency_id"],
        "exception": data.get("exception") is not None,
    }
    return superseded(row, event, monitored)


COMMUNE_COVERAGE = Projection(
    version=2,
    table=TABLE,
    row=CoverageRow,
    key=("unit_id",),
    folds={
        UnitEstablished.TYPE: unit_established,
        UnitRetyped.TYPE: unit_retyped,
        UnitMerged.TYPE: unit_ended,
        UnitSplit.TYPE: unit_ended,
        UnitClosed.TYPE: unit_ended,
        MonitorAssigned.TYPE: monitor_assigned,
        MonitorReplaced.TYPE: monitor_replaced,
        MonitorReleased.TYPE: monitor_released,
    },
)
