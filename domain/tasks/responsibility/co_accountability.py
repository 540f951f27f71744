"""Co-accountability: several officials answer for one target set, beside the one who leads (B9).

They stay when the lead is handed over or transferred, and answer until the task ends. Who comes to
lead the task answers as the lead from that day, and no longer beside it.
"""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, TypeVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import Conflict, Context, DocumentRequired, Event, Parameters, Refusal
from domain.organisation.organisation import (
    HolderNotNamed,
    NotThePostHolder,
    PostNotOpen,
    PostUnknown,
    PostVacant,
)
from domain.organisation.selectors import post_selector
from domain.tasks.command import (
    BY_ENTITLED_BODY,
    NotAnswerable,
    SpanWouldBeEmpty,
    TaskCommand,
    TaskNotInProgress,
    require_span,
)
from domain.tasks.events import AnsweredEvent, TaskEvent
from domain.tasks.leadership import Lead, lead_after
from domain.tasks.responsibility.handover import AlreadyAnswers
from domain.tasks.task import Answerable, Assigned, InProgress, Vacant, concerned
from domain.values import OfficialId, PostId, Text, UnitId

Params = TypeVar("Params", bound=Parameters)


class CoAccountableAdded(AnsweredEvent):
    """`official_id`, in that post, answers beside the lead from `effective_on`."""

    TYPE: ClassVar[str] = "task.co_accountable_added"
    VIETNAMESE: ClassVar[str] = "thêm người cùng chịu trách nhiệm"

    added_by: UnitId


class CoAccountableReleased(AnsweredEvent):
    """`official_id` answers beside the lead no longer from `effective_on`."""

    TYPE: ClassVar[str] = "task.co_accountable_released"
    VIETNAMESE: ClassVar[str] = "thôi cùng chịu trách nhiệm"

    released_by: UnitId
    reason: Text


class CoAccountabilityHandedOver(TaskEvent):
    """The successor in the post answers beside the lead from `effective_on`."""

    TYPE: ClassVar[str] = "task.co_accountability_handed_over"
    VIETNAMESE: ClassVar[str] = "bàn giao trách nhiệm chung"

    from_official: OfficialId
    to_official: OfficialId
    post_id: PostId
    unit_id: UnitId
    decided_by: UnitId
    state_summary: Text


class NotCoAccountable(Conflict):
    """The official {official_id} does not answer for the task {task_id} beside its lead.

    Cán bộ {official_id} không cùng chịu trách nhiệm về việc {task_id}.
    """


class CoAccountables:
    """Who answers for a task beside its lead, by official, as far as seen."""

    def __init__(self) -> None:
        self._by_official: dict[str, Answerable] = {}

    @property
    def by_official(self) -> Mapping[str, Answerable]:
        return self._by_official

    def require_beside(self, task_id: str, official_id: str, until: date) -> Answerable:
        """The official, who has answered beside the lead for a day at least by that day.

        Raises:
            NotCoAccountable, SpanWouldBeEmpty.
        """
        if official_id not in self._by_official:
            raise NotCoAccountable(official_id=official_id, task_id=task_id)
        who = self._by_official[official_id]
        require_span(task_id, who, until)
        return who

    def require_another(self, task_id: str, task: Assigned | Vacant, official_id: str) -> None:
        """Pass if the official answers for the task neither as its lead nor beside.

        Raises:
            AlreadyAnswers.
        """
        if official_id == concerned(task).official_id or official_id in self._by_official:
            raise AlreadyAnswers(task_id=task_id, official_id=official_id)

    def evolve(self, event: Event) -> None:
        if not isinstance(event, TaskEvent):
            return
        lead = lead_after(event)
        if isinstance(lead, Lead):
            self._by_official.pop(lead.official_id, None)
        match event:
            case CoAccountableAdded():
                self._add(event.official_id, event)
            case CoAccountableReleased():
                self._by_official.pop(event.official_id, None)
            case CoAccountabilityHandedOver():
                self._by_official.pop(event.from_official, None)
                self._add(event.to_official, event)
            case _:
                pass

    def _add(
        self, official_id: str, event: CoAccountableAdded | CoAccountabilityHandedOver
    ) -> None:
        self._by_official[official_id] = Answerable(
            official_id, event.post_id, event.unit_id, event.effective_on
        )


class AccountableCommand(TaskCommand[Params]):
    """A command that sees who answers for the task, leading it or beside."""

    def __init__(self, context: Context, params: Params, task_id: str) -> None:
        super().__init__(context, params, task_id)
        self.beside = CoAccountables()

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        self.beside.evolve(event)

    def accountable(self, task: InProgress) -> Answerable:
        """For whom the actor speaks: a co-accountable official who acts, else the lead.

        Raises:
            NotAnswerable: the actor is an official who is neither.
        """
        acting = self.context.actor.official_id
        if acting is not None and acting in self.beside.by_official:
            return self.beside.by_official[acting]
        self.require_answerable(task.answerable)
        return task.answerable


ACCOUNTABLE: tuple[type[Refusal], ...] = (
    *TaskCommand.REFUSALS,
    TaskNotInProgress,
    NotAnswerable,
)


class CoAccountabilityDecision(AccountableCommand[Params]):
    """What the body that assigned the task decides, citing its document."""

    AHEAD: ClassVar[bool] = True

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *TaskCommand.REFUSALS,
        *BY_ENTITLED_BODY,
        TaskNotInProgress,
        DocumentRequired,
    )

    def decided_task(self) -> InProgress:
        """The task, decided on by the body that assigned it.

        Raises:
            TaskUnknown, TaskNotInProgress, BodyRequired, NotTheEntitledBody, DocumentRequired.
        """
        task = self.in_progress()
        self.require_entitled(task.assigned_by)
        self.require_basis()
        return task


class CoAccountable(Parameters):
    """The post whose holder is to answer beside the lead; who, if several hold it."""

    post_id: PostId
    official_id: OfficialId | None = None


class AddCoAccountable(CoAccountabilityDecision[CoAccountable]):
    """The holder of another post answers for the same targets from the effective day."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *CoAccountabilityDecision.REFUSALS,
        PostUnknown,
        PostNotOpen,
        PostVacant,
        HolderNotNamed,
        NotThePostHolder,
        AlreadyAnswers,
    )

    def consistency_boundary(self) -> list[Selector]:
        return [*super().consistency_boundary(), post_selector(self.params.post_id)]

    def bodies(self) -> set[str]:
        return super().bodies() | {post.managed_by for post in self.organisation.posts.values()}

    def execute(self) -> None:
        task, params, on = self.decided_task(), self.params, self.context.effective_on
        post = self.organisation.open_post(params.post_id, on)
        body = self.require_entitled(post.managed_by)
        official_id = self.organisation.holder(post.post_id, on, params.official_id)
        self.beside.require_another(self.task_id, task, official_id)
        self.emit(
            CoAccountableAdded(
                **self.answered_by(Answerable(official_id, post.post_id, post.unit_id, on)),
                added_by=body,
            )
        )


class CoAccountableRelease(Parameters):
    """Who is released, and why."""

    official_id: OfficialId
    reason: Text


class ReleaseCoAccountable(CoAccountabilityDecision[CoAccountableRelease]):
    """The official answers beside the lead no longer; the lead is handed over or transferred."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *CoAccountabilityDecision.REFUSALS,
        NotCoAccountable,
        SpanWouldBeEmpty,
    )

    def execute(self) -> None:
        self.decided_task()
        params = self.params
        who = self.beside.require_beside(
            self.task_id, params.official_id, self.context.effective_on
        )
        self.emit(
            CoAccountableReleased(
                **self.answered_by(who), released_by=self.require_body(), reason=params.reason
            )
        )


class CoAccountabilityHandover(Parameters):
    """Whose part passes to whom in the same post, and the state in which the task is."""

    from_official: OfficialId
    to_official: OfficialId
    state_summary: Text


class HandOverCoAccountability(CoAccountabilityDecision[CoAccountabilityHandover]):
    """The successor in the post takes over the part of a co-accountable official."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *CoAccountabilityDecision.REFUSALS,
        NotCoAccountable,
        SpanWouldBeEmpty,
        AlreadyAnswers,
        NotThePostHolder,
    )

    def consistency_boundary(self) -> list[Selector]:
        who = self.beside.by_official.get(self.params.from_official)
        post = [] if who is None else [post_selector(who.post_id)]
        return [*super().consistency_boundary(), *post]

    def execute(self) -> None:
        task, params, on = self.decided_task(), self.params, self.context.effective_on
        who = self.beside.require_beside(self.task_id, params.from_official, on)
        self.beside.require_another(self.task_id, task, params.to_official)
        self.organisation.require_holder(params.to_official, who.post_id, on)
        self.emit(
            CoAccountabilityHandedOver(
                effective_on=on,
                task_id=self.task_id,
                from_official=who.official_id,
                to_official=params.to_official,
                post_id=who.post_id,
                unit_id=who.unit_id,
                decided_by=self.require_body(),
                state_summary=params.state_summary,
            )
        )
