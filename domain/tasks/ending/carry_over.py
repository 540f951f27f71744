"""Carry-over: what is unfinished at the end of a term goes on as a task of the next (B28)."""

from decimal import Decimal
from typing import ClassVar, Self

from pydantic import model_validator

from domain.kernel import Conflict, Context, DocumentRequired, Event, Invalid, Parameters, Refusal
from domain.tasks.changes import CorrectedReport, TaskCarriedOver, TaskCorrected
from domain.tasks.command import SpanWouldBeEmpty, TaskNotInProgress
from domain.tasks.ending.continuation import Continuation
from domain.tasks.events import CompletionClaimed, ProgressReported, TaskEvent
from domain.tasks.proposal import Indicators, IndicatorValue, Proposal, Roadmap
from domain.tasks.task import InProgress, Vacant, state_name
from domain.tasks.term import Term
from domain.tasks.work.results import PartialResultRecorded
from domain.values import Day, Misstated, OfficialId, TaskId, Text


class TermNotLater(Invalid):
    """The new term begins on {new_from}, not after the old one, which began on {old_from}.

    Kỳ mới bắt đầu ngày {new_from}: phải sau kỳ cũ, bắt đầu ngày {old_from}.
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
            raise Misstated(
                f"due_on {self.due_on} is before the term, {self.term.first_day}",
                f"thời hạn {self.due_on} ở trước kỳ hạn, {self.term.first_day}",
            )
        return self


class Readings:
    """The values reported of a task's indicators, as they read after every correction."""

    def __init__(self) -> None:
        self._count = 0
        self._values: dict[int, tuple[IndicatorValue, ...]] = {}

    def evolve(self, event: TaskEvent) -> None:
        self._count += 1
        match event:
            case ProgressReported() | PartialResultRecorded() | CompletionClaimed():
                self._values[self._count] = event.values
            case TaskCorrected(reading=CorrectedReport(values=tuple() as values)):
                self._values[event.sequence] = values
            case _:
                pass

    def latest(self) -> dict[str, Decimal]:
        """The last value of every indicator reported on, by code."""
        return {
            value.code: value.actual
            for _, values in sorted(self._values.items())
            for value in values
        }


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

    def __init__(
        self, context: Context, params: CarryingOver, task_id: str, new_task_id: str
    ) -> None:
        super().__init__(context, params, task_id, new_task_id)
        self.readings = Readings()

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        if isinstance(event, TaskEvent) and event.task_id == self.task_id:
            self.readings.evolve(event)

    def decide(self) -> None:
        task, params = self.known(), self.params
        if not isinstance(task, InProgress | Vacant):
            raise TaskNotInProgress(task_id=self.task_id, state=state_name(task))
        body = self.require_entitled(task.assigned_by)
        self.require_basis()
        self.require_new()
        old_from, new_from = task.proposal.term.first_day, params.term.first_day
        if new_from <= old_from:
            raise TermNotLater(new_from=new_from, old_from=old_from)
        if isinstance(task, InProgress):
            self.require_span(task.answerable)
        who = task.answerable if isinstance(task, InProgress) else task.last
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
                official_id=who.official_id if isinstance(task, InProgress) else None,
                post_id=who.post_id,
                unit_id=who.unit_id,
                to_task=self.new_task_id,
                reason=params.reason,
            )
        )

    def _proposal(self, task: InProgress | Vacant) -> Proposal:
        """What is left to do in the new term; the first deadline of all is kept."""
        old, params = task.proposal, self.params
        reached = self.readings.latest()
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
