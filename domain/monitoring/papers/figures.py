"""Reported figures: what a body's report on a year gives, held beside what the log gives."""

from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import Command, Context, Event, Forbidden, Parameters, Refusal
from domain.monitoring.events import CalendarYear, FigureReported, Measure
from domain.monitoring.papers.papers import YearNotBegun
from domain.organisation.organisation import Organisation, UnitNotOpen, UnitUnknown
from domain.organisation.selectors import unit_selector
from domain.values import Quantity


class NotTheReportingBody(Forbidden):
    """The figure is reported by {unit_id}, not by {on_behalf_of}.

    Số liệu do {unit_id} báo cáo, không phải {on_behalf_of}.
    """


class Figure(Parameters):
    """The figure as it was reported, with the decimals it was reported with; shares in percent."""

    year: CalendarYear
    measure: Measure
    reported: Quantity


class ReportFigure(Command[Figure]):
    """The body reports a figure of a year; its last one of a kind counts."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        UnitUnknown,
        UnitNotOpen,
        NotTheReportingBody,
        YearNotBegun,
    )

    def __init__(self, context: Context, params: Figure, unit_id: str) -> None:
        super().__init__(context, params)
        self.unit_id = unit_id
        self.organisation = Organisation()

    def consistency_boundary(self) -> list[Selector]:
        figures = Selector(types=[FigureReported], tags=[f"unit:{self.unit_id}"])
        return [unit_selector(self.unit_id), figures]

    def evolve(self, event: Event) -> None:
        self.organisation.evolve(event)

    def execute(self) -> None:
        params, on = self.params, self.context.effective_on
        self.organisation.open_unit(self.unit_id, on)
        body = self.context.on_behalf_of
        if body not in {None, self.unit_id}:
            raise NotTheReportingBody(unit_id=self.unit_id, on_behalf_of=body)
        if params.year > on.year:
            raise YearNotBegun(year=params.year, on=on)
        self.emit(
            FigureReported(
                effective_on=on,
                unit_id=self.unit_id,
                year=params.year,
                measure=params.measure,
                reported=params.reported,
            )
        )
