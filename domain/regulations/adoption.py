"""Adoption: a body regulates how communes are monitored, or how cells' meetings are attended.

What is adopted counts until the next adoption. What was decided before it was recorded stays as it
was decided.
"""

from typing import Annotated, ClassVar, TypeVar

from eventsourcing.dcb.domain import Selector
from pydantic import Field, StrictInt

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
    YearlyDeadline,
)
from domain.regulations.regulations import (
    RegulatedFromThatDay,
    Regulations,
    cell_attendance_selector,
    commune_monitoring_selector,
    require_alone,
)
from domain.values import Slug

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
        body = self.require_body()
        self.require_basis()
        require_alone(self.regulations.commune_monitoring, on)
        self.emit(
            CommuneMonitoringRegulated(
                effective_on=on,
                adopted_by=body,
                communes_per_official=params.communes_per_official,
                leading_post_kinds=params.leading_post_kinds,
                programme_due=params.programme_due,
                report_due=params.report_due,
                review_due=params.review_due,
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
        self.require_basis()
        require_alone(self.regulations.cell_attendance, on)
        self.emit(
            CellAttendanceRegulated(
                effective_on=on,
                adopted_by=body,
                meetings_per_month=self.params.meetings_per_month,
                scale_points=self.params.scale_points,
            )
        )
