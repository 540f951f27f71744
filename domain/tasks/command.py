"""The shape of a command on a task: the task, what it names of the organisation, its guards."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, TypedDict, TypeVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import (
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
    Claimed,
    Decidable,
    InProgress,
    Task,
    TaskStateEvent,
    Unregistered,
    entitled_to,
    evolve,
    state_name,
)


class TaskUnknown(NotFound):
    """There is no task {task_id}.

    Không có việc {task_id}.
    """


class TaskNotInProgress(Conflict):
    """The task {task_id} is {state}, not in progress.

    Việc {task_id} đang ở trạng thái {state}, không phải đang thực hiện.
    """


class TaskNotAwaitingDecision(Conflict):
    """The task {task_id} is {state}: it awaits no decision of this kind.

    Việc {task_id} đang ở trạng thái {state}: không chờ quyết định loại này.
    """


class BeforeLastEvent(Conflict):
    """The task {task_id} has a later event, of {latest_on}: nothing can count from {effective_on}.

    Việc {task_id} đã có sự kiện ngày {latest_on}: không thể ghi hiệu lực từ ngày {effective_on}.
    """


class NotAnswerable(Forbidden):
    """The official {official_id} answers for the task, not {actor}.

    Cán bộ {official_id} chịu trách nhiệm về việc này, không phải {actor}.
    """


class ResponsibleMayNotDecide(Forbidden):
    """Who answers for the task or claimed its completion may not decide on it: {actor}.

    Người chịu trách nhiệm hoặc báo hoàn thành việc không được tự quyết định: {actor}.
    """


class SpanWouldBeEmpty(Conflict):
    """The official {official_id} answers since {since} and would answer for no day until {until}.

    Cán bộ {official_id} chịu trách nhiệm từ {since}, đến {until} thì chưa được ngày nào.
    """


class IndicatorRepeated(Invalid):
    """The indicator {code} is given twice.

    Chỉ tiêu {code} được nêu hai lần.
    """


class IndicatorUnknown(Conflict):
    """The task {task_id} has no indicator {code}.

    Việc {task_id} không có chỉ tiêu {code}.
    """


Params = TypeVar("Params", bound=Parameters)
State = TypeVar("State", bound=Task)


class AnsweredBy(TypedDict):
    """The fields that every event has for which an official answers."""

    effective_on: date
    task_id: str
    official_id: str
    post_id: str
    unit_id: str


class TaskCommand(BodyCommand[Params]):
    """A decision about one task. `decide` finds it folded, and not before its last event."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (TaskUnknown, BeforeLastEvent)

    def __init__(self, context: Context, params: Params, task_id: str) -> None:
        super().__init__(context, params)
        self.task_id = task_id
        self.task: Task = Unregistered()
        self.latest_on = date.min

    def consistency_boundary(self) -> list[Selector]:
        return [Selector(tags=[f"task:{self.task_id}"]), *self.seeing_heirs()]

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
            self.latest_on = max(self.latest_on, event.effective_on)
            if isinstance(event, TaskStateEvent):
                self.task = evolve(self.task, event)

    def execute(self) -> None:
        on = self.context.effective_on
        if on < self.latest_on:
            raise BeforeLastEvent(task_id=self.task_id, latest_on=self.latest_on, effective_on=on)
        self.decide()

    def decide(self) -> None:
        """Guards, then what happens."""
        raise NotImplementedError

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
            raise NotAnswerable(official_id=answerable.official_id, actor=self.context.actor.id)

    def require_span(self, answerable: Answerable) -> None:
        """Pass if whoever answers now has answered for a day at least by the effective day.

        Raises:
            SpanWouldBeEmpty.
        """
        on = self.context.effective_on
        if on <= answerable.since:
            raise SpanWouldBeEmpty(
                official_id=answerable.official_id, since=answerable.since, until=on
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
                raise IndicatorRepeated(code=value.code)
            seen.add(value.code)


BY_ENTITLED_BODY: tuple[type[Refusal], ...] = (BodyRequired, NotTheEntitledBody)
