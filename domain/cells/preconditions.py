"""Preconditions: what must hold on its day for an event of the attendance at cells to follow.

The same functions guard the commands.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from eventsourcing.dcb.domain import Selector

from domain.kernel import Event, Refusal
from domain.organisation.organisation import Organisation


class CellsState:
    """The attendance at party cells on a day, and what may follow on it."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation

    def require(self, event: Event) -> None:
        """Pass if the event can follow, as far as what it names is seen.

        Raises:
            Refusal: it cannot.
        """

    def evolve(self, event: Event) -> None:
        """Fold the event, whatever its context."""

    def deciding_body(self, event: Event) -> str | None:
        """The body that decided on what the event stands on, if it is seen."""
        return None

    def violations(self, on: date) -> Iterator[tuple[frozenset[str], Refusal]]:
        """What does not hold when the day is over."""
        yield from ()


def cells_concerned(changed: Sequence[Event], seen: Sequence[Event]) -> Iterator[Selector]:
    """The cells concerned by the changed events."""
    yield from ()
