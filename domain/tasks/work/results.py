"""Results: what a task has brought so far, which is not yet its completion (B27)."""

from typing import Annotated, ClassVar

from pydantic import Field

from domain.kernel import Parameters, Refusal
from domain.tasks.command import IndicatorRepeated, IndicatorUnknown
from domain.tasks.events import AnsweredEvent
from domain.tasks.proposal import Evidence, IndicatorValue
from domain.tasks.responsibility.co_accountability import ACCOUNTABLE, AccountableCommand
from domain.values import Text


class PartialResultRecorded(AnsweredEvent):
    """A result short of completion, the values reached, and the evidence."""

    TYPE: ClassVar[str] = "task.partial_result_recorded"
    VIETNAMESE: ClassVar[str] = "ghi nhận kết quả một phần"

    summary: Text
    values: tuple[IndicatorValue, ...]
    evidence: tuple[Evidence, ...]


class PartialResult(Parameters):
    """The result, the values reached, and the evidence for it."""

    summary: Text
    values: Annotated[tuple[IndicatorValue, ...], Field(max_length=50)] = ()
    evidence: Annotated[tuple[Evidence, ...], Field(max_length=100)] = ()


class RecordPartialResult(AccountableCommand[PartialResult]):
    """The task has a result as of the effective day, and goes on."""

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
            PartialResultRecorded(
                **self.answered_by(who),
                summary=params.summary,
                values=params.values,
                evidence=params.evidence,
            )
        )
