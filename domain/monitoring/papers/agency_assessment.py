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
from domain.monitoring.monitoring import SPAN_EVENTS, Monitoring, monitoring_of_commune
from domain.monitoring.papers.command import YearNotBegun
from domain.organisation.organisation import Organisation, UnitNotOpen, UnitUnknown, unit_selector
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
        self.assessed: dict[int, date] = {}
        self.monitoring = Monitoring()

    def consistency_boundary(self) -> list[Selector]:
        """Also every commune of the agency's: another's official may have replaced its own."""
        bodies = {self.unit_id, self.context.on_behalf_of or self.unit_id}
        communes = {span.unit_id for span in self.monitoring.spans}
        return [
            Selector(types=[AgencyAssessed, *SPAN_EVENTS], tags=[f"unit:{self.unit_id}"]),
            *map(unit_selector, sorted(bodies)),
            *map(monitoring_of_commune, sorted(communes)),
        ]

    def evolve(self, event: Event) -> None:
        self.organisation.evolve(event)
        self.monitoring.evolve(event)
        if isinstance(event, AgencyAssessed) and event.unit_id == self.unit_id:
            self.assessed[event.year] = event.effective_on

    def execute(self) -> None:
        params, on, body = self.params, self.context.effective_on, self.require_body()
        self.organisation.unit(self.unit_id)
        self.organisation.open_unit(body, on)
        if body == self.unit_id:
            raise MayNotAssessItself(unit_id=self.unit_id)
        if params.year > on.year:
            raise YearNotBegun(year=params.year, on=on)
        if params.year in self.assessed:
            raise AgencyAssessedAlready(
                unit_id=self.unit_id, year=params.year, assessed_on=self.assessed[params.year]
            )
        if not self._sent_somebody():
            raise AgencySentNobody(unit_id=self.unit_id, year=params.year)
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

    def _sent_somebody(self) -> bool:
        """Whether a leader of the agency's monitored on a day of the year."""
        first = date(self.params.year, 1, 1)
        last = min(self.context.effective_on, date(self.params.year, 12, 31))
        return any(
            span.agency_id == self.unit_id and span.since <= last and span.until > first
            for span in self.monitoring.spans
        )
