"""Batches: concurrent requests that do not depend on one another are written together."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from eventsourcing.dcb.api import DCBAppendCondition

from service.log.events import Appended, Condition, Idempotency, LogEvent
from service.log.wire import SEPARATOR, RequestRow, condition_rows, event_row

MOST_REQUESTS = 128
MOST_BYTES = 4 * 2**20


class Request:
    """One caller's events, condition and key, and the future of their outcome.

    Attributes:
        bytes: the size of what it holds.
        expires_at: when it has waited too long, by the clock of the loop.
        is_late: whether it was not written within the time it waits.
        is_sent: whether the database may have it.
    """

    __slots__ = (
        *("bytes", "expires_at", "idempotency", "is_late", "is_sent", "outcome", "reply", "row"),
        "types",
    )

    def __init__(
        self,
        events: Sequence[LogEvent],
        condition: DCBAppendCondition | None,
        idempotency: Idempotency | None,
        reply: bytes,
    ) -> None:
        items, after = condition_rows(condition)
        key = idempotency
        self.row = RequestRow(
            (None, None, None, None) if key is None else (key.client, key.key, key.digest, reply),
            [event_row(event) for event in events],
            items,
            after,
            condition.epoch if isinstance(condition, Condition) else None,
            [*{event.sealed_with for event in events if event.sealed_with is not None}],
        )
        self.idempotency = idempotency
        self.reply = reply
        self.bytes = sum(len(event.data) for event in events) + len(reply)
        self.types = [(event.type, event.tags) for event in events]
        self.expires_at = 0.0
        self.is_late = self.is_sent = False
        self.outcome: asyncio.Future[Appended] = asyncio.get_running_loop().create_future()

    def answered(self) -> bool:
        """Return whether the caller has its outcome or was cancelled."""
        return self.outcome.done()

    def succeed(self, appended: Appended) -> None:
        if not self.outcome.done():
            self.outcome.set_result(appended)

    def fail(self, reason: Exception, cause: BaseException | None = None) -> None:
        if not self.outcome.done():
            reason.__cause__ = cause
            self.outcome.set_exception(reason)


class Batch:
    """Independent requests: each is checked against the log as it was before the batch."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self._bytes = 0
        self._keys: set[tuple[str, str]] = set()
        self._types: set[str] = set()
        self._types_by_tag: defaultdict[str, set[str]] = defaultdict(set)

    def has_room_for(self, request: Request) -> bool:
        return not self.requests or (
            len(self.requests) < MOST_REQUESTS and self._bytes + request.bytes <= MOST_BYTES
        )

    def depends(self, request: Request) -> bool:
        """Return whether the request repeats a key or could match an event of the batch.

        It may return True needlessly: tags and types are compared one by one.
        """
        key = request.idempotency
        if key is not None and (key.client, key.key) in self._keys:
            return True
        return bool(self.requests) and any(
            self._could_match(tags, types) for tags, types in request.row.items
        )

    def add(self, request: Request) -> None:
        self.requests.append(request)
        self._bytes += request.bytes
        if request.idempotency is not None:
            self._keys.add((request.idempotency.client, request.idempotency.key))
        for kind, tags in request.types:
            self._types.add(kind)
            for tag in tags:
                self._types_by_tag[tag].add(kind)

    def _could_match(self, tags: str, types: str) -> bool:
        if not tags:
            return not types or not self._types.isdisjoint(types.split(SEPARATOR))
        types_of_tags = [self._types_by_tag.get(tag, set()) for tag in tags.split(SEPARATOR)]
        if not types or not all(types_of_tags):
            return all(types_of_tags)
        return not any(kinds.isdisjoint(types.split(SEPARATOR)) for kinds in types_of_tags)
