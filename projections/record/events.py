"""Events as lists show them, straight from the log, with both clocks and who recorded them."""

from datetime import date, datetime
from typing import Annotated, Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Text,
    and_,
    cast,
    exists,
    func,
    literal_column,
    not_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from domain.timeline import EventsAnnulled
from domain.values import Basis
from projections.filters import Filters, Id, where
from projections.history import EVENTS, TAGGED, UNTIL, number_of, word_is
from projections.listing import ListItem, Shown
from projections.statement import LEDGER

# As the partial indexes of the log have it.
RECORDED_ON: ColumnElement[date] = literal_column(
    "(timezone('Asia/Ho_Chi_Minh', log.events.recorded_at))::date", Date
)
AHEAD = EVENTS.c.effective_on > RECORDED_ON
LATE = EVENTS.c.effective_on < RECORDED_ON

_BY = EVENTS.alias("by")
_OF_THE_SAME = TAGGED.alias("of_the_same")
# What annuls an event carries its tags, and stands after it in the log.
ANNULLED: ColumnElement[bool] = exists(
    select(literal_column("1"))
    .select_from(_OF_THE_SAME)
    .join(
        _BY,
        and_(_BY.c.ledger == EVENTS.c.ledger, _BY.c.position == _OF_THE_SAME.c.position),
    )
    .where(
        _OF_THE_SAME.c.tag == number_of(EVENTS.c.ledger, EVENTS.c.tags[1]),
        _OF_THE_SAME.c.type == number_of(LEDGER, literal_column(f"'{EventsAnnulled.TYPE}'", Text)),
        _OF_THE_SAME.c.position > EVENTS.c.position,
        _OF_THE_SAME.c.position <= UNTIL,
        cast(func.convert_from(_BY.c.data, literal_column("'UTF8'")), JSONB)["positions"].contains(
            func.to_jsonb(EVENTS.c.position)
        ),
    )
    .correlate(EVENTS)
)
COUNTS = not_(ANNULLED)


def instant_text(at: ColumnElement[Any]) -> ColumnElement[str]:
    """The instant as RFC 3339 writes it, in UTC."""
    utc = func.timezone(literal_column("'UTC'"), at)
    return func.to_char(utc, literal_column('\'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\''))


def tag_is(prefix: str) -> Any:  # noqa: ANN401  what pydantic takes for a default
    """A filter by one of the events' tags."""
    tagged = TAGGED.alias()

    def carry(value: ColumnElement[Any]) -> ColumnElement[bool]:
        tag = literal_column(f"'{prefix}:'", Text) + value
        return EVENTS.c.position.in_(
            select(tagged.c.position).where(tagged.c.tag == number_of(LEDGER, tag))
        )

    return where(carry, f"Events that concern this {prefix}.")


class ShownEvent(ListItem):
    """An event, and its two clocks."""

    position: int
    type: Annotated[str, Shown(vi="Loại sự kiện")]
    effective_on: Annotated[date, Shown(vi="Có hiệu lực từ")]
    recorded_at: Annotated[
        datetime,
        Shown(instant_text(EVENTS.c.recorded_at), vi="Ghi nhận lúc"),
    ]
    actor: Annotated[str, Shown(vi="Người ghi")]
    token_id: Annotated[str | None, Shown(vi="Mã truy cập")]
    on_behalf_of: Annotated[str | None, Shown(vi="Thay mặt")]
    basis: Annotated[Basis | None, Shown(vi="Căn cứ")]
    concerns: Annotated[list[str], Shown(EVENTS.c.tags, vi="Liên quan")]


class EventFilters(Filters):
    """Which events."""

    type: str | None = where(
        lambda kind: word_is(EVENTS.c.type, kind),
        "Such as `task.handed_over`.",
        pattern=r"^[a-z_]{1,40}\.[a-z_]{1,60}$",
    )
    task: Id | None = tag_is("task")
    official: Id | None = tag_is("official")
    unit: Id | None = tag_is("unit")
    post: Id | None = tag_is("post")
