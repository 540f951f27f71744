"""Units on record: by code and day, with what they went into and whether they are monitored."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import SequenceMatcher
from itertools import count
from typing import Any, NamedTuple

from domain.kernel import Event
from domain.monitoring.monitoring import SPAN_EVENTS, Monitoring
from domain.organisation.events import UnitMerged, UnitSplit
from domain.organisation.organisation import UNIT_EVENTS
from domain.organisation.unit_kinds import UNIT_KIND_EVENTS, Kind, Level, UnitKinds
from projections.folding import Folding
from projections.organisation.units import UNITS
from projections.projection import RecordedEvent
from projections.search.vietnamese import words
from service.imports.territory.kinds import of_base, without_kind

# The events to read from the log: folding needs no others.
EVENT_TYPES: tuple[type[Event], ...] = (*UNIT_EVENTS, *UNIT_KIND_EVENTS, *SPAN_EVENTS)
# Names of at least this ratio are one name in two spellings.
SIMILAR = 0.8
MOST_LEVELS = 10
ONE_DAY = timedelta(days=1)


class UnitVersion(NamedTuple):
    """A unit as it is from one day until another, both ISO 8601, the end not included."""

    unit_id: str
    name: str
    kind: str
    level: Level | None
    code: str | None
    parent_id: str | None
    since: str
    until: str

    def covers(self, day: date) -> bool:
        return self.since <= day.isoformat() < self.until


class Ending(NamedTuple):
    """On which day a unit ended, and what it went into."""

    on: str
    into: AbstractSet[str]


@dataclass(slots=True)
class UnitHistory:
    """All units that the ledger ever had, and the kinds of units there were on any day."""

    by_unit: dict[str, list[UnitVersion]] = field(default_factory=lambda: defaultdict(list))
    by_code: dict[str, list[UnitVersion]] = field(default_factory=lambda: defaultdict(list))
    endings: dict[str, Ending] = field(default_factory=dict)
    monitoring: Monitoring = field(default_factory=Monitoring)
    kinds: UnitKinds = field(default_factory=UnitKinds)

    @classmethod
    def of(cls, events: Iterable[Event]) -> "UnitHistory":
        """The history that the events tell, which are ordered by their days."""
        history, folding = cls(), Folding(UNITS, {})
        for position, event in zip(count(1), events, strict=False):
            if event.TYPE in UNITS.folds:
                data: dict[str, Any] = event.model_dump(mode="json")
                folding.fold([RecordedEvent(position, event.TYPE, data)])
            on = event.effective_on.isoformat()
            if isinstance(event, UnitMerged):
                history.endings[event.unit_id] = Ending(on, {event.into})
            elif isinstance(event, UnitSplit):
                history.endings[event.unit_id] = Ending(on, set(event.into))
            history.monitoring.evolve(event)
            history.kinds.evolve(event)
        for row in folding.changed():
            version = UnitVersion(
                row["unit_id"],
                row["name"],
                row["kind"],
                None if row["level"] is None else Level(row["level"]),
                row["code"],
                row["parent_id"],
                row["valid_from"],
                row["valid_to"],
            )
            if version.since < version.until:
                history.by_unit[version.unit_id].append(version)
                history.by_code[version.code or ""].append(version)
        return history

    def at(self, unit_id: str | None, on: date) -> UnitVersion | None:
        """The unit as it is on that day, if it exists then."""
        versions = [] if unit_id is None else self.by_unit.get(unit_id, [])
        return next((version for version in versions if version.covers(on)), None)

    def with_code(self, code: str, on: date, level: Level) -> list[UnitVersion]:
        """The units of the level that have the code on that day."""
        versions = self.by_code.get(code, [])
        return [version for version in versions if version.covers(on) and version.level == level]

    def kinds_of_communes(self, on: date) -> list[Kind]:
        """The kinds of units of the base level on that day."""
        return of_base(self.kinds.in_force(on))

    def communes(self, on: date) -> list[UnitVersion]:
        """The units of the base level on that day, by id."""
        return self._of_level(Level.BASE, on)

    def _of_level(self, level: Level, on: date) -> list[UnitVersion]:
        return [
            version
            for _, versions in sorted(self.by_unit.items())
            for version in versions
            if version.level == level and version.covers(on)
        ]

    def has_communes(self, unit_id: str, on: date) -> bool:
        """Whether a unit of the base level is directly below that one on that day."""
        return any(commune.parent_id == unit_id for commune in self.communes(on))

    def province(self, unit: UnitVersion, on: date) -> UnitVersion | None:
        """The province above the unit on that day."""
        above: UnitVersion | None = unit
        for _ in range(MOST_LEVELS):
            if above is None or above.level is Level.PROVINCE:
                return above
            above = self.at(above.parent_id, on)
        return None

    def province_codes(self, on: date, level: Level) -> set[str | None]:
        """The codes of the provinces that have units of the level on that day."""
        provinces = (self.province(unit, on) for unit in self._of_level(level, on))
        return {province.code for province in provinces if province is not None}

    def communes_of(self, provinces: Collection[str | None], on: date) -> Iterator[UnitVersion]:
        """The communes of that day in the provinces with these codes, by id."""
        for commune in self.communes(on):
            province = self.province(commune, on)
            if province is not None and province.code in provinces:
                yield commune

    def namesakes(self, name: str, unit: UnitVersion, on: date) -> list[UnitVersion]:
        """The communes of that day that have the name and are in the unit's province."""
        province = self.province(unit, on)
        return [
            commune
            for commune in self.communes(on)
            if same_name(name, commune.name) and self.province(commune, on) == province
        ]

    def established_on(self, unit_id: str) -> str:
        """The unit's first day."""
        return self.by_unit[unit_id][0].since

    def changed_after(self, unit_id: str, on: date) -> bool:
        """Whether the unit changed on a later day."""
        return any(version.since > on.isoformat() for version in self.by_unit[unit_id])

    def is_monitored(self, unit_id: str) -> bool:
        return self.monitoring.open_span(unit_id) is not None

    def new_id(self, code: str, on: date, reserved: Iterable[str] = ()) -> str:
        """The id for a new unit: its code, with the day where the code is already an id."""
        unit_id = code.lower()
        return unit_id if unit_id not in {*self.by_unit, *reserved} else f"{unit_id}.{on:%Y%m%d}"


def same_name(name: str, other: str) -> bool:
    """Whether it is the same name, wherever the tone mark stands: `Thủy` and `Thuỷ`."""
    return list(words(name)) == list(words(other))


def similar_name(name: str, other: str) -> bool:
    """Whether it may be the same name in another spelling, as `Mỵ Hòa` and `Mi Hòa`."""
    one, two = _bare(name), _bare(other)
    return one == two or SequenceMatcher(None, one, two).ratio() >= SIMILAR


def _bare(name: str) -> str:
    """The name without the kind of its unit, and without the choice between i and y."""
    return without_kind(name).replace("y", "i")
