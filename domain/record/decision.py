"""Decision: a command is decided on the timeline of its day, and what stands later must still hold.

`recorded` is what is seen of the log: events by position, in the order of recording.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import inf
from typing import Any, TypeAlias

from eventsourcing.dcb.domain import Selector

from domain.kernel import Command, Context, Event
from domain.organisation.events import (
    PostAbolished,
    UnitClosed,
    UnitMerged,
    UnitRetyped,
    UnitSplit,
)
from domain.organisation.unit_kinds import UnitKindEvent
from domain.record.annulment import (
    ORGANISATION_KINDS,
    Named,
    bodies_of,
    kind,
    require_may_annul,
)
from domain.record.contradictions import Contradiction, ContradictsLater, contradictions
from domain.record.standing import State, concerned
from domain.regulations.events import CommuneMonitoringRegulated, PolicyAdopted
from domain.tasks.work.corrections import without_ground
from domain.timeline import Entry, EventsAnnulled, annulments, moment, place_of, timeline

Recorded: TypeAlias = Mapping[int, Event]

# More may stand on these than the command sees that records them.
STOOD_ON = (
    UnitClosed,
    UnitMerged,
    UnitSplit,
    UnitRetyped,
    PostAbolished,
    CommuneMonitoringRegulated,
    PolicyAdopted,
    UnitKindEvent,
)


def folded(
    build: Callable[[], Command[Any]], recorded: Recorded, replaced: Sequence[int]
) -> Command[Any]:
    """The command, which has folded the timeline up to its day without what it replaces."""
    command = build()
    command.recorded, command.numbered = tuple(recorded.values()), recorded
    on, place = command.context.effective_on, inf
    if replaced:
        first, taken = place_of({at: recorded[at] for at in replaced}, annulments(recorded))
        place = taken if on == first else inf
    entries = timeline(recorded)
    if replaced:
        entries = [entry for entry in entries if entry.at.position not in replaced]
    count = sum((entry.at.on, entry.at.place) < (on, place) for entry in entries)
    command.later = tuple(entry.event for entry in entries[count:])
    for entry in entries[:count]:
        entry.event.mutate(command)
    return command


def comes_last(recorded: Recorded, happened: Iterable[Event]) -> bool:
    """Whether nothing that is seen counts from a later day than the first of what happened.

    Where a unit or a post ends, or another kind or regulation is in force, that alone does not
    tell.
    """
    happened = list(happened)
    if any(isinstance(event, STOOD_ON) for event in happened):
        return False
    first = min(event.effective_on for event in happened)
    return all(
        event.effective_on <= first or event.FROM_THE_BEGINNING or isinstance(event, EventsAnnulled)
        for event in recorded.values()
    )


def standing_on(
    context: Context, recorded: Recorded, named: Sequence[Named], happened: Sequence[Event]
) -> list[Selector]:
    """What else must be seen to tell whether all that is recorded still holds."""
    changed = [*(one.event for one in named), *happened]
    of_posts = _of_posts(context, changed)
    selectors = concerned(changed, recorded.values(), of_posts=of_posts)
    if named:
        selectors += bodies_of(named, context, _state(recorded))
    return selectors


def require_consistent(
    context: Context, recorded: Recorded, named: Sequence[Named], happened: Sequence[Event]
) -> None:
    """Pass if the caller may annul what is named, and all else still holds with what happens.

    Raises:
        ContradictsLater: naming every event that would not hold.
        NotTheAuthor, OnlyAnAdministrator, NotTheEntitledBody, BodyRequired, DocumentRequired.
    """
    if named:
        require_may_annul(context, named, _state(recorded))
    noted, replaced = annulments(recorded), {one.position for one in named}
    head = max((*recorded, *replaced), default=0)
    if named:
        place = place_of({one.position: one.event for one in named}, noted)
        noted.note(head, sorted(replaced), len(happened), place)
    new = [Entry(moment(event, noted, head + nth), event) for nth, event in enumerate(happened, 1)]
    annulled = [moment(one.event, noted, one.position) for one in named]
    before = timeline(recorded)
    kept = [entry for entry in before if entry.at.position not in replaced]
    after = sorted((*kept, *new), key=lambda entry: entry.at)
    since = min((*annulled, *(entry.at for entry in new)))
    changed = [*(one.event for one in named), *happened]
    of_posts = _of_posts(context, changed)
    broken = contradictions(before, after, since, of_posts=of_posts)
    known = {one.position for one in broken}
    standing = {entry.at.position for entry in before}
    broken += [
        Contradiction(position, event, why)
        for position, event, why in without_ground(recorded, replaced)
        if position in standing - known
    ]
    if broken:
        raise ContradictsLater(broken)


def _of_posts(context: Context, changed: Sequence[Event]) -> bool:
    """Whether posts and their holders change, or what changes is not past yet."""
    return any(kind(event) in ORGANISATION_KINDS for event in changed) or all(
        event.effective_on >= context.today for event in changed
    )


def bodies_concerned(
    context: Context, recorded: Recorded, named: Sequence[Named], happened: Sequence[Event]
) -> set[str]:
    """The bodies whose closed periods bind what is recorded and annulled.

    Those in whose name it is or was decided, those that decide on the thing; of the organisation,
    every unit that an event names.
    """
    state, events = _state(recorded), [*(one.event for one in named), *happened]
    bodies = {context.on_behalf_of, *(one.on_behalf_of for one in named)}
    bodies |= {state.deciding_body(event) for event in events}
    bodies |= {
        tag.removeprefix("unit:")
        for event in events
        if kind(event) in ORGANISATION_KINDS
        for tag in event.tags()
        if tag.startswith("unit:")
    }
    return {body for body in bodies if body is not None}


def _state(recorded: Recorded) -> State:
    """The state as of the last day seen."""
    state = State()
    for entry in timeline(recorded):
        state.evolve(entry.event)
    return state
