"""Feed: the events of a ledger in order, for integrators. Pages and stream share one cursor.

A reader stores one number: the position up to which it has read. Positions have no gaps and never
appear late, so no reader misses an event however slowly or rarely it reads.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, TypeAlias

from eventsourcing.dcb.api import DCBQuery, DCBQueryItem
from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sse_starlette import EventSourceResponse, ServerSentEvent

from projections.filters import PLAIN_DIGITS
from service.components import Service
from service.delivery.cloudevents import CloudEvent, as_cloudevents
from service.http.access import OF_A_LEDGER, LedgerName, Reader
from service.http.problems import declared
from service.http.reads.query import Position, QueryParams, described, query_params
from service.log.events import RecordedEvent

router = APIRouter(tags=["events"])

PAGE_EVENTS = 500
LONGEST_WAIT_SECONDS = 30
HEARTBEAT_SECONDS = 15
RECONNECT_MILLISECONDS = 2000

EventType: TypeAlias = Annotated[
    str, Field(pattern=r"^[a-z_]+\.[a-z_]+$", max_length=100, examples=["task.handed_over"])
]
EventTag: TypeAlias = Annotated[
    str, Field(pattern=r"^[a-z]+:[a-z0-9][a-z0-9._-]{0,63}$", examples=["unit:yen-son"])
]


class Selection(QueryParams):
    """Which events, and from where."""

    after: Annotated[Position, Field(description="Only events beyond this position.")] = 0
    types: Annotated[
        tuple[EventType, ...],
        Field(max_length=50, description="Only events of one of these types."),
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
        Position | None, Field(description="As the header Last-Event-ID, which counts first.")
    ] = None


class Page(BaseModel):
    """Events in order, and where to go on: ask again with `after` = `next_after`."""

    model_config = ConfigDict(extra="forbid")

    events: list[CloudEvent]
    next_after: Annotated[int, Field(description="Everything selected up to here was delivered.")]
    head: Annotated[int, Field(description="The ledger's last position.")]


@router.get(
    "/v1/{ledger}/events",
    operation_id="read_events",
    response_model=Page,
    responses=declared(*OF_A_LEDGER),
    openapi_extra=described(PageSelection),
)
async def read_events(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    page: Annotated[PageSelection, Depends(query_params(PageSelection))],
) -> Response:
    """The events of the ledger in order, as CloudEvents 1.0, from a position on; long polling."""
    service: Service = request.app.state.service
    events, next_after, head = await _page(service, ledger, page)
    encoded = await as_cloudevents(service.codec, ledger, events)
    body = b'{"events":[%b],"next_after":%d,"head":%d}' % (b",".join(encoded), next_after, head)
    return Response(
        body, media_type="application/json", headers={"Giaoviec-Position": str(next_after)}
    )


@router.get(
    "/v1/{ledger}/events/stream",
    operation_id="stream_events",
    response_class=EventSourceResponse,
    responses={
        200: {
            "description": "Server-sent events: `id` is the position, `data` the CloudEvent.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **declared(*OF_A_LEDGER),
    },
    openapi_extra=described(StreamSelection),
)
async def stream_events(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    selection: Annotated[StreamSelection, Depends(query_params(StreamSelection))],
    last_event_id: Annotated[Position | None, Header(alias="Last-Event-ID")] = None,
) -> EventSourceResponse:
    """The same events live (server-sent events); a reader that comes back misses nothing."""
    request.scope["streams"] = True
    after = next(
        start
        for start in (last_event_id, selection.last_event_id, selection.after)
        if start is not None
    )
    service: Service = request.app.state.service
    return EventSourceResponse(
        _live(service, ledger, selection, after), ping=HEARTBEAT_SECONDS, sep="\n"
    )


async def _page(
    service: Service, ledger: str, page: PageSelection
) -> tuple[list[RecordedEvent], int, int]:
    """Return the page's events, the position up to which it is complete, and the ledger's head."""
    clock = asyncio.get_running_loop().time
    end = clock() + page.wait
    after = page.after
    while True:
        events, after, head = await _beyond(service, ledger, page, after, page.limit)
        left = end - clock()
        if events or left <= 0 or service.closing.is_set():
            return events, after, head
        await _wait(service, ledger, after, left)


async def _live(
    service: Service, ledger: str, selection: Selection, after: int
) -> AsyncIterator[ServerSentEvent]:
    service.metrics.streams.inc()
    try:
        yield ServerSentEvent(comment=f"after {after}", retry=RECONNECT_MILLISECONDS)
        while not service.closing.is_set():
            events, after, _ = await _beyond(service, ledger, selection, after, PAGE_EVENTS)
            encoded = await as_cloudevents(service.codec, ledger, events)
            for item, text in zip(events, encoded, strict=True):
                yield ServerSentEvent(data=text.decode(), id=str(item.position))
            if not events:
                await _wait(service, ledger, after, LONGEST_WAIT_SECONDS)
    finally:
        service.metrics.streams.dec()


async def _beyond(
    service: Service, ledger: str, selection: Selection, after: int, limit: int
) -> tuple[list[RecordedEvent], int, int]:
    """Return the next selected events, the cursor after them, and the ledger's head.

    The head is read first, so the events contain everything selected up to it, unless the limit
    is reached.
    """
    source = service.sources.current
    head = await source.head(ledger)
    if after >= head:
        return [], after, head
    read = await source.read(ledger, selection.query, after=after, limit=limit)
    last = read.events[-1].position if read.events else after
    if len(read.events) == limit:
        return read.events, last, max(head, last)
    return read.events, max(head, last), max(head, last)


async def _wait(service: Service, ledger: str, position: int, seconds: float) -> None:
    """Wait until the ledger is beyond the position, the time is up, or the service closes."""
    growth = asyncio.ensure_future(service.sources.current.wait_beyond(ledger, position, seconds))
    closing = asyncio.ensure_future(service.closing.wait())
    try:
        await asyncio.wait((growth, closing), return_when=asyncio.FIRST_COMPLETED)
        if growth.done():
            growth.result()
    finally:
        growth.cancel()
        closing.cancel()
