"""Carry-over: what is unfinished at the end of a term goes on as a task of the next (B28)."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import ClassVar, Self

from pydantic import model_validator

from domain.kernel import Conflict, Context, DocumentRequired, Event, Invalid, Parameters, Refusal
from domain.tasks.changes import CorrectedReport, TaskCarriedOver, TaskCorrected
from domain.tasks.command import OneTask, SpanWouldBeEmpty, TaskNotInProgress, require_span
from domain.tasks.ending.continuation import Continuation
from domain.tasks.events import CompletionClaimed, ProgressReported, TaskEvent
from domain.tasks.proposal import Indicators, IndicatorValue, Proposal, Roadmap
from domain.tasks.task import InProgress, Vacant, concerned, state_name
from domain.tasks.term import Term
from domain.tasks.work.results import PartialResultRecorded
from domain.values import Day, Impossible, OfficialId, TaskId, Text


class TermNotLater(Invalid):
    """The new term of {task_id} begins on {new_from}: it must be after the old one, of {old_from}.

    Kỳ mới của việc {task_id} bắt đầu ngày {new_from}: phải sau kỳ cũ, bắt đầu ngày {old_from}.
    """


class NothingRemains(Conflict):
    """Every indicator of the task {task_id} has reached its target: name the new `indicators`.

    Mọi chỉ tiêu của việc {task_id} đã đạt: cần nêu chỉ tiêu mới trong `indicators`.
    """


class CarryingOver(Parameters):
    """The term in which the task goes on; `new_task_id` is made if left out.

    Without `indicators` those go on whose last reported value falls short of the target, with the
    same targets. Without `roadmap` the old one goes on; without `due_on` the term's last day is
    the deadline. `official_id` names the holder where several hold the post.
    """

    new_task_id: TaskId | None = None
    term: Term
    indicators: Indicators | None = None
    roadmap: Roadmap | None = None
    due_on: Day | None = None
    official_id: OfficialId | None = None
    reason: Text

    @model_validator(mode="after")
    def _is_due_within_the_term(self) -> Self:
        if self.due_on is not None and self.due_on < self.term.first_day:
            raise Impossible(
                f"due_on {self.due_on} is before the term, {self.term.first_day}",
                f"thời hạn {self.due_on:%d/%m/%Y} ở trước kỳ, từ {self.term.first_day:%d/%m/%Y}",
            )
        return self


def unfinished(seen: OneTask) -> InProgress | Vacant:
    """The task, which goes on and of which no completion is claimed.

    Raises:
        TaskUnknown, TaskNotInProgress.
    """
    task = seen.known()
    if not isinstance(task, InProgress | Vacant):
        raise TaskNotInProgress(task_id=seen.task_id, state=state_name(task))
    return task


def latest_values(events: Iterable[TaskEvent], recorded: Sequence[TaskEvent]) -> dict[str, Decimal]:
    """The last value of every indicator reported on, by code, after every correction.

    `events` are those of the task in their order, `recorded` all of them in the order of recording:
    by its place there a correction names what it corrects.
    """
    read: dict[int, tuple[IndicatorValue, ...]] = {}
    for event in events:
        match event:
            case ProgressReported() | PartialResultRecorded() | CompletionClaimed():
                read[id(event)] = event.values
            case TaskCorrected(reading=CorrectedReport(values=tuple() as values)):
                corrected = id(recorded[event.sequence - 1])
                if corrected in read:
                    read[corrected] = values
            case _:
                pass
    return {value.code: value.actual for values in read.values() for value in values}


class CarryOver(Continuation[CarryingOver]):
    """The old task ends unfinished and a new one begins, assigned from the effective day.

    A task is carried over once; a claim of completion is decided on first.
    """

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *Continuation.REFUSALS,
        TaskNotInProgress,
        DocumentRequired,
        TermNotLater,
        NothingRemains,
        SpanWouldBeEmpty,
    )
    READS_REPORTS: ClassVar[bool] = True

    def __init__(
        self, context: Context, params: CarryingOver, task_id: str, new_task_id: str
    ) -> None:
        super().__init__(context, params, task_id, new_task_id)
        self.events: list[TaskEvent] = []

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        if isinstance(event, TaskEvent) and event.task_id == self.task_id:
            self.events.append(event)

    def execute(self) -> None:
        task, params = unfinished(self), self.params
        body = self.require_entitled(task.assigned_by)
        self.require_basis()
        self.require_new()
        old_from, new_from = task.proposal.term.first_day, params.term.first_day
        if new_from <= old_from:
            raise TermNotLater(task_id=self.task_id, new_from=new_from, old_from=old_from)
        if isinstance(task, InProgress):
            require_span(self.task_id, task.answerable, self.context.effective_on)
        who = task.answerable if isinstance(task, InProgress) else task.last
        official_id, post_id, unit_id = concerned(task)
        begun = self.begun(
            "carried_from", self._proposal(task), self.heir(who, params.official_id), body
        )
        for event in begun:
            self.emit(event)
        self.emit(
            TaskCarriedOver(
                effective_on=self.context.effective_on,
                task_id=self.task_id,
                carried_by=body,
                official_id=official_id,
                post_id=post_id,
                unit_id=unit_id,
                to_task=self.new_task_id,
                reason=params.reason,
            )
        )

    def _proposal(self, task: InProgress | Vacant) -> Proposal:
        """What is left to do in the new term; the first deadline of all is kept."""
        old, params = task.proposal, self.params
        reached = latest_values(self.events, self.own(TaskEvent))
        remaining = tuple(
            indicator
            for indicator in old.indicators
            if indicator.code not in reached or reached[indicator.code] < indicator.target
        )
        indicators = params.indicators or remaining
        if not indicators:
            raise NothingRemains(task_id=self.task_id)
        return old.model_copy(
            update={
                "term": params.term,
                "indicators": indicators,
                "roadmap": params.roadmap or old.roadmap,
                "due_on": params.due_on,
                "original_due_on": old.original_due_on or task.due_on,
            }
        )
