"""History: everything that was recorded, by who recorded it, by document, type and both clocks.

The timeline of one subject, with what its events say, is in `projections/history.py`.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import Date, DateTime, Text, func, literal_column

from domain.values import Day
from projections.filters import Instant, Printable, TokenId, where
from projections.history import EVENTS, UNTIL, word_is
from projections.listing import Listing, Shown
from projections.record.events import ANNULLED, RECORDED_ON, EventFilters, ShownEvent
from projections.statement import LEDGER

# As the index of the log has it.
DOCUMENT = literal_column("(log.events.basis ->> 'number')", Text)
INSTANT = DateTime(timezone=True)


class HistoricEvent(ShownEvent):
    """An event, who recorded it in whose name, and whether it still counts.

    `days_late`: how long after the day it counts from it was recorded; less than 0: ahead of it.
    What one request recorded has the same `correlation_id`.
    """

    event_id: Annotated[UUID, Shown(vi="Mã sự kiện")]
    correlation_id: Annotated[UUID | None, Shown(vi="Mã liên kết")]
    days_late: Annotated[int, Shown(RECORDED_ON - EVENTS.c.effective_on, vi="Số ngày ghi chậm")]
    annulled: Annotated[bool, Shown(ANNULLED, vi="Đã hủy bỏ ghi nhận")]


class HistoryFilters(EventFilters):
    """Whose, by which document, and when: bounds of days belong to what they bound."""

    actor: Printable | None = where(
        lambda actor: word_is(EVENTS.c.actor, actor),
        "Recorded by this one, such as `official:official-017` or `client:portal-1`.",
    )
    token_id: TokenId | None = where(
        lambda token: word_is(EVENTS.c.token_id, token),
        "Recorded by the token or the identity of this id.",
    )
    on_behalf_of: Printable | None = where(
        lambda body: word_is(EVENTS.c.on_behalf_of, body),
        "Recorded in the name of this body: the id of its unit.",
    )
    document: Printable | None = where(
        lambda number: word_is(DOCUMENT, number), "On the basis of the document of this number."
    )
    recorded_from: Instant | None = where(
        lambda instant: EVENTS.c.position > func.log.position_before(LEDGER, instant),
        "Recorded at this instant or later (RFC 3339).",
        of=INSTANT,
        argument=datetime.fromisoformat,
    )
    recorded_before: Instant | None = where(
        lambda instant: EVENTS.c.position <= func.log.position_before(LEDGER, instant),
        "Recorded before this instant (RFC 3339).",
        of=INSTANT,
        argument=datetime.fromisoformat,
    )
    effective_from: Day | None = where(
        lambda day: EVENTS.c.effective_on >= day, "Counts from this day or later.", of=Date()
    )
    effective_to: Day | None = where(
        lambda day: EVENTS.c.effective_on <= day, "Counts from this day or earlier.", of=Date()
    )
    sort: Annotated[
        Literal["-position", "position"],
        Field(description="By the order of recording; a minus turns it round."),
    ] = "-position"


HISTORY = Listing(
    name="history",
    tag="record",
    answers="Everything that was recorded, of all subjects: by whom, in whose name, by which "
    "document, when, and from which day it counts.",
    page="One page of what was recorded, the last recorded first.",
    item=HistoricEvent,
    filters=HistoryFilters,
    projections=(),
    table=EVENTS,
    holds=(EVENTS.c.position <= UNTIL,),
    order={"position": ("position",)},
)
