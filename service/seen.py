"""Seen: what a decision has seen of the log, as of one moment; the append's condition covers it."""

from collections.abc import Iterable, Sequence
from typing import Self

from eventsourcing.dcb.api import DCBAppendCondition, DCBQuery, DCBQueryItem
from eventsourcing.dcb.domain import Selector

from domain.kernel import Beginning, Event
from domain.record.annulment import EventsUnknown, Named, PositionRepeated
from domain.record.periods import PeriodClosed
from domain.record.versions import version, version_selector
from domain.timeline import EventsAnnulled
from service.log.codec import Codec
from service.log.events import Appended, BoundaryEvent, Condition, Idempotency
from service.log.log import Log


class Seen:
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
        new = [selector for selector in selectors if selector not in self.selectors]
        if not new:
            return False
        read = await self._log.boundary(self._ledger, query(new), beginnings=beginnings(new))
        await self._add(new, read.events)
        return True

    def closes_periods(self) -> bool:
        """Whether any body of the ledger has closed a period."""
        selector = Selector(types=[PeriodClosed])
        if selector not in self.selectors:
            self.selectors.append(selector)
        return self._closes

    async def version(self, subject: str) -> int:
        """Return the version of the thing with that tag, 0 if there is none or it is of no one."""
        if not subject:
            return 0
        await self.widen([version_selector(subject)])
        return version(subject, self.events)

    def last(self, subject: str) -> int:
        """Return the position of the last event with that tag, 0 if there is none."""
        return max((at for at, event in self.events.items() if subject in event.tags()), default=0)

    def unchanged(self) -> DCBAppendCondition:
        """The condition that nothing was recorded since that a decision would have seen."""
        return Condition(query(self.selectors), after=self.head, epoch=self.epoch)

    async def _add(self, selectors: Iterable[Selector], events: Sequence[BoundaryEvent]) -> None:
        self.selectors += selectors
        new = [e for e in events if e.position <= self.head and e.position not in self.events]
        decoded = await self._codec.decode_all(self._ledger, new)
        self.events |= {e.position: event for e, event in zip(new, decoded, strict=True)}
        self.events = dict(sorted(self.events.items()))


async def named(log: Log, codec: Codec, ledger: str, positions: Sequence[int]) -> list[Named]:
    """The events at these positions, each once.

    Raises:
        PositionRepeated, EventsUnknown.
    """
    for position in positions:
        if positions.count(position) > 1:
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
        DCBQueryItem(types=_types(one), tags=list(one.tags))
        for one in selectors
        if isinstance(one, Beginning)
    ]


def _item(selector: Selector) -> DCBQueryItem:
    types = _types(selector)
    # By type alone a bare fact is looked for, whatever became of it.
    if types and selector.tags:
        types.append(EventsAnnulled.TYPE)
    return DCBQueryItem(types=list(dict.fromkeys(types)), tags=list(selector.tags))


def _types(selector: Selector) -> list[str]:
    return [event_type.TYPE for event_type in selector.types]  # type: ignore[attr-defined]  # a domain Event
