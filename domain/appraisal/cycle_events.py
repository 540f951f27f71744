"""What happens in a cycle, until it is closed: officials are enrolled, assessed and scored."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field, StrictInt, StrictStr

from domain.appraisal.events import Cycle, CycleId, Digest, Level, RegulationName
from domain.appraisal.rating_events import CriterionGrade, PartScore
from domain.kernel import Event, Raw, Upcaster
from domain.values import (
    ID_PATTERN,
    BodyRef,
    Day,
    Line,
    OfficialId,
    Points,
    Slug,
    Text,
    UnitId,
    Value,
)

# A unit, an official or a group that is named, and whose own history does not hold the event.
NamedId: TypeAlias = Annotated[StrictStr, Field(pattern=ID_PATTERN, examples=["yen-son"])]
Count: TypeAlias = Annotated[StrictInt, Field(ge=0)]


class CycleEvent(Event):
    """An event of a cycle."""

    cycle_id: CycleId


class CycleOpened(CycleEvent):
    """The body opens the cycle, by the revision of the regulation that is in force on its last day.

    A later revision changes nothing of it.
    """

    TYPE: ClassVar[str] = "appraisal.cycle_opened"
    VIETNAMESE: ClassVar[str] = "mở chu kỳ xếp loại"

    decided_by: UnitId
    regulation: RegulationName
    regulation_sha256: Digest
    cycle: Cycle
    cohort: Slug
    from_on: Day
    to_on: Day


class OfficialEnrolled(CycleEvent):
    """The official is rated in the cycle, in these groups; a later one says the groups anew.

    `agency` is the unit in which the official works, or worked before leaving.
    """

    TYPE: ClassVar[str] = "appraisal.official_enrolled"
    VIETNAMESE: ClassVar[str] = "đưa cán bộ vào chu kỳ xếp loại"

    official_id: OfficialId
    agency: NamedId
    duty_group: Slug | None
    block: Slug | None


class SelfAssessed(CycleEvent):
    """The official submits the self-assessment, with the level claimed: others see it from then."""

    TYPE: ClassVar[str] = "appraisal.self_assessed"
    VIETNAMESE: ClassVar[str] = "tự đánh giá, tự nhận mức xếp loại"

    official_id: OfficialId
    claimed: Level
    text: Text


class PeriodScore(Value):
    """The points of a month or a quarter."""

    from_on: Day
    to_on: Day
    points: Points


class FormerAgencyReported(CycleEvent):
    """The former agency sends its scores, or gives its opinion, as the regulation says."""

    TYPE: ClassVar[str] = "appraisal.former_agency_reported"
    VIETNAMESE: ClassVar[str] = "nhận xét của cơ quan cũ"

    official_id: OfficialId
    former_agency: UnitId
    scores: tuple[PeriodScore, ...]
    opinion: Text | None


class CouncilFormed(CycleEvent):
    """The council of a block, or of the whole cycle; a later one is in its place."""

    TYPE: ClassVar[str] = "appraisal.council_formed"
    VIETNAMESE: ClassVar[str] = "thành lập hội đồng tư vấn xếp loại"

    formed_by: UnitId
    block: Slug | None
    members: Annotated[tuple[OfficialId, ...], Field(min_length=1, max_length=100)]


class ScoresGiven(CycleEvent):
    """The council scores an official; `judged_by` are the members who did. A later one counts."""

    TYPE: ClassVar[str] = "appraisal.scores_given"
    VIETNAMESE: ClassVar[str] = "chấm điểm của hội đồng tư vấn"

    official_id: OfficialId
    judged_by: Annotated[tuple[NamedId, ...], Field(min_length=1, max_length=100)]
    scores: tuple[PartScore, ...]
    grades: tuple[CriterionGrade, ...]


def _put_to_nobody(raw: Raw) -> Raw:
    """Before proposals named it, the body that decides was found in the regulation alone."""
    return {**raw, "addressed_to": None}


class LevelProposed(CycleEvent):
    """A unit proposes the level of an official; the body may decide otherwise, and say why.

    `addressed_to` is the body that decides by the regulation of the cycle.
    """

    TYPE: ClassVar[str] = "appraisal.level_proposed"
    VIETNAMESE: ClassVar[str] = "đề nghị mức xếp loại"
    VERSION: ClassVar[int] = 2
    UPCASTERS: ClassVar[Mapping[int, Upcaster]] = {1: _put_to_nobody}

    official_id: OfficialId
    proposed_by: UnitId
    addressed_to: BodyRef | None
    level: Level
    reason: Text | None


class CapExceptionGranted(CycleEvent):
    """The body lets so many of a group have the level, by its document."""

    TYPE: ClassVar[str] = "appraisal.cap_exception_granted"
    VIETNAMESE: ClassVar[str] = "cho vượt tỷ lệ tối đa"

    decided_by: UnitId
    level: Level
    group: tuple[NamedId, ...]
    allowed: Count
    article: Line | None
    reason: Text


class ShareOfGroup(Value):
    """How many of a group outside the cycle have the level, of how many."""

    group: Slug
    have: Count
    rated: Annotated[StrictInt, Field(ge=1)]


class CycleClosed(CycleEvent):
    """The body closes the cycle: every level is decided, and every cap is kept or excepted.

    What was known is everything recorded before it. `shares` are those of other groups, to which
    caps refer.
    """

    TYPE: ClassVar[str] = "appraisal.cycle_closed"
    VIETNAMESE: ClassVar[str] = "kết thúc chu kỳ xếp loại"

    decided_by: UnitId
    shares: tuple[ShareOfGroup, ...]


PaperOfCycle: TypeAlias = Literal["self_assessment", "official_review", "rating", "unit_result"]


class CyclePaperMissed(CycleEvent):
    """The paper that the regulation of the cycle asks for was due on `due_on` and has not come.

    It is about the official; a `unit_result`, which is about the unit, names none. A `rating` is
    due from the unit, which is the body that decides, an `official_review` from the agency.
    """

    TYPE: ClassVar[str] = "appraisal.paper_missed"
    VIETNAMESE: ClassVar[str] = "quá hạn mà chưa có văn bản trong chu kỳ xếp loại"

    paper: PaperOfCycle
    unit_id: UnitId
    official_id: OfficialId | None
    due_on: Day
