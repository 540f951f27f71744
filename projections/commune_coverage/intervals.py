"""Commune coverage: who monitors each commune, from when to when, and where nobody does and why.

From its first day to its last a commune stands in exactly one row: with its monitor, or as a gap
with its cause. So the covered and the gaps of a day are all its communes. What begins on the day on
which something else began replaces it; a row that ends on its first day has lasted no day.
"""

from enum import StrEnum

from sqlalchemy import BigInteger, Boolean, Column, Date, Index

from domain.monitoring.events import MonitorAssigned, MonitorReleased, MonitorReplaced, ReleaseCause
from domain.organisation.events import (
    COMMUNE_KINDS,
    UnitClosed,
    UnitEstablished,
    UnitMerged,
    UnitRetyped,
    UnitSplit,
)
from projections.projection import (
    FOREVER,
    Projection,
    RecordedEvent,
    Row,
    Rows,
    next_version,
    read_table,
    require_open_row,
    text_id,
)

TABLE = read_table(
    "commune_coverage",
    text_id("unit_id"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    # The monitor; none in a gap.
    text_id("official_id", nullable=True),
    text_id("post_id", nullable=True),
    # Whoever monitored last and the agency, in a gap; the agency is the monitor's otherwise.
    text_id("last_official", nullable=True),
    text_id("agency_id", nullable=True),
    Column("exception", Boolean, nullable=False),
    # Of a gap.
    text_id("cause", nullable=True),
)
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


def unit_established(_: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    if data["kind"] not in COMMUNE_KINDS:
        return ()
    new = data.get("formed_from")
    return (_opened(event, GapCause.NEW_UNIT if new else GapCause.NEVER_ASSIGNED),)


def unit_retyped(row: Row | None, event: RecordedEvent) -> Rows:
    """A commune that becomes a ward stays what it is; what becomes a commune begins as a gap."""
    if event.data["kind"] not in COMMUNE_KINDS:
        return unit_ended(row, event)
    return () if row is not None else (_opened(event, GapCause.NEW_UNIT),)


def unit_ended(row: Row | None, event: RecordedEvent) -> Rows:
    """Of units that are no communes there is no row."""
    return () if row is None else ({**row, "valid_to": event.day, "position": event.position},)


def monitor_assigned(row: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    return next_version(require_open_row(row, event), event, _monitored(data, data["official_id"]))


def monitor_replaced(row: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    return next_version(require_open_row(row, event), event, _monitored(data, data["to_official"]))


def monitor_released(row: Row | None, event: RecordedEvent) -> Rows:
    """Where the commune itself ended before it in the log, its end has closed the row."""
    if row is None:
        return ()
    data = event.data
    changes = {
        "official_id": None,
        "post_id": None,
        "last_official": data["official_id"],
        "agency_id": data["agency_id"],
        "exception": False,
        "cause": OTHERWISE.get(data["cause"], data["cause"]),
    }
    return next_version(row, event, changes)


def _opened(event: RecordedEvent, cause: GapCause) -> Row:
    return {
        "unit_id": event.data["unit_id"],
        "valid_from": event.day,
        "valid_to": FOREVER,
        "position": event.position,
        "official_id": None,
        "post_id": None,
        "last_official": None,
        "agency_id": None,
        "exception": False,
        "cause": cause.value,
    }


def _monitored(data: Row, official_id: str) -> Row:
    return {
        "official_id": official_id,
        "post_id": data["post_id"],
        "last_official": None,
        "agency_id": data["agency_id"],
        "exception": data.get("exception") is not None,
        "cause": None,
    }


COMMUNE_COVERAGE = Projection(
    version=1,
    table=TABLE,
    key=("unit_id",),
    since="valid_from",
    until="valid_to",
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
