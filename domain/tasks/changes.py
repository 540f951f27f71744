"""Changes: a task is amended, revised, corrected, left vacant and filled, or carried over.

They stand beside the main road in `events`; they lead the task to another state, or change how its
proposal or what was missed reads.
"""

from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import ConfigDict, Field, StrictInt, model_validator

from domain.schemas import left_out
from domain.tasks.events import AnsweredEvent, TaskEvent
from domain.tasks.proposal import IndicatorTarget, IndicatorValue, Kinds, Proposal
from domain.values import (
    Day,
    Line,
    Misstated,
    OfficialId,
    Percent,
    PostId,
    Slug,
    TaskRef,
    Text,
    UnitId,
    Value,
)

MatterNumber = Annotated[StrictInt, Field(ge=1, le=1_000_000)]


class TaskAmended(TaskEvent):
    """The body entitled replaces the proposal before the task is assigned, with the reason (B6).

    `official_id` is the proposer, as long as the registration awaits its decision.
    """

    TYPE: ClassVar[str] = "task.amended"
    VIETNAMESE: ClassVar[str] = "sửa đề xuất việc"

    official_id: OfficialId | None
    post_id: PostId
    unit_id: UnitId
    amended_by: UnitId
    proposal: Proposal
    reason: Text


class TaskRevised(AnsweredEvent):
    """The task has other targets or another deadline from `effective_on`, with the reason (B29).

    `targets` are those that change; `due_on` is None where the deadline stays. `request` is the
    number of the request approved, None where the body decides of itself.
    """

    TYPE: ClassVar[str] = "task.revised"
    VIETNAMESE: ClassVar[str] = "điều chỉnh chỉ tiêu, thời hạn"

    revised_by: UnitId
    request: MatterNumber | None
    targets: tuple[IndicatorTarget, ...]
    due_on: Day | None
    reason: Text


class TaskVacated(AnsweredEvent):
    """Nobody answers for the task from `effective_on`; `official_id` did until the day before.

    `vacated_by`, the body that assigned the task, must find who answers.
    """

    TYPE: ClassVar[str] = "task.vacated"
    VIETNAMESE: ClassVar[str] = "để khuyết người chịu trách nhiệm"

    vacated_by: UnitId
    reason: Text


class VacancyFilled(AnsweredEvent):
    """After a vacancy the official answers for the task from `effective_on`.

    A vacancy filled on the day on which it arose has lasted no day.
    """

    TYPE: ClassVar[str] = "task.vacancy_filled"
    VIETNAMESE: ClassVar[str] = "giao lại việc khuyết người"

    filled_by: UnitId
    state_summary: Text


class TaskCarriedOver(TaskEvent):
    """The unfinished task goes on as `to_task` in a later term (B28).

    Whoever answered for it, `official_id` unless it was vacant, did so until the day before.
    """

    TYPE: ClassVar[str] = "task.carried_over"
    VIETNAMESE: ClassVar[str] = "chuyển tiếp việc"

    carried_by: UnitId
    official_id: OfficialId | None
    post_id: PostId
    unit_id: UnitId
    to_task: TaskRef
    reason: Text


class TaskContinued(TaskEvent):
    """A task begins that goes on from another, and is to be assigned.

    `link` says how: carried over from an unfinished one (B28), or one year of one that recurs
    yearly (B15).
    """

    TYPE: ClassVar[str] = "task.continued"
    VIETNAMESE: ClassVar[str] = "mở việc tiếp nối"

    link: Literal["carried_from", "instance_of"]
    from_task: TaskRef
    continued_by: UnitId
    post_id: PostId
    unit_id: UnitId
    registered_by: Line
    proposal: Proposal


def _says_something(schema: dict[str, Any]) -> None:
    schema["not"] = left_out(*(name for name in schema["properties"] if name != "kind"))


class PartialReading(Value):
    """A reading of which fields may be left out, but not all."""

    model_config = ConfigDict(json_schema_extra=_says_something)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_dump(exclude={"kind"}, exclude_none=True):
            raise Misstated("say what is to be read otherwise", "nêu nội dung đính chính")
        return self


class CorrectedReport(PartialReading):
    """How a report of progress is to be read; what is left out reads as before."""

    kind: Literal["progress"]
    narrative: Text | None = None
    share_percent: Percent | None = None
    values: Annotated[tuple[IndicatorValue, ...], Field(min_length=1, max_length=50)] | None = None


class CorrectedClaim(Value):
    """How a claim of completion is to be read."""

    kind: Literal["claim"]
    summary: Text


class CorrectedProposal(PartialReading):
    """How the proposal is to be read; what is left out reads as before."""

    kind: Literal["proposal"]
    title: Line | None = None
    field: Slug | None = None
    kinds: Kinds | None = None

    def read(self, proposal: Proposal) -> Proposal:
        """The proposal as it now reads."""
        return proposal.model_copy(update=self.model_dump(exclude={"kind"}, exclude_none=True))


Reading: TypeAlias = Annotated[
    CorrectedReport | CorrectedClaim | CorrectedProposal, Field(discriminator="kind")
]


class TaskCorrected(TaskEvent):
    """An earlier event of the task reads otherwise from now on; that event itself stays.

    `sequence` is the ordinal of the event corrected among the task's own, 1 for the first;
    `official_id`, `post_id` and `unit_id` are those of that event. `decided_by` is the body that
    corrects, None where the author does.
    """

    TYPE: ClassVar[str] = "task.corrected"
    VIETNAMESE: ClassVar[str] = "đính chính"

    sequence: Annotated[StrictInt, Field(ge=1)]
    corrected_type: Line
    official_id: OfficialId | None
    post_id: PostId
    unit_id: UnitId
    decided_by: UnitId | None
    reading: Reading
    reason: Text


Occurrence: TypeAlias = Literal["missed_deadline", "returned_claim", "missed_report"]


class ObjectiveCauseConfirmed(TaskEvent):
    """For this occurrence there is an objective cause; `occurred_on` is its day.

    That of a missed deadline is the deadline, that of a returned claim the day of the return, that
    of a missed report the day on which it was due.
    """

    TYPE: ClassVar[str] = "task.objective_cause_confirmed"
    VIETNAMESE: ClassVar[str] = "xác nhận nguyên nhân khách quan"

    confirmed_by: UnitId
    occurrence: Occurrence
    occurred_on: Day
    cause: Text
