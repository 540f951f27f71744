"""Leadership: who leads a task after an event, read off the event or off its stored JSON.

The one place that knows which fields of an event name the new lead. Whoever answers beside the
lead is named by co-accountability.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, NamedTuple, TypeAlias, overload

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
        case TaskVacated() | CompletionConfirmed() | TaskCancelled() | TaskCarriedOver():
            return NOBODY
        case _:
            return None


_FIELDS: Mapping[str, tuple[str, str, str]] = {
    TaskAssigned.TYPE: ("official_id", "post_id", "unit_id"),
    VacancyFilled.TYPE: ("official_id", "post_id", "unit_id"),
    TaskHandedOver.TYPE: ("to_official", "post_id", "unit_id"),
    TaskTransferred.TYPE: ("to_official", "to_post", "to_unit"),
}
_LEFT = frozenset(
    {TaskVacated.TYPE, CompletionConfirmed.TYPE, TaskCancelled.TYPE, TaskCarriedOver.TYPE}
)


def lead_in(type: str, data: Mapping[str, Any]) -> Lead | Nobody | None:  # noqa: A002  an event's type
    """As `lead_after`, of an event in its current version as the log stores it."""
    fields = _FIELDS.get(type)
    if fields is not None:
        official_id, post_id, unit_id = fields
        return Lead(data[official_id], data[post_id], data[unit_id])
    return NOBODY if type in _LEFT else None
