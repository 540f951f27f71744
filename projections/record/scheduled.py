"""Scheduled: what is recorded already and is to take effect on a later day, by which decision."""

from typing import Annotated

from sqlalchemy import literal_column

from domain.timeline import EventsAnnulled
from projections.days import AS_OF
from projections.history import EVENTS, UNTIL
from projections.listing import Listing, Shown
from projections.record.events import AHEAD, COUNTS, EventFilters, ShownEvent


class ScheduledEvent(ShownEvent):
    """What is to take effect, in so many days from the day asked about."""

    days_ahead: Annotated[int, Shown(EVENTS.c.effective_on - AS_OF, vi="Còn số ngày")]


SCHEDULED = Listing(
    name="scheduled",
    path="scheduled",
    operation="list_scheduled",
    tag="record",
    answers="What is to take effect after a day: when, and by which decision. Nothing has to be "
    "done when its day comes.",
    page="One page of what is to take effect, the next first.",
    item=ScheduledEvent,
    filters=EventFilters,
    projections=(),
    table=EVENTS,
    holds=(
        AHEAD,
        EVENTS.c.effective_on > AS_OF,
        EVENTS.c.type != literal_column(f"'{EventsAnnulled.TYPE}'"),
        EVENTS.c.position <= UNTIL,
        COUNTS,
    ),
    order=("effective_on", "position"),
)
