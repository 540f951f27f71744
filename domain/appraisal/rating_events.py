"""What happens to a rating: it is decided, moved to fit a cap, objected to, answered, reopened."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, ClassVar, Self, TypeAlias

from pydantic import Field, StrictBool, StrictInt, StrictStr, model_validator

from domain.appraisal.events import Cycle, CycleId, Digest, Level, RegulationName
from domain.kernel import Event, Raw, Upcaster
from domain.values import (
    BodyRef,
    Day,
    Impossible,
    Line,
    LogPosition,
    OfficialId,
    Points,
    Slug,
    Text,
    UnitId,
    Value,
)

# A rule in a regulation's file, such as `levels.0`.
Rule: TypeAlias = Annotated[
    StrictStr, Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)*$", max_length=200, examples=["levels.0"])
]
ObjectionNumber: TypeAlias = Annotated[StrictInt, Field(ge=1)]


class PartScore(Value):
    """Points that were given for a part of the scale."""

    part: Slug
    points: Points


class CriterionGrade(Value):
    """The grade that was given for a criterion."""

    criterion: Slug
    grade: Slug


class OfCycle(Value):
    """Whose cycle by which regulation, and what others gave.

    `cohort` is that of the regulation; the days are the first and the last of the cycle.
    """

    regulation: RegulationName
    cycle: Cycle
    cohort: Slug
    from_on: Day
    to_on: Day
    scores: Annotated[tuple[PartScore, ...], Field(max_length=20)] = ()
    grades: Annotated[tuple[CriterionGrade, ...], Field(max_length=200)] = ()

    @model_validator(mode="after")
    def _is_of_a_period(self) -> Self:
        if self.to_on < self.from_on:
            raise Impossible("the period ends before it begins", "kỳ kết thúc trước khi bắt đầu")
        return self


def _of_no_cycle(raw: Raw) -> Raw:
    """Before cycles were opened, a rating was of none."""
    return {**raw, "cycle_id": None}


class RatingDecided(Event):
    """The official's level for the cycle, as the body decided; a later one counts instead.

    `derived` is the level that the regulation's revision of that digest gives, null where it leaves
    it to the body; `tree_sha256` is of the steps to it, and `stands_on` names the events that were
    looked at. Where the body decides otherwise, `reason` says why. `cycle_id` is that of the cycle
    which was opened for it, if one was.
    """

    TYPE: ClassVar[str] = "appraisal.rating_decided"
    VIETNAMESE: ClassVar[str] = "quyết định xếp loại"
    VERSION: ClassVar[int] = 2
    UPCASTERS: ClassVar[Mapping[int, Upcaster]] = {1: _of_no_cycle}

    official_id: OfficialId
    decided_by: UnitId
    cycle_id: CycleId | None
    regulation: RegulationName
    cycle: Cycle
    cohort: Slug
    from_on: Day
    to_on: Day
    scores: tuple[PartScore, ...]
    grades: tuple[CriterionGrade, ...]
    regulation_sha256: Digest
    level: Level
    derived: Level | None
    derived_points: Decimal | None
    tree_sha256: Digest
    stands_on: tuple[LogPosition, ...]
    reason: Text | None

    @property
    def of(self) -> OfCycle:
        """The cycle, and what others gave."""
        fields = {name: getattr(self, name) for name in OfCycle.model_fields}
        return OfCycle.model_construct(**fields)


class RatingEvent(Event):
    """What happens to a rating that was decided in a cycle which was opened for it."""

    official_id: OfficialId
    cycle_id: CycleId
    regulation: RegulationName
    cycle: Cycle
    from_on: Day


class RatingMoved(RatingEvent):
    """The body moves a rating to a lower level, so that a cap is kept, and says why this one."""

    TYPE: ClassVar[str] = "appraisal.rating_moved"
    VIETNAMESE: ClassVar[str] = "điều chỉnh mức xếp loại cho đúng tỷ lệ"

    decided_by: UnitId
    from_level: Level
    to_level: Level
    allowed: Annotated[StrictInt, Field(ge=0)]
    present: Annotated[StrictInt, Field(ge=0)]
    article: Line | None
    reason: Text


class RatingReopened(RatingEvent):
    """The body decides the rating anew, though its cycle may be closed."""

    TYPE: ClassVar[str] = "appraisal.rating_reopened"
    VIETNAMESE: ClassVar[str] = "xem xét lại xếp loại"

    decided_by: UnitId
    reason: Text


def _put_to_nobody(raw: Raw) -> Raw:
    """Before objections named it, the body that answers was found in the regulation alone."""
    return {**raw, "addressed_to": None}


class ObjectionRaised(RatingEvent):
    """The official objects to one step of the explanation.

    `number` counts the official's own in the cycle. `rating_position` is that of the decision, and
    `says` the step as it was explained. `addressed_to` is the body that answers by the regulation
    of the cycle.
    """

    TYPE: ClassVar[str] = "appraisal.objection_raised"
    VIETNAMESE: ClassVar[str] = "kiến nghị về xếp loại"
    VERSION: ClassVar[int] = 2
    UPCASTERS: ClassVar[Mapping[int, Upcaster]] = {1: _put_to_nobody}

    number: ObjectionNumber
    rating_position: LogPosition
    step: Rule
    says: Text
    article: Line | None
    addressed_to: BodyRef | None
    reason: Text


class ObjectionAnswered(RatingEvent):
    """The body answers it: upheld, the rating is decided anew; or not, and why."""

    TYPE: ClassVar[str] = "appraisal.objection_answered"
    VIETNAMESE: ClassVar[str] = "trả lời kiến nghị về xếp loại"

    number: ObjectionNumber
    answered_by: UnitId
    upheld: StrictBool
    answer: Text
