"""Adoption: a body regulates how communes are monitored, how meetings are attended, the days off.

What is adopted counts until the next adoption. What was decided before it was recorded stays as it
was decided.
"""

from typing import Annotated, ClassVar, Self, TypeVar

from eventsourcing.dcb.domain import Selector
from pydantic import Field, StrictInt, model_validator

from domain.kernel import (
    BodyRequired,
    Command,
    Context,
    DocumentRequired,
    Event,
    Parameters,
    Refusal,
)
from domain.regulations.events import (
    CellAttendanceRegulated,
    CommuneMonitoringRegulated,
    DayOff,
    DaysOffAdopted,
    YearlyDeadline,
)
from domain.regulations.regulations import (
    RegulatedFromThatDay,
    Regulations,
    cell_attendance_selector,
    commune_monitoring_selector,
    days_off_selector,
    require_alone,
)
from domain.values import Day, Impossible, Slug

Params = TypeVar("Params", bound=Parameters)


class Adoption(Command[Params]):
    """A command whose boundary shows the regulations adopted on its topic so far."""

    AHEAD: ClassVar[bool] = True
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        BodyRequired,
        DocumentRequired,
        RegulatedFromThatDay,
    )

    def __init__(self, context: Context, params: Params) -> None:
        super().__init__(context, params)
        self.regulations = Regulations()

    def evolve(self, event: Event) -> None:
        self.regulations.evolve(event)


class CommuneMonitoringRules(Parameters):
    """How communes are monitored, and by when of each year what is due."""

    communes_per_official: Annotated[StrictInt, Field(ge=1, le=100)] = 1
    leading_post_kinds: tuple[Slug, ...] = ()
    programme_due: YearlyDeadline
    report_due: YearlyDeadline
    review_due: YearlyDeadline


class RegulateCommuneMonitoring(Adoption[CommuneMonitoringRules]):
    """The body regulates the monitoring of communes from the effective day, by its document."""

    def consistency_boundary(self) -> list[Selector]:
        return [commune_monitoring_selector()]

    def execute(self) -> None:
        params, on = self.params, self.context.effective_on
        body, basis = self.require_body(), self.require_basis()
        require_alone(self.regulations.commune_monitoring, on)
        self.emit(
            CommuneMonitoringRegulated.by_parameters(
                effective_on=on,
                adopted_by=body,
                communes_per_official=params.communes_per_official,
                leading_post_kinds=params.leading_post_kinds,
                programme_due=params.programme_due,
                report_due=params.report_due,
                review_due=params.review_due,
                basis=basis,
            )
        )


class CellAttendanceRules(Parameters):
    """How often an official attends the cell's meetings, and the most points of their quality."""

    meetings_per_month: Annotated[StrictInt, Field(ge=1, le=10)] = 1
    scale_points: Annotated[StrictInt, Field(ge=1, le=1000)]


class RegulateCellAttendance(Adoption[CellAttendanceRules]):
    """The body regulates attendance at party cells from the effective day, by its document."""

    def consistency_boundary(self) -> list[Selector]:
        return [cell_attendance_selector()]

    def execute(self) -> None:
        on, body = self.context.effective_on, self.require_body()
        basis = self.require_basis()
        require_alone(self.regulations.cell_attendance, on)
        self.emit(
            CellAttendanceRegulated.by_parameters(
                effective_on=on,
                adopted_by=body,
                meetings_per_month=self.params.meetings_per_month,
                scale_points=self.params.scale_points,
                basis=basis,
            )
        )


class DaysOffOfYear(Parameters):
    """The days off of a year beside Saturdays and Sundays, and those of these that are worked."""

    year: Annotated[StrictInt, Field(ge=1900, le=2199)]
    days_off: Annotated[tuple[DayOff, ...], Field(max_length=100)]
    worked: Annotated[tuple[Day, ...], Field(max_length=100)] = ()

    @model_validator(mode="after")
    def _each_day_is_of_the_year_and_named_once(self) -> Self:
        days = [*(one.on for one in self.days_off), *self.worked]
        if len(set(days)) != len(days) or any(day.year != self.year for day in days):
            raise Impossible(
                f"each day must be of {self.year} and named once",
                f"mỗi ngày phải thuộc năm {self.year} và chỉ nêu một lần",
            )
        return self


class AdoptDaysOff(Adoption[DaysOffOfYear]):
    """The body adopts the calendar of a year's days off: bridging days are decided yearly.

    A later one for the same year is the whole calendar anew.
    """

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (BodyRequired, DocumentRequired)

    def consistency_boundary(self) -> list[Selector]:
        return [days_off_selector()]

    def execute(self) -> None:
        body = self.require_body()
        self.require_basis()
        self.emit(
            DaysOffAdopted(
                effective_on=self.context.effective_on,
                adopted_by=body,
                year=self.params.year,
                days_off=self.params.days_off,
                worked=self.params.worked,
            )
        )
