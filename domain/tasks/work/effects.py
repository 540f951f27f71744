"""Effects: what a task brought about beyond its targets: effects, lessons, models (B25)."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from domain.kernel import Parameters, Refusal
from domain.tasks.command import NotAnswerable, OneTask, TaskCommand, TaskNotInProgress
from domain.tasks.events import AnsweredEvent
from domain.tasks.proposal import Evidence
from domain.tasks.task import Assigned, state_name
from domain.values import Line, Text


class EffectKind(StrEnum):
    """An effect seen, a lesson drawn, or a model for others to replicate."""

    EFFECT = "effect"
    LESSON = "lesson"
    MODEL = "model"


class EffectRecorded(AnsweredEvent):
    """An effect, a lesson or a model, and what shows it."""

    TYPE: ClassVar[str] = "task.effect_recorded"
    VIETNAMESE: ClassVar[str] = "ghi nhận hiệu quả, kinh nghiệm"

    kind: EffectKind
    title: Line
    description: Text
    evidence: tuple[Evidence, ...]


def assigned(seen: OneTask) -> Assigned:
    """The task, for which an official answers, or answered when it was completed.

    Raises:
        TaskUnknown, TaskNotInProgress.
    """
    task = seen.known()
    if not isinstance(task, Assigned):
        raise TaskNotInProgress(task_id=seen.task_id, state=state_name(task))
    return task


class Effect(Parameters):
    """What came of the task, with evidence."""

    kind: EffectKind
    title: Line
    description: Text
    evidence: Annotated[tuple[Evidence, ...], Field(min_length=1, max_length=100)]


class RecordEffect(TaskCommand[Effect]):
    """Recorded by who answers for the task, or answered for it when it was completed."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *TaskCommand.REFUSALS,
        TaskNotInProgress,
        NotAnswerable,
    )

    def execute(self) -> None:
        task, params = assigned(self), self.params
        self.require_answerable(task.answerable)
        self.emit(
            EffectRecorded(
                **self.answered_by(task.answerable),
                kind=params.kind,
                title=params.title,
                description=params.description,
                evidence=params.evidence,
            )
        )
