"""Progress: an official who answers for the task reports how far it is (B23, B24)."""

from typing import Annotated, ClassVar

from pydantic import Field

from domain.kernel import Parameters, Refusal
from domain.tasks.command import IndicatorRepeated, IndicatorUnknown
from domain.tasks.events import ProgressReported
from domain.tasks.proposal import Evidence, IndicatorValue
from domain.tasks.responsibility.co_accountability import ACCOUNTABLE, AccountableCommand
from domain.values import Percent, Text


class ProgressReport(Parameters):
    """What is reported: a narrative, and where known the share done, values and evidence."""

    narrative: Text
    share_percent: Percent | None = None
    values: Annotated[tuple[IndicatorValue, ...], Field(max_length=50)] = ()
    evidence: Annotated[tuple[Evidence, ...], Field(max_length=100)] = ()


class ReportProgress(AccountableCommand[ProgressReport]):
    """A report on the task as of the effective day, by the lead or a co-accountable official."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *ACCOUNTABLE,
        IndicatorUnknown,
        IndicatorRepeated,
    )

    def execute(self) -> None:
        task, params = self.in_progress(), self.params
        who = self.accountable(task)
        self.require_indicators(task.proposal, params.values)
        self.emit(
            ProgressReported(
                **self.answered_by(who),
                narrative=params.narrative,
                share_percent=params.share_percent,
                values=params.values,
                evidence=params.evidence,
            )
        )
