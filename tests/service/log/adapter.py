"""The log as the library's synchronous `DCBRecorder`, so that the library's own tests run on it."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator, Sequence
from types import TracebackType
from typing import Self, TypeVar

from eventsourcing.dcb.api import (
    DCBAppendCondition,
    DCBEvent,
    DCBQuery,
    DCBReadResponse,
    DCBRecorder,
    DCBSequencedEvent,
    DCBSubscription,
)
from eventsourcing.dcb.popo import SimpleDCBReadResponse

from service.database.engine import create_pool
from service.log.events import LogEvent, RecordedEvent
from service.log.log import Log

T = TypeVar("T")


class SynchronousLog(DCBRecorder):
    """One ledger of a log that runs on an event loop in a thread of its own."""

    def __init__(self, url: str, ledger: str) -> None:
        self._url = url
        self._ledger = ledger
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        self._pool = self.wait(create_pool(self._url, size=3))
        self.log = Log(self._pool)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.wait(self.log.close())
        self.wait(self._pool.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def wait(self, work: Coroutine[None, None, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def append(
        self, events: Sequence[DCBEvent], condition: DCBAppendCondition | None = None
    ) -> int:
        stored = [LogEvent(event.type, event.data, event.tags) for event in events]
        return self.wait(self.log.append(self._ledger, stored, condition)).last_position

    def read(
        self, query: DCBQuery | None = None, *, after: int | None = None, limit: int | None = None
    ) -> DCBReadResponse:
        events, head = self.wait(self.log.read(self._ledger, query, after=after or 0, limit=limit))
        return SimpleDCBReadResponse(iter(events), head)

    def subscribe(
        self, query: DCBQuery | None = None, *, after: int | None = None
    ) -> DCBSubscription[Self]:
        return SynchronousSubscription(self, query, after)  # type: ignore[return-value]  # no subclass is meant

    def follow(self, query: DCBQuery | None, after: int) -> Iterator[RecordedEvent]:
        pages = self.log.subscribe(self._ledger, query, after=after)
        while True:
            yield from self.wait(anext(pages))  # type: ignore[arg-type]  # it is a coroutine


class SynchronousSubscription(DCBSubscription[SynchronousLog]):
    """Blocks for the next event."""

    def __init__(self, recorder: SynchronousLog, query: DCBQuery | None, after: int | None) -> None:
        super().__init__(recorder, query, after)
        self._events = recorder.follow(query, self._last_position)

    def __next__(self) -> DCBSequencedEvent:
        return next(self._events)
