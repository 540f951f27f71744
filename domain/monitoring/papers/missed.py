"""Missed papers: the day of a yearly paper on a commune has passed, and it was not given.

The service records it once for each paper, so that whoever follows the events hears of it.
"""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, NoReturn

from eventsourcing.dcb.domain import Selector

from domain.kernel import Conflict, Parameters, Refusal
from domain.monitoring.events import (
    AnnualReportSubmitted,
    CalendarYear,
    MonitorReviewed,
    PaperMissed,
    ProgrammeSubmitted,
    YearlyPaper,
)
from domain.monitoring.monitoring import CommuneUnmonitored, Span
from domain.monitoring.papers.command import PaperCommand
from domain.regulations.regulations import commune_monitoring_selector, days_off_selector
from domain.regulations.vocabulary_1.organising import Paper
from domain.values import Day

# As regulations call them, and by which event each is given.
REGULATED: Mapping[YearlyPaper, Paper] = {
    "programme": "monitoring_programme",
    "annual_report": "monitoring_report",
    "review": "commune_review",
}
GIVEN_BY: Mapping[
    YearlyPaper, type[ProgrammeSubmitted | AnnualReportSubmitted | MonitorReviewed]
] = {
    "programme": ProgrammeSubmitted,
    "annual_report": AnnualReportSubmitted,
    "review": MonitorReviewed,
}


class PaperNotMissing(Conflict):
    """On the commune {unit_id} no {paper} of {year} that was due on {due_on} is missing.

    Xã {unit_id} không thiếu {paper} năm {year} có hạn ngày {due_on}.
    """


class MissedPaper(Parameters):
    """Which paper of which year is missing, and since when."""

    paper: YearlyPaper
    year: CalendarYear
    due_on: Day


class RecordMissedPaper(PaperCommand[MissedPaper]):
    """The service finds that a paper is missing; what was recorded of it is left as it is."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (CommuneUnmonitored, PaperNotMissing)

    def consistency_boundary(self) -> list[Selector]:
        return [
            *super().consistency_boundary(),
            Selector(types=[PaperMissed], tags=[f"unit:{self.unit_id}"]),
            commune_monitoring_selector(),
            days_off_selector(),
        ]

    def execute(self) -> None:
        params, on = self.params, self.context.effective_on
        if params.due_on >= on or params.due_on != self._due_on():
            self._refuse()
        span = self._owing()
        if self._is_given_for(span):
            self._refuse()
        missed = PaperMissed(
            effective_on=on,
            unit_id=self.unit_id,
            official_id=span.official_id,
            since=span.since,
            paper=params.paper,
            year=params.year,
            due_on=params.due_on,
        )
        if not any(_is_same(one, missed) for one in self.recorded if isinstance(one, PaperMissed)):
            self.emit(missed)

    def _refuse(self) -> NoReturn:
        params = self.params
        raise PaperNotMissing(
            unit_id=self.unit_id, paper=params.paper, year=params.year, due_on=params.due_on
        )

    def _due_on(self) -> date | None:
        """By the regulation in force at the end of the year, or today if that is earlier."""
        year, on = self.params.year, self.context.effective_on
        rules = self.regulations.of_communes(min(on, date(year, 12, 31)))
        paper = REGULATED[self.params.paper]
        return None if rules is None else rules.due(paper, year, self.regulations.days_off)

    def _owing(self) -> Span:
        """Of whoever monitored on the day, or at the end of the year if that is earlier.

        A review is always of whoever monitored at the end of the year.

        Raises:
            CommuneUnmonitored.
        """
        last = min(self.context.effective_on, date(self.params.year, 12, 31))
        owed_on = last if self.params.paper == "review" else min(self.params.due_on, last)
        return self.monitoring.span_on(self.unit_id, owed_on)

    def _is_given_for(self, span: Span) -> bool:
        same = (span.official_id, span.since, self.params.year)
        papers = self.papers.of(GIVEN_BY[self.params.paper], self.unit_id)
        return any((one.official_id, one.since, one.year) == same for one in papers)


def _is_same(one: PaperMissed, other: PaperMissed) -> bool:
    """Whether both tell of the same paper, whenever they were recorded."""
    return one.model_copy(update={"effective_on": other.effective_on}) == other
