"""Programmes: the monitor says what the year's monitoring is to be; a revision replaces it (D2)."""

from typing import Annotated, ClassVar

from pydantic import Field, StrictInt

from domain.kernel import Refusal
from domain.monitoring.events import CalendarYear, ProgrammeSubmitted
from domain.monitoring.papers.command import (
    OF_A_YEAR,
    OfMonitor,
    OnlyTheMonitor,
    PaperCommand,
)
from domain.monitoring.papers.papers import YearNotBegun
from domain.values import Text


class Programme(OfMonitor):
    """The programme of a year, and how many visits it plans."""

    year: CalendarYear
    content: Text
    planned_visits: Annotated[StrictInt, Field(ge=0, le=1000)] | None = None


class SubmitProgramme(PaperCommand[Programme]):
    """The monitor submits the programme of this year, the next, or late of one before.

    A deadline is no bar: whether it came late is told by whoever reads it.
    """

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        OnlyTheMonitor,
        *OF_A_YEAR,
    )

    def execute(self) -> None:
        params, on = self.params, self.context.effective_on
        if params.year > on.year + 1:
            raise YearNotBegun(year=params.year - 1, on=on)
        span = self.span_of_year(params.year, self.official_meant(params.official_id))
        self.emit(
            ProgrammeSubmitted(
                effective_on=on,
                unit_id=self.unit_id,
                official_id=span.official_id,
                since=span.since,
                year=params.year,
                revision=self.next_revision(ProgrammeSubmitted, span, params.year),
                content=params.content,
                planned_visits=params.planned_visits,
            )
        )
