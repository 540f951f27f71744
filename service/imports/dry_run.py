"""Rehearsal: every decision is taken as it would be, and nothing is recorded.

What the rows before would have recorded is kept in memory beside the log, so that a unit's posts
are found although the unit is only rehearsed.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eventsourcing.dcb.api import DCBAppendCondition, DCBQuery, DCBQueryItem

from service.database.engine import Pool
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
from service.log.sealing import KEY_BITS, PersonErased, PersonKeys, Seal

# Beyond every position of a real log.
FIRST = 2**60


class RehearsedLog(Log):
    """One ledger's log with what is rehearsed after it."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(pool)
        self._rehearsed: list[BoundaryEvent] = []
        self._recorded: list[RecordedEvent] = []
        self._by_tag: dict[str, list[BoundaryEvent]] = defaultdict(list)
        self._replies: dict[tuple[str, str], tuple[bytes, Appended]] = {}

    async def boundary(
        self,
        ledger: str,
        query: DCBQuery,
        *,
        idempotency: Idempotency | None = None,
        after: int = 0,
    ) -> Boundary:
        stored = await super().boundary(ledger, query, idempotency=idempotency, after=after)
        if stored.replay is not None:
            return stored
        replay = None if idempotency is None else self._replay(idempotency)
        events = [*stored.events, *self._matching(query)]
        return Boundary(events, max(stored.head, self._head()), replay)

    async def append(
        self,
        ledger: str,  # noqa: ARG002  the log's signature: one ledger is rehearsed
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
        first = FIRST + len(self._rehearsed)
        for position, event in enumerate(events, start=first):
            rehearsed = BoundaryEvent(
                position, event.type, event.schema_version, event.tags, event.data
            )
            self._rehearsed.append(rehearsed)
            self._recorded.append(RecordedEvent(event, position, datetime.now(UTC)))
            for tag in event.tags:
                self._by_tag[tag].append(rehearsed)
        appended = Appended(first, self._head(), datetime.now(UTC), reply, replayed=False)
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
        """What is stored; beyond it, what is rehearsed, which nobody queries."""
        if after < FIRST - 1:
            return await super().read(ledger, query, after=after, limit=limit)
        found = self._recorded[after + 1 - FIRST :][:limit]
        return Read(found, found[-1].position if found else None)

    def _head(self) -> int:
        return FIRST + len(self._rehearsed) - 1 if self._rehearsed else 0

    def _replay(self, asked: Idempotency) -> Appended | None:
        known = self._replies.get((asked.client, asked.key))
        if known is None:
            return None
        digest, appended = known
        if digest != asked.digest:
            raise IdempotencyKeyReused
        return appended

    def _matching(self, query: DCBQuery) -> list[BoundaryEvent]:
        found = {event.position: event for item in query.items for event in self._of(item)}
        return [found[position] for position in sorted(found)]

    def _of(self, item: DCBQueryItem) -> Iterable[BoundaryEvent]:
        events = self._by_tag.get(item.tags[0], []) if item.tags else self._rehearsed
        return (
            event
            for event in events
            if set(item.tags) <= set(event.tags) and (not item.types or event.type in item.types)
        )


class RehearsedKeys(PersonKeys):
    """The persons' keys; those of new persons are thrown away with the rehearsal."""

    def __init__(self, pool: Pool, master_key: bytes) -> None:
        super().__init__(pool, master_key)
        self._made: dict[tuple[str, str], Seal] = {}

    async def seal(self, ledger: str, subject: str) -> Seal:
        known = await self.seals(ledger, (subject,))
        if subject not in known:
            made = Seal(ledger, subject, AESGCM.generate_key(KEY_BITS))
            return self._made.setdefault((ledger, subject), made)
        seal = known[subject]
        if seal is None:
            raise PersonErased(official_id=subject)
        return seal

    async def seals(self, ledger: str, subjects: Iterable[str]) -> dict[str, Seal | None]:
        names = list(subjects)
        made = {name: self._made[ledger, name] for name in names if (ledger, name) in self._made}
        return {**await super().seals(ledger, names), **made}
