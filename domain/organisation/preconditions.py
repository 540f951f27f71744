"""Preconditions: what must hold on its day for an event of the organisation to follow.

The same functions guard the commands.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

from eventsourcing.dcb.domain import Selector

from domain.kernel import Event
from domain.organisation.erasure import erasure_selector, require_erasable
from domain.organisation.events import (
    OfficialErased,
    OfficialErasureRefused,
    OfficialErasureRequested,
    OfficialRegistered,
    OfKind,
    PostAbolished,
    PostCreated,
    RetirementAnnounced,
    TenureEnded,
    TenureStarted,
    UnitCeded,
    UnitClosed,
    UnitEstablished,
    UnitMerged,
    UnitMoved,
    UnitRecoded,
    UnitRenamed,
    UnitRetyped,
    UnitSplit,
)
from domain.organisation.kinds import (
    require_changeable,
    require_declarable,
    require_endable_kind,
)
from domain.organisation.officials import require_announceable, require_registrable
from domain.organisation.organisation import UNIT_EVENTS, Organisation
from domain.organisation.posts import require_abolishable, require_creatable
from domain.organisation.selectors import (
    official_selector,
    post_selector,
    posts_of_unit_selector,
    retirement_selector,
    unit_selector,
)
from domain.organisation.tenures import require_endable, require_startable
from domain.organisation.territory import (
    require_cedable,
    require_movable,
    require_recodable,
    require_renamable,
    require_retypable,
)
from domain.organisation.unit_kinds import (
    UnitKindChanged,
    UnitKindDeclared,
    UnitKindEnded,
    UnitKindEvent,
    catalogue_selector,
)
from domain.organisation.units import (
    require_closable,
    require_establishable,
    require_mergeable,
    require_splittable,
)
from domain.timeline import EventsAnnulled

PRECONDITIONS: Mapping[type[Event], Callable[[Organisation, Any], None]] = {
    UnitEstablished: require_establishable,
    UnitClosed: require_closable,
    UnitRenamed: require_renamable,
    UnitRetyped: require_retypable,
    UnitRecoded: require_recodable,
    UnitMoved: require_movable,
    UnitMerged: require_mergeable,
    UnitSplit: require_splittable,
    UnitCeded: require_cedable,
    PostCreated: require_creatable,
    PostAbolished: require_abolishable,
    OfficialRegistered: require_registrable,
    RetirementAnnounced: require_announceable,
    OfficialErasureRequested: require_erasable,
    OfficialErasureRefused: require_erasable,
    OfficialErased: require_erasable,
    TenureStarted: require_startable,
    TenureEnded: require_endable,
    UnitKindDeclared: require_declarable,
    UnitKindChanged: require_changeable,
    UnitKindEnded: require_endable_kind,
}

BEGINNING = (UnitEstablished, PostCreated, OfficialRegistered)


class OrganisationState(Organisation):
    """The organisation on a day, and what may follow on it.

    A unit, post or official that begins with one of the events `seen` is there from that day and
    not before; whether any other exists is not judged.
    """

    __slots__ = ("_begun", "_sees_kinds")

    def __init__(self, seen: Iterable[Event] = ()) -> None:
        super().__init__()
        seen = list(seen)
        self._sees_kinds = any(isinstance(event, UnitKindEvent) for event in seen)
        self._begun = {event.tags()[0] for event in seen if isinstance(event, BEGINNING)}

    def sees(self, tag: str) -> bool:
        kind, _, thing = tag.partition(":")
        there: Mapping[str, Container[str]] = {
            "unit": self.units,
            "post": self.posts,
            "official": self.officials,
        }
        return tag in self._begun or thing in there[kind]

    def sees_kinds(self) -> bool:
        """Whether what was declared is seen: all of it is, or nothing."""
        return self._sees_kinds

    def require(self, event: Event) -> None:
        """Pass if the event can follow, as far as what it names is seen.

        Raises:
            Refusal: it cannot.
        """
        precondition = PRECONDITIONS.get(type(event))
        if precondition is not None:
            precondition(self, event)


def organisation_concerned(changed: Sequence[Event], seen: Sequence[Event]) -> Iterator[Selector]:
    """What stands on the changed events in the organisation, and what they stand on.

    A unit's tag is on all that ever happened there: nothing is selected by it but for few types.
    """
    belonging = _Belonging((*changed, *seen))
    yield from _kinds_concerned(changed)
    for event in changed:
        match event:
            case TenureStarted() | TenureEnded():
                yield post_selector(event.post_id)
                yield official_selector(event.official_id)
            case (
                OfficialRegistered()
                | RetirementAnnounced()
                | OfficialErasureRequested()
                | OfficialErasureRefused()
                | OfficialErased()
            ):
                yield official_selector(event.official_id)
                yield retirement_selector(event.official_id)
                yield erasure_selector(event.official_id)
            case PostCreated() | PostAbolished():
                yield post_selector(event.post_id)
                yield posts_of_unit_selector(event.unit_id)
                yield from belonging.of_members(event.unit_id)
            case UnitMoved():
                yield from map(unit_selector, belonging.above(event.unit_id))
                yield from belonging.of_parents(event.unit_id)
            case UnitEstablished() | UnitClosed() | UnitMerged() | UnitSplit():
                yield posts_of_unit_selector(event.unit_id)
                yield from belonging.of_members(event.unit_id)
                yield from belonging.of_parents(event.unit_id)
                yield from map(unit_selector, _successors(event))
            case UnitRenamed() | UnitRetyped() | UnitRecoded():
                yield unit_selector(event.unit_id)
            case UnitCeded():
                yield unit_selector(event.unit_id)
                yield unit_selector(event.to_unit)
            case _:
                pass


def _kinds_concerned(changed: Sequence[Event]) -> Iterator[Selector]:
    """The kinds by which units are what they are; and where these change, every unit."""
    if any(isinstance(event, OfKind | UnitKindEvent) for event in changed):
        yield catalogue_selector()
    if any(isinstance(event, UnitKindEvent) for event in changed):
        yield Selector(types=[*UNIT_EVENTS, EventsAnnulled])


class _Belonging:
    """Which units ever were below which, and which were closed, as far as these events tell."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._parents: dict[str, dict[str, None]] = {}
        self._closed: set[str] = set()
        for event in events:
            match event:
                case UnitEstablished():
                    self._note(event.unit_id, event.parent_id)
                case UnitMoved():
                    self._note(event.unit_id, event.former_parent_id)
                    self._note(event.unit_id, event.parent_id)
                case UnitClosed():
                    self._closed.add(event.unit_id)
                case _:
                    pass

    def _note(self, unit_id: str, parent_id: str | None) -> None:
        if parent_id is not None:
            self._parents.setdefault(unit_id, {})[parent_id] = None

    def above(self, unit_id: str) -> list[str]:
        """The unit and all that ever were above it."""
        line = [unit_id]
        for below in line:
            line += [above for above in self._parents.get(below, ()) if above not in line]
        return line

    def of_members(self, unit_id: str) -> Iterator[Selector]:
        """The unit; and where it was closed, all that had to end or leave before."""
        yield unit_selector(unit_id)
        if unit_id in self._closed:
            yield posts_of_unit_selector(unit_id)
            for below, parents in self._parents.items():
                if unit_id in parents:
                    yield unit_selector(below)

    def of_parents(self, unit_id: str) -> Iterator[Selector]:
        """The units to which the unit ever belonged."""
        for parent_id in self._parents.get(unit_id, ()):
            yield from self.of_members(parent_id)


def _successors(
    event: UnitEstablished | UnitClosed | UnitMerged | UnitSplit,
) -> tuple[str, ...]:
    match event:
        case UnitMerged(into=into):
            return (into,)
        case UnitSplit(into=parts):
            return parts
        case _:
            return ()
