"""Feed: the events of a ledger in order, for integrators. Pages and stream share one cursor.

A reader stores one cursor: the epoch of the log and the position up to which it has read. Positions
have no gaps and never appear late, so no reader misses an event however slowly or rarely it reads.
After a restore positions are used again: a cursor of another epoch is refused, and so is one beyond
the ledger's end. Nothing is delivered beyond a position that is missing.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import ExitStack, nullcontext
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from domain.kernel import Raw, Refusal
from service.access.fields import closed_to
from service.components import Service
from service.delivery.live import Live
from service.delivery.reading import PAGE_EVENTS, beyond, encoded, wait_beyond
from service.delivery.selection import PageSelection, StreamSelection
from service.delivery.stream import MEDIA_TYPE, Stream
from service.http.access import OF_A_LEDGER, LedgerName, Reader, bearer, still_permitted
from service.http.noted import noted
from service.http.problems import declared, document, instance_of
from service.http.reads.query import described, query_params
from service.http.representations import HEAD_ONLY
from service.language import language_of
from service.listening.cloudevents import CloudEvent
from service.listening.cursors import Cursor, CursorBeyondHead, CursorText
from service.listening.listeners import Right, RightChanged
from service.log import pages
from service.log.epochs import EpochEnded
from service.log.pages import PositionMissing
from service.streams import TooManyStreams

router = APIRouter(tags=["events"])

REFUSALS = (*OF_A_LEDGER, EpochEnded, CursorBeyondHead, PositionMissing)


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
    responses=declared(*REFUSALS, TooManyStreams),
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
    waits = service.streams.opened(by.token_id) if page.wait else nullcontext()
    with waits:
        found, cursor = await _page(request, ledger, page)
    noted(request.scope).tells_nothing = not found.events
    events = await encoded(service, ledger, found, closed_to(by))
    body = b'{"events":[%b],"next_after":%d,"head":%d,"epoch":"%b","cursor":"%b"}' % (
        b",".join(events),
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
    response_class=Stream,
    status_code=200,
    responses={
        200: {
            "description": "Server-sent events: `id` is the cursor, `data` the CloudEvent. "
            "An event `problem` is the last: its data is a problem document.",
            "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
        },
        **declared(*REFUSALS, TooManyStreams),
    },
    openapi_extra=described(StreamSelection),
)
async def stream_events(
    request: Request,
    ledger: LedgerName,
    by: Reader,
    selection: Annotated[StreamSelection, Depends(query_params(StreamSelection))],
    last_event_id: Annotated[CursorText | None, Header(alias="Last-Event-ID")] = None,
) -> Stream:
    """The same events live (server-sent events); a reader that comes back misses nothing."""
    request.scope["streams"] = True
    service: Service = request.app.state.service
    cursor = Cursor.of(last_event_id or selection.last_event_id or selection.after)
    with ExitStack() as held:
        held.enter_context(service.streams.opened(by.token_id))
        first = await beyond(service, ledger, selection, cursor, PAGE_EVENTS)
        right = Right(bearer(request.scope, b"authorization") or "", ledger)
        closed = closed_to(by)

        async def still() -> None:
            if closed_to(await still_permitted(request, ledger)) != closed:
                raise RightChanged

        listener = held.enter_context(service.listeners.listening(right, still))

        def told(refusal: Refusal) -> Raw:
            return document(refusal, language_of(request.scope), instance_of(request.scope))

        live = Live(
            service,
            ledger,
            selection,
            listener,
            closed=closed,
            told=told,
        )
        messages = _nothing() if HEAD_ONLY in request.scope else live.messages(first)
        return Stream(messages, listener.leave, held.pop_all())


async def _nothing() -> AsyncGenerator[bytes]:
    nothing: tuple[bytes, ...] = ()
    for message in nothing:
        yield message


async def _page(
    request: Request, ledger: str, selection: PageSelection
) -> tuple[pages.Page, Cursor]:
    """Return a page, and the cursor after it."""
    service: Service = request.app.state.service
    still = partial(still_permitted, request, ledger)
    clock = asyncio.get_running_loop().time
    end = clock() + selection.wait
    cursor = Cursor.of(selection.after)
    while True:
        page = await beyond(service, ledger, selection, cursor, selection.limit)
        cursor = Cursor(page.upto, page.epoch)
        left = end - clock()
        if page.events or left <= 0 or service.closing.is_set():
            return page, cursor
        await wait_beyond(service, ledger, page.upto, left, still)
