"""Live: the events of a ledger as they happen, for one listener.

A listener that has read to the ledger's end takes what follows from its tail, which all share. One
that comes from further back, or falls behind what the tail holds, reads for itself until then.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing

import structlog

from domain.kernel import Event, Raw, Refusal
from service.components import Service
from service.database.outages import NOT_NOW
from service.delivery.reading import PAGE_EVENTS, beyond, encoded, wait_beyond
from service.delivery.selection import Selection
from service.http.access import OF_A_LEDGER
from service.listening import messages
from service.listening.cursors import Cursor, CursorBeyondHead
from service.listening.listeners import HEARTBEAT_SECONDS, Listener, RightChanged
from service.listening.tail import Wanted
from service.log.epochs import EpochEnded
from service.log.pages import Page, PositionMissing

# What ends a stream, and is told; a right that ends ends it, too.
ENDING: tuple[type[Refusal], ...] = (
    EpochEnded,
    CursorBeyondHead,
    PositionMissing,
    *OF_A_LEDGER,
)
# What ends a stream and is not told: the reader comes back, and goes on where it was.
INTERRUPTED: tuple[type[Exception], ...] = (RightChanged, *NOT_NOW)
# So much is sent at once, in bytes unless one event alone is larger.
SENT_BYTES = 2**16

log = structlog.get_logger()


class Live:
    """One listening to a ledger.

    Args:
        service: whose ledger it is.
        ledger: that is listened to.
        selection: of its events.
        listener: who listens.
        closed: events of which what not everybody reads is left out.
        told: how a refusal is told that ends it.
    """

    def __init__(  # noqa: PLR0913  what is read, by whom, and how
        self,
        service: Service,
        ledger: str,
        selection: Selection,
        listener: Listener,
        *,
        closed: frozenset[type[Event]],
        told: Callable[[Refusal], Raw],
    ) -> None:
        self._service = service
        self._ledger = ledger
        self._selection = selection
        self._listener = listener
        self._wanted = Wanted(selection.types, selection.tags, closed)
        self._told = told
        self._cursor = Cursor(0)

    async def messages(self, first: Page) -> AsyncGenerator[bytes]:
        """The messages, from this first page on."""
        try:
            yield messages.beginning(first.epoch)
            with self._service.tails.listened(self._ledger):
                async with aclosing(self._events(first)) as events:
                    async for some in events:
                        yield some
                        self._listener.sent()
        except ENDING as refusal:
            yield messages.problem(self._told(refusal))
        except INTERRUPTED as error:
            log.info("stream_ended", ledger=self._ledger, error=repr(error))

    async def _events(self, page: Page) -> AsyncGenerator[bytes]:
        """Read to the ledger's end and follow its tail; read again when that is out of reach."""
        while self._goes_on():
            async for some in self._of_page(page):
                yield some
            self._cursor = Cursor(page.upto, page.epoch)
            if page.upto >= page.head and not self._has_tail():
                await self._grown()
            if self._listener.is_silent:
                yield messages.HEARTBEAT
            async for some in self._of_tail():
                yield some
            page = await beyond(
                self._service, self._ledger, self._selection, self._cursor, PAGE_EVENTS
            )

    async def _of_page(self, page: Page) -> AsyncIterator[bytes]:
        texts = await encoded(self._service, self._ledger, page, self._wanted.closed)
        some, size = list[bytes](), 0
        for item, text in zip(page.events, texts, strict=True):
            some.append(messages.message(page.epoch, item.position, text))
            size += len(text)
            if size >= SENT_BYTES:
                yield b"".join(some)
                some, size = [], 0
                if not self._goes_on():
                    return
        if some:
            yield b"".join(some)

    async def _of_tail(self) -> AsyncIterator[bytes]:
        """What follows, as long as the tail reaches it."""
        while self._goes_on() and (tail := self._service.tails.tail(self._ledger, self._cursor)):
            taken = await tail.take(self._cursor.position, self._wanted)
            if taken.messages:
                yield taken.messages
            elif self._listener.is_silent:
                yield messages.HEARTBEAT
            elif taken.upto == self._cursor.position:
                await tail.grown(self._listener)
            if taken.upto != self._cursor.position:
                self._cursor = Cursor(taken.upto, self._cursor.epoch)

    def _has_tail(self) -> bool:
        """Whether there is a tail that goes on where this listener is, by now."""
        tails, cursor = self._service.tails, self._cursor
        return bool(tails.tail(self._ledger, cursor) or tails.begin(self._ledger, cursor))

    async def _grown(self) -> None:
        """Wait for growth alone."""

        async def require() -> None:
            self._listener.require()

        await wait_beyond(
            self._service, self._ledger, self._cursor.position, HEARTBEAT_SECONDS, require
        )

    def _goes_on(self) -> bool:
        """Whether there is somebody to send to, who may read on."""
        self._listener.require()
        return not self._listener.is_over and not self._service.closing.is_set()
