"""Tail: the newest events of a ledger, read and encoded once for all who listen to it.

A tail grows while anybody listens to its ledger. It is bounded in bytes: whoever is further behind
than it reaches reads for themselves, until they have caught up. What may hold personal data is kept
as it is stored, and opened when it is delivered: it may be erased in between.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import NamedTuple

import structlog

from domain.kernel import EVENT_TYPES, Event, Refusal
from service.access.fields import OF_EVENTS
from service.database.outages import NOT_NOW
from service.listening.cloudevents import as_cloudevents
from service.listening.cursors import Cursor
from service.listening.listeners import Listener
from service.listening.messages import message
from service.log.codec import Codec, may_be_sealed
from service.log.events import RecordedEvent
from service.log.pages import Page
from service.single_flight import SingleFlight
from service.sources import Sources

PAGE_EVENTS = 500
LOOK_S = 30.0
# What one tail keeps at most, and all of them together; about what an entry takes beside its text.
TAIL_BYTES, ALL_BYTES = 2**22, 2**26
ENTRY_BYTES = 500
# Events that are taken from a tail at once, in bytes unless one alone is larger.
TAKEN_BYTES = 2**16
# A tail that failed is not begun anew for so long: who listens reads for themselves meanwhile.
PAUSE_S = 5.0
# So many answers are kept for those who ask the same of a tail.
KEPT_ANSWERS = 16
# Listeners that are woken at once; others of the process take their turns in between.
WOKEN_AT_ONCE = 25

log = structlog.get_logger()


class Wanted(NamedTuple):
    """What a listener wants of the events; empty types or tags are all.

    Attributes:
        types: of one of them.
        tags: with all of them.
        closed: events of which what not everybody reads is left out.
    """

    types: tuple[str, ...]
    tags: tuple[str, ...]
    closed: frozenset[type[Event]]

    def is_of(self, entry: "Entry") -> bool:
        """Whether the event is wanted."""
        if self.types and entry.type not in self.types:
            return False
        return not self.tags or entry.tags.issuperset(self.tags)


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a tail: its message, or what is stored where that differs by who reads it."""

    position: int
    type: str
    tags: frozenset[str]
    message: bytes | None
    sealed: RecordedEvent | None

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        data = b"" if self.sealed is None else self.sealed.event.data
        return ENTRY_BYTES + len(self.message or data) + sum(map(len, self.tags))


class Taken(NamedTuple):
    """Messages, and up to which position they hold all that is wanted."""

    messages: bytes
    upto: int


class Tail:
    """The newest events of one ledger. It holds those after `start` up to `upto`.

    Args:
        ledger: whose events they are.
        begun: from where on it holds them.
        sources: from where they are read.
        codec: encodes them.
        room: how many bytes it may keep.
    """

    def __init__(
        self, ledger: str, begun: Cursor, sources: Sources, codec: Codec, room: Callable[[], int]
    ) -> None:
        self.start = self.upto = begun.position
        self.epoch = str(begun.epoch)
        self.waiting: set[Listener] = set()
        self._ledger = ledger
        self._sources = sources
        self._codec = codec
        self._room = room
        self._entries: deque[Entry] = deque()
        self._bytes = 0
        self._answers: dict[tuple[int, Wanted], Taken] = {}
        self._single_flight = SingleFlight()

    def reaches(self, cursor: Cursor) -> bool:
        """Whether it holds what follows the cursor, or will."""
        return cursor.epoch == self.epoch and cursor.position >= self.start

    async def take(self, after: int, wanted: Wanted) -> Taken:
        """The next messages after a position that it reaches, a bounded number; perhaps none."""
        question = after, wanted
        answer = self._answers.get(question)
        if answer is None:
            chosen, upto = self._chosen(after, wanted)
            if any(entry.sealed is not None for entry in chosen):
                opened = partial(self._opened, chosen, upto, wanted)
                return await self._single_flight.join((*question, upto), opened)
            answer = Taken(b"".join(entry.message or b"" for entry in chosen), upto)
            if len(self._answers) >= KEPT_ANSWERS:
                self._answers.clear()
            self._answers[question] = answer
        return answer

    async def grow(self) -> None:
        """Read and encode what follows, and wake who waits; or wait until something does.

        Raises:
            Refusal, TailEnded, and those of NOT_NOW: it cannot be read on.
        """
        page = await self._page(self._sources)
        if page.epoch != self.epoch or page.head < self.upto:
            raise TailEnded
        if page.upto == self.upto:
            await self._sources.current.wait_beyond(self._ledger, self.upto, LOOK_S)
            return
        await self._keep(page)
        await self.wake()

    async def grown(self, listener: Listener) -> None:
        """Let the listener wait until there is more, or something else wakes it."""
        waiting = self.waiting
        waiting.add(listener)
        try:
            await listener.woken()
        finally:
            waiting.discard(listener)

    async def wake(self) -> None:
        """Wake who waits, some at a time, and leave as much time to others as that took."""
        woken, self.waiting = list(self.waiting), set()
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            for first in range(0, len(woken), WOKEN_AT_ONCE):
                for listener in woken[first : first + WOKEN_AT_ONCE]:
                    listener.wake()
                await asyncio.sleep(0)
        except asyncio.CancelledError:  # the tail ends: whoever was not woken yet must learn it
            for listener in woken:
                listener.wake()
            raise
        if len(woken) > WOKEN_AT_ONCE:
            await asyncio.sleep(clock() - began)

    def _chosen(self, after: int, wanted: Wanted) -> tuple[list[Entry], int]:
        """The next entries that are wanted, and up to where these are all."""
        chosen: list[Entry] = []
        size = 0
        # Positions have no gaps.
        passed = min(max(after - self.start, 0), len(self._entries))
        for entry in islice(self._entries, passed, None):
            if wanted.is_of(entry):
                if chosen and size + entry.size > TAKEN_BYTES:
                    return chosen, entry.position - 1
                chosen.append(entry)
                size += entry.size
        return chosen, max(after, self.upto)

    async def _opened(self, chosen: list[Entry], upto: int, wanted: Wanted) -> Taken:
        """The messages of entries of which some may hold personal data, as it reads now."""
        sealed = [entry.sealed for entry in chosen if entry.sealed is not None]
        opened = iter(await as_cloudevents(self._codec, self._ledger, sealed, wanted.closed))
        messages = [
            message(self.epoch, entry.position, next(opened))
            if entry.message is None
            else entry.message
            for entry in chosen
        ]
        return Taken(b"".join(messages), upto)

    async def _page(self, sources: Sources) -> Page:
        page = await sources.current.page(self._ledger, None, after=self.upto, limit=PAGE_EVENTS)
        if page.epoch != self.epoch or page.head < self.upto:  # a replica may be behind
            page = await sources.primary.page(
                self._ledger, None, after=self.upto, limit=PAGE_EVENTS
            )
        return page

    async def _keep(self, page: Page) -> None:
        plain = [item for item in page.events if not _differs(item)]
        encoded = iter(await as_cloudevents(self._codec, self._ledger, plain, closed=()))
        for item in page.events:
            differs = _differs(item)
            text = None if differs else message(self.epoch, item.position, next(encoded))
            entry = Entry(
                item.position,
                item.event.type,
                frozenset(item.event.tags),
                text,
                item if differs else None,
            )
            self._entries.append(entry)
            self._bytes += entry.size
        self.upto = page.upto
        self._answers.clear()
        while self._entries and self._bytes > self._room():
            dropped = self._entries.popleft()
            self._bytes -= dropped.size
            self.start = dropped.position


def _differs(item: RecordedEvent) -> bool:
    """Whether what is told of the event depends on the reader, or on what is erased by then."""
    return may_be_sealed(item.event) or EVENT_TYPES[item.event.type] in OF_EVENTS


class TailEnded(Exception):
    """The log is not any more what the tail was read from."""


# What ends a tail though nothing is wrong with it: who listens meets the same, and tells it.
READ_NO_FURTHER: tuple[type[Exception], ...] = (Refusal, TailEnded, *NOT_NOW)


class Tails:
    """The tails of the ledgers that anybody listens to.

    Args:
        sources: from where events are read.
        codec: encodes them.
    """

    def __init__(self, sources: Sources, codec: Codec) -> None:
        self._sources = sources
        self._codec = codec
        self._tails: dict[str, Tail] = {}
        self._growing: dict[str, asyncio.Task[None]] = {}
        self._listening: Counter[str] = Counter()
        self._failed_at: dict[str, float] = {}

    @contextmanager
    def listened(self, ledger: str) -> Iterator[None]:
        """Keep the ledger's tail as long as anybody listens."""
        self._listening[ledger] += 1
        try:
            yield
        finally:
            self._listening[ledger] -= 1
            if not self._listening[ledger]:
                del self._listening[ledger]
                self._failed_at.pop(ledger, None)
                self._end(ledger)

    def tail(self, ledger: str, cursor: Cursor) -> Tail | None:
        """The ledger's tail, if it reaches what follows the cursor."""
        tail = self._tails.get(ledger)
        return tail if tail is not None and tail.reaches(cursor) else None

    def begin(self, ledger: str, cursor: Cursor) -> bool:
        """Begin a tail after the cursor, which is the ledger's end; false where that may not help.

        There may be one, of another epoch or read from elsewhere; or it failed a moment ago.
        """
        now = asyncio.get_running_loop().time()
        failed_at = self._failed_at.get(ledger)
        if ledger in self._tails or (failed_at is not None and now - failed_at < PAUSE_S):
            return False
        tail = Tail(ledger, cursor, self._sources, self._codec, self._room)
        self._tails[ledger] = tail
        self._growing[ledger] = asyncio.create_task(self._grow(ledger, tail))
        return True

    def end_all(self) -> None:
        """End every tail: the log may be another than that which they were read from."""
        for ledger in list(self._tails):
            self._end(ledger)

    async def _grow(self, ledger: str, tail: Tail) -> None:
        try:
            while True:
                await tail.grow()
        except READ_NO_FURTHER as error:
            log.info("tail_ended", ledger=ledger, error=repr(error))
        except Exception:
            log.exception("tail_failed", ledger=ledger)
        self._failed_at[ledger] = asyncio.get_running_loop().time()
        self._end(ledger)

    def _end(self, ledger: str) -> None:
        """End the ledger's tail. Whoever waits reads for themselves, and learns why."""
        tail = self._tails.pop(ledger, None)
        if tail is not None:
            self._growing.pop(ledger).cancel()
            for listener in tail.waiting:
                listener.wake()

    def _room(self) -> int:
        return min(TAIL_BYTES, ALL_BYTES // max(len(self._tails), 1))
