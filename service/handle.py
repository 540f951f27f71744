"""Handle: load, decide, append. The only such loop; every command of every context goes through."""

import asyncio
import json
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, TypeAlias
from uuid import UUID
from weakref import WeakValueDictionary
from zoneinfo import ZoneInfo

from eventsourcing.dcb.api import DCBAppendCondition, DCBQuery, DCBQueryItem
from eventsourcing.dcb.domain import Selector

from domain.kernel import (
    Actor,
    Command,
    Conflict,
    Context,
    EffectiveInTheFuture,
    Event,
    Parameters,
    Refusal,
    boundary,
)
from service.log.codec import Codec
from service.log.events import AppendConditionFailed, Appended, Idempotency
from service.log.log import Log
from service.observability.metrics import Metrics

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
RETRIES = 5
JITTER_SECONDS = 0.01

# The fact of a refusal that tells who did last what stands in the way.
LAST_EVENT = "last_event"

Clock: TypeAlias = Callable[[], datetime]


def today(clock: Clock) -> date:
    """The day of decisions: the calendar day in Vietnam."""
    return clock().astimezone(VIETNAM).date()


def utc_now() -> datetime:
    return datetime.now(UTC)


class Contended(Conflict):
    """Others kept changing what this depends on; it was tried {attempts} times. Send it again.

    Dữ liệu liên quan liên tục thay đổi; đã thử {attempts} lần. Hãy gửi lại yêu cầu.
    """


class VersionStale(Refusal):
    """The version you know is not the current one, which is {current}. Read it and decide anew.

    Phiên bản đã biết không phải phiên bản hiện hành {current}. Hãy đọc lại rồi quyết định.
    """


@dataclass(frozen=True, slots=True)
class CommandRequest:
    """A command as it was given.

    Attributes:
        ledger: where.
        command: the command's class.
        params: the parameters that the caller gives.
        ids: the ids in the address, by the names of the command's constructor.
        subject: the tag of the object the command is about, `task:ID`.
        actor: who gives it.
        correlation_id: of the request.
        idempotency: the request's key and digest, if the caller sent a key.
        if_match: entity tags of which one must be the subject's; `*` for any; None for no demand.
        created: the tag of the object that the command begins, if it begins one.
        client_reference: the client's own name for what it is given for, such as a row of a file.
    """

    ledger: str
    command: type[Command[Any]]
    params: Parameters
    ids: Mapping[str, str]
    subject: str
    actor: Actor
    correlation_id: UUID
    idempotency: Idempotency | None = None
    if_match: frozenset[str] | None = None
    created: str | None = None
    client_reference: UUID | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command led to.

    Attributes:
        subject: the tag of the object it was about; a replay names the one of the first time.
        created: the tag of the object it began, likewise; None if it begins none.
        position: of the last event, or the subject's version if nothing was to change.
        version: the subject's: the position of the last event that carries its tag.
        types: of the events that happened, in order; the last stands at `position`.
        effective_on: the day from which they count.
        recorded_at: the instant (UTC); None if nothing was to change.
        replayed: whether this is the stored outcome of an earlier request with the same key.
        client_reference: that of the request; a replay names the one of the first time.
    """

    subject: str
    created: str | None
    position: int
    version: int
    types: tuple[str, ...]
    effective_on: date
    recorded_at: datetime | None
    replayed: bool = False
    client_reference: UUID | None = None


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a command would lead to; nothing is recorded.

    Attributes:
        subject: the tag of the object it is about.
        position: the ledger's, at which it was decided.
        version: the subject's, for `if_match` of the command itself.
        events: that would happen, in order.
        effective_on: the day from which they would count.
    """

    subject: str
    position: int
    version: int
    events: tuple[Event, ...]
    effective_on: date


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A command with the events of its boundary folded, as they stood at `head`."""

    command: Command[Any]
    selectors: Sequence[Selector]
    head: int
    history: Mapping[int, Event]

    def version(self, subject: str) -> int:
        """The position of the last event that carries the subject's tag, 0 if there is none."""
        return max((at for at, event in self.history.items() if subject in event.tags()), default=0)


class CommandHandler:
    """Decides commands on one log."""

    def __init__(self, log: Log, codec: Codec, metrics: Metrics, clock: Clock = utc_now) -> None:
        self._log = log
        self._codec = codec
        self._metrics = metrics
        self._clock = clock
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def handle(self, request: CommandRequest) -> Outcome:
        """Load what the command depends on, decide, and append unless that changed meanwhile.

        Raises:
            Refusal: of the command, or EffectiveInTheFuture, VersionStale, Contended.
            IdempotencyKeyReused, LogBusy, OutcomeUnknown: of the log.
        """
        context = self._context(request)
        try:
            return await self._attempt(request, context)
        except AppendConditionFailed:
            self._metrics.conflicts.inc()
        # Whoever met a conflict waits in line with the others of this process at the same object:
        # a crowd is served one by one, where everybody's retry would fail everybody else's.
        async with self._locks.setdefault((request.ledger, request.subject), asyncio.Lock()):
            for _ in range(RETRIES):
                self._metrics.retries.inc()
                try:
                    return await self._attempt(request, context)
                except AppendConditionFailed:
                    self._metrics.conflicts.inc()
                    await asyncio.sleep(random.uniform(0, JITTER_SECONDS))  # noqa: S311  jitter
        raise Contended(attempts=1 + RETRIES)

    async def dry_run(self, request: CommandRequest) -> DryRun:
        """Load and decide as `handle` does, and record nothing.

        What was recorded before under the request's key plays no part.

        Raises:
            Refusal: as `handle`, but never Contended.
        """
        loaded = await self._load(replace(request, idempotency=None), self._context(request))
        assert isinstance(loaded, _Loaded)  # noqa: S101  only a key has a stored outcome
        await self._decide(request, loaded)
        command = loaded.command
        return DryRun(
            subject=request.subject,
            position=loaded.head,
            version=loaded.version(request.subject),
            events=tuple(tagged.decision for tagged in command.collect_events()),
            effective_on=command.context.effective_on,
        )

    async def survey(self, ledger: str, selectors: Iterable[Selector]) -> list[Event]:
        """What happened within a boundary, in order, for whoever prepares several commands."""
        read = await self._log.read(ledger, _query(selectors))
        stored = [events.event for events in read.events]
        return await self._codec.decode_all(ledger, stored)

    async def _attempt(self, request: CommandRequest, context: Context) -> Outcome:
        """Load, decide, append, once.

        Raises:
            AppendConditionFailed: what the decision stands on changed meanwhile.
        """
        loaded = await self._load(request, context)
        if isinstance(loaded, Appended):
            return _replayed(loaded)
        await self._decide(request, loaded)
        if not loaded.command.new_decisions:
            version = loaded.version(request.subject)
            return Outcome(
                request.subject, None, version, version, (), context.effective_on, recorded_at=None
            )
        return await self._append(request, loaded)

    async def _decide(self, request: CommandRequest, loaded: _Loaded) -> None:
        """Execute the command; who is refused for what others did is told of the last of it.

        Raises:
            Refusal: of the command, or VersionStale.
        """
        try:
            _require_version(request, loaded)
            loaded.command.execute()
        except (Conflict, VersionStale) as refusal:
            version = loaded.version(request.subject)
            if version:
                refusal.extensions[LAST_EVENT] = await self._recorded(request.ledger, version)
            raise

    async def _recorded(self, ledger: str, position: int) -> Mapping[str, object]:
        """Who recorded the event at that position, and when."""
        [last] = (await self._log.read(ledger, after=position - 1, limit=1)).events
        return {
            "position": position,
            "type": last.event.type,
            "actor": last.event.actor,
            "on_behalf_of": last.event.on_behalf_of,
            "recorded_at": last.recorded_at,
        }

    def _context(self, request: CommandRequest) -> Context:
        on, now = request.params.effective_on, today(self._clock)
        if on is not None and on > now:
            raise EffectiveInTheFuture(effective_on=on, today=now)
        return Context(
            actor=request.actor,
            today=now,
            effective_on=on or now,
            on_behalf_of=request.params.on_behalf_of,
            basis=request.params.basis,
        )

    async def _load(self, request: CommandRequest, context: Context) -> _Loaded | Appended:
        """The command with its boundary folded; or the stored outcome of the request's key.

        Some commands see only from their first events what else they depend on, so the boundary is
        asked for again until it names nothing new. Whatever is read later counts only as far as
        the first head: all of it is one moment of the log, and the append's condition guards
        everything since.
        """
        # The constructors of commands differ in their last parameter, the id in the address.
        build: Callable[..., Command[Any]] = request.command
        command = build(context, request.params, **request.ids)
        selectors = boundary(command)
        read = await self._log.boundary(
            request.ledger, _query(selectors), idempotency=request.idempotency
        )
        if read.replay is not None:
            return read.replay
        history: dict[int, Event] = {}
        events = read.events
        while True:
            new_events = [item for item in events if item.position <= read.head]
            new_events = [item for item in new_events if item.position not in history]
            for item, event in zip(
                new_events, await self._codec.decode_all(request.ledger, new_events), strict=True
            ):
                history[item.position] = event
                event.mutate(command)
            wider = [selector for selector in boundary(command) if selector not in selectors]
            if not wider:
                return _Loaded(command, selectors, read.head, history)
            events = (await self._log.boundary(request.ledger, _query(wider))).events
            selectors = [*selectors, *wider]

    async def _append(self, request: CommandRequest, loaded: _Loaded) -> Outcome:
        command, context = loaded.command, loaded.command.context
        happened = [tagged.decision for tagged in command.collect_events()]
        types = tuple(event.TYPE for event in happened)
        events = [
            await self._codec.encode(
                request.ledger,
                event,
                actor=context.actor.id,
                on_behalf_of=context.on_behalf_of,
                basis=context.basis,
                correlation_id=request.correlation_id,
            )
            for event in happened
        ]
        last = max(at for at, event in enumerate(events, 1) if request.subject in event.tags)
        after = len(events) - last
        reply = b""
        if request.idempotency is not None:
            day = context.effective_on.isoformat()
            reference = None if request.client_reference is None else str(request.client_reference)
            reply = json.dumps(
                [request.subject, types, day, request.created, after, reference]
            ).encode()
        appended = await self._log.append(
            request.ledger,
            events,
            DCBAppendCondition(_query(loaded.selectors), after=loaded.head),
            idempotency=request.idempotency,
            reply=reply,
        )
        if appended.replayed:
            return _replayed(appended)
        self._metrics.appended.inc(len(events))
        return Outcome(
            subject=request.subject,
            created=request.created,
            position=appended.last_position,
            version=appended.last_position - after,
            types=types,
            effective_on=context.effective_on,
            recorded_at=appended.recorded_at,
            client_reference=request.client_reference,
        )


def _query(selectors: Iterable[Selector]) -> DCBQuery:
    """A boundary in the log's words: stable type names instead of classes."""
    return DCBQuery(
        items=[
            DCBQueryItem(
                types=[event_type.TYPE for event_type in selector.types],  # type: ignore[attr-defined]  # a domain Event
                tags=list(selector.tags),
            )
            for selector in selectors
        ]
    )


def _require_version(request: CommandRequest, loaded: _Loaded) -> None:
    if request.if_match is None:
        return
    version = loaded.version(request.subject)
    current = f'"{version}"'
    if current not in request.if_match and not ("*" in request.if_match and version):
        raise VersionStale(current=current)


def _replayed(stored: Appended) -> Outcome:
    subject, types, effective_on, *further = json.loads(stored.reply)
    # Replies end earlier that were stored before commands could begin another object, or before
    # requests had a client reference.
    usual: list[Any] = [subject, 0, None]
    created, after, reference = further + usual[len(further) :]
    return Outcome(
        subject=subject,
        created=created,
        position=stored.last_position,
        version=stored.last_position - after,
        types=tuple(types),
        effective_on=date.fromisoformat(effective_on),
        recorded_at=stored.recorded_at,
        replayed=True,
        client_reference=None if reference is None else UUID(reference),
    )
