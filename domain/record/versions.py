"""Versions: the version of a thing is the position of the last event that makes it up.

It is the entity tag of every read of the thing, and what `If-Match` of its verbs is compared with.
A thing is made up of the events of few types that are its own: of several units that an event
names, the event belongs to the first. An annulment changes all things that it touches.
"""

from collections.abc import Mapping, Sequence

from eventsourcing.dcb.domain import Selector

from domain.kernel import Event
from domain.monitoring.events import AllocationWithdrawn, CommuneAllocated, QuotaSet
from domain.monitoring.monitoring import SPAN_EVENTS
from domain.organisation.events import (
    OfficialRegistered,
    PostAbolished,
    PostCreated,
    RetirementAnnounced,
    TenureEnded,
    TenureStarted,
)
from domain.organisation.organisation import UNIT_EVENTS
from domain.regulations.events import CellAttendanceRegulated, CommuneMonitoringRegulated
from domain.tasks.events import TaskEvent
from domain.timeline import EventsAnnulled

# By the kind of thing, which is the prefix of its tag; of any other kind, all of its events.
MAKING_UP: Mapping[str, tuple[type[Event], ...]] = {
    "unit": (*UNIT_EVENTS, *SPAN_EVENTS, CommuneAllocated, AllocationWithdrawn, QuotaSet),
    "post": (PostCreated, PostAbolished, TenureStarted, TenureEnded),
    "official": (OfficialRegistered, RetirementAnnounced, TenureStarted, TenureEnded),
    "task": (TaskEvent,),
    "regulation": (CommuneMonitoringRegulated, CellAttendanceRegulated),
}


def makes_up(subject: str, event_type: type[Event], tags: Sequence[str]) -> bool:
    """Whether an event of that type with these tags changes the thing, such as `unit:ID`."""
    if issubclass(event_type, EventsAnnulled):
        return subject in tags
    kind, _, _ = subject.partition(":")
    own = next((tag for tag in tags if tag.startswith(f"{kind}:")), None)
    return own == subject and issubclass(event_type, MAKING_UP.get(kind, (Event,)))


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
    types = () if kind == "task" else MAKING_UP.get(kind, ())
    return Selector(types=types, tags=[subject])
