"""Versions: the version of a thing is the position of the last event that makes it up.

It is the entity tag of every read of the thing, and what `If-Match` of its verbs is compared with.
A thing is made up of the events of few types that are its own: of several units that an event
names, the event belongs to the first. An annulment changes all things that it touches.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from eventsourcing.dcb.domain import Selector

from domain.kernel import EVENT_TYPES, Event
from domain.organisation.events import TenureEnded, TenureStarted
from domain.record.periods import PeriodAdjusted
from domain.timeline import EventsAnnulled

# Beside the events that name such a thing first.
ALSO: Mapping[str, tuple[type[Event], ...]] = {"post": (TenureStarted, TenureEnded)}
OF_SEVERAL = (EventsAnnulled, PeriodAdjusted)


@cache
def making_up(kind: str) -> tuple[type[Event], ...]:
    """The types of events that make up a kind of thing; `kind` is the prefix of its tag."""
    return tuple(
        event
        for event in EVENT_TYPES.values()
        if event not in OF_SEVERAL
        and (_named_first(event) == kind or issubclass(event, ALSO.get(kind, ())))
    )


def _named_first(event: type[Event]) -> str | None:
    """The kind of thing that such events name first."""
    return next((prefix for _, prefix in event.TAGGED), None)


def makes_up(subject: str, event_type: type[Event], tags: Sequence[str]) -> bool:
    """Whether an event of that type with these tags changes the thing, such as `unit:ID`."""
    if issubclass(event_type, EventsAnnulled):
        return subject in tags
    kind, _, _ = subject.partition(":")
    own = next((tag for tag in tags if tag.startswith(f"{kind}:")), None)
    return own == subject and event_type in making_up(kind)


def version(subject: str, recorded: Mapping[int, Event]) -> int:
    """The thing's version as of what is recorded, by position; 0 if nothing makes it up."""
    return max(
        (at for at, event in recorded.items() if makes_up(subject, type(event), event.tags())),
        default=0,
    )


def version_selector(subject: str) -> Selector:
    """What holds every event that makes the thing up."""
    kind, _, _ = subject.partition(":")
    # All that carries a task's tag is of the task; it is one selector with that of its commands.
    return Selector(types=() if kind == "task" else making_up(kind), tags=[subject])
