"""Cases: a task may be a portfolio of cases, such as 712 projects, each processed or not (B30)."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field, StrictStr

from domain.kernel import Invalid, Parameters, Refusal
from domain.tasks.command import OneTask
from domain.tasks.events import AnsweredEvent
from domain.tasks.responsibility.co_accountability import ACCOUNTABLE, AccountableCommand
from domain.values import Day, Line, Text

CaseCode = Annotated[StrictStr, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._/-]{0,39}$")]


class CaseRecorded(AnsweredEvent):
    """A case of the task, as it is from then on; a later one stands in the place of the earlier.

    `in_charge` is the unit that the case is with, as the list names it; a case without
    `processed_on` is left to be processed.
    """

    TYPE: ClassVar[str] = "task.case_recorded"
    VIETNAMESE: ClassVar[str] = "ghi nhận vụ việc"
    IS_REPORT: ClassVar[bool] = True

    code: CaseCode
    title: Line
    in_charge: Line | None
    processed_on: Day | None
    outcome: Text | None


class ProcessedAhead(Invalid):
    """The case {code} of the task {task_id} is processed on {processed_on}, after {on}.

    Vụ việc {code} của việc {task_id} được xử lý ngày {processed_on}, sau ngày {on}.
    """


def require_past(seen: OneTask, code: str, processed_on: date | None, on: date) -> None:
    """Pass if the case is processed by that day, or not yet.

    Raises:
        ProcessedAhead.
    """
    if processed_on is not None and processed_on > on:
        raise ProcessedAhead(code=code, task_id=seen.task_id, processed_on=processed_on, on=on)


class TaskCase(Parameters):
    """The case: what the list calls it, whom it is with, and when it was processed, if it was."""

    code: CaseCode
    title: Line
    in_charge: Line | None = None
    processed_on: Day | None = None
    outcome: Text | None = None


class RecordCase(AccountableCommand[TaskCase]):
    """Recorded by who answers for the task, case by case or from a file."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*ACCOUNTABLE, ProcessedAhead)

    def execute(self) -> None:
        who, params = self.accountable(self.in_progress()), self.params
        require_past(self, params.code, params.processed_on, self.context.effective_on)
        self.emit(
            CaseRecorded(
                **self.answered_by(who),
                code=params.code,
                title=params.title,
                in_charge=params.in_charge,
                processed_on=params.processed_on,
                outcome=params.outcome,
            )
        )
