"""Preconditions: what must hold on its day for an event of conduct to follow."""

from collections.abc import Iterator, Sequence

from eventsourcing.dcb.domain import Selector

from domain.conduct.events import (
    FindingEvent,
    FindingReplied,
    ReplacementDecided,
    ReplacementProposed,
)
from domain.conduct.findings import Findings, findings_of
from domain.conduct.replacement import Replacements, replacements_of
from domain.kernel import Event


class ConductState:
    """Findings, and replacements that were proposed, as far as seen."""

    def __init__(self) -> None:
        self._findings = Findings()
        self._replacements = Replacements()

    def require(self, event: Event) -> None:
        """Pass if the event can follow.

        Raises:
            FindingUnknown, FindingRepliedBefore, ReplacementUnknown, ReplacementSettled.
        """
        match event:
            case FindingReplied():
                self._findings.require_unreplied(event.official_id, event.number)
            case ReplacementProposed():
                self._findings.require_recorded(event.official_id, event.findings)
            case ReplacementDecided():
                self._replacements.awaiting(event.official_id, event.number)
            case _:
                pass

    def evolve(self, event: Event) -> None:
        self._findings.evolve(event)
        self._replacements.evolve(event)


def conduct_concerned(changed: Sequence[Event], _: Sequence[Event]) -> Iterator[Selector]:
    """The findings of whom the changed events are about, and the replacements proposed."""
    for event in changed:
        if isinstance(event, FindingEvent | ReplacementProposed | ReplacementDecided):
            yield findings_of(event.official_id)
            yield replacements_of(event.official_id)
