"""Handle: load, decide, append. Every command of every context passes through this one loop."""

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

# The extension of a refusal that names the last event of the object concerned.
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
    """A command and its context, as the caller sent it.

    Attributes:
        ledger: the ledger that the command changes.
        command: the command's class.
        params: the parameters that the caller sent.
        ids: the ids in the path, by the names of the constructor's parameters.
        subject: the tag of the object the command is about, `task:ID`.
        actor: the actor that the events will name.
        correlation_id: the id of the request.
        idempotency: the request's key and digest, if the caller sent a key.
        if_match: the accepted entity tags of the subject; `*` accepts any, None requires none.
        created: the tag of the object that the command creates, if it creates one.
        client_reference: the client's own id of what it sends, such as a row of a file.
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
    """The outcome of a command.

    Attributes:
        subject: the tag of the object it was about; of the first request, in a replay.
        created: the tag of the object it created, likewise; None if it created none.
        position: the last event's position, or the subject's version if nothing changed.
        version: the subject's version: the position of the last event that carries its tag.
        types: the types of the recorded events, in order; the last one is at `position`.
        effective_on: the day from which the events count.
        recorded_at: the instant they were recorded (UTC); None if nothing changed.
        replayed: whether this is the stored outcome of an earlier request with the same key.
        client_reference: the request's reference; the first request's, in a replay.
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
    """What a command would record. A dry run records nothing.

    Attributes:
        subject: the tag of the object it is about.
        position: the ledger's position at which the command was decided.
        version: the subject's version, for `if_match` of the command itself.
        events: the events that would be recorded, in order.
        effective_on: the day from which the events would count.
    """

    subject: str
    position: int
    version: int
    events: tuple[Event, ...]
    effective_on: date


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A command that has folded the events of its boundary up to `head`."""

    command: Command[Any]
    selectors: Sequence[Selector]
    head: int
    history: Mapping[int, Event]

    def version(self, subject: str) -> int:
        """Return the position of the last event with the subject's tag, 0 if there is none."""
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
        """Load what the command depends on, decide, and append. Retry if that changed meanwhile.

        Raises:
            Refusal: the command's own, or EffectiveInTheFuture, VersionStale, Contended.
            IdempotencyKeyReused, LogBusy, OutcomeUnknown: the log raised it.
        """
        context = self._context(request)
        try:
            return await self._attempt(request, context)
        except AppendConditionFailed:
            self._metrics.conflicts.inc()
        # After a conflict, requests of this process about the same object retry one by one:
        # if all retried at once, most would conflict again.
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

        An outcome that is stored with the request's key is ignored.

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

    async def read_events(self, ledger: str, selectors: Iterable[Selector]) -> list[Event]:
        """Read the events of a boundary in order, to prepare several commands."""
        read = await self._log.read(ledger, _query(selectors))
        stored = [events.event for events in read.events]
        return await self._codec.decode_all(ledger, stored)

    async def _attempt(self, request: CommandRequest, context: Context) -> Outcome:
        """Load, decide and append once.

        Raises:
            AppendConditionFailed: an event that the decision depends on was recorded meanwhile.
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
        """Execute the command. A conflict's refusal names the last event of the subject.

        Raises:
            Refusal: the command's own, or VersionStale.
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
        """Describe the event at that position: its type, its actor and when it was recorded."""
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
        """Fold the command's boundary, or return the stored outcome of the request's key.

        Some commands learn from their first events what else they depend on, so the boundary is
        read again until it names nothing new. Later reads count only up to the first head: all
        events belong to one moment of the log, and the append's condition covers what follows.
        """
        # The constructors of commands differ in their last parameter, the id in the path.
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
    """Build the log's query for a boundary: stable type names replace classes."""
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
    # Older replies are shorter: commands could not create another object then, and requests had
    # no client reference.
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
