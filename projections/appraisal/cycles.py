"""Cycles: by which rules officials are rated for which days, and where each of them stands."""

from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    select,
)

from domain.appraisal.cycles import CycleUnknown
from domain.appraisal.events import Cycle, Level
from projections.appraisal.cycle_rows import CYCLE_TABLE, CYCLES, MEMBER_TABLE, MEMBERS
from projections.appraisal.objections import OBJECTIONS
from projections.appraisal.objections import TABLE as OBJECTED
from projections.appraisal.ratings import RATINGS
from projections.appraisal.ratings import TABLE as RATED
from projections.days import valid
from projections.filters import Filters, Id, Truth, Word, where
from projections.listing import Listing, ListItem, Owner, Shown

Stands: TypeAlias = Literal[
    "enrolled", "self_assessed", "scored", "proposed", "decided", "objected", "reopened"
]


def _count(*conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    """How many officials of the cycle."""
    ratings = and_(
        RATED.c.ledger == MEMBER_TABLE.c.ledger,
        RATED.c.official_id == MEMBER_TABLE.c.official_id,
        RATED.c.cycle_id == MEMBER_TABLE.c.cycle_id,
        *valid(RATED),
    )
    return (
        select(func.count())
        .select_from(MEMBER_TABLE.outerjoin(RATED, ratings))
        .where(
            MEMBER_TABLE.c.ledger == CYCLE_TABLE.c.ledger,
            MEMBER_TABLE.c.cycle_id == CYCLE_TABLE.c.cycle_id,
            *valid(MEMBER_TABLE),
            *conditions,
        )
        .correlate(CYCLE_TABLE)
        .scalar_subquery()
    )


class AppraisalCycle(ListItem):
    """A cycle, how many officials are rated in it, and how many of these are rated by now.

    A closed one was decided on what was recorded before `closed_position`.
    """

    position: int
    cycle_id: str
    regulation: Annotated[str, Shown(vi="Quy định")]
    regulation_sha256: Annotated[str, Shown(vi="SHA-256 của quy định")]
    cycle: Annotated[Cycle, Shown(vi="Chu kỳ xếp loại")]
    cohort: Annotated[str, Shown(vi="Nhóm đối tượng")]
    from_on: Annotated[date, Shown(vi="Từ ngày")]
    to_on: Annotated[date, Shown(vi="Đến ngày")]
    decided_by: Annotated[str, Shown(vi="Cơ quan quyết định")]
    opened_on: Annotated[date, Shown(vi="Ngày mở")]
    closed_on: Annotated[date | None, Shown(vi="Ngày kết thúc")]
    closed_position: Annotated[int | None, Shown(vi="Sự kiện kết thúc")]
    officials: Annotated[int, Shown(_count(), vi="Số cán bộ")]
    rated: Annotated[int, Shown(_count(RATED.c.level.is_not(None)), vi="Đã xếp loại")]


class CycleFilters(Filters):
    """Which cycles."""

    regulation: Id | None = where(CYCLE_TABLE.c.regulation, "By this regulation.")
    cycle: Cycle | None = where(CYCLE_TABLE.c.cycle, "Such cycles.")
    cohort: Word | None = where(CYCLE_TABLE.c.cohort, "Of this cohort.")
    closed: Truth | None = where(
        lambda closed: closed == CYCLE_TABLE.c.closed_on.is_not(None),
        "Whether they are closed.",
        of=Boolean(),
    )


APPRAISAL_CYCLES = Listing(
    name="appraisal-cycles",
    path="appraisal/cycles",
    tag="appraisal",
    answers="The cycles in which officials are rated: open, and closed.",
    page="One page of cycles, by id.",
    item=AppraisalCycle,
    filters=CycleFilters,
    projections=(CYCLES, MEMBERS, RATINGS),
    table=CYCLE_TABLE,
    holds=valid(CYCLE_TABLE),
    order=("cycle_id",),
)
# One of them: read by its id.
ONE_CYCLE = Listing(
    name="cycle",
    tag="appraisal",
    answers="One cycle.",
    page="One cycle.",
    item=AppraisalCycle,
    projections=(CYCLES, MEMBERS, RATINGS),
    table=CYCLE_TABLE,
    holds=valid(CYCLE_TABLE),
    order=("cycle_id",),
)
OPEN_OBJECTIONS: ColumnElement[int] = (
    select(cast(func.count(), Integer))
    .where(
        OBJECTED.c.ledger == MEMBER_TABLE.c.ledger,
        OBJECTED.c.official_id == MEMBER_TABLE.c.official_id,
        OBJECTED.c.cycle_id == MEMBER_TABLE.c.cycle_id,
        OBJECTED.c.answered_on.is_(None),
        *valid(OBJECTED),
    )
    .correlate(MEMBER_TABLE)
    .scalar_subquery()
)
STANDS: ColumnElement[str] = case(
    (RATED.c.reopened, "reopened"),
    (OPEN_OBJECTIONS > 0, "objected"),
    (RATED.c.level.is_not(None), "decided"),
    (MEMBER_TABLE.c.proposed.is_not(None), "proposed"),
    (MEMBER_TABLE.c.scored, "scored"),
    (MEMBER_TABLE.c.claimed.is_not(None), "self_assessed"),
    else_="enrolled",
)


class CycleOfficial(ListItem):
    """An official in a cycle: what was claimed, proposed and decided, and where that stands.

    `moved_from` is the level before a move to fit a cap.
    """

    official_id: str
    agency: Annotated[str, Shown(vi="Cơ quan")]
    duty_group: Annotated[str | None, Shown(vi="Nhóm nhiệm vụ")]
    block: Annotated[str | None, Shown(vi="Khối")]
    stands: Annotated[Stands, Shown(STANDS, vi="Tiến trình xếp loại")]
    claimed: Annotated[Level | None, Shown(vi="Mức tự nhận")]
    assessment: Annotated[str | None, Shown(vi="Nội dung tự đánh giá")]
    former_agency: Annotated[str | None, Shown(vi="Cơ quan cũ đã nhận xét")]
    proposed: Annotated[Level | None, Shown(vi="Mức đề nghị")]
    proposed_by: Annotated[str | None, Shown(vi="Cơ quan đề nghị")]
    level: Annotated[Level | None, Shown(RATED.c.level, vi="Mức xếp loại")]
    derived: Annotated[Level | None, Shown(RATED.c.derived, vi="Mức theo quy định")]
    moved_from: Annotated[Level | None, Shown(RATED.c.moved_from, vi="Mức trước điều chỉnh")]
    decided_on: Annotated[date | None, Shown(RATED.c.decided_on, vi="Ngày quyết định")]


class CycleOfficialFilters(Filters):
    """Which officials of the cycle."""

    agency: Id | None = where(MEMBER_TABLE.c.agency, "Of this agency.")
    block: Word | None = where(MEMBER_TABLE.c.block, "Of this block.")
    level: Level | None = where(RATED.c.level, "At this level.")
    stands: Stands | None = where(STANDS, "Who stand there.")


OFFICIALS_OF_CYCLE = Listing(
    name="cycle-officials",
    path="cycles/{cycle_id}/officials",
    tag="appraisal",
    answers="The officials of a cycle, and where each of them stands.",
    page="One page of officials, by id.",
    item=CycleOfficial,
    filters=CycleOfficialFilters,
    projections=(MEMBERS, RATINGS, OBJECTIONS),
    table=MEMBER_TABLE,
    source=MEMBER_TABLE.outerjoin(
        RATED,
        and_(
            RATED.c.ledger == MEMBER_TABLE.c.ledger,
            RATED.c.official_id == MEMBER_TABLE.c.official_id,
            RATED.c.cycle_id == MEMBER_TABLE.c.cycle_id,
            *valid(RATED),
        ),
    ),
    holds=(
        *valid(MEMBER_TABLE),
        MEMBER_TABLE.c.cycle_id == bindparam("cycle", type_=Text()),
    ),
    order=("official_id",),
    owner=Owner(subject="cycle", projection=CYCLES, unknown=CycleUnknown),
)
