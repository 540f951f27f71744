"""What the events say about the communes of one day, counted by hand, commune by commune."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, TypeAlias, assert_never

from domain.kernel import Event
from domain.monitoring.events import MonitorAssigned, MonitorReleased, MonitorReplaced
from domain.organisation.events import (
    UnitClosed,
    UnitEstablished,
    UnitMerged,
    UnitMoved,
    UnitRenamed,
    UnitRetyped,
    UnitSplit,
)

Change: TypeAlias = (
    UnitRetyped | UnitMoved | UnitRenamed | MonitorAssigned | MonitorReplaced | MonitorReleased
)
GAPS = {"retirement": "retired", "transfer": "transferred"}


class Commune(NamedTuple):
    """A commune on a day; `official_id` is None and `cause` is not where nobody monitors it."""

    name: str
    district_id: str | None
    official_id: str | None = None
    agency_id: str | None = None
    cause: str | None = None
    last_official: str | None = None


class _Unit:
    """A unit that is open; `cause` is of the gap in which it is, if it is in one."""

    def __init__(self, event: UnitEstablished) -> None:
        self.is_monitored, self.name, self.parent = event.monitored, event.name, event.parent_id
        self.formed = bool(event.formed_from)
        self.began_otherwise = not event.monitored
        self.monitor: tuple[str, str] | None = None
        self.left: tuple[str, str, str] | None = None

    def commune(self) -> Commune:
        if self.monitor is not None:
            return Commune(self.name, self.parent, *self.monitor)
        if self.left is not None:
            official, agency, cause = self.left
            return Commune(self.name, self.parent, None, agency, cause, official)
        new = self.formed or self.began_otherwise
        return Commune(self.name, self.parent, cause="new_unit" if new else "never_assigned")


def communes(events: Sequence[Event], day: date) -> dict[str, Commune]:
    """Every commune that is open on the day."""
    units: dict[str, _Unit] = {}
    for event in events:
        if event.effective_on > day:
            continue
        if isinstance(event, UnitEstablished):
            units[event.unit_id] = _Unit(event)
        elif isinstance(event, UnitMerged | UnitSplit | UnitClosed):
            del units[event.unit_id]
        elif isinstance(event, MonitorReleased) and event.unit_id not in units:
            continue
        elif isinstance(event, Change):
            _change(units[event.unit_id], event)
    return {name: unit.commune() for name, unit in units.items() if unit.is_monitored}


def _change(unit: _Unit, event: Change) -> None:
    match event:
        case UnitRetyped():
            if unit.is_monitored and not event.monitored:
                unit.left, unit.began_otherwise = None, True
            unit.is_monitored = event.monitored
        case UnitMoved():
            unit.parent = event.parent_id
        case UnitRenamed():
            unit.name = event.name
        case MonitorAssigned():
            unit.monitor = (event.official_id, event.agency_id)
        case MonitorReplaced():
            unit.monitor = (event.to_official, event.agency_id)
        case MonitorReleased():
            cause = GAPS.get(event.cause.value, event.cause.value)
            unit.monitor, unit.left = None, (event.official_id, event.agency_id, cause)
        case _:
            assert_never(event)
