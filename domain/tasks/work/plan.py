"""Plan: the official answerable lays down the steps, and may revise them (B12)."""

from typing import Annotated, ClassVar

from pydantic import Field

from domain.kernel import Parameters, Refusal
from domain.tasks.command import NotAnswerable, TaskCommand, TaskNotInProgress, next_number
from domain.tasks.events import PlanStep, PlanSubmitted
from domain.values import Day, Line, Personal, Text, Value


class NewPlanStep(Value):
    """A step of the plan: what, by when, by whom."""

    title: Line
    due_on: Day
    performed_by: Annotated[Line, Personal()]


class Plan(Parameters):
    """The steps, each with its day and who performs it."""

    summary: Text
    steps: Annotated[tuple[NewPlanStep, ...], Field(min_length=1, max_length=200)]


class SubmitPlan(TaskCommand[Plan]):
    """The plan of the task; submitted again, it is the next revision and replaces the former."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *TaskCommand.REFUSALS,
        TaskNotInProgress,
        NotAnswerable,
    )

    def execute(self) -> None:
        task = self.in_progress()
        self.require_answerable(task.answerable)
        self.emit(
            PlanSubmitted(
                **self.answered_by(task.answerable),
                revision=next_number(plan.revision for plan in self.own(PlanSubmitted)),
                summary=self.params.summary,
                steps=tuple(PlanStep(**dict(step)) for step in self.params.steps),
            )
        )
