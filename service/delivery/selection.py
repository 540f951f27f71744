"""Selection: which events of a ledger a reader wants, and from where."""

import re
from difflib import get_close_matches
from typing import Annotated, TypeAlias

from eventsourcing.dcb.api import DCBQuery, DCBQueryItem
from pydantic import AfterValidator, Field

from domain.kernel import EVENT_TYPES
from domain.schemas import patterned
from domain.values import Misstated
from projections.filters import PLAIN_DIGITS
from service.http.reads.query import QueryParams
from service.listening.cloudevents import TYPE_PREFIX
from service.listening.cursors import CursorText

LONGEST_WAIT_SECONDS = 30


def _known(text: str) -> str:
    """The type of event as the log has it; it may be written as in the feed, too.

    Raises:
        Misstated: there is no such type.
    """
    name = text.removeprefix(TYPE_PREFIX)
    if name in EVENT_TYPES:
        return name
    near = get_close_matches(name, EVENT_TYPES, n=1)
    english, vietnamese = f"there is no type of event {text}", f"không có loại sự kiện {text}"
    if near:
        english, vietnamese = f"{english}; is it {near[0]}?", f"{vietnamese}; có phải {near[0]}?"
    raise Misstated(english, vietnamese)


# That there is no such type is said in words of our own.
TYPES_PATTERN = rf"^({re.escape(TYPE_PREFIX)})?({'|'.join(map(re.escape, sorted(EVENT_TYPES)))})$"
EventType: TypeAlias = Annotated[
    str,
    Field(max_length=100, examples=["task.handed_over"]),
    AfterValidator(_known),
    patterned(TYPES_PATTERN),
]
EventTag: TypeAlias = Annotated[
    str, Field(pattern=r"^[a-z]+:[a-z0-9][a-z0-9._-]{0,63}$", examples=["unit:yen-son"])
]


class Selection(QueryParams):
    """Which events, and from where."""

    after: Annotated[
        CursorText,
        Field(
            description="Only events beyond this cursor: `EPOCH-POSITION`, as a page's `cursor` or "
            "an event's id in the stream; or a position alone, of which nothing tells whether a "
            "restore has put another event there."
        ),
    ] = "0"
    types: Annotated[
        tuple[EventType, ...],
        Field(
            max_length=50,
            description="Only events of one of these types, as the log or as the feed names them.",
        ),
    ] = ()
    tags: Annotated[
        tuple[EventTag, ...],
        Field(max_length=20, description="Only events that carry all these tags."),
    ] = ()

    @property
    def query(self) -> DCBQuery | None:
        if not self.types and not self.tags:
            return None
        item = DCBQueryItem(types=[*dict.fromkeys(self.types)], tags=[*dict.fromkeys(self.tags)])
        return DCBQuery(items=[item])


class PageSelection(Selection):
    """A page of them."""

    limit: Annotated[
        int, Field(ge=1, le=1000, description="At most so many events."), PLAIN_DIGITS
    ] = 100
    wait: Annotated[
        int,
        Field(
            ge=0,
            le=LONGEST_WAIT_SECONDS,
            description="Where there is no such event yet, wait for one, at most so many seconds.",
        ),
        PLAIN_DIGITS,
    ] = 0


class StreamSelection(Selection):
    """From where to stream; `last_event_id` is for readers that cannot send the header."""

    last_event_id: Annotated[
        CursorText | None, Field(description="As the header Last-Event-ID, which counts first.")
    ] = None
