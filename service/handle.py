"""Handle: load, decide, append. Every command of every context passes through this one loop."""

import asyncio
import json
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, TypeAlias
from weakref import WeakValueDictionary
from zoneinfo import ZoneInfo

from eventsourcing.dcb.api import DCBAppendCondition, DCBQuery, DCBQueryItem
from eventsourcing.dcb.domain import Selector

from domain.kernel import (
    Command,
    Conflict,
    Context,
    EffectiveInTheFuture,
    Event,
    boundary,
)
from domain.record.annulment import (
    EventsUnknown,
    Named,
    PositionRepeated,
    annulment,
    require_annullable,
    require_kind,
)
from domain.record.contradictions import ContradictsLater
from domain.record.decision import comes_last, folded, require_consistent, standing_on
from domain.timeline import EventsAnnulled, annulments
from service.log.codec import Codec
from service.log.events import AppendConditionFailed, Appended, BoundaryEvent
from service.log.log import Log
from service.observability.metrics import Metrics
from service.requests import CommandRequest, Contended, DryRun, Outcome, VersionStale

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
RETRIES = 5
JITTER_SECONDS = 0.01
# How far ahead of its day a decision is recorded, where the settings say nothing else.
AHEAD_DAYS = 366

# The extension of a refusal that names the last event of the object concerned.
LAST_EVENT = "last_event"

Clock: TypeAlias = Callable[[], datetime]


def today(clock: Clock) -> date:
    """The day of decisions: the calendar day in Vietnam."""
    return clock().astimezone(VIETNAM).date()


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class _Loaded:
    """A command that has folded the timeline of its day, as the log stands at `head`.

    `history` is what is seen of the log, in the order of recording; `named` is what is annulled.
    """

    command: Command[Any]
    selectors: list[Selector]
    head: int
    history: dict[int, Event]
    named: Sequence[Named] = ()

    @property
    def happens(self) -> list[Event]:
        """What the command records beside the annulment."""
        return [tagged.decision for tagged in self.command.new_decisions]

    def version(self, subject: str) -> int:
        """Return the position of the last event with the subject's tag, 0 if there is none."""
        return max((at for at, event in self.history.items() if subject in event.tags()), default=0)


class CommandHandler:
    """Decides commands on one log."""

    def __init__(
        self,
        log: Log,
        codec: Codec,
        metrics: Metrics,
        clock: Clock = utc_now,
        *,
        ahead_days: int = AHEAD_DAYS,
    ) -> None:
        self._log = log
        self._codec = codec
        self._metrics = metrics
        self._clock = clock
        self._ahead = timedelta(days=ahead_days)
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
            events=tuple(_recording(request, loaded)),
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
            return Outcome.replay(loaded)
        await self._decide(request, loaded)
        if not loaded.command.new_decisions and not loaded.named:
            version = loaded.version(request.subject)
            return Outcome(
                request.subject, None, version, version, (), context.effective_on, recorded_at=None
            )
        return await self._append(request, loaded)

    async def _decide(self, request: CommandRequest, loaded: _Loaded) -> None:
        """Execute the command. A conflict's refusal names the last event of the subject.

        Raises:
            Refusal: the command's own, or VersionStale, ContradictsLater.
        """
        try:
            _require_version(request, loaded)
            loaded.command.execute()
            await self._require_consistent(request, loaded)
        except ContradictsLater as refusal:
            positions = [one.position for one in refusal.contradictions]
            events = await self._log.at(request.ledger, positions)
            refusal.actors = {one.position: one.event.actor for one in events}
            raise
        except (Conflict, VersionStale) as refusal:
            version = loaded.version(request.subject)
            if version:
                refusal.extensions[LAST_EVENT] = await self._recorded(request.ledger, version)
            raise

    async def _require_consistent(self, request: CommandRequest, loaded: _Loaded) -> None:
        """Pass if all that is recorded still holds; nothing else need be seen where this is last.

        Raises:
            ContradictsLater, and what refuses an annulment.
        """
        context, happens = loaded.command.context, loaded.happens
        if loaded.named:
            noted = annulments(loaded.history)
            by = ((at, by) for at in loaded.history if (by := noted.by(at)) is not None)
            require_annullable(loaded.named, by)
            if happens:
                require_kind(loaded.named, happens)
        elif not happens or comes_last(loaded.history, happens):
            return
        while True:
            wanted = standing_on(context, loaded.history, loaded.named, happens)
            wider = [selector for selector in wanted if selector not in loaded.selectors]
            if not wider:
                break
            await self._widen(request.ledger, loaded, wider)
        require_consistent(context, loaded.history, loaded.named, happens)

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
        latest = now + self._ahead if request.command.AHEAD else now
        if on is not None and on > latest:
            raise EffectiveInTheFuture(effective_on=on, latest_on=latest)
        return Context(
            actor=request.actor,
            today=now,
            effective_on=on or now,
            on_behalf_of=request.params.on_behalf_of,
            basis=request.params.basis,
            organises=request.organises,
        )

    async def _load(self, request: CommandRequest, context: Context) -> _Loaded | Appended:
        """Fold the command's boundary, or return the stored outcome of the request's key.

        Some commands learn from their first events what else they depend on, so the boundary is
        read again until it names nothing new. Later reads count only up to the first head: all
        events belong to one moment of the log, and the append's condition covers what follows.
        """
        # The constructors of commands differ in their last parameter, the id in the path.
        command_class: Callable[..., Command[Any]] = request.command
        build = partial(command_class, context, request.params, **request.ids)
        command = build()
        named = await self._named(request)
        selectors = [*boundary(command), *_selecting(named)]
        read = await self._log.boundary(
            request.ledger, _query(selectors), idempotency=request.idempotency
        )
        if read.replay is not None:
            return read.replay
        loaded = _Loaded(command, selectors, read.head, {}, named)
        await self._see(request.ledger, loaded, read.events)
        replaced = [one.position for one in named]
        while True:
            loaded.command = folded(build, loaded.history, replaced)
            wider = [s for s in boundary(loaded.command) if s not in loaded.selectors]
            if not wider:
                return loaded
            await self._widen(request.ledger, loaded, wider)

    async def _named(self, request: CommandRequest) -> list[Named]:
        """The events that the command annuls.

        Raises:
            PositionRepeated, EventsUnknown.
        """
        if request.annuls is None:
            return []
        positions, _ = request.annuls
        for position in positions:
            if positions.count(position) > 1:
                raise PositionRepeated(position=position)
        stored = await self._log.at(request.ledger, positions)
        unknown = set(positions) - {one.position for one in stored}
        if unknown:
            raise EventsUnknown(positions=sorted(unknown))
        events = await self._codec.decode_all(request.ledger, [one.event for one in stored])
        return [
            Named(one.position, event, one.event.actor, one.event.on_behalf_of)
            for one, event in zip(stored, events, strict=True)
        ]

    async def _widen(self, ledger: str, loaded: _Loaded, wider: Sequence[Selector]) -> None:
        """See what these selectors select too, as of the moment of the first read."""
        events = (await self._log.boundary(ledger, _query(wider))).events
        loaded.selectors += wider
        await self._see(ledger, loaded, events)

    async def _see(self, ledger: str, loaded: _Loaded, events: Sequence[BoundaryEvent]) -> None:
        new = [e for e in events if e.position <= loaded.head and e.position not in loaded.history]
        decoded = await self._codec.decode_all(ledger, new)
        loaded.history |= {e.position: event for e, event in zip(new, decoded, strict=True)}
        loaded.history = dict(sorted(loaded.history.items()))

    async def _append(self, request: CommandRequest, loaded: _Loaded) -> Outcome:
        context, happened = loaded.command.context, _recording(request, loaded)
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
        last = max(
            (at for at, event in enumerate(events, 1) if request.subject in event.tags),
            default=len(events),
        )
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
            return Outcome.replay(appended)
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


def _recording(request: CommandRequest, loaded: _Loaded) -> list[Event]:
    """What is recorded: the annulment, if there is one, and right after it what happens."""
    happens = loaded.happens
    if request.annuls is None:
        return happens
    _, reason = request.annuls
    return [annulment(loaded.command.context, loaded.named, reason, happens), *happens]


def _selecting(named: Iterable[Named]) -> list[Selector]:
    """The histories to which the events belong, and with them their annulments."""
    first = dict.fromkeys(one.event.tags()[0] for one in named)
    return [Selector(types=[type(one.event) for one in named], tags=[tag]) for tag in first]


def _query(selectors: Iterable[Selector]) -> DCBQuery:
    """Build the log's query for a boundary: stable type names replace classes.

    Whatever types are selected, what annuls such events is selected too.
    """
    return DCBQuery(items=[_item(selector) for selector in selectors])


def _item(selector: Selector) -> DCBQueryItem:
    types = [event_type.TYPE for event_type in selector.types]  # type: ignore[attr-defined]  # a domain Event
    if types:
        types.append(EventsAnnulled.TYPE)
    return DCBQueryItem(types=types, tags=list(selector.tags))


def _require_version(request: CommandRequest, loaded: _Loaded) -> None:
    if request.if_match is None:
        return
    version = loaded.version(request.subject)
    current = f'"{version}"'
    if current not in request.if_match and not ("*" in request.if_match and version):
        raise VersionStale(current=current)
