"""Preconditions: what must hold on its day for an event of indicators to follow."""

from collections.abc import Iterator, Sequence

from eventsourcing.dcb.domain import Selector

from domain.indicators.actuals import require_kind
from domain.indicators.command import IndicatorNotSet, Indicators, all_indicators
from domain.indicators.events import ActualRecorded, IndicatorsSet
from domain.kernel import Event
from domain.timeline import EventsAnnulled


class IndicatorsState:
    """The indicators, as far as seen."""

    def __init__(self) -> None:
        self._indicators = Indicators()

    def require(self, event: Event) -> None:
        """Pass if the event can follow.

        Raises:
            IndicatorNotSet, ActualOfAnotherKind.
        """
        if isinstance(event, ActualRecorded):
            target = self._indicators.known(event.cohort, event.year, event.code)
            if event.set_by != self._indicators.set_by(event.cohort, event.year):
                raise IndicatorNotSet(cohort=event.cohort, year=event.year, code=event.code)
            require_kind(target, event.actual, event.passed)

    def evolve(self, event: Event) -> None:
        self._indicators.evolve(event)


def indicators_concerned(changed: Sequence[Event], _: Sequence[Event]) -> Iterator[Selector]:
    """What was reached of the indicators that are changed, and what was set."""
    if any(isinstance(event, IndicatorsSet) for event in changed):
        yield Selector(types=[IndicatorsSet, ActualRecorded, EventsAnnulled])
    elif any(isinstance(event, ActualRecorded) for event in changed):
        yield all_indicators()
