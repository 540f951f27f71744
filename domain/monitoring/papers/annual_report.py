"""Annual reports: the monitor reports on the year; a later revision replaces it (D11)."""

from typing import ClassVar

from domain.kernel import Refusal
from domain.monitoring.events import AnnualReportSubmitted, CalendarYear
from domain.monitoring.papers.command import (
    OF_A_YEAR,
    OfMonitor,
    OnlyTheMonitor,
    PaperCommand,
)
from domain.values import Text


class AnnualReport(OfMonitor):
    """What the monitor reports on a year."""

    year: CalendarYear
    content: Text


class SubmitAnnualReport(PaperCommand[AnnualReport]):
    """The monitor reports on a year that has begun, also after the span has ended.

    A deadline is no bar: whether it came late is told by whoever reads it.
    """

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        OnlyTheMonitor,
        *OF_A_YEAR,
    )

    def execute(self) -> None:
        params, on = self.params, self.context.effective_on
        self.require_begun(params.year)
        span = self.span_of_year(params.year, self.official_meant(params.official_id))
        self.emit(
            AnnualReportSubmitted(
                effective_on=on,
                unit_id=self.unit_id,
                official_id=span.official_id,
                since=span.since,
                year=params.year,
                revision=self.next_revision(AnnualReportSubmitted, span, params.year),
                content=params.content,
            )
        )
