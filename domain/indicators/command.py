"""The indicators as a decision sees them: those set for each cohort and year, up to a day."""

from typing import ClassVar, TypeVar

from eventsourcing.dcb.domain import Selector

from domain.indicators.events import IndicatorsSet, Target
from domain.kernel import Conflict, Context, Event, Invalid, NotTheEntitledBody, Parameters, Refusal
from domain.organisation.entitlement import BodyCommand
from domain.organisation.selectors import unit_selector
from domain.timeline import EventsAnnulled


class IndicatorNotSet(Conflict):
    """No indicator {code} is set for {cohort} in {year}.

    Năm {year}, nhóm {cohort} không được giao chỉ tiêu {code}.
    """


class ActualOfAnotherKind(Invalid):
    """The indicator {code} is of kind {kind}: give {expected}.

    Chỉ tiêu {code} thuộc loại {kind}: cần nêu {expected}.
    """


class Indicators:
    """The indicators set so far."""

    def __init__(self) -> None:
        self._targets: dict[tuple[str, int], dict[str, Target]] = {}
        self._set_by: dict[tuple[str, int], str] = {}

    def evolve(self, event: Event) -> None:
        if isinstance(event, IndicatorsSet):
            of_year = event.cohort, event.year
            listed = (one for group in event.groups for one in group.indicators)
            self._targets[of_year] = {one.code: one for one in listed}
            self._set_by[of_year] = event.unit_id

    def known(self, cohort: str, year: int, code: str) -> Target:
        """The indicator, which is set.

        Raises:
            IndicatorNotSet.
        """
        target = self._targets.get((cohort, year), {}).get(code)
        if target is None:
            raise IndicatorNotSet(cohort=cohort, year=year, code=code)
        return target

    def set_by(self, cohort: str, year: int) -> str:
        """The body that set them."""
        return self._set_by[cohort, year]


Params = TypeVar("Params", bound=Parameters)


def all_indicators() -> Selector:
    """The indicators of every cohort and year, for there are few, and all that is annulled."""
    return Selector(types=[IndicatorsSet, EventsAnnulled])


class IndicatorsCommand(BodyCommand[Params]):
    """A command of one unit: the body that sets them, or whose actual it is."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (NotTheEntitledBody,)

    def __init__(self, context: Context, params: Params, unit_id: str) -> None:
        super().__init__(context, params)
        self.unit_id = unit_id
        self.indicators = Indicators()

    def consistency_boundary(self) -> list[Selector]:
        return [unit_selector(self.unit_id), all_indicators(), *self.seeing_heirs()]

    def evolve(self, event: Event) -> None:
        self.organisation.evolve(event)
        self.indicators.evolve(event)
