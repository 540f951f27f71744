"""Leads: who leads a task after an event by which somebody comes to lead it."""

from domain.tasks.leadership import Lead, lead_in
from projections.projection import OutOfPlace, RecordedEvent


def new_lead(event: RecordedEvent) -> Lead:
    """Who leads the task from the event's day on.

    Raises:
        OutOfPlace: nobody comes to lead a task by such an event.
    """
    lead = lead_in(event.type, event.data)
    if not isinstance(lead, Lead):
        raise OutOfPlace(f"nobody leads by {event.type} at position {event.position}")
    return lead
