"""The shape of a command on a task: the task, what it names of the organisation, its guards."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from functools import cache
from typing import ClassVar, TypedDict, TypeVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import (
    EVENT_TYPES,
    BodyRequired,
    Conflict,
    Context,
    Event,
    Forbidden,
    Invalid,
    NotFound,
    NotTheEntitledBody,
    Parameters,
    Refusal,
)
from domain.organisation.entitlement import BodyCommand
from domain.tasks.events import TaskEvent
from domain.tasks.proposal import IndicatorTarget, IndicatorValue, Proposal
from domain.tasks.task import (
    Answerable,
    Assigned,
    Claimed,
    Concerned,
    Decidable,
    ImpossibleHistory,
    InProgress,
    Ready,
    Registered,
    Task,
    TaskStateEvent,
    Unregistered,
    Vacant,
    concerned,
    entitled_to,
    evolve,
    state_name,
)


class TaskUnknown(NotFound):
    """There is no task {task_id}.

    Không tìm thấy việc {task_id}.
    """


class TaskNotBegun(Conflict):
    """The task {task_id} begins on {begins_on}: nothing counts from {effective_on}.

    Việc {task_id} bắt đầu từ ngày {begins_on}: không thể ghi hiệu lực từ ngày {effective_on}.
    """


class TaskNotInProgress(Conflict):
    """The task {task_id} is {state}, not in progress.

    Việc {task_id} đang ở trạng thái “{state}”, không phải đang thực hiện.
    """


class TaskNotAwaitingDecision(Conflict):
    """The task {task_id} is {state}: it awaits no decision of this kind.

    Việc {task_id} đang ở trạng thái “{state}”: không chờ quyết định loại này.
    """


class NotAnswerable(Forbidden):
    """The official {official_id} answers for the task {task_id}, not {actor}.

    Cán bộ {official_id} chịu trách nhiệm về việc {task_id}, không phải {actor}.
    """


class ResponsibleMayNotDecide(Forbidden):
    """Who answers for {task_id}, or claimed that it is done, may not decide on it: {actor}.

    Người chịu trách nhiệm hoặc báo hoàn thành việc {task_id} không được tự quyết định: {actor}.
    """


class SpanWouldBeEmpty(Conflict):
    """{official_id} answers for {task_id} since {since}: until {until} that would be no day.

    {official_id} chịu trách nhiệm về việc {task_id} từ {since}, đến {until} không đủ một ngày.
    """


class IndicatorRepeated(Invalid):
    """The indicator {code} of the task {task_id} is given twice.

    Chỉ tiêu {code} của việc {task_id} được nêu hai lần.
    """


class IndicatorUnknown(Conflict):
    """The task {task_id} has no indicator {code}.

    Việc {task_id} không có chỉ tiêu {code}.
    """


class AnsweredByAnother(Conflict):
    """On {on} the task {task_id} is with {official_id} in the post {post_id}, not with {named}.

    Ngày {on}, việc {task_id} thuộc {official_id} ở chức danh {post_id}, không phải {named}.
    """


class StatedOtherwise(Conflict):
    """Of the task {task_id} this says {stated} as `{field}`, which was recorded as {recorded}.

    Về việc {task_id}, nội dung này nêu {stated} ở `{field}`, nhưng đã ghi nhận là {recorded}.
    """


Params = TypeVar("Params", bound=Parameters)
State = TypeVar("State", bound=Task)
Kind = TypeVar("Kind", bound=TaskEvent)


class AnsweredBy(TypedDict):
    """The fields that every event has for which an official answers."""

    effective_on: date
    task_id: str
    official_id: str
    post_id: str
    unit_id: str


def require_span(task_id: str, answerable: Answerable, until: date) -> None:
    """Pass if whoever answers now has answered for a day at least by that day.

    Raises:
        SpanWouldBeEmpty.
    """
    if until <= answerable.since:
        raise SpanWouldBeEmpty(
            task_id=task_id,
            official_id=answerable.official_id,
            since=answerable.since,
            until=until,
        )


def next_number(numbers: Iterable[int]) -> int:
    """The number after the highest of these, 1 if there is none."""
    return max(numbers, default=0) + 1


class OneTask:
    """One task as it is on a day, and what both commands and the check of later events ask of it.

    Attributes:
        task_id: its id.
        task: its state.
    """

    task_id: str
    task: Task

    def lead_on(self, event: TaskEvent) -> None:
        """Lead the task from state to state.

        An event that cannot follow is passed over: what it stood on is being replaced, and the
        check of later events names it.
        """
        if isinstance(event, TaskStateEvent):
            with suppress(ImpossibleHistory):
                self.task = evolve(self.task, event)

    def known(self) -> Task:
        """The task, which some event has begun.

        Raises:
            TaskUnknown.
        """
        if isinstance(self.task, Unregistered):
            raise TaskUnknown(task_id=self.task_id)
        return self.task

    def in_progress(self) -> InProgress:
        """The task, which is being worked on.

        Raises:
            TaskUnknown, TaskNotInProgress.
        """
        task = self.known()
        if not isinstance(task, InProgress):
            raise TaskNotInProgress(task_id=self.task_id, state=state_name(task))
        return task

    def awaiting(self, state: type[State]) -> State:
        """The task, which is in the state in which this decision is due.

        Raises:
            TaskUnknown, TaskNotAwaitingDecision.
        """
        task = self.known()
        if not isinstance(task, state):
            raise TaskNotAwaitingDecision(task_id=self.task_id, state=state_name(task))
        return task

    def answered(self) -> InProgress | Claimed:
        """The task, for which an official answers, whether or not completion is claimed.

        Raises:
            TaskUnknown, TaskNotInProgress.
        """
        task = self.known()
        if not isinstance(task, InProgress | Claimed):
            raise TaskNotInProgress(task_id=self.task_id, state=state_name(task))
        return task

    def require_concerns(self, named: Concerned, on: date) -> None:
        """Pass if the task is with the official, post and unit that an event names.

        Raises:
            TaskUnknown, TaskNotInProgress, AnsweredByAnother.
        """
        task = self.known()
        if not isinstance(task, Registered | Ready | Assigned | Vacant):
            raise TaskNotInProgress(task_id=self.task_id, state=state_name(task))
        self.require_same(concerned(task), named, on)

    def require_same(self, who: Concerned, named: Concerned, on: date) -> None:
        """Pass if an event names whom the task is with, or who answers beside.

        Raises:
            AnsweredByAnother.
        """
        if named != who:
            raise AnsweredByAnother(
                on=on,
                task_id=self.task_id,
                official_id=who.official_id,
                post_id=who.post_id,
                named=named.official_id,
            )

    def require_indicators(
        self, proposal: Proposal, values: Iterable[IndicatorValue | IndicatorTarget]
    ) -> None:
        """Pass if every value or target is of an indicator of the task, each once.

        Raises:
            IndicatorUnknown, IndicatorRepeated.
        """
        known = {indicator.code for indicator in proposal.indicators}
        seen: set[str] = set()
        for value in values:
            if value.code not in known:
                raise IndicatorUnknown(task_id=self.task_id, code=value.code)
            if value.code in seen:
                raise IndicatorRepeated(task_id=self.task_id, code=value.code)
            seen.add(value.code)


@cache
def all_but_reports() -> tuple[type[Event], ...]:
    """Every type of event that may be of a task, but reports on its progress or its cases."""
    return tuple(
        event
        for event in EVENT_TYPES.values()
        if not (issubclass(event, TaskEvent) and event.IS_REPORT)
        and any(prefix == "task" for _, prefix in event.TAGGED)
    )


class TaskCommand(BodyCommand[Params], OneTask):
    """A decision about one task, which is folded up to the day of the decision."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (TaskUnknown, TaskNotBegun)
    # Whether the decision depends on what was reported.
    READS_REPORTS: ClassVar[bool] = False

    def __init__(self, context: Context, params: Params, task_id: str) -> None:
        super().__init__(context, params)
        self.task_id = task_id
        self.task: Task = Unregistered()

    def consistency_boundary(self) -> list[Selector]:
        return [
            Selector(types=self._depends_on(), tags=[f"task:{self.task_id}"]),
            *self.seeing_heirs(),
        ]

    def _depends_on(self) -> tuple[type[Event], ...]:
        """The types of the task's events that are seen; none named where all are.

        Reports leave the task as it is, and none counts from a day to come: a decision of today
        need not see them, however many there are.
        """
        of_today = self.context.effective_on >= self.context.today
        if self._reads_reports() or self.params.replaces is not None or not of_today:
            return ()
        return all_but_reports()

    def _reads_reports(self) -> bool:
        """Whether the decision depends on what was reported."""
        return self.READS_REPORTS

    def bodies(self) -> set[str]:
        """The body entitled to decide on the task, if this decision is its own."""
        if NotTheEntitledBody in self.REFUSALS and isinstance(self.task, Decidable):
            return {entitled_to(self.task)}
        return set()

    def evolve(self, event: Event) -> None:
        """Fold what leads the task from state to state; what hangs on it is its verb's to fold."""
        if not isinstance(event, TaskEvent):
            self.organisation.evolve(event)
        elif event.task_id == self.task_id:
            self.lead_on(event)

    def known(self) -> Task:
        """The task, which has begun by the day of the decision.

        Raises:
            TaskUnknown, TaskNotBegun.
        """
        if isinstance(self.task, Unregistered):
            for event in self.later:
                if isinstance(event, TaskEvent) and event.task_id == self.task_id:
                    raise TaskNotBegun(
                        task_id=self.task_id,
                        begins_on=event.effective_on,
                        effective_on=self.context.effective_on,
                    )
        return super().known()

    def own(self, kind: type[Kind]) -> list[Kind]:
        """The task's events of that kind in the order of recording: later and annulled ones too."""
        return [
            event
            for event in self.recorded
            if isinstance(event, kind) and event.task_id == self.task_id
        ]

    def answered_by(self, who: Answerable) -> AnsweredBy:
        """The shared fields of an event of this task for which that official answers."""
        return AnsweredBy(
            effective_on=self.context.effective_on,
            task_id=self.task_id,
            official_id=who.official_id,
            post_id=who.post_id,
            unit_id=who.unit_id,
        )

    def require_answerable(self, answerable: Answerable) -> None:
        """Pass if the actor is the official who answers, or a client that records for them.

        Raises:
            NotAnswerable.
        """
        acting = self.context.actor.official_id
        if acting not in {None, answerable.official_id}:
            raise NotAnswerable(
                task_id=self.task_id,
                official_id=answerable.official_id,
                actor=self.context.actor.id,
            )


BY_ENTITLED_BODY: tuple[type[Refusal], ...] = (BodyRequired, NotTheEntitledBody)
