"""What happens to a task. An event names all whom it concerns, and stands in their histories."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StrictBool, StrictInt, model_validator

from domain.kernel import Event, Raw, Upcaster
from domain.tasks.proposal import Evidence, IndicatorValue, Proposal
from domain.values import (
    ConversionWeight,
    Day,
    Impossible,
    Line,
    OfficialId,
    Percent,
    Personal,
    Points,
    PointTotal,
    PostId,
    TaskId,
    Text,
    UnitId,
    Value,
)


class TaskEvent(Event):
    """An event of one task.

    IS_REPORT says that it only tells what was done: it leaves the task as it is, and never counts
    from a day to come.
    """

    IS_REPORT: ClassVar[bool] = False

    task_id: TaskId


class AnsweredEvent(TaskEvent):
    """An event for which an official answers, in a post of a unit."""

    official_id: OfficialId
    post_id: PostId
    unit_id: UnitId


def _assigned_before_weights(raw: Raw) -> Raw:
    """In version 1 every task counted the same."""
    return {**raw, "conversion_weight": "1"}


def _confirmed_before_excess(raw: Raw) -> Raw:
    """Version 1 did not tell whether the result exceeds what was required."""
    return {**raw, "exceeded": False}


def _returned_before_failures(raw: Raw) -> Raw:
    """Version 1 did not tell what was returned from what failed in its content."""
    return {**raw, "content_failure": False}


def _proposed_before_backlogs_had_an_age(raw: Raw) -> Raw:
    """Version 1 of a proposal knew no deadline older than the task."""
    return {**raw, "proposal": {**raw["proposal"], "original_due_on": None}}


class TaskRegistered(AnsweredEvent):
    """The official proposes a task of their own (B1). `managed_by` is who may approve it."""

    TYPE: ClassVar[str] = "task.registered"
    VIETNAMESE: ClassVar[str] = "đăng ký việc"
    VERSION: ClassVar[int] = 2
    UPCASTERS: ClassVar[Mapping[int, Upcaster]] = {1: _proposed_before_backlogs_had_an_age}

    managed_by: UnitId
    registered_by: Line
    proposal: Proposal


class TaskCommissioned(TaskEvent):
    """A body orders the task from the holder of a post it manages (B3)."""

    TYPE: ClassVar[str] = "task.commissioned"
    VIETNAMESE: ClassVar[str] = "đặt việc"
    VERSION: ClassVar[int] = 2
    UPCASTERS: ClassVar[Mapping[int, Upcaster]] = {1: _proposed_before_backlogs_had_an_age}

    commissioned_by: UnitId
    post_id: PostId
    unit_id: UnitId
    registered_by: Line
    proposal: Proposal


class TaskApproved(AnsweredEvent):
    """The body that manages the proposer's post approves the registration (B2)."""

    TYPE: ClassVar[str] = "task.approved"
    VIETNAMESE: ClassVar[str] = "phê duyệt đăng ký"

    approved_by: UnitId


class TaskRejected(AnsweredEvent):
    """The registration is refused, with the reason (B11)."""

    TYPE: ClassVar[str] = "task.rejected"
    VIETNAMESE: ClassVar[str] = "không chấp thuận đăng ký"

    rejected_by: UnitId
    reason: Text


class TaskAssigned(AnsweredEvent):
    """The official answers for the task from `effective_on` (B8, B13).

    `addressed_to` says whether it was given to the post, or to the unit and so to its head;
    `due_on` is the deadline, None for a task that recurs yearly. `conversion_weight` is how many
    products of the usual kind it counts for; it is fixed here.
    """

    TYPE: ClassVar[str] = "task.assigned"
    VIETNAMESE: ClassVar[str] = "giao việc"
    VERSION: ClassVar[int] = 2
    UPCASTERS: ClassVar[Mapping[int, Upcaster]] = {1: _assigned_before_weights}

    assigned_by: UnitId
    addressed_to: Literal["post", "unit"]
    coordinators: tuple[UnitId, ...] = ()
    due_on: Day | None
    conversion_weight: ConversionWeight = Decimal(1)


class PlanStep(Value):
    """A step of the plan: what, by when, by whom.

    Who performs it may be a person: the name is part of the dossier of who answers for the task.
    """

    title: Line
    due_on: Day
    performed_by: Annotated[Line | None, Personal()]


class PlanSubmitted(AnsweredEvent):
    """The plan, from revision 1; a later revision replaces it (B12)."""

    TYPE: ClassVar[str] = "task.plan_submitted"
    VIETNAMESE: ClassVar[str] = "ban hành kế hoạch"

    revision: Annotated[StrictInt, Field(ge=1)]
    summary: Text
    steps: tuple[PlanStep, ...]


class ProgressReported(AnsweredEvent):
    """How far the task is: a share of the whole, values of indicators, a narrative, evidence."""

    TYPE: ClassVar[str] = "task.progress_reported"
    VIETNAMESE: ClassVar[str] = "báo cáo tiến độ"
    IS_REPORT: ClassVar[bool] = True

    narrative: Text
    share_percent: Percent | None = None
    values: tuple[IndicatorValue, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class HandoverOffered(TaskEvent):
    """The predecessor offers the task to the successor in the post, with the state it is in."""

    TYPE: ClassVar[str] = "task.handover_offered"
    VIETNAMESE: ClassVar[str] = "đề nghị bàn giao"

    from_official: OfficialId
    to_official: OfficialId
    post_id: PostId
    unit_id: UnitId
    state_summary: Text


class HandoverDeclined(TaskEvent):
    """The successor declines; the predecessor goes on answering for the task."""

    TYPE: ClassVar[str] = "task.handover_declined"
    VIETNAMESE: ClassVar[str] = "từ chối nhận bàn giao"

    from_official: OfficialId
    to_official: OfficialId
    post_id: PostId
    unit_id: UnitId
    reason: Text


class TaskHandedOver(TaskEvent):
    """The successor in the post answers for the task from `effective_on` (B18).

    `decided_by` is the authority that ordered it, or None when the successor accepted an offer.
    """

    TYPE: ClassVar[str] = "task.handed_over"
    VIETNAMESE: ClassVar[str] = "bàn giao việc"

    from_official: OfficialId
    to_official: OfficialId
    post_id: PostId
    unit_id: UnitId
    state_summary: Text
    decided_by: UnitId | None = None


class TaskTransferred(TaskEvent):
    """The task moves to another unit, and the holder of a post there answers for it (B19, A7)."""

    TYPE: ClassVar[str] = "task.transferred"
    VIETNAMESE: ClassVar[str] = "chuyển việc sang đơn vị khác"

    from_official: OfficialId
    from_post: PostId
    from_unit: UnitId
    to_official: OfficialId
    to_post: PostId
    to_unit: UnitId
    decided_by: UnitId
    reason: Text


class CompletionClaimed(AnsweredEvent):
    """The official says that the work was done on `effective_on`, and shows it."""

    TYPE: ClassVar[str] = "task.completion_claimed"
    VIETNAMESE: ClassVar[str] = "báo cáo hoàn thành"

    claimed_by: Line
    summary: Text
    values: tuple[IndicatorValue, ...]
    evidence: tuple[Evidence, ...]


class CompletionConfirmed(AnsweredEvent):
    """The task is completed: the work was done on `completed_on`, the day claimed.

    `exceeded` says that the result exceeds what was required.
    """

    TYPE: ClassVar[str] = "task.completion_confirmed"
    VIETNAMESE: ClassVar[str] = "xác nhận hoàn thành"
    VERSION: ClassVar[int] = 2
    UPCASTERS: ClassVar[Mapping[int, Upcaster]] = {1: _confirmed_before_excess}

    confirmed_by: UnitId
    completed_on: Day
    exceeded: StrictBool = False


class CompletionReturned(AnsweredEvent):
    """The claim is sent back, with the reason; the task goes on.

    `content_failure` says that the product fails in its content, and not only that papers lack.
    """

    TYPE: ClassVar[str] = "task.completion_returned"
    VIETNAMESE: ClassVar[str] = "trả lại báo cáo hoàn thành"
    VERSION: ClassVar[int] = 2
    UPCASTERS: ClassVar[Mapping[int, Upcaster]] = {1: _returned_before_failures}

    returned_by: UnitId
    reason: Text
    content_failure: StrictBool = False


class CriterionScore(Value):
    """Points given for one criterion, 0 to `max_points`."""

    criterion: Line
    points: Points
    max_points: Points

    @model_validator(mode="after")
    def _is_within_its_scale(self) -> Self:
        if self.points > self.max_points:
            raise Impossible(
                f"{self.points} points are more than {self.max_points}",
                f"{self.points} điểm vượt quá mức tối đa {self.max_points}",
            )
        return self


class TaskScored(AnsweredEvent):
    """The completed task is scored; a later revision stands beside the earlier ones.

    `score_points` is the sum of the criteria's points; `max_points` of what they allow.
    """

    TYPE: ClassVar[str] = "task.scored"
    VIETNAMESE: ClassVar[str] = "chấm điểm"

    scored_by: UnitId
    revision: Annotated[StrictInt, Field(ge=1)]
    criteria: tuple[CriterionScore, ...]
    score_points: PointTotal
    max_points: PointTotal
    reason: Text | None = None


class TaskCancelled(TaskEvent):
    """The task ends without a result, with the reason; nobody answers yet for one not assigned."""

    TYPE: ClassVar[str] = "task.cancelled"
    VIETNAMESE: ClassVar[str] = "hủy bỏ việc"

    cancelled_by: UnitId
    official_id: OfficialId | None
    post_id: PostId
    unit_id: UnitId
    reason: Text
