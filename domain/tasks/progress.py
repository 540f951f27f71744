"""Progress: the official answerable reports how far the task is (B23, B24)."""

from typing import Annotated, ClassVar

from pydantic import Field

from domain.kernel import Parameters, Refusal
from domain.tasks.command import (
    IndicatorRepeated,
    IndicatorUnknown,
    NotAnswerable,
    TaskCommand,
    TaskNotInProgress,
)
from domain.tasks.events import ProgressReported
from domain.tasks.proposal import Evidence, IndicatorValue
from domain.values import Percent, Text


class ProgressReport(Parameters):
    """What is reported: a narrative, and where known the share done, values and evidence."""

    narrative: Text
    share_percent: Percent | None = None
    values: Annotated[tuple[IndicatorValue, ...], Field(max_length=50)] = ()
    evidence: Annotated[tuple[Evidence, ...], Field(max_length=100)] = ()


class ReportProgress(TaskCommand[ProgressReport]):
    """A report on the task as of the effective day."""

    PARAMETERS: ClassVar[type[Parameters]] = ProgressReport
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *TaskCommand.REFUSALS,
        TaskNotInProgress,
        NotAnswerable,
        IndicatorUnknown,
        IndicatorRepeated,
    )

    def decide(self) -> None:
        task, said = self.in_progress(), self.said
        self.require_answerable(task.answerable)
        self.require_indicators(task.proposal, said.values)
        self.emit(
            ProgressReported(
                **self.answered_by(task.answerable),
                narrative=said.narrative,
                share_percent=said.share_percent,
                values=said.values,
                evidence=said.evidence,
            )
        )
