"""Kept regulations: what each ledger regulates, read anew from its log and folded once.

A policy is a long document. What is folded of it is kept, together with the positions of the events
that it is folded of: it holds where the log selects just these.
"""

from collections import OrderedDict
from typing import NamedTuple, Protocol

from eventsourcing.dcb.api import DCBQuery
from eventsourcing.dcb.domain import Selector

from domain.regulations.events import PolicyAdopted
from domain.regulations.regulations import (
    Regulations,
    cell_attendance_selector,
    commune_monitoring_selector,
    days_off_selector,
    policy_selector,
)
from domain.timeline import timeline
from service.log.codec import Codec
from service.log.events import Boundary, BoundaryEvent
from service.read_set import query

# Of so many ledgers it is kept: of those that were asked about last.
LEDGERS = 64


class Source(Protocol):
    """Where the log is read: in the database itself, or in a replica."""

    async def boundary(self, ledger: str, query: DCBQuery) -> Boundary: ...


class Folded(NamedTuple):
    """What is regulated.

    Attributes:
        epoch: the log's epoch.
        positions: of the events that it is folded of.
        named: the regulations that are written as files.
    """

    regulations: Regulations
    epoch: str | None = None
    positions: tuple[int, ...] = ()
    named: frozenset[str] = frozenset()


class KeptRegulations:
    """The regulations of ledgers."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        self._kept: OrderedDict[str, Folded] = OrderedDict()

    async def of(self, source: Source, ledger: str, until: int | None = None) -> Regulations:
        """What the ledger regulates; nobody is to change it.

        Args:
            source: where its log is read.
            ledger: which.
            until: the last position that counts, if not all do.

        Raises:
            LedgerUnknown.
        """
        kept = self._kept.get(ledger, Folded(Regulations()))
        named = kept.named
        while True:
            read = await source.boundary(ledger, _all_of(named))
            events = [one for one in read.events if until is None or one.position <= until]
            positions = tuple(one.position for one in events)
            if (read.epoch, positions) == (kept.epoch, kept.positions):
                return kept.regulations
            found = await self._folded(ledger, read.epoch, events)
            if found.named <= named:
                self._keep(ledger, found._replace(named=named))
                return found.regulations
            named |= found.named

    async def _folded(self, ledger: str, epoch: str | None, events: list[BoundaryEvent]) -> Folded:
        decoded = await self._codec.decode_all(ledger, events)
        recorded = {one.position: event for one, event in zip(events, decoded, strict=True)}
        regulations = Regulations()
        for entry in timeline(recorded):
            regulations.evolve(entry.event)
        named = (one.regulation_id for one in decoded if isinstance(one, PolicyAdopted))
        return Folded(regulations, epoch, tuple(recorded), frozenset(named))

    def _keep(self, ledger: str, folded: Folded) -> None:
        self._kept[ledger] = folded
        self._kept.move_to_end(ledger)
        while len(self._kept) > LEDGERS:
            self._kept.popitem(last=False)


def _all_of(named: frozenset[str]) -> DCBQuery:
    """All that regulates; what annuls a revision is found with those of its regulation alone."""
    topics = commune_monitoring_selector(), cell_attendance_selector(), days_off_selector()
    policies = Selector(types=[PolicyAdopted]), *map(policy_selector, sorted(named))
    return query([*policies, *topics])
