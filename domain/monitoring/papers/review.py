"""Reviews: the commune's committee gives its year-end form on the monitor, once a year (D13)."""

from typing import ClassVar

from domain.kernel import Parameters, Refusal
from domain.monitoring.events import CalendarYear, Level, MonitorReviewed
from domain.monitoring.papers.command import BY_THE_COMMUNE, OF_A_YEAR, CommunePaper
from domain.monitoring.papers.papers import ReviewedAlready
from domain.values import OfficialId, Text


class Review(Parameters):
    """The year's form: the level of completion and the remarks.

    `official_id` is whoever monitored at the end of the year if left out.
    """

    official_id: OfficialId | None = None
    year: CalendarYear
    level: Level
    remarks: Text


class ReviewMonitor(CommunePaper[Review]):
    """The commune or its Party committee reviews the monitor of a year that has begun."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*BY_THE_COMMUNE, *OF_A_YEAR, ReviewedAlready)

    def execute(self) -> None:
        params = self.params
        body = self.require_commune()
        self.require_begun(params.year)
        span = self.span_of_year(params.year, params.official_id)
        self.papers.require_unreviewed(self.unit_id, span.official_id, span.since, params.year)
        self.emit(
            MonitorReviewed(
                effective_on=self.context.effective_on,
                unit_id=self.unit_id,
                official_id=span.official_id,
                since=span.since,
                year=params.year,
                level=params.level,
                remarks=params.remarks,
                reviewed_by=body,
            )
        )
