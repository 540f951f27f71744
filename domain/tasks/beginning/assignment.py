"""Assignment: the body gives the task to the holder of a post, or to a unit and so to its head."""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from eventsourcing.dcb.domain import Selector
from pydantic import Field, model_validator

from domain.kernel import DocumentRequired, Invalid, Parameters, Refusal
from domain.organisation.organisation import (
    HolderNotNamed,
    NotThePostHolder,
    Post,
    PostNotOpen,
    PostUnknown,
    PostVacant,
    UnitWithoutHead,
)
from domain.organisation.selectors import post_selector, posts_of_unit_selector
from domain.schemas import given, never
from domain.tasks.command import BY_ENTITLED_BODY, TaskCommand, TaskNotAwaitingDecision
from domain.tasks.events import TaskAssigned
from domain.tasks.task import Ready
from domain.values import ConversionWeight, Day, Misstated, OfficialId, PostId, UnitId


class DeadlineBeforeAssignment(Invalid):
    """The deadline {due_on} is before the task {task_id} is assigned, {effective_on}.

    Thời hạn {due_on} ở trước ngày giao việc {task_id}, là {effective_on}.
    """


class LeadCannotCoordinate(Invalid):
    """The unit {unit_id} leads the task {task_id} and cannot co-ordinate it too.

    Đơn vị {unit_id} chủ trì việc {task_id} nên không thể đồng thời phối hợp.
    """


class Assignment(Parameters):
    """To whom: a post, or a unit and so its head; neither means the post it was proposed for.

    `official_id` names the holder where several hold the post. `coordinators` are the units that
    co-operate (B32). `due_on` replaces the deadline of the proposal. `conversion_weight` is how
    many products of the usual kind the task counts for in ratings.
    """

    model_config = never(given("post_id", "unit_id"))

    post_id: PostId | None = None
    unit_id: UnitId | None = None
    official_id: OfficialId | None = None
    coordinators: Annotated[
        tuple[UnitId, ...], Field(max_length=50, json_schema_extra={"uniqueItems": True})
    ] = ()
    due_on: Day | None = None
    conversion_weight: ConversionWeight = Decimal(1)

    @model_validator(mode="after")
    def _names_one_addressee(self) -> Self:
        if self.post_id is not None and self.unit_id is not None:
            raise Misstated(
                "name a post or a unit, not both", "chỉ nêu chức danh hoặc đơn vị, không nêu cả hai"
            )
        if len(set(self.coordinators)) != len(self.coordinators):
            raise Misstated(
                "coordinators must differ from one another", "các đơn vị phối hợp phải khác nhau"
            )
        return self


class AssignTask(TaskCommand[Assignment]):
    """An official answers for the task from the effective day (B8, B13, A2)."""

    AHEAD: ClassVar[bool] = True

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *TaskCommand.REFUSALS,
        *BY_ENTITLED_BODY,
        TaskNotAwaitingDecision,
        DocumentRequired,
        PostUnknown,
        PostNotOpen,
        UnitWithoutHead,
        PostVacant,
        HolderNotNamed,
        NotThePostHolder,
        DeadlineBeforeAssignment,
        LeadCannotCoordinate,
    )

    def consistency_boundary(self) -> list[Selector]:
        selectors = super().consistency_boundary()
        match self.params, self.task:
            case Assignment(unit_id=str(unit_id)), _:
                return [*selectors, posts_of_unit_selector(unit_id)]
            case Assignment(post_id=str(post_id)), _:
                return [*selectors, post_selector(post_id)]
            case _, Ready(post_id=post_id):
                return [*selectors, post_selector(post_id)]
        return selectors

    def bodies(self) -> set[str]:
        posts = self.organisation.posts.values()
        by_unit = self.params.unit_id is not None
        return super().bodies() | {p.managed_by for p in posts if p.heads_unit or not by_unit}

    def execute(self) -> None:
        params, on = self.params, self.context.effective_on
        task = self.awaiting(Ready)
        self.require_entitled(task.entitled)
        self.require_basis()
        post, addressed_to = self._addressee(task)
        body = self.require_entitled(post.managed_by)
        official_id = self.organisation.holder(post.post_id, on, params.official_id)
        due_on = params.due_on or task.proposal.deadline
        if due_on is not None and due_on < on:
            raise DeadlineBeforeAssignment(task_id=self.task_id, due_on=due_on, effective_on=on)
        if post.unit_id in params.coordinators:
            raise LeadCannotCoordinate(task_id=self.task_id, unit_id=post.unit_id)
        self.emit(
            TaskAssigned(
                effective_on=on,
                task_id=self.task_id,
                official_id=official_id,
                post_id=post.post_id,
                unit_id=post.unit_id,
                assigned_by=body,
                addressed_to=addressed_to,
                coordinators=params.coordinators,
                due_on=due_on,
                conversion_weight=params.conversion_weight,
            )
        )

    def _addressee(self, task: Ready) -> tuple[Post, Literal["post", "unit"]]:
        """The post whose holder will answer, and whether it was reached through its unit."""
        on = self.context.effective_on
        if self.params.unit_id is not None:
            return self.organisation.head_post(self.params.unit_id, on), "unit"
        return self.organisation.open_post(self.params.post_id or task.post_id, on), "post"
