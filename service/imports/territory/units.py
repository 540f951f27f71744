"""Places: the ledger's units by code and day, what became of those that ended, and who monitors."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import SequenceMatcher
from itertools import count
from typing import Any, NamedTuple

from domain.kernel import Event
from domain.monitoring.monitoring import SPAN_EVENTS, Monitoring
from domain.organisation.events import COMMUNE_KINDS, UnitKind, UnitMerged, UnitSplit
from domain.organisation.organisation import UNIT_EVENTS
from projections.folding import Folding
from projections.organisation.units import UNITS
from projections.projection import RecordedEvent
from projections.search.vietnamese import words
from service.imports.cell_parsers import fold

# What is read of the log, and nothing else: folding needs no more.
SURVEYED: tuple[type[Event], ...] = (*UNIT_EVENTS, *SPAN_EVENTS)
# Names that agree so far are one name, spelled in two ways.
ALIKE = 0.8
MOST_LEVELS = 10
ONE_DAY = timedelta(days=1)


class Place(NamedTuple):
    """A unit as it is from one day until another, both ISO 8601, the end not included."""

    unit_id: str
    name: str
    kind: UnitKind
    code: str | None
    parent_id: str | None
    since: str
    until: str


class Ending(NamedTuple):
    """On which day a unit ended, and what it went into."""

    on: str
    into: frozenset[str]


@dataclass(slots=True)
class Places:
    """All units that the ledger ever had."""

    by_unit: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    by_code: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    endings: dict[str, Ending] = field(default_factory=dict)
    monitoring: Monitoring = field(default_factory=Monitoring)

    @classmethod
    def of(cls, events: Iterable[Event]) -> "Places":
        """What the events say, in the order of the log."""
        made, folding = cls(), Folding(UNITS, {})
        for position, event in zip(count(1), events, strict=False):
            if event.TYPE in UNITS.folds:
                data: dict[str, Any] = event.model_dump(mode="json")
                folding.fold([RecordedEvent(position, event.TYPE, data)])
            on = event.effective_on.isoformat()
            if isinstance(event, UnitMerged):
                made.endings[event.unit_id] = Ending(on, frozenset({event.into}))
            elif isinstance(event, UnitSplit):
                made.endings[event.unit_id] = Ending(on, frozenset(event.into))
            made.monitoring.evolve(event)
        for row in folding.changed():
            place = Place(
                row["unit_id"],
                row["name"],
                UnitKind(row["kind"]),
                row["code"],
                row["parent_id"],
                row["valid_from"],
                row["valid_to"],
            )
            if place.since < place.until:
                made.by_unit[place.unit_id].append(place)
                made.by_code[place.code or ""].append(place)
        return made

    def at(self, unit_id: str | None, on: date) -> Place | None:
        """The unit as it is on that day, if it exists then."""
        found = [] if unit_id is None else self.by_unit.get(unit_id, [])
        return next((place for place in found if _holds(place, on)), None)

    def coded(self, code: str, on: date, kinds: Iterable[UnitKind]) -> list[Place]:
        """The units of these kinds that stand under the code on that day."""
        wanted = frozenset(kinds)
        found = self.by_code.get(code, [])
        return [place for place in found if _holds(place, on) and place.kind in wanted]

    def communes(self, on: date) -> list[Place]:
        """The communes, wards and towns of that day, by id."""
        return [
            place
            for _, places in sorted(self.by_unit.items())
            for place in places
            if place.kind in COMMUNE_KINDS and _holds(place, on)
        ]

    def province(self, place: Place, on: date) -> Place | None:
        """The province above the unit on that day."""
        above: Place | None = place
        for _ in range(MOST_LEVELS):
            if above is None or above.kind is UnitKind.PROVINCE:
                return above
            above = self.at(above.parent_id, on)
        return None

    def established(self, unit_id: str) -> str:
        """The unit's first day."""
        return self.by_unit[unit_id][0].since

    def changed_after(self, unit_id: str, on: date) -> bool:
        """Whether something changed in the unit on a later day."""
        return any(place.since > on.isoformat() for place in self.by_unit[unit_id])

    def monitored(self, unit_id: str) -> bool:
        return self.monitoring.open_span(unit_id) is not None

    def free_id(self, code: str, on: date, taken: Iterable[str] = ()) -> str:
        """The id for a new unit: its code, or its code and day where the code names another."""
        plain = code.lower()
        return plain if plain not in {*self.by_unit, *taken} else f"{plain}.{on:%Y%m%d}"


def _holds(place: Place, on: date) -> bool:
    return place.since <= on.isoformat() < place.until


def same(said: str, known: str) -> bool:
    """Whether it is the same name, wherever the tone mark stands: `Thủy` and `Thuỷ`."""
    return list(words(said)) == list(words(known))


def alike(said: str, known: str) -> bool:
    """Whether it may be the same name in another spelling, as `Mỵ Hòa` and `Mi Hòa`."""
    one, other = (_bare(name) for name in (said, known))
    return one == other or SequenceMatcher(None, one, other).ratio() >= ALIKE


def _bare(name: str) -> str:
    """The name without what kind of unit it is of, and without the choice between i and y."""
    spoken = fold(name).replace("y", "i").split()
    for kind in (("xa",), ("phuong",), ("thi", "tran")):
        if tuple(spoken[: len(kind)]) == kind:
            return " ".join(spoken[len(kind) :])
    return " ".join(spoken)
