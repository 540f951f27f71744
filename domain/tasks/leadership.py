"""Leadership: who leads a task after an event, read off the event or off its stored JSON.

The one place that knows which fields of an event name the new lead. Whoever answers beside the
lead is named by co-accountability.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from operator import itemgetter
from typing import Any, Final, NamedTuple, TypeAlias, get_args, overload

from domain.tasks.changes import TaskCarriedOver, TaskVacated, VacancyFilled
from domain.tasks.events import (
    CompletionConfirmed,
    TaskAssigned,
    TaskCancelled,
    TaskEvent,
    TaskHandedOver,
    TaskTransferred,
)

LeadTaken: TypeAlias = TaskAssigned | TaskHandedOver | TaskTransferred | VacancyFilled
LeadGivenUp: TypeAlias = TaskVacated | CompletionConfirmed | TaskCancelled | TaskCarriedOver

LEADERSHIP: tuple[type[TaskEvent], ...] = (*get_args(LeadTaken), *get_args(LeadGivenUp))


class Lead(NamedTuple):
    """The official who leads the task, in which post of which unit."""

    official_id: str
    post_id: str
    unit_id: str


class Nobody(Enum):
    """Nobody leads the task: it is vacant, or has ended."""

    NOBODY = "nobody"


NOBODY: Final = Nobody.NOBODY


@overload
def lead_after(event: LeadTaken) -> Lead: ...
@overload
def lead_after(event: TaskEvent) -> Lead | Nobody | None: ...
def lead_after(event: TaskEvent) -> Lead | Nobody | None:
    """Who leads the task from the event's effective day; None where that does not change."""
    match event:
        case TaskAssigned() | VacancyFilled():
            return Lead(event.official_id, event.post_id, event.unit_id)
        case TaskHandedOver():
            return Lead(event.to_official, event.post_id, event.unit_id)
        case TaskTransferred():
            return Lead(event.to_official, event.to_post, event.to_unit)
        case _:
            return NOBODY if isinstance(event, LeadGivenUp) else None


# The official, the post and the unit that lead after it, by the type of the event.
NAMED_IN: Mapping[str, Callable[[Mapping[str, Any]], tuple[str, str, str]]] = {
    TaskAssigned.TYPE: itemgetter("official_id", "post_id", "unit_id"),
    VacancyFilled.TYPE: itemgetter("official_id", "post_id", "unit_id"),
    TaskHandedOver.TYPE: itemgetter("to_official", "post_id", "unit_id"),
    TaskTransferred.TYPE: itemgetter("to_official", "to_post", "to_unit"),
}
_GIVEN_UP = frozenset(event.TYPE for event in get_args(LeadGivenUp))


def lead_in(type: str, data: Mapping[str, Any]) -> Lead | Nobody | None:  # noqa: A002  an event's type
    """As `lead_after`, of an event in its current version as the log stores it."""
    named = NAMED_IN.get(type)
    if named is not None:
        return Lead(*named(data))
    return NOBODY if type in _GIVEN_UP else None
