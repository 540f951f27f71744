"""Scoring: the body that assigned a completed task scores it; re-scoring adds, never replaces."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import Field

from domain.kernel import Forbidden, Invalid, Parameters, Refusal
from domain.tasks.command import (
    BY_ENTITLED_BODY,
    TaskCommand,
    TaskNotAwaitingDecision,
    next_number,
)
from domain.tasks.events import CriterionScore, TaskScored
from domain.tasks.task import Completed
from domain.values import Text


class MayNotScoreOwnTask(Forbidden):
    """Who answered for the task {task_id} may not score it: {actor}.

    Người chịu trách nhiệm về việc {task_id} không được tự chấm điểm: {actor}.
    """


class ReasonForRescore(Invalid):
    """The task {task_id} was scored before: a new score needs its `reason`.

    Việc {task_id} đã được chấm điểm: chấm lại phải nêu lý do trong `reason`.
    """


class CriterionRepeated(Invalid):
    """The criterion “{criterion}” of the task {task_id} is scored twice.

    Tiêu chí “{criterion}” của việc {task_id} được chấm điểm hai lần.
    """


def require_each_once(task_id: str, criteria: Sequence[CriterionScore]) -> None:
    """Pass if no criterion is scored twice, however its words are spaced and capitalised.

    Raises:
        CriterionRepeated.
    """
    seen: set[str] = set()
    for one in criteria:
        name = " ".join(one.criterion.casefold().split())
        if name in seen:
            raise CriterionRepeated(task_id=task_id, criterion=one.criterion)
        seen.add(name)


def require_reason(task_id: str, task: Completed, reason: str | None) -> None:
    """Pass if the task was not scored before, or it is said why it is scored again.

    Raises:
        ReasonForRescore.
    """
    if task.score_revision and reason is None:
        raise ReasonForRescore(task_id=task_id)


class Score(Parameters):
    """Points by criterion; `reason` says why a task is scored again."""

    criteria: Annotated[tuple[CriterionScore, ...], Field(min_length=1, max_length=20)]
    reason: Text | None = None


class ScoreTask(TaskCommand[Score]):
    """Points for a completed task, the sum of those for its criteria."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *TaskCommand.REFUSALS,
        *BY_ENTITLED_BODY,
        TaskNotAwaitingDecision,
        MayNotScoreOwnTask,
        ReasonForRescore,
        CriterionRepeated,
    )

    def execute(self) -> None:
        task, params = self.awaiting(Completed), self.params
        body = self.require_entitled(task.assigned_by)
        if self.context.actor.official_id == task.answerable.official_id:
            raise MayNotScoreOwnTask(task_id=self.task_id, actor=self.context.actor.id)
        require_reason(self.task_id, task, params.reason)
        require_each_once(self.task_id, params.criteria)
        self.emit(
            TaskScored(
                **self.answered_by(task.answerable),
                scored_by=body,
                revision=next_number(scored.revision for scored in self.own(TaskScored)),
                criteria=params.criteria,
                score_points=sum((c.points for c in params.criteria), Decimal(0)),
                max_points=sum((c.max_points for c in params.criteria), Decimal(0)),
                reason=params.reason,
            )
        )
