"""Good practices: new models and creative ways of working, recorded to be replicated (D20)."""

from typing import ClassVar

from domain.kernel import Refusal
from domain.monitoring.events import GoodPracticeRecorded
from domain.monitoring.papers.command import BY_THE_MONITOR, OfMonitor, PaperCommand
from domain.values import Line, Text


class GoodPractice(OfMonitor):
    """What it is called, and how it works."""

    title: Line
    content: Text


class RecordGoodPractice(PaperCommand[GoodPractice]):
    """The monitor of the day records a way of working that others could take up."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = BY_THE_MONITOR

    def execute(self) -> None:
        params, span = self.params, self.span_of_day(self.params.official_id)
        self.emit(
            GoodPracticeRecorded(
                effective_on=self.context.effective_on,
                unit_id=self.unit_id,
                official_id=span.official_id,
                since=span.since,
                number=self.next_number(GoodPracticeRecorded),
                title=params.title,
                content=params.content,
            )
        )
