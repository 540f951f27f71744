"""Random but possible lives of communes: what the commands would have let happen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import strategies as st

from domain.kernel import Event
from domain.monitoring.events import MonitorAssigned, MonitorReleased, MonitorReplaced, ReleaseCause
from domain.organisation.events import (
    UnitClosed,
    UnitEstablished,
    UnitKind,
    UnitMerged,
    UnitMoved,
    UnitRenamed,
    UnitRetyped,
    UnitSplit,
)
from domain.organisation.unit_kinds import Level

FIRST_DAY = date(2021, 1, 4)
BODY = "standing-committee"
DISTRICTS = ("d1", "d2")
AGENCIES = ("a1", "a2")
OFFICIALS = ("o1", "o2", "o3")
# Kinds of the default catalogue, and kinds that a ledger declared.
MONITORED = (
    UnitKind.COMMUNE,
    UnitKind.WARD,
    UnitKind.TOWN,
    UnitKind.SPECIAL_ZONE,
    "economic_zone",
)
NOT_MONITORED = (UnitKind.DEPARTMENT, "free_port")
RELEASES = [cause for cause in ReleaseCause if cause is not ReleaseCause.UNIT_ENDED]


@dataclass
class Territory:
    """The units that are open, and who monitors which since when."""

    day: date = FIRST_DAY
    kinds: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    monitors: dict[str, tuple[str, str, date]] = field(default_factory=dict)
    changed: dict[str, date] = field(default_factory=dict)
    number: int = 0
    events: list[Event] = field(default_factory=list)

    def communes(self) -> list[str]:
        return [name for name, kind in self.kinds.items() if kind in MONITORED]

    def establish(self, kind: str, parent: str, formed_from: tuple[str, ...] = ()) -> str:
        self.number += 1
        name = f"c{self.number}"
        self.kinds[name], self.parents[name], self.changed[name] = kind, parent, self.day
        self.events.append(
            UnitEstablished(
                effective_on=self.day,
                unit_id=name,
                name=f"Xã {name}",
                kind=kind,
                level=Level.BASE,
                monitored=kind in MONITORED,
                parent_id=parent,
                formed_from=formed_from,
            )
        )
        return name

    def monitored(self, unit_id: str, official: str, follows: str | None = None) -> None:
        agency = AGENCIES[OFFICIALS.index(official) % 2]
        self.monitors[unit_id] = (official, agency, self.day)
        self.changed[unit_id] = self.day
        self.events.append(
            MonitorAssigned(
                effective_on=self.day,
                unit_id=unit_id,
                official_id=official,
                post_id=f"p-{official}",
                agency_id=agency,
                assigned_by=BODY,
                exception="thiếu người" if official == "o3" else None,
                follows=follows,
            )
        )

    def released(self, unit_id: str, cause: ReleaseCause) -> MonitorReleased:
        official, agency, since = self.monitors.pop(unit_id)
        self.changed[unit_id] = self.day
        return MonitorReleased(
            effective_on=self.day,
            unit_id=unit_id,
            official_id=official,
            post_id=f"p-{official}",
            agency_id=agency,
            since=since,
            cause=cause,
            reason="thôi",
        )

    def end(self, ended: Event, unit_id: str, *, released_first: bool) -> None:
        """The unit ends, and its monitor is released in the same append, first or last."""
        together = [ended]
        if unit_id in self.monitors:
            together.append(self.released(unit_id, ReleaseCause.UNIT_ENDED))
        self.events += reversed(together) if released_first else together
        del self.kinds[unit_id], self.parents[unit_id]


@st.composite
def territories(draw: st.DrawFn) -> list[Event]:
    """The events of a few communes and of those that come after them, their days in order."""
    land = Territory()
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from([*MONITORED, *NOT_MONITORED]))
        land.establish(kind, draw(st.sampled_from(DISTRICTS)))
    for _ in range(draw(st.integers(1, 24))):
        land.day += timedelta(days=draw(st.sampled_from([0, 0, 1, 1, 20, 200])))
        happen = draw(st.sampled_from(STEPS))
        happen(draw, land)
    return land.events


def _some(draw: st.DrawFn, names: list[str]) -> str | None:
    return draw(st.sampled_from(sorted(names))) if names else None


def assigned(draw: st.DrawFn, land: Territory) -> None:
    unit = _some(draw, [name for name in land.communes() if name not in land.monitors])
    if unit is not None:
        land.monitored(unit, draw(st.sampled_from(OFFICIALS)))


def _since_before(land: Territory) -> list[str]:
    """Communes whose monitor has been it for a day at least."""
    return [name for name, (_, _, since) in land.monitors.items() if since < land.day]


def replaced(draw: st.DrawFn, land: Territory) -> None:
    unit = _some(draw, _since_before(land))
    if unit is None:
        return
    before = land.monitors[unit][0]
    official = draw(st.sampled_from([one for one in OFFICIALS if one != before]))
    agency = AGENCIES[OFFICIALS.index(official) % 2]
    land.monitors[unit] = (official, agency, land.day)
    land.changed[unit] = land.day
    land.events.append(
        MonitorReplaced(
            effective_on=land.day,
            unit_id=unit,
            from_official=before,
            to_official=official,
            post_id=f"p-{official}",
            agency_id=agency,
            replaced_by=BODY,
            reason="thay",
            handover_note="đã bàn giao",
        )
    )


def released(draw: st.DrawFn, land: Territory) -> None:
    unit = _some(draw, _since_before(land))
    if unit is not None:
        land.events.append(land.released(unit, draw(st.sampled_from(RELEASES))))


def _ending(draw: st.DrawFn, land: Territory) -> str | None:
    fresh = [name for name in land.communes() if land.changed[name] < land.day]
    return _some(draw, fresh)


def merged(draw: st.DrawFn, land: Territory) -> None:
    unit = _ending(draw, land)
    if unit is None:
        return
    others = [name for name in land.communes() if name != unit]
    into = draw(st.sampled_from([None, *others]))
    if into is None:
        into = land.establish(land.kinds[unit], land.parents[unit], (unit,))
    monitor = land.monitors.get(unit)
    ended = UnitMerged(effective_on=land.day, unit_id=unit, into=into)
    land.end(ended, unit, released_first=draw(st.booleans()))
    if monitor is not None and into not in land.monitors and draw(st.booleans()):
        land.monitored(into, monitor[0], follows=unit)


def split(draw: st.DrawFn, land: Territory) -> None:
    unit = _ending(draw, land)
    if unit is None:
        return
    into = tuple(land.establish(land.kinds[unit], land.parents[unit], (unit,)) for _ in "12")
    ended = UnitSplit(effective_on=land.day, unit_id=unit, into=into)
    land.end(ended, unit, released_first=draw(st.booleans()))


def closed(draw: st.DrawFn, land: Territory) -> None:
    unit = _ending(draw, land)
    if unit is not None:
        ended = UnitClosed(effective_on=land.day, unit_id=unit, reason="giải thể")
        land.end(ended, unit, released_first=draw(st.booleans()))


def retyped(draw: st.DrawFn, land: Territory) -> None:
    """Whatever has no monitor may become anything; who has one stays a commune."""
    unit = _some(draw, [name for name in land.kinds if land.changed[name] < land.day])
    if unit is None:
        return
    kinds = [*MONITORED, *(() if unit in land.monitors else NOT_MONITORED)]
    before = land.kinds[unit]
    kind = draw(st.sampled_from(sorted(kind for kind in kinds if kind != before)))
    land.kinds[unit], land.changed[unit] = kind, land.day
    land.events.append(
        UnitRetyped(
            effective_on=land.day,
            unit_id=unit,
            kind=kind,
            level=Level.BASE,
            monitored=kind in MONITORED,
            former_kind=before,
        )
    )


def moved(draw: st.DrawFn, land: Territory) -> None:
    unit = _some(draw, list(land.kinds))
    if unit is None:
        return
    before = land.parents[unit]
    [parent] = [one for one in DISTRICTS if one != before]
    land.parents[unit] = parent
    land.events.append(
        UnitMoved(effective_on=land.day, unit_id=unit, parent_id=parent, former_parent_id=before)
    )


def renamed(draw: st.DrawFn, land: Territory) -> None:
    unit = _some(draw, list(land.kinds))
    if unit is not None:
        name = f"Phường {unit} {len(land.events)}"
        land.events.append(
            UnitRenamed(effective_on=land.day, unit_id=unit, name=name, former_name="Xã")
        )


STEPS: tuple[Callable[[st.DrawFn, Territory], None], ...] = (
    assigned, assigned, assigned, assigned, replaced, replaced, released, released,
    merged, split, closed, retyped, moved, renamed,
)  # fmt: skip
