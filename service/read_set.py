"""Read set: what a decision has read of the log, as of one moment.

The append's condition covers it: nothing that it would have read may have come since.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, Self, TypeAlias

from eventsourcing.dcb.api import DCBAppendCondition, DCBQuery, DCBQueryItem
from eventsourcing.dcb.domain import Selector

from domain.kernel import EVENT_TYPES, Beginning, Event, Invalid
from domain.record.annulment import EventsUnknown, Named, PositionRepeated
from domain.record.periods import PeriodClosed
from domain.record.versions import makes_up, version, version_selector
from domain.timeline import EventsAnnulled
from service.log.codec import Codec
from service.log.events import Appended, BoundaryEvent, Condition, Idempotency
from service.log.log import Log
from service.off_loop import Computed, Parameters, off_loop

# What a selector selects by; two that are equal here are of one kind.
_Known: TypeAlias = tuple[type[Selector], tuple[object, ...], tuple[str, ...]]
# A decision on more would take minutes, and more memory than a process has for it.
MOST_EVENTS = 100_000
# So many of the last events of a thing are asked for to tell its version; mostly the first does.
NEWEST = 8


class TooMuchToDecide(Invalid):
    """The decision depends on more than {limit} events. Decide on a part of it, such as one post.

    Quyết định này phụ thuộc vào hơn {limit} sự kiện. Hãy chia nhỏ, chẳng hạn theo từng chức danh.
    """


class ReadSet:
    """The events of some selectors, and where the log stood when they were first read.

    Attributes:
        head: the ledger's last position then; what came later is not seen.
        epoch: the log's epoch then.
        events: by position, in the order of recording.
        selectors: what is seen.
    """

    def __init__(self, log: Log, codec: Codec, ledger: str) -> None:
        self.head = 0
        self.epoch: str | None = None
        self.events: dict[int, Event] = {}
        self._log = log
        self._codec = codec
        self._ledger = ledger
        self.selectors: list[Selector] = []
        self._known: set[_Known] = set()
        # Of what these select the newest was asked for, and not all read.
        self._told: list[Selector] = []
        self._closes = False

    @classmethod
    async def of(
        cls,
        log: Log,
        codec: Codec,
        ledger: str,
        selectors: Sequence[Selector],
        idempotency: Idempotency | None,
    ) -> Self | Appended:
        """What these selectors select now; or the stored outcome of the request's key."""
        read = await log.boundary(
            ledger,
            query(selectors),
            beginnings=beginnings(selectors),
            idempotency=idempotency,
            occurring=PeriodClosed.TYPE,
        )
        if read.replay is not None:
            return read.replay
        seen = cls(log, codec, ledger)
        seen.head, seen.epoch, seen._closes = read.head, read.epoch, read.occurs
        await seen._add(selectors, read.events)
        return seen

    async def widen(self, selectors: Iterable[Selector]) -> bool:
        """See what these select too, as of the same moment; whether any of them is new."""
        new = [selector for selector in selectors if _known(selector) not in self._known]
        if not new:
            return False
        read = await self._log.boundary(self._ledger, query(new), beginnings=beginnings(new))
        await self._add(new, read.events)
        return True

    async def off_loop(
        self,
        compute: Callable[Parameters, Computed],
        *given: Parameters.args,
        **named: Parameters.kwargs,
    ) -> Computed:
        """Compute it; if much is seen, by a thread. Nothing more is seen meanwhile."""
        return await off_loop(len(self.events), compute, *given, **named)

    def closes_periods(self) -> bool:
        """Whether any body of the ledger has closed a period."""
        selector = Selector(types=[PeriodClosed])
        if _known(selector) not in self._known:
            self._know([selector])
        return self._closes

    async def version(self, subject: str) -> int:
        """Return the version of the thing with that tag, 0 if there is none or it is of no one.

        The last events with the tag tell it; only where none of these makes the thing up, all are
        read.
        """
        if not subject:
            return 0
        selector = version_selector(subject)
        if _known(selector) not in self._known:
            for one in await self._newest(subject):
                if makes_up(subject, EVENT_TYPES[one.type], one.tags):
                    self._told.append(selector)
                    return one.position
        await self.widen([selector])
        return version(subject, self.events)

    async def last(self, subject: str) -> int:
        """Return the position of the last event with that tag, 0 if there is none."""
        newest = await self._newest(subject) if subject else []
        return newest[0].position if newest else 0

    def unchanged(self) -> DCBAppendCondition:
        """The condition that nothing was recorded since that a decision would have seen."""
        seen = query([*self.selectors, *self._told])
        return Condition(seen, after=self.head, epoch=self.epoch)

    async def _newest(self, subject: str) -> Sequence[BoundaryEvent]:
        return await self._log.newest(self._ledger, subject, self.head, NEWEST)

    def _know(self, selectors: Sequence[Selector]) -> None:
        self.selectors += selectors
        self._known.update(map(_known, selectors))

    async def _add(self, selectors: Sequence[Selector], events: Sequence[BoundaryEvent]) -> None:
        self._know(selectors)
        if len(self.events) + len(events) > MOST_EVENTS:
            raise TooMuchToDecide(limit=MOST_EVENTS)
        new = [e for e in events if e.position <= self.head and e.position not in self.events]
        decoded = await self._codec.decode_all(self._ledger, new)
        self.events |= {e.position: event for e, event in zip(new, decoded, strict=True)}
        self.events = dict(sorted(self.events.items()))


async def named(log: Log, codec: Codec, ledger: str, positions: Sequence[int]) -> list[Named]:
    """The events at these positions, each once.

    Raises:
        PositionRepeated, EventsUnknown.
    """
    for position, times in Counter(positions).items():
        if times > 1:
            raise PositionRepeated(position=position)
    stored = await log.at(ledger, positions)
    unknown = set(positions) - {one.position for one in stored}
    if unknown:
        raise EventsUnknown(positions=sorted(unknown))
    events = await codec.decode_all(ledger, [one.event for one in stored])
    return [
        Named(one.position, event, one.event.actor, one.event.on_behalf_of)
        for one, event in zip(stored, events, strict=True)
    ]


def histories(events: Iterable[Named]) -> list[Selector]:
    """The histories to which the events belong, and with them their annulments."""
    events = list(events)
    first = dict.fromkeys(one.event.tags()[0] for one in events)
    return [Selector(types=[type(one.event) for one in events], tags=[tag]) for tag in first]


def query(selectors: Iterable[Selector]) -> DCBQuery:
    """Build the log's query for a boundary: stable type names replace classes.

    Whatever types are selected, what annuls such events is selected too. Beginnings are no part
    of it.
    """
    return DCBQuery(items=[_item(one) for one in selectors if not isinstance(one, Beginning)])


def beginnings(selectors: Iterable[Selector]) -> list[DCBQueryItem]:
    """The beginnings of things in a boundary: of each item the first event that matches it."""
    return [
        DCBQueryItem(types=list(_types(one)), tags=list(one.tags))
        for one in selectors
        if isinstance(one, Beginning)
    ]


def _known(selector: Selector) -> _Known:
    return type(selector), tuple(selector.types), tuple(selector.tags)


def _item(selector: Selector) -> DCBQueryItem:
    types = _types(selector)
    # By type alone a bare fact is looked for, whatever became of it.
    if types and selector.tags:
        types = _with_annulments(types)
    return DCBQueryItem(types=list(types), tags=list(selector.tags))


def _types(selector: Selector) -> tuple[str, ...]:
    return _type_names(tuple(selector.types))


@lru_cache(maxsize=1024)
def _type_names(types: tuple[type[Any], ...]) -> tuple[str, ...]:
    return tuple(event_type.TYPE for event_type in types)


@lru_cache(maxsize=1024)
def _with_annulments(types: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*types, EventsAnnulled.TYPE]))
