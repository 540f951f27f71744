"""Preconditions: what must hold on its day for an event of a cycle to follow."""

from collections.abc import Iterator, Sequence

from eventsourcing.dcb.domain import Selector

from domain.appraisal.cycle_events import (
    CycleEvent,
    CycleOpened,
    CyclePaperMissed,
    OfficialEnrolled,
)
from domain.appraisal.cycles import Cycles, cycle_selector, is_of_cycle
from domain.appraisal.rating_events import (
    ObjectionAnswered,
    RatingDecided,
    RatingEvent,
    RatingMoved,
)
from domain.kernel import Event


class AppraisalState:
    """Cycles, and where their officials stand, as far as seen."""

    def __init__(self) -> None:
        self._cycles = Cycles()

    def require(self, event: Event) -> None:
        """Pass if the event can follow.

        Raises:
            CycleUnknown, CycleIsClosed, NotInTheCycle, NotRatedYet, ObjectionUnknown,
            ObjectionAnsweredBefore.
        """
        cycle_id = getattr(event, "cycle_id", None)
        # What the service found missing on its day stands, whatever is recorded late.
        if cycle_id is None or isinstance(event, CycleOpened | CyclePaperMissed):
            return
        if not is_of_cycle(event):
            return
        cycle = self._cycles.known(cycle_id)
        official_id = getattr(event, "official_id", None)
        if official_id is not None and not isinstance(event, OfficialEnrolled):
            cycle.member(official_id)
        match event:
            case RatingDecided():
                if not cycle.member(event.official_id).is_reopened:
                    cycle.require_open()
            case ObjectionAnswered():
                self._cycles.unanswered(cycle_id, event.official_id, event.number)
            case RatingMoved():
                cycle.require_open()
                cycle.rated(event.official_id)
            case RatingEvent():
                cycle.rated(event.official_id)
            case CycleEvent():
                cycle.require_open()
            case _:
                pass

    def evolve(self, event: Event) -> None:
        self._cycles.evolve(event)


def appraisal_concerned(changed: Sequence[Event], _: Sequence[Event]) -> Iterator[Selector]:
    """All of the cycles that the changed events are of."""
    named = (getattr(event, "cycle_id", None) for event in changed if is_of_cycle(event))
    yield from map(cycle_selector, dict.fromkeys(one for one in named if one is not None))
