"""Reading: the next events of a ledger for a cursor, once for all who ask the same at once."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from domain.kernel import Event
from service.components import Service
from service.delivery.selection import Selection
from service.listening import listeners
from service.listening.cloudevents import as_cloudevents
from service.listening.cursors import Cursor
from service.log import pages
from service.log.pages import PositionMissing
from service.sources import Source

PAGE_EVENTS = 500
FIRST = asyncio.FIRST_COMPLETED


async def beyond(
    service: Service, ledger: str, selection: Selection, cursor: Cursor, limit: int
) -> pages.Page:
    """Return the next selected events.

    Raises:
        EpochEnded, CursorBeyondHead, PositionMissing.
    """
    sources = service.sources

    async def page_of(source: Source) -> pages.Page:
        question = id(source), ledger, selection.types, selection.tags, cursor.position, limit
        read = partial(source.page, ledger, selection.query, after=cursor.position, limit=limit)
        return await service.single_flight.join(question, read)

    try:
        page = await page_of(sources.current)
        if not cursor.is_in(page):  # a replica may be behind what was read elsewhere
            page = await page_of(sources.primary)
    except PositionMissing:
        service.metrics.positions_missing.inc()
        raise
    epochs = service.log.epochs
    await cursor.require_in(epochs, ledger, epoch=page.epoch, head=page.head)
    return page


async def encoded(
    service: Service, ledger: str, page: pages.Page, closed: frozenset[type[Event]]
) -> list[bytes]:
    """The events of the page as CloudEvents; whoever gets the same page gets the same bytes."""

    async def encode() -> list[bytes]:
        # It holds the page, whose id nothing else has meanwhile.
        return await as_cloudevents(service.codec, ledger, page.events, closed)

    return await service.single_flight.join((id(page), closed), encode)


async def wait_beyond(
    service: Service,
    ledger: str,
    position: int,
    seconds: float,
    meanwhile: Callable[[], Awaitable[object]],
) -> None:
    """Wait until the ledger is beyond the position, the time is up, or the service closes.

    Args:
        service: whose ledger it is.
        ledger: that is to grow.
        position: that it has.
        seconds: how long at most.
        meanwhile: done every now and then; what it raises ends the wait.
    """
    growth = asyncio.ensure_future(service.sources.current.wait_beyond(ledger, position, seconds))
    closing = asyncio.ensure_future(service.closing.wait())
    waited: tuple[asyncio.Future[Any], ...] = (growth, closing)
    try:
        ended: set[asyncio.Future[Any]] = set()
        while not ended:
            ended, _ = await asyncio.wait(
                waited, timeout=listeners.RIGHT_SECONDS, return_when=FIRST
            )
            if not ended:
                await meanwhile()
        if growth.done():
            growth.result()
    finally:
        growth.cancel()
        closing.cancel()
