"""Advice: an advisory agency appraises a registration before the body decides on it (B7)."""

from enum import StrEnum
from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import BodyRequired, Forbidden, Parameters, Refusal
from domain.organisation.events import UnitKind
from domain.organisation.organisation import UnitNotOpen, UnitUnknown
from domain.organisation.selectors import unit_selector
from domain.tasks.beginning.approval import ProposerMayNotDecide
from domain.tasks.command import TaskCommand, TaskNotAwaitingDecision
from domain.tasks.events import AnsweredEvent
from domain.tasks.task import Registered
from domain.values import Line, Text, UnitId

AGENCIES = frozenset(
    {
        UnitKind.DEPARTMENT,
        UnitKind.DIVISION,
        UnitKind.PARTY_AGENCY,
        UnitKind.CENTRAL_VERTICAL_AGENCY,
    }
)


class Recommendation(StrEnum):
    """What the agency recommends to the body."""

    APPROVE = "approve"
    AMEND = "amend"
    REJECT = "reject"


class TaskAdvised(AnsweredEvent):
    """The agency's opinion on the registration of `official_id`; a later one stands beside it."""

    TYPE: ClassVar[str] = "task.advised"
    VIETNAMESE: ClassVar[str] = "thẩm định đăng ký"

    advised_by: UnitId
    advisor: Line
    recommendation: Recommendation
    opinion: Text


class NotAnAdvisoryAgency(Forbidden):
    """The unit {unit_id} is a {kind}: only an agency advises on a registration.

    Đơn vị {unit_id} thuộc loại {kind}: chỉ cơ quan tham mưu mới thẩm định việc đăng ký.
    """


class DecidingBodyMayNotAdvise(Forbidden):
    """The body {unit_id} decides on the registration of {task_id}: it does not advise itself.

    Cơ quan {unit_id} quyết định việc {task_id} nên không tự tham mưu cho mình.
    """


class Advice(Parameters):
    """The recommendation and its grounds; `on_behalf_of` names the agency."""

    recommendation: Recommendation
    opinion: Text


class AdviseOnTask(TaskCommand[Advice]):
    """An agency advises the body that is to decide; neither the proposer nor the body does."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *TaskCommand.REFUSALS,
        TaskNotAwaitingDecision,
        BodyRequired,
        DecidingBodyMayNotAdvise,
        UnitUnknown,
        UnitNotOpen,
        NotAnAdvisoryAgency,
        ProposerMayNotDecide,
    )

    def consistency_boundary(self) -> list[Selector]:
        agency = self.context.on_behalf_of
        named = [unit_selector(agency)] if agency is not None else []
        return [*super().consistency_boundary(), *named]

    def execute(self) -> None:
        task, actor = self.awaiting(Registered), self.context.actor
        agency = self.require_body()
        if agency == task.managed_by:
            raise DecidingBodyMayNotAdvise(task_id=self.task_id, unit_id=agency)
        unit = self.organisation.open_unit(agency, self.context.effective_on)
        if unit.kind not in AGENCIES:
            raise NotAnAdvisoryAgency(unit_id=agency, kind=unit.kind)
        if actor.official_id == task.proposer.official_id:
            raise ProposerMayNotDecide(task_id=self.task_id, actor=actor.id)
        self.emit(
            TaskAdvised(
                **self.answered_by(task.proposer),
                advised_by=agency,
                advisor=actor.id,
                recommendation=self.params.recommendation,
                opinion=self.params.opinion,
            )
        )
