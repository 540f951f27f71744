"""Visits: the monitor was in the commune on a day, for an occasion (D12)."""

from typing import ClassVar

from domain.kernel import Refusal
from domain.monitoring.events import VisitRecorded
from domain.monitoring.papers.command import BY_THE_MONITOR, OfMonitor, PaperCommand
from domain.values import Slug, Text


class Visit(OfMonitor):
    """For what the monitor came, such as `party_committee_meeting`, and what was done."""

    occasion: Slug
    content: Text


class RecordVisit(PaperCommand[Visit]):
    """The monitor was in the commune on the effective day, which lies within the span.

    It may be written down later; a day may have several visits.
    """

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = BY_THE_MONITOR

    def execute(self) -> None:
        params, span = self.params, self.span_of_day(self.params.official_id)
        self.emit(
            VisitRecorded(
                effective_on=self.context.effective_on,
                unit_id=self.unit_id,
                official_id=span.official_id,
                since=span.since,
                number=self.next_number(VisitRecorded),
                occasion=params.occasion,
                content=params.content,
            )
        )
