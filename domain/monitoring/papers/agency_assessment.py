"""Agency assessments: how a sending agency led its monitors in a year, once a year (D17)."""

from datetime import date
from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import (
    BodyRequired,
    Command,
    Conflict,
    Context,
    Event,
    Forbidden,
    Parameters,
    Refusal,
)
from domain.monitoring.events import AgencyAssessed, CalendarYear, Level
from domain.monitoring.monitoring import SPAN_EVENTS, Monitoring, monitors_of_commune
from domain.monitoring.papers.papers import YearNotBegun
from domain.organisation.organisation import Organisation, UnitNotOpen, UnitUnknown
from domain.organisation.selectors import unit_selector
from domain.values import Text


class AgencyAssessedAlready(Conflict):
    """The agency {unit_id} was assessed for {year} on {assessed_on} already.

    Cơ quan {unit_id} đã được đánh giá năm {year} vào ngày {assessed_on}.
    """


class AgencySentNobody(Conflict):
    """None of the leaders of {unit_id} monitored a commune in {year}.

    Năm {year} không có lãnh đạo nào của {unit_id} theo dõi xã.
    """


class MayNotAssessItself(Forbidden):
    """The agency {unit_id} does not assess itself.

    Cơ quan {unit_id} không tự đánh giá mình.
    """


class Assessments:
    """Which agencies were assessed for which years, as far as seen."""

    def __init__(self) -> None:
        self._assessed: dict[tuple[str, int], date] = {}

    def evolve(self, event: Event) -> None:
        if isinstance(event, AgencyAssessed):
            self._assessed[event.unit_id, event.year] = event.effective_on

    def require_none(self, unit_id: str, year: int) -> None:
        """Pass if the agency was not assessed for the year.

        Raises:
            AgencyAssessedAlready.
        """
        assessed_on = self._assessed.get((unit_id, year))
        if assessed_on is not None:
            raise AgencyAssessedAlready(unit_id=unit_id, year=year, assessed_on=assessed_on)


def require_sent_somebody(monitoring: Monitoring, unit_id: str, year: int, on: date) -> None:
    """Pass if a leader of the agency's monitored on a day of the year by that day.

    Raises:
        AgencySentNobody.
    """
    first, last = date(year, 1, 1), min(on, date(year, 12, 31))
    for span in monitoring.spans:
        if span.agency_id == unit_id and span.since <= last and span.until > first:
            return
    raise AgencySentNobody(unit_id=unit_id, year=year)


def sending(agency_id: str) -> Selector:
    """The agency's assessments, and the leaders that it sent; others may have replaced them."""
    return Selector(types=[AgencyAssessed, *SPAN_EVENTS], tags=[f"unit:{agency_id}"])


class AgencyAssessment(Parameters):
    """The year, the level and the remarks."""

    year: CalendarYear
    level: Level
    remarks: Text


class AssessAgency(Command[AgencyAssessment]):
    """A body assesses an agency whose leaders monitored communes in the year."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        BodyRequired,
        UnitUnknown,
        UnitNotOpen,
        MayNotAssessItself,
        YearNotBegun,
        AgencyAssessedAlready,
        AgencySentNobody,
    )

    def __init__(self, context: Context, params: AgencyAssessment, unit_id: str) -> None:
        super().__init__(context, params)
        self.unit_id = unit_id
        self.organisation = Organisation()
        self.assessments = Assessments()
        self.monitoring = Monitoring()

    def consistency_boundary(self) -> list[Selector]:
        communes = {span.unit_id for span in self.monitoring.spans}
        bodies = {self.unit_id, self.context.on_behalf_of or self.unit_id}
        return [
            sending(self.unit_id),
            *map(unit_selector, sorted(bodies)),
            *map(monitors_of_commune, sorted(communes)),
        ]

    def evolve(self, event: Event) -> None:
        self.organisation.evolve(event)
        self.monitoring.evolve(event)
        self.assessments.evolve(event)

    def execute(self) -> None:
        params, on, body = self.params, self.context.effective_on, self.require_body()
        self.organisation.unit(self.unit_id)
        self.organisation.open_unit(body, on)
        if body == self.unit_id:
            raise MayNotAssessItself(unit_id=self.unit_id)
        if params.year > on.year:
            raise YearNotBegun(year=params.year, on=on)
        self.assessments.require_none(self.unit_id, params.year)
        require_sent_somebody(self.monitoring, self.unit_id, params.year, on)
        self.emit(
            AgencyAssessed(
                effective_on=on,
                unit_id=self.unit_id,
                year=params.year,
                level=params.level,
                remarks=params.remarks,
                assessed_by=body,
            )
        )
