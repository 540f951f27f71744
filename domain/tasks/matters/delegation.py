"""Delegation: parts of a task are given to organisations and persons, who report on them (B13).

Whoever answers for the task goes on answering for the whole of it.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, ClassVar, Self, TypeVar

from eventsourcing.dcb.domain import Selector
from pydantic import model_validator

from domain.kernel import Conflict, Context, Event, Forbidden, Invalid, Parameters, Refusal
from domain.organisation.organisation import OfficialUnknown, UnitNotOpen, UnitUnknown
from domain.organisation.selectors import official_selector, posts_of_unit_selector, unit_selector
from domain.rounding import to_hundredth
from domain.schemas import given, left_out, never
from domain.tasks.changes import MatterNumber
from domain.tasks.command import NotAnswerable, TaskCommand, TaskNotInProgress, next_number
from domain.tasks.events import AnsweredEvent
from domain.tasks.matters.matter import SETTLING, MatterOpened, Matters, MatterSettled
from domain.tasks.task import InProgress
from domain.values import (
    Day,
    Line,
    Misstated,
    OfficialId,
    Percent,
    Personal,
    Text,
    UnitId,
    WeightPercent,
)

Params = TypeVar("Params", bound=Parameters)

WHOLE_PERCENT = Decimal(100)


class PartDelegated(MatterOpened):
    """A part is given to a unit, to an official, or to someone described in a line of text.

    Who is described is part of the dossier of who answers for the task.
    `weight_percent` is its share of the whole task, where one is agreed.
    """

    TYPE: ClassVar[str] = "task.part_delegated"
    VIETNAMESE: ClassVar[str] = "giao phần việc"

    title: Line
    delegate_unit: UnitId | None
    delegate_official: OfficialId | None
    delegate_person: Annotated[Line | None, Personal()]
    due_on: Day
    weight_percent: WeightPercent | None


class PartReported(AnsweredEvent):
    """How far the part of that number is, of its own whole; who reported stands with the event."""

    TYPE: ClassVar[str] = "task.part_reported"
    VIETNAMESE: ClassVar[str] = "báo cáo phần việc"

    number: MatterNumber
    delegate_unit: UnitId | None
    delegate_official: OfficialId | None
    share_percent: Percent
    narrative: Text


class PartClosed(MatterSettled):
    """The part is over; what it brought is said in `outcome`."""

    TYPE: ClassVar[str] = "task.part_closed"
    VIETNAMESE: ClassVar[str] = "kết thúc phần việc"

    delegate_unit: UnitId | None
    delegate_official: OfficialId | None
    outcome: Text


class NotTheDelegate(Forbidden):
    """Part {number} of {task_id} is with {delegate}: {actor} does not report on it.

    Phần việc số {number} của việc {task_id} do {delegate} thực hiện: {actor} không báo cáo thay.
    """


class DelegatedToOneself(Invalid):
    """{official_id} answers for the task {task_id} and cannot be given a part of it.

    {official_id} chịu trách nhiệm cả việc {task_id} nên không thể tự giao phần việc cho mình.
    """


class PartsExceedWhole(Conflict):
    """With “{part}” the weights of the parts of {task_id} add up to {total_percent} percent.

    Cộng cả “{part}”, tổng tỷ trọng các phần của việc {task_id} là {total_percent} phần trăm,
    vượt quá toàn bộ việc.
    """


class PartDueOutsideTask(Invalid):
    """“{part}” is due on {due_on}: a part of {task_id} is due from {effective_on} to its deadline.

    Phần việc “{part}” có hạn {due_on}: phải từ {effective_on} đến thời hạn của cả việc {task_id}.
    """


def rolled_up(parts: Iterable[tuple[Decimal | None, Decimal]]) -> Decimal:
    """How much of the whole task its parts have brought, in percent, with two decimals.

    Of each part its `weight_percent` and its `share_percent`. Parts without a weight share evenly
    what the others leave of the whole.
    """
    pairs = list(parts)
    weighted = [(weight, share) for weight, share in pairs if weight is not None]
    unweighted = [share for weight, share in pairs if weight is None]
    return brought(
        sum((weight * share for weight, share in weighted), Decimal(0)),
        sum((weight for weight, _ in weighted), Decimal(0)),
        sum(unweighted, Decimal(0)),
        len(unweighted),
    )


def brought(
    weighted: Decimal, weight_percent: Decimal, unweighted_percent: Decimal, unweighted: int
) -> Decimal:
    """The same from sums.

    Args:
        weighted: of weight times share, in percent each, over the parts with a weight.
        weight_percent: of their weights.
        unweighted_percent: of the shares of the others.
        unweighted: how many these are.
    """
    whole = weighted
    if unweighted:
        whole += (WHOLE_PERCENT - weight_percent) * unweighted_percent / unweighted
    return to_hundredth(whole / WHOLE_PERCENT)


def require_another_delegate(task_id: str, task: InProgress, delegate_official: str | None) -> None:
    """Pass if the part is not given to the official who answers for the task.

    Raises:
        DelegatedToOneself.
    """
    if delegate_official == task.answerable.official_id:
        raise DelegatedToOneself(task_id=task_id, official_id=delegate_official)


def require_room(task: InProgress, parts: Iterable[PartDelegated], part: PartDelegated) -> None:
    """Pass if the part is due within the task and fits beside its other parts.

    Raises:
        PartDueOutsideTask, PartsExceedWhole.
    """
    on, due_on = part.effective_on, part.due_on
    named = {"task_id": part.task_id, "number": part.number, "part": part.title}
    if due_on < on or (task.due_on is not None and due_on > task.due_on):
        raise PartDueOutsideTask(**named, due_on=due_on, effective_on=on, task_due_on=task.due_on)
    weights = [part.weight_percent, *(other.weight_percent for other in parts)]
    total = sum((weight for weight in weights if weight is not None), Decimal(0))
    if total > WHOLE_PERCENT:
        raise PartsExceedWhole(**named, total_percent=total)


class DelegationCommand(TaskCommand[Params]):
    """What delegating, reporting and closing share: the parts so far."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (*TaskCommand.REFUSALS, TaskNotInProgress)

    def __init__(self, context: Context, params: Params, task_id: str) -> None:
        super().__init__(context, params, task_id)
        self.parts = Matters(PartDelegated, PartClosed)

    def evolve(self, event: Event) -> None:
        super().evolve(event)
        self.parts.evolve(event)


class Part(Parameters):
    """The part, and to whom it is given: one of a unit, an official, a line of text."""

    model_config = never(
        left_out("delegate_unit", "delegate_official", "delegate_person"),
        given("delegate_unit", "delegate_official"),
        given("delegate_unit", "delegate_person"),
        given("delegate_official", "delegate_person"),
    )

    title: Line
    delegate_unit: UnitId | None = None
    delegate_official: OfficialId | None = None
    delegate_person: Annotated[Line | None, Personal()] = None
    due_on: Day
    weight_percent: WeightPercent | None = None

    @model_validator(mode="after")
    def _names_one_delegate(self) -> Self:
        named = (self.delegate_unit, self.delegate_official, self.delegate_person)
        if sum(delegate is not None for delegate in named) != 1:
            raise Misstated(
                "name one of delegate_unit, delegate_official, delegate_person",
                "chỉ nêu một trong delegate_unit, delegate_official, delegate_person",
            )
        return self


class DelegatePart(DelegationCommand[Part]):
    """The official answerable gives a part of the task to another."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *DelegationCommand.REFUSALS,
        NotAnswerable,
        UnitUnknown,
        UnitNotOpen,
        OfficialUnknown,
        DelegatedToOneself,
        PartDueOutsideTask,
        PartsExceedWhole,
    )

    def consistency_boundary(self) -> list[Selector]:
        selectors, params = super().consistency_boundary(), self.params
        if params.delegate_unit is not None:
            selectors.append(unit_selector(params.delegate_unit))
        if params.delegate_official is not None:
            selectors.append(official_selector(params.delegate_official))
        return selectors

    def execute(self) -> None:
        task, params = self.in_progress(), self.params
        self.require_answerable(task.answerable)
        self._require_delegate(task)
        part = PartDelegated(
            **self.answered_by(task.answerable),
            number=next_number(one.number for one in self.own(PartDelegated)),
            title=params.title,
            delegate_unit=params.delegate_unit,
            delegate_official=params.delegate_official,
            delegate_person=params.delegate_person,
            due_on=params.due_on,
            weight_percent=params.weight_percent,
        )
        require_room(task, self.parts.opened.values(), part)
        self.emit(part)

    def _require_delegate(self, task: InProgress) -> None:
        unit_id, official_id = self.params.delegate_unit, self.params.delegate_official
        if unit_id is not None:
            self.organisation.open_unit(unit_id, self.context.effective_on)
        if official_id is not None and official_id not in self.organisation.officials:
            raise OfficialUnknown(official_id=official_id)
        require_another_delegate(self.task_id, task, official_id)


class PartReport(Parameters):
    """Which part, how far it is of its own whole, and a narrative."""

    number: MatterNumber
    share_percent: Percent
    narrative: Text


class ReportOnPart(DelegationCommand[PartReport]):
    """The delegate reports, or a programme records the report.

    For a unit whoever holds a post in it; for someone described in text, the official answerable.
    """

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *DelegationCommand.REFUSALS,
        *SETTLING,
        NotTheDelegate,
    )

    def consistency_boundary(self) -> list[Selector]:
        part = self.parts.opened.get(self.params.number)
        unit_id = part.delegate_unit if part is not None else None
        posts = [] if unit_id is None else [posts_of_unit_selector(unit_id)]
        return [*super().consistency_boundary(), *posts]

    def execute(self) -> None:
        task, params = self.in_progress(), self.params
        part = self.parts.awaiting(self.task_id, params.number)
        if not self._is_delegate(task, part):
            delegate = part.delegate_unit or part.delegate_official or part.delegate_person
            raise NotTheDelegate(
                task_id=self.task_id,
                number=part.number,
                delegate=delegate,
                actor=self.context.actor.id,
            )
        self.emit(
            PartReported(
                **self.answered_by(task.answerable),
                number=part.number,
                delegate_unit=part.delegate_unit,
                delegate_official=part.delegate_official,
                share_percent=params.share_percent,
                narrative=params.narrative,
            )
        )

    def _is_delegate(self, task: InProgress, part: PartDelegated) -> bool:
        acting, on = self.context.actor.official_id, self.context.effective_on
        if acting is None:
            return True
        if part.delegate_unit is not None:
            return any(self.organisation.holds(acting, p, on) for p in self.organisation.posts)
        return acting == (part.delegate_official or task.answerable.official_id)


class PartClosing(Parameters):
    """Which part is over, and what it brought."""

    number: MatterNumber
    outcome: Text


class ClosePart(DelegationCommand[PartClosing]):
    """The official answerable closes the part; no more is reported on it."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *DelegationCommand.REFUSALS,
        *SETTLING,
        NotAnswerable,
    )

    def execute(self) -> None:
        task, params = self.in_progress(), self.params
        self.require_answerable(task.answerable)
        part = self.parts.awaiting(self.task_id, params.number)
        self.emit(
            PartClosed(
                **self.answered_by(task.answerable),
                number=part.number,
                delegate_unit=part.delegate_unit,
                delegate_official=part.delegate_official,
                outcome=params.outcome,
            )
        )
