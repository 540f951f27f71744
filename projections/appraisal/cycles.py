"""Cycles: by which rules officials are rated for which days, and where each of them stands."""

from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Index,
    Integer,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    select,
    text,
)

from domain.appraisal.cycle_events import (
    CycleClosed,
    CycleOpened,
    FormerAgencyReported,
    LevelProposed,
    OfficialEnrolled,
    ScoresGiven,
    SelfAssessed,
)
from domain.appraisal.cycles import CycleUnknown
from domain.appraisal.events import Cycle, Level
from projections.appraisal.objections import OBJECTIONS
from projections.appraisal.objections import TABLE as OBJECTED
from projections.appraisal.ratings import RATINGS
from projections.appraisal.ratings import TABLE as RATED
from projections.days import valid
from projections.filters import Filters, Id, Truth, Word, where
from projections.listing import Listing, ListItem, Owner, Shown
from projections.projection import (
    IsoDay,
    Name,
    Place,
    Projection,
    RecordedEvent,
    Rows,
    Version,
    opened,
    read_table,
    require_open_row,
    superseded,
)

Stands: TypeAlias = Literal[
    "enrolled", "self_assessed", "scored", "proposed", "decided", "objected", "reopened"
]


class CycleRow(Version):
    """A cycle, open, and from its closing on."""

    cycle_id: Name
    regulation: Name
    regulation_sha256: Name
    cycle: Name
    cohort: Name
    from_on: IsoDay
    to_on: IsoDay
    decided_by: Name
    opened_on: IsoDay
    closed_on: IsoDay | None
    closed_position: Place | None


CYCLE_TABLE = read_table("appraisal_cycles", CycleRow)
# By which regulation, and for which days.
Index(
    "appraisal_cycles_by",
    CYCLE_TABLE.c.ledger,
    CYCLE_TABLE.c.regulation,
    CYCLE_TABLE.c.cycle,
    CYCLE_TABLE.c.to_on,
)
# Which are open on a day.
Index(
    "appraisal_cycles_not_closed",
    CYCLE_TABLE.c.ledger,
    CYCLE_TABLE.c.valid_to,
    postgresql_where=text("closed_on IS NULL"),
)


def begin(_: CycleRow | None, event: RecordedEvent) -> Rows[CycleRow]:
    """The cycle is opened."""
    data = event.data
    row: CycleRow = {
        "cycle_id": data["cycle_id"],
        "regulation": data["regulation"],
        "regulation_sha256": data["regulation_sha256"],
        "cycle": data["cycle"],
        "cohort": data["cohort"],
        "from_on": data["from_on"],
        "to_on": data["to_on"],
        "decided_by": data["decided_by"],
        "opened_on": event.day,
        "closed_on": None,
        "closed_position": None,
        **opened(event),
    }
    return (row,)


def close(before: CycleRow | None, event: RecordedEvent) -> Rows[CycleRow]:
    """The cycle is closed on what was known by then."""
    row = require_open_row(before, event)
    later: CycleRow = {**row, "closed_on": event.day, "closed_position": event.position}
    return superseded(row, event, later)


CYCLES = Projection(
    table=CYCLE_TABLE,
    row=CycleRow,
    key=("cycle_id",),
    folds={CycleOpened.TYPE: begin, CycleClosed.TYPE: close},
)


class MemberRow(Version):
    """An official in a cycle, and what was said before the body decides."""

    cycle_id: Name
    official_id: Name
    agency: Name
    duty_group: str | None
    block: str | None
    assessed_on: IsoDay | None
    claimed: Name | None
    assessment: str | None
    former_agency: Name | None
    scored: bool
    proposed: Name | None
    proposed_by: Name | None
    proposed_to: Name | None
    proposed_on: IsoDay | None
    proposed_position: Place | None


MEMBER_TABLE = read_table("appraisal_cycle_officials", MemberRow)
# With the ratings of the cycle.
Index("appraisal_cycle_officials_of", MEMBER_TABLE.c.ledger, MEMBER_TABLE.c.official_id)
# What is proposed to a body in a cycle, in the order of its inbox.
Index(
    "appraisal_cycle_officials_proposed",
    MEMBER_TABLE.c.ledger,
    MEMBER_TABLE.c.cycle_id,
    MEMBER_TABLE.c.proposed_to,
    MEMBER_TABLE.c.proposed_on,
    MEMBER_TABLE.c.proposed_position,
    postgresql_where=text("proposed_to IS NOT NULL"),
)


def enrol(before: MemberRow | None, event: RecordedEvent) -> Rows[MemberRow]:
    """The official is in the cycle, in these groups."""
    data = event.data
    if before is not None:
        changed: MemberRow = {
            **before,
            "agency": data["agency"],
            "duty_group": data["duty_group"],
            "block": data["block"],
        }
        return superseded(before, event, changed)
    row: MemberRow = {
        "cycle_id": data["cycle_id"],
        "official_id": data["official_id"],
        "agency": data["agency"],
        "duty_group": data["duty_group"],
        "block": data["block"],
        "assessed_on": None,
        "claimed": None,
        "assessment": None,
        "former_agency": None,
        "scored": False,
        "proposed": None,
        "proposed_by": None,
        "proposed_to": None,
        "proposed_on": None,
        "proposed_position": None,
        **opened(event),
    }
    return (row,)


def assess(before: MemberRow | None, event: RecordedEvent) -> Rows[MemberRow]:
    """What the official claims."""
    row = require_open_row(before, event)
    data = event.data
    later: MemberRow = {
        **row,
        "assessed_on": row["assessed_on"] or event.day,
        "claimed": data["claimed"],
        "assessment": data["text"],
    }
    return superseded(row, event, later)


def report(before: MemberRow | None, event: RecordedEvent) -> Rows[MemberRow]:
    """What the former agency sends."""
    row = require_open_row(before, event)
    later: MemberRow = {**row, "former_agency": event.data["former_agency"]}
    return superseded(row, event, later)


def score(before: MemberRow | None, event: RecordedEvent) -> Rows[MemberRow]:
    """What the council gives."""
    row = require_open_row(before, event)
    later: MemberRow = {**row, "scored": True}
    return superseded(row, event, later)


def propose(before: MemberRow | None, event: RecordedEvent) -> Rows[MemberRow]:
    """What is proposed, and which body is to decide on it since when."""
    row = require_open_row(before, event)
    data = event.data
    later: MemberRow = {
        **row,
        "proposed": data["level"],
        "proposed_by": data["proposed_by"],
        "proposed_to": data["addressed_to"],
        "proposed_on": event.day,
        "proposed_position": event.position,
    }
    return superseded(row, event, later)


MEMBERS = Projection(
    table=MEMBER_TABLE,
    row=MemberRow,
    key=("cycle_id", "official_id"),
    folds={
        OfficialEnrolled.TYPE: enrol,
        SelfAssessed.TYPE: assess,
        FormerAgencyReported.TYPE: report,
        ScoresGiven.TYPE: score,
        LevelProposed.TYPE: propose,
    },
)


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
