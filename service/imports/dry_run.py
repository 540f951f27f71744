"""Dry run: every row is decided as it would be, and nothing is recorded.

The events that earlier rows would have recorded are kept in memory beside the log, so that a post
is accepted although its unit is not recorded.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eventsourcing.dcb.api import DCBAppendCondition, DCBQuery, DCBQueryItem

from service.access.recorders import Recorders
from service.database.engine import Pool
from service.handle import Clock, CommandHandler, utc_now
from service.log.codec import Codec
from service.log.events import (
    AppendConditionFailed,
    Appended,
    Boundary,
    BoundaryEvent,
    Idempotency,
    IdempotencyKeyReused,
    LogEvent,
    Read,
    RecordedEvent,
)
from service.log.log import Log
from service.log.master_keys import MasterKeys
from service.log.sealing import KEY_BITS, PersonKeys, Seal
from service.observability.metrics import Metrics

# Beyond every position of a real log.
FIRST = 2**60


class DryRunLog(Log):
    """One ledger's log, with the events of the dry run after it."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(pool)
        self._events: list[RecordedEvent] = []
        self._by_tag: dict[str, list[RecordedEvent]] = defaultdict(list)
        self._replies: dict[tuple[str, str], tuple[bytes, Appended]] = {}

    async def boundary(  # noqa: PLR0913  the log's signature
        self,
        ledger: str,
        query: DCBQuery,
        *,
        beginnings: Sequence[DCBQueryItem] = (),
        idempotency: Idempotency | None = None,
        after: int = 0,
        occurring: str | None = None,
    ) -> Boundary:
        stored = await super().boundary(
            ledger,
            query,
            beginnings=beginnings,
            idempotency=idempotency,
            after=after,
            occurring=occurring,
        )
        if stored.replay is not None:
            return stored
        replay = None if idempotency is None else self._replay(idempotency)
        own = [] if beginnings and not query.items else self._matching(query)
        # Where a thing began before, the first of these is of another that names it: no harm.
        own += [first for item in beginnings for first in islice(self._of(item), 1)]
        events = [*stored.events, *map(_as_boundary, own)]
        head = max(stored.head, self._head())
        return Boundary(events, head, replay, stored.epoch, stored.occurs)

    async def append(
        self,
        ledger: str,  # noqa: ARG002  the log's signature: a dry run is of one ledger
        events: Sequence[LogEvent],
        condition: DCBAppendCondition | None = None,
        *,
        idempotency: Idempotency | None = None,
        reply: bytes = b"",
    ) -> Appended:
        if condition is not None and any(
            event.position > condition.after  # type: ignore[operator]  # commands always give it
            for event in self._matching(condition.fail_if_events_match)
        ):
            raise AppendConditionFailed
        first, now = FIRST + len(self._events), datetime.now(UTC)
        for position, event in enumerate(events, start=first):
            recorded = RecordedEvent(event, position, now)
            self._events.append(recorded)
            for tag in event.tags:
                self._by_tag[tag].append(recorded)
        appended = Appended(first, self._head(), now, reply, replayed=False)
        if idempotency is not None:
            self._replies[idempotency.client, idempotency.key] = (idempotency.digest, appended)
        return appended

    async def read(
        self,
        ledger: str,
        query: DCBQuery | None = None,
        *,
        after: int = 0,
        limit: int | None = None,
    ) -> Read:
        """The stored events; beyond them those of the dry run, which nobody queries."""
        if after < FIRST - 1:
            return await super().read(ledger, query, after=after, limit=limit)
        events = self._events[after + 1 - FIRST :][:limit]
        return Read(events, events[-1].position if events else None)

    async def newest(self, ledger: str, tag: str, until: int, limit: int) -> list[BoundaryEvent]:
        own = [*map(_as_boundary, reversed(self._by_tag.get(tag, [])))][:limit]
        return own or await super().newest(ledger, tag, until, limit)

    def _head(self) -> int:
        return FIRST + len(self._events) - 1 if self._events else 0

    def _replay(self, idempotency: Idempotency) -> Appended | None:
        key = idempotency.client, idempotency.key
        digest, appended = self._replies.get(key, (idempotency.digest, None))
        if digest != idempotency.digest:
            raise IdempotencyKeyReused
        return appended

    def _matching(self, query: DCBQuery) -> list[RecordedEvent]:
        events = {event.position: event for item in query.items for event in self._of(item)}
        return [events[position] for position in sorted(events)]

    def _of(self, item: DCBQueryItem) -> Iterator[RecordedEvent]:
        for recorded in self._by_tag.get(item.tags[0], []) if item.tags else self._events:
            event = recorded.event
            if set(item.tags) <= set(event.tags) and (not item.types or event.type in item.types):
                yield recorded


def _as_boundary(recorded: RecordedEvent) -> BoundaryEvent:
    event = recorded.event
    return BoundaryEvent(
        recorded.position, event.type, event.schema_version, event.tags, event.data
    )


class DryRunKeys(PersonKeys):
    """The persons' keys; those of new persons are thrown away with the dry run."""

    def __init__(self, pool: Pool, master_keys: MasterKeys) -> None:
        super().__init__(pool, master_keys)
        self._new: dict[tuple[str, str], Seal] = {}

    async def seal(self, ledger: str, subject: str) -> Seal:
        if subject not in await self.seals(ledger, (subject,)):
            new = Seal(ledger, subject, AESGCM.generate_key(KEY_BITS))
            self._new.setdefault((ledger, subject), new)
        return await super().seal(ledger, subject)

    async def seals(self, ledger: str, subjects: Iterable[str]) -> dict[str, Seal | None]:
        names = list(subjects)
        new = {name: self._new[ledger, name] for name in names if (ledger, name) in self._new}
        return {**await super().seals(ledger, names), **new}


def dry_run_handler(
    pool: Pool, master_keys: MasterKeys, recorders: Recorders, clock: Clock = utc_now
) -> CommandHandler:
    """A handler that decides on the log and on its own earlier decisions, and records nothing."""
    codec = Codec(DryRunKeys(pool, master_keys))
    return CommandHandler(DryRunLog(pool), codec, Metrics(), recorders, clock)
