"""Handle: load, decide, append. Every command of every context passes through this one loop."""

import asyncio
import json
import random
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from eventsourcing.dcb.domain import Selector

from domain.access.judgement import Judgement
from domain.kernel import (
    Conflict,
    Context,
    EffectiveInTheFuture,
    Event,
    boundary,
)
from domain.record.annulment import (
    Named,
    require_annullable,
    require_kind,
)
from domain.record.contradictions import ContradictsLater
from domain.record.decision import (
    bodies_concerned,
    comes_last,
    folded,
    require_consistent,
    standing_on,
)
from domain.record.periods import closings_of, require_open
from domain.record.versions import makes_up
from domain.timeline import EventsAnnulled, timeline
from service.access.recorders import Recorders
from service.concurrency_limit import ConcurrencyLimit
from service.lines import Lines, tags_of
from service.loaded import Loaded, builder, recording, require_version
from service.log.codec import Codec
from service.log.events import AppendConditionFailed, Appended, KeysMissing
from service.log.log import Log
from service.observability.metrics import Metrics
from service.read_set import ReadSet, histories, named, query
from service.requests import (
    CommandRequest,
    Contended,
    DryRun,
    Outcome,
    VersionStale,
    version_after,
)

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
RETRIES = 20
JITTER_SECONDS = 0.01
# How far ahead of its day a decision is recorded, where the settings say nothing else.
AHEAD_DAYS = 366

# What depends on so many things is large. So many such commands are decided at once, and others
# wait for so long: each may hold the events of thousands of tasks.
MANY = 100
LARGE_AT_ONCE = 2
PATIENCE_S = 10.0

# The extension of a refusal that names the last event of the object concerned.
LAST_EVENT = "last_event"

ANNULMENTS = Selector(types=[EventsAnnulled])

Clock: TypeAlias = Callable[[], datetime]


def today(clock: Clock) -> date:
    """The day of decisions: the calendar day in Vietnam."""
    return clock().astimezone(VIETNAM).date()


def utc_now() -> datetime:
    return datetime.now(UTC)


class _Overtaken(Exception):
    """Something was recorded meanwhile: `tags` are those for which the command lines up."""

    def __init__(self, tags: frozenset[str]) -> None:
        super().__init__()
        self.tags = tags


class CommandHandler:
    """Decides commands on one log."""

    def __init__(  # noqa: PLR0913  what deciding needs, each by its name
        self,
        log: Log,
        codec: Codec,
        metrics: Metrics,
        recorders: Recorders,
        clock: Clock = utc_now,
        *,
        ahead_days: int = AHEAD_DAYS,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._log = log
        self._codec = codec
        self._metrics = metrics
        self._recorders = recorders
        self._clock = clock
        self._ahead = timedelta(days=ahead_days)
        self._large = ConcurrencyLimit(LARGE_AT_ONCE, patience_s)
        self._lines = Lines()

    async def handle(self, request: CommandRequest) -> Outcome:
        """Load what the command depends on, decide, and append. Retry if that changed meanwhile.

        Raises:
            Refusal: the command's own, or EffectiveInTheFuture, VersionStale, Contended.
            IdempotencyKeyReused, LogBusy, OutcomeUnknown: the log raised it.
        """
        context = self._context(request)
        tags: frozenset[str] = frozenset()
        if self._lines:
            named = tags_of(boundary(builder(request, context)()))
            tags = self._lines.of(request.ledger, named)
        if not tags:
            try:
                return await self._attempt(request, context)
            except _Overtaken as overtaken:
                tags = overtaken.tags
        async with self._lines.turn(request.ledger, tags):
            for _ in range(RETRIES):
                self._metrics.retries.inc()
                try:
                    return await self._attempt(request, context)
                except _Overtaken:
                    # Another process, or whoever knew of no line, came first.
                    await asyncio.sleep(random.uniform(0, JITTER_SECONDS))  # noqa: S311  jitter
        raise Contended(attempts=1 + RETRIES)

    async def dry_run(self, request: CommandRequest) -> DryRun:
        """Load and decide as `handle` does, and record nothing.

        An outcome that is stored with the request's key is ignored.

        Raises:
            Refusal: as `handle`, but never Contended.
        """
        unkeyed, context = replace(request, idempotency=None), self._context(request)
        async with AsyncExitStack() as turn:
            loaded = await self._load(unkeyed, context, turn)
            assert isinstance(loaded, Loaded)  # noqa: S101  only a key has a stored outcome
            await self._decide(request, loaded)
            return DryRun(
                subject=request.subject,
                position=loaded.seen.head,
                version=await loaded.seen.version(request.subject),
                events=tuple(recording(request, loaded)),
                effective_on=context.effective_on,
            )

    async def read_timeline(self, ledger: str, selectors: Iterable[Selector]) -> list[Event]:
        """Read the events of a boundary by their days, less those annulled.

        It prepares several commands.
        """
        read = await self._log.read(ledger, query([*selectors, ANNULMENTS]))
        decoded = await self._codec.decode_all(ledger, [stored.event for stored in read.events])
        positions = [stored.position for stored in read.events]
        return [entry.event for entry in timeline(dict(zip(positions, decoded, strict=True)))]

    async def annulled(self, ledger: str) -> Collection[int]:
        """The positions of all events of the ledger that count no more."""
        read = await self._log.read(ledger, query([ANNULMENTS]))
        decoded = await self._codec.decode_all(ledger, [stored.event for stored in read.events])
        annulments = [event for event in decoded if isinstance(event, EventsAnnulled)]
        return frozenset(position for event in annulments for position in event.positions)

    async def digest(self, ledger: str, request: bytes, official_id: str | None = None) -> bytes:
        """The digest of a request, which cannot be guessed; see `PersonKeys.digest`."""
        return await self._codec.digest(ledger, request, official_id)

    async def _attempt(self, request: CommandRequest, context: Context) -> Outcome:
        """Load, decide and append once.

        Raises:
            _Overtaken: an event that the decision depends on was recorded meanwhile.
        """
        async with AsyncExitStack() as turn:
            loaded = await self._load(request, context, turn)
            if isinstance(loaded, Appended):
                await self._log.secure()
                return Outcome.replay(loaded)
            await self._decide(request, loaded)
            if not loaded.command.new_decisions and not loaded.named:
                subject, on = request.subject, context.effective_on
                version = await loaded.seen.version(subject)
                return Outcome(subject, None, version, version, (), on, recorded_at=None)
            return await self._append(request, loaded)

    async def _decide(self, request: CommandRequest, loaded: Loaded) -> None:
        """Execute the command. A conflict's refusal names the last event of the subject.

        Raises:
            Refusal: the command's own, or VersionStale, ContradictsLater.
        """
        try:
            loaded.judgement.require_name(loaded.seen.events)
            await require_version(request, loaded)
            require_annullable(loaded.named, loaded.seen.events)
            await loaded.seen.off_loop(loaded.command.execute)
            await self._require_authorised(request, loaded)
            await self._require_consistent(request, loaded)
        except ContradictsLater as refusal:
            positions = [one.position for one in refusal.contradictions]
            events = await self._log.at(request.ledger, positions)
            refusal.actors = {one.position: one.event.actor for one in events}
            raise
        except (Conflict, VersionStale) as refusal:
            last = await loaded.seen.last(request.subject)
            if last:
                refusal.extensions[LAST_EVENT] = await self._recorded(request.ledger, last)
            raise

    async def _require_authorised(self, request: CommandRequest, loaded: Loaded) -> None:
        """Pass if the caller stands as the rule says to all that happens, and is kept apart.

        Raises:
            NotRelated, NotForOneself, NotApart.
        """
        judgement, seen = loaded.judgement, loaded.seen
        if not judgement.is_settled:
            concerned = judgement.concerned(loaded.happens, loaded.named)
            relating, require_related = judgement.relating, judgement.require_related
            while await seen.widen(await seen.off_loop(relating, concerned, seen.events)):
                pass
            await seen.off_loop(require_related, concerned, seen.events)
        judgement.require_not_oneself(loaded.command, loaded.happens)
        if positions := judgement.apart_from(request.subject, seen.events, loaded.happens):
            reported = await self._log.at(request.ledger, positions)
            judgement.require_apart(await self._recorders.of(reported))

    async def _require_consistent(self, request: CommandRequest, loaded: Loaded) -> None:
        """Pass if all that is recorded still holds; nothing else need be seen where this is last.

        Raises:
            ContradictsLater, PeriodIsClosed, and what refuses an annulment.
        """
        context, happens = loaded.command.context, loaded.happens
        seen, annulled = loaded.seen, loaded.named
        if request.params.replaces is not None:
            require_kind(annulled, happens)
        if annulled or (happens and not comes_last(seen.events, happens)):
            changed = annulled, happens
            while await seen.widen(
                await seen.off_loop(standing_on, context, seen.events, *changed)
            ):
                pass
            await seen.off_loop(require_consistent, context, seen.events, *changed)
        days = {event.effective_on for event in (*happens, *(one.event for one in annulled))}
        if min(days, default=context.today) < context.today and seen.closes_periods():
            bodies = await seen.off_loop(bodies_concerned, context, seen.events, annulled, happens)
            await seen.widen(closings_of(bodies, context))
            loaded.adjusted = require_open(context, days, bodies, seen.events)

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
            organises=request.authority.caller.sets_up,
        )

    async def _load(
        self, request: CommandRequest, context: Context, turn: AsyncExitStack
    ) -> Loaded | Appended:
        """Fold the command's boundary, or return the stored outcome of the request's key.

        Some commands learn from their first events what else they depend on, so the boundary is
        read again until it names nothing new. Later reads count only up to the first head: all
        events belong to one moment of the log, and the append's condition covers what follows.
        One that depends on much waits for its turn, which it has as long as that stack lasts.
        """
        build = builder(request, context)
        annulled: list[Named] = []
        if request.annuls is not None:
            annulled = await named(self._log, self._codec, request.ledger, request.annuls[0])
        judgement = Judgement(request.authority, context)
        selectors = [*boundary(build()), *histories(annulled), *judgement.naming()]
        seen = await ReadSet.of(
            self._log, self._codec, request.ledger, selectors, request.idempotency
        )
        if isinstance(seen, Appended):
            return seen
        replaced, is_large = [one.position for one in annulled], False
        while True:
            command = await seen.off_loop(folded, build, seen.events, replaced)
            wider = [*boundary(command), *judgement.placing(seen.events)]
            if len(wider) > MANY and not is_large:
                await turn.enter_async_context(self._large.turn())
                is_large = True
            if not await seen.widen(wider):
                return Loaded(command, seen, judgement, annulled)

    async def _since_version(
        self, request: CommandRequest, loaded: Loaded, happened: Sequence[Event]
    ) -> int:
        """How far the subject's version stands before the last event; see `version_after`."""
        own = [
            at
            for at, event in enumerate(happened, 1)
            if not request.subject or makes_up(request.subject, type(event), event.tags())
        ]
        return len(happened) - own[-1] if own else -await loaded.seen.version(request.subject)

    async def _append(self, request: CommandRequest, loaded: Loaded) -> Outcome:
        context, happened = loaded.command.context, recording(request, loaded)
        types = tuple(event.TYPE for event in happened)
        events = [
            await self._codec.encode(
                request.ledger,
                event,
                actor=context.actor.id,
                on_behalf_of=context.on_behalf_of,
                basis=context.basis,
                correlation_id=request.correlation_id,
                token_id=request.client or None,
            )
            for event in happened
        ]
        since = await self._since_version(request, loaded, happened)
        reply = b""
        if request.idempotency is not None:
            day = context.effective_on.isoformat()
            reference = None if request.client_reference is None else str(request.client_reference)
            reply = json.dumps(
                [request.subject, types, day, request.created, since, reference]
            ).encode()
        try:
            appended = await self._log.append(
                request.ledger,
                events,
                loaded.seen.unchanged(),
                idempotency=request.idempotency,
                reply=reply,
            )
        except AppendConditionFailed as failed:
            if isinstance(failed, KeysMissing):
                self._codec.forget(request.ledger, events)
            self._metrics.conflicts.inc()
            seen = tags_of(loaded.seen.selectors)
            shared = frozenset(tag for event in events for tag in event.tags if tag in seen)
            raise _Overtaken(shared or seen) from None
        if appended.replayed:
            await self._log.secure()
            return Outcome.replay(appended)
        self._metrics.appended.inc(len(events))
        return Outcome(
            subject=request.subject,
            created=request.created,
            position=appended.last_position,
            version=version_after(appended.last_position, since),
            types=types,
            effective_on=context.effective_on,
            recorded_at=appended.recorded_at,
            client_reference=request.client_reference,
        )
