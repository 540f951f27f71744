"""Corrections: an earlier event of a task is to be read otherwise; the event itself stays.

A correction names the event by its ordinal among the task's own events, 1 for the first: the order
of recording within the task, later and annulled events too, which every reader of its history can
count. Whatever was recorded wrongly is replaced instead; this is for readings that are no decision.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Annotated, ClassVar

from pydantic import Field, StrictInt

from domain.kernel import Conflict, Context, Event, NotFound, Parameters, Refusal
from domain.tasks.changes import (
    CorrectedClaim,
    CorrectedProposal,
    CorrectedReport,
    Reading,
    TaskAmended,
    TaskContinued,
    TaskCorrected,
)
from domain.tasks.command import (
    BY_ENTITLED_BODY,
    IndicatorRepeated,
    IndicatorUnknown,
    NotAnswerable,
    OneTask,
    TaskCommand,
    TaskNotAwaitingDecision,
)
from domain.tasks.events import (
    CompletionClaimed,
    ProgressReported,
    TaskCommissioned,
    TaskEvent,
    TaskRegistered,
)
from domain.tasks.task import Decidable, entitled_to, state_name
from domain.values import Text

Proposing = TaskRegistered | TaskCommissioned | TaskAmended | TaskContinued
Correctable = Proposing | ProgressReported | CompletionClaimed


class EventUnknown(NotFound):
    """The task {task_id} has {count} events: there is no number {sequence}.

    Việc {task_id} có {count} sự kiện: không có sự kiện số {sequence}.
    """


class NotCorrectable(Conflict):
    """Event {sequence} of the task {task_id} is {event_type}: its {reading} cannot be corrected.

    Sự kiện số {sequence} của việc {task_id} là “{event_type}”: không thể đính chính {reading} ở đó.
    """


class EventDoesNotStand(Conflict):
    """Event {sequence} of the task {task_id} is annulled, or counts from after {on}.

    Sự kiện số {sequence} của việc {task_id} đã bị hủy bỏ ghi nhận hoặc có hiệu lực sau ngày {on}.
    """


def decidable(seen: OneTask) -> Decidable:
    """The task, which has a proposal and a body entitled to decide.

    Raises:
        TaskUnknown, TaskNotAwaitingDecision.
    """
    task = seen.known()
    if not isinstance(task, Decidable):
        raise TaskNotAwaitingDecision(task_id=seen.task_id, state=state_name(task))
    return task


def correctable(
    reading: Reading, wrong: TaskEvent, events: Sequence[TaskEvent]
) -> Correctable | None:
    """The event, if it has what the correction reads otherwise; `events` are those of its task."""
    match reading, wrong:
        case CorrectedReport(), ProgressReported():
            return wrong
        case CorrectedClaim(), CompletionClaimed():
            return wrong
        case CorrectedProposal(), _ if wrong is _in_force(events):
            return wrong
        case _:
            return None


def _in_force(events: Sequence[TaskEvent]) -> Proposing | None:
    """The event that laid down the proposal as it stands."""
    return next((event for event in reversed(events) if isinstance(event, Proposing)), None)


def require_standing(corrected: TaskCorrected, events: Sequence[TaskEvent]) -> None:
    """Pass if an event such as the one corrected stands among those of its task.

    Raises:
        EventDoesNotStand.
    """
    for event in events:
        found = correctable(corrected.reading, event, events)
        if found is not None and (found.TYPE, author(found), found.post_id, found.unit_id) == (
            corrected.corrected_type,
            corrected.official_id,
            corrected.post_id,
            corrected.unit_id,
        ):
            return
    raise EventDoesNotStand(
        sequence=corrected.sequence, task_id=corrected.task_id, on=corrected.effective_on
    )


def without_ground(
    recorded: Mapping[int, Event], annulled: Collection[int]
) -> Iterator[tuple[int, TaskCorrected, EventDoesNotStand]]:
    """The corrections that would be left without the event they name, and why they cannot stand.

    `recorded` are all events of the tasks, by position, in the order of recording.
    """
    own: dict[str, list[int]] = defaultdict(list)
    for position, event in recorded.items():
        if isinstance(event, TaskCorrected):
            named = own[event.task_id][event.sequence - 1]
            if named in annulled and position not in annulled:
                why = EventDoesNotStand(
                    sequence=event.sequence, task_id=event.task_id, on=event.effective_on
                )
                yield position, event, why
        if isinstance(event, TaskEvent):
            own[event.task_id].append(position)


def author(event: Correctable) -> str | None:
    """The official who wrote the event; None where a body did."""
    return None if isinstance(event, TaskCommissioned | TaskContinued) else event.official_id


class Correction(Parameters):
    """Which event of the task (1 for its first), how it is to be read, and why."""

    sequence: Annotated[StrictInt, Field(ge=1)]
    reading: Reading
    reason: Text


class CorrectEvent(TaskCommand[Correction]):
    """A report or a claim is corrected by its author or the body; a proposal by the body only.

    Of several proposals the one in force is corrected.
    """

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *TaskCommand.REFUSALS,
        *BY_ENTITLED_BODY,
        TaskNotAwaitingDecision,
        EventUnknown,
        EventDoesNotStand,
        NotCorrectable,
        NotAnswerable,
        IndicatorUnknown,
        IndicatorRepeated,
    )
    READS_REPORTS: ClassVar[bool] = True

    def __init__(self, context: Context, params: Correction, task_id: str) -> None:
        super().__init__(context, params, task_id)
        self.events: list[TaskEvent] = []

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        if isinstance(event, TaskEvent):
            self.events.append(event)

    def execute(self) -> None:
        params, task = self.params, decidable(self)
        wrong = self._corrected()
        self._require_author(task, wrong)
        if isinstance(params.reading, CorrectedReport):
            self.require_indicators(task.proposal, params.reading.values or ())
        self.emit(
            TaskCorrected(
                effective_on=self.context.effective_on,
                task_id=self.task_id,
                sequence=params.sequence,
                corrected_type=wrong.TYPE,
                official_id=author(wrong),
                post_id=wrong.post_id,
                unit_id=wrong.unit_id,
                decided_by=self.context.on_behalf_of,
                reading=params.reading,
                reason=params.reason,
            )
        )

    def _corrected(self) -> Correctable:
        """The event named, which has what the correction reads otherwise.

        Raises:
            EventUnknown, EventDoesNotStand, NotCorrectable.
        """
        sequence, reading, recorded = self.params.sequence, self.params.reading, self.own(TaskEvent)
        if sequence > len(recorded):
            raise EventUnknown(task_id=self.task_id, count=len(recorded), sequence=sequence)
        wrong = recorded[sequence - 1]
        if not any(event is wrong for event in self.events):
            on = self.context.effective_on
            raise EventDoesNotStand(sequence=sequence, task_id=self.task_id, on=on)
        event = correctable(reading, wrong, self.events)
        if event is None:
            raise NotCorrectable(
                sequence=sequence, task_id=self.task_id, event_type=wrong.TYPE, reading=reading.kind
            )
        return event

    def _require_author(self, task: Decidable, wrong: Correctable) -> None:
        """Pass if the body entitled corrects; or, what is no proposal, the official who wrote it.

        Raises:
            BodyRequired, NotTheEntitledBody, NotAnswerable.
        """
        if self.context.on_behalf_of is not None or isinstance(wrong, Proposing):
            self.require_entitled(entitled_to(task))
        elif self.context.actor.official_id not in {None, wrong.official_id}:
            raise NotAnswerable(
                task_id=self.task_id, official_id=wrong.official_id, actor=self.context.actor.id
            )
