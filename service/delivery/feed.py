"""Feed: the events of a ledger in order, for integrators. Pages and stream share one cursor.

A reader stores one cursor: the epoch of the log and the position up to which it has read. Positions
have no gaps and never appear late, so no reader misses an event however slowly or rarely it reads.
After a restore positions are used again: a cursor of another epoch is refused, and so is one beyond
the ledger's end. Nothing is delivered beyond a position that is missing.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from difflib import get_close_matches
from typing import Annotated, TypeAlias

import structlog
from eventsourcing.dcb.api import DCBQuery, DCBQueryItem
from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sse_starlette import EventSourceResponse, ServerSentEvent
from sse_starlette.sse import AppStatus

from domain.kernel import EVENT_TYPES, Refusal
from domain.schemas import patterned
from domain.values import Misstated
from projections.filters import PLAIN_DIGITS
from service.components import Service
from service.database.outages import NOT_NOW
from service.delivery.cloudevents import TYPE_PREFIX, CloudEvent, as_cloudevents
from service.delivery.cursors import Cursor, CursorBeyondHead, CursorText
from service.http.access import OF_A_LEDGER, LedgerName, Reader, may_read
from service.http.problems import declared, document, instance_of
from service.http.reads.fields import CONTACT, reads_of_all
from service.http.reads.query import QueryParams, described, query_params
from service.http.representations import HEAD_ONLY
from service.language import language_of
from service.log import pages
from service.log.epochs import EpochEnded
from service.log.pages import PositionMissing

router = APIRouter(tags=["events"])
log = structlog.get_logger()

# Streams end by themselves when the service begins to stop; the library would cut them off.
AppStatus.disable_automatic_graceful_drain()  # type: ignore[no-untyped-call]  # the library leaves it untyped

PAGE_EVENTS = 500
LONGEST_WAIT_SECONDS = 30
HEARTBEAT_SECONDS = 15
RECONNECT_MILLISECONDS = 2000
# What ends a stream, and is told; a right that ends ends it, too.
ENDING: tuple[type[Refusal], ...] = (
    EpochEnded,
    CursorBeyondHead,
    PositionMissing,
    *OF_A_LEDGER,
)
REFUSALS = declared(*OF_A_LEDGER, EpochEnded, CursorBeyondHead, PositionMissing)


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


class Page(BaseModel):
    """Events in order, and where to go on: ask again with `after` = `cursor`."""

    model_config = ConfigDict(extra="forbid")

    events: list[CloudEvent]
    next_after: Annotated[int, Field(description="Everything selected up to here was delivered.")]
    head: Annotated[int, Field(description="The ledger's last position.")]
    epoch: Annotated[
        str, Field(description="The log's epoch: a new one begins whenever the log is restored.")
    ]
    cursor: Annotated[str, Field(description="`next_after` with its epoch: where to go on.")]


@router.get(
    "/v1/{ledger}/events",
    operation_id="read_events",
    response_model=Page,
    responses=REFUSALS,
    openapi_extra=described(PageSelection),
)
async def read_events(
    request: Request,
    ledger: LedgerName,
    by: Reader,
    page: Annotated[PageSelection, Depends(query_params(PageSelection))],
) -> Response:
    """The events of the ledger in order, as CloudEvents 1.0, from a position on; long polling."""
    service: Service = request.app.state.service
    found, cursor = await _page(service, ledger, page)
    encoded = await as_cloudevents(
        service.codec, ledger, found.events, with_contacts=reads_of_all(by, CONTACT)
    )
    body = b'{"events":[%b],"next_after":%d,"head":%d,"epoch":"%b","cursor":"%b"}' % (
        b",".join(encoded),
        cursor.position,
        found.head,
        found.epoch.encode(),
        str(cursor).encode(),
    )
    headers = {"Giaoviec-Position": str(cursor.position), "Giaoviec-Epoch": found.epoch}
    return Response(body, media_type="application/json", headers=headers)


@router.get(
    "/v1/{ledger}/events/stream",
    operation_id="stream_events",
    response_class=EventSourceResponse,
    responses={
        200: {
            "description": "Server-sent events: `id` is the cursor, `data` the CloudEvent. "
            "An event `problem` is the last: its data is a problem document.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **REFUSALS,
    },
    openapi_extra=described(StreamSelection),
)
async def stream_events(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    selection: Annotated[StreamSelection, Depends(query_params(StreamSelection))],
    last_event_id: Annotated[CursorText | None, Header(alias="Last-Event-ID")] = None,
) -> EventSourceResponse:
    """The same events live (server-sent events); a reader that comes back misses nothing."""
    request.scope["streams"] = True
    service: Service = request.app.state.service
    cursor = Cursor.of(last_event_id or selection.last_event_id or selection.after)
    first = await _beyond(service, ledger, selection, cursor, PAGE_EVENTS)
    events = _live(request, ledger, selection, first)
    if HEAD_ONLY in request.scope:
        events = _nothing()
    return EventSourceResponse(events, ping=HEARTBEAT_SECONDS, sep="\n")


async def _nothing() -> AsyncIterator[ServerSentEvent]:
    nothing: tuple[ServerSentEvent, ...] = ()
    for event in nothing:
        yield event


async def _page(
    service: Service, ledger: str, selection: PageSelection
) -> tuple[pages.Page, Cursor]:
    """Return a page, and the cursor after it."""
    clock = asyncio.get_running_loop().time
    end = clock() + selection.wait
    cursor = Cursor.of(selection.after)
    while True:
        page = await _beyond(service, ledger, selection, cursor, selection.limit)
        cursor = Cursor(page.upto, page.epoch)
        left = end - clock()
        if page.events or left <= 0 or service.closing.is_set():
            return page, cursor
        await _wait(service, ledger, page.upto, left)


async def _live(
    request: Request, ledger: str, selection: Selection, first: pages.Page
) -> AsyncIterator[ServerSentEvent]:
    service: Service = request.app.state.service
    service.metrics.streams.inc()
    try:
        yield ServerSentEvent(comment=f"epoch {first.epoch}", retry=RECONNECT_MILLISECONDS)
        page = first
        while not service.closing.is_set():
            await may_read(request, ledger)
            encoded = await as_cloudevents(
                service.codec,
                ledger,
                page.events,
                with_contacts=reads_of_all(request.state.principal, CONTACT),
            )
            for item, text in zip(page.events, encoded, strict=True):
                if service.closing.is_set():
                    return
                at = Cursor(item.position, page.epoch)
                yield ServerSentEvent(data=text.decode(), id=str(at))
            if not page.events:
                await _wait(service, ledger, page.upto, LONGEST_WAIT_SECONDS)
            cursor = Cursor(page.upto, page.epoch)
            page = await _beyond(service, ledger, selection, cursor, PAGE_EVENTS)
    except ENDING as refusal:
        problem = document(refusal, language_of(request.scope), instance_of(request.scope))
        yield ServerSentEvent(event="problem", data=json.dumps(problem, ensure_ascii=False))
    except NOT_NOW as error:
        # The reader comes back, and goes on where it was.
        log.info("stream_ended", ledger=ledger, error=repr(error))
    finally:
        service.metrics.streams.dec()


async def _beyond(
    service: Service, ledger: str, selection: Selection, cursor: Cursor, limit: int
) -> pages.Page:
    """Return the next selected events.

    Raises:
        EpochEnded, CursorBeyondHead, PositionMissing.
    """
    sources = service.sources
    try:
        page = await sources.current.page(
            ledger, selection.query, after=cursor.position, limit=limit
        )
        if not cursor.is_in(page):  # a replica may be behind what was read elsewhere
            page = await sources.primary.page(
                ledger, selection.query, after=cursor.position, limit=limit
            )
    except PositionMissing:
        service.metrics.positions_missing.inc()
        raise
    epochs = service.log.epochs
    await cursor.require_in(epochs, ledger, epoch=page.epoch, head=page.head)
    return page


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
