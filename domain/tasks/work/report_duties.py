"""Reports due: the body asks for periodic reports on a task (B23, B31, C9).

When a report is due is data, not code: monthly on the 25th, quarterly ten days after the quarter …
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import Field, StrictInt, model_validator

from domain.kernel import Parameters, Refusal
from domain.schemas import never, where
from domain.tasks.command import BY_ENTITLED_BODY, TaskCommand, TaskNotInProgress
from domain.tasks.events import AnsweredEvent
from domain.values import Misstated, UnitId, Value

MONTHS_OF_YEAR = 12


class Cadence(StrEnum):
    """What stretch of time one report is about."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


MONTHS = {Cadence.MONTHLY: 1, Cadence.QUARTERLY: 3, Cadence.YEARLY: 12}


class ReportDuty(Value):
    """One report for each month, quarter or year.

    It is due on `day` of the month that is `months_after` the last month of its period: 0 that
    month itself, 1 the next, -1 the one before. A month without that day has it on its last.
    """

    model_config = never(
        where(cadence={"const": "monthly"}, months_after={"maximum": -1}),
        where(cadence={"const": "quarterly"}, months_after={"maximum": -3}),
    )

    cadence: Cadence
    day: Annotated[StrictInt, Field(ge=1, le=31)]
    months_after: Annotated[StrictInt, Field(ge=-11, le=12)] = 0

    @model_validator(mode="after")
    def _is_not_due_before_its_period(self) -> Self:
        if self.months_after <= -MONTHS[self.cadence]:
            raise Misstated(
                "a report cannot be due before its period begins",
                "hạn báo cáo không thể ở trước ngày đầu kỳ báo cáo",
            )
        return self


@dataclass(frozen=True, slots=True)
class Obligation:
    """A report that is due: `period` is `2021-05`, `2021-Q2` or `2021`."""

    period: str
    due_on: date


def obligations(duty: ReportDuty, from_on: date, to_on: date) -> Iterator[Obligation]:
    """The reports due from `from_on` to `to_on`, both included, in the order of their days."""
    first, last = _month(from_on) - duty.months_after, _month(to_on) - duty.months_after
    for month in range(first, last + 1):
        if (month + 1) % MONTHS[duty.cadence]:
            continue
        due_on = _day_of(month + duty.months_after, duty.day)
        if from_on <= due_on <= to_on:
            yield Obligation(_label(duty.cadence, month), due_on)


def _month(day: date) -> int:
    """Months since January of the year 0; so December, March … end a year, a quarter."""
    return day.year * MONTHS_OF_YEAR + day.month - 1


def _day_of(month: int, day: int) -> date:
    year, index = divmod(month, MONTHS_OF_YEAR)
    return date(year, index + 1, min(day, monthrange(year, index + 1)[1]))


def _label(cadence: Cadence, month: int) -> str:
    year, index = divmod(month, MONTHS_OF_YEAR)
    match cadence:
        case Cadence.MONTHLY:
            return f"{year}-{index + 1:02d}"
        case Cadence.QUARTERLY:
            return f"{year}-Q{index // MONTHS[cadence] + 1}"
        case Cadence.YEARLY:
            return f"{year}"


class ReportDutySet(AnsweredEvent):
    """From `effective_on` reports are due by this rule, and by no former one; None ends it."""

    TYPE: ClassVar[str] = "task.report_duty_set"
    VIETNAMESE: ClassVar[str] = "quy định chế độ báo cáo"

    set_by: UnitId
    duty: ReportDuty | None


class DutyToReport(Parameters):
    """When reports are due; None if none is due any more."""

    duty: ReportDuty | None


class SetReportDuty(TaskCommand[DutyToReport]):
    """The body that assigned the task asks for reports, from the day of assignment or later."""

    AHEAD: ClassVar[bool] = True

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *TaskCommand.REFUSALS,
        *BY_ENTITLED_BODY,
        TaskNotInProgress,
    )

    def execute(self) -> None:
        task = self.answered()
        body = self.require_entitled(task.assigned_by)
        self.emit(
            ReportDutySet(**self.answered_by(task.answerable), set_by=body, duty=self.params.duty)
        )
