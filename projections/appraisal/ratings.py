"""Ratings: the level of each official for each cycle, and which stand on what counts no more.

A rating is shaken once an event that was looked at for it is annulled or replaced, or a fact about
its days is recorded late. The body reopens it, or decides again: either settles that.
"""

from datetime import date
from typing import Annotated, Any

from sqlalchemy import BigInteger, ColumnElement, cast, func, literal_column, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from domain.access.authority import NotRelated
from domain.appraisal.events import Cycle, Level
from domain.appraisal.rating_events import (
    ObjectionAnswered,
    RatingDecided,
    RatingMoved,
    RatingReopened,
)
from domain.timeline import EventsAnnulled
from projections.appraisal.late_facts import late_facts
from projections.appraisal.late_facts_of_members import tied
from projections.days import valid
from projections.filters import Filters, Id, Truth, Word, where
from projections.history import EVENTS, UNTIL
from projections.listing import Listing, ListItem, Shown
from projections.organisation.posts import POSTS
from projections.organisation.tenures import TENURES
from projections.projection import (
    Exact,
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
from projections.statement import LEDGER, word
from projections.tasks.responsibilities import RESPONSIBILITIES
from projections.tasks.tasks import TASKS


class RatingRow(Version):
    """An official's level for a cycle, as it was decided last."""

    official_id: Name
    regulation: Name
    cycle: Name
    from_on: IsoDay
    to_on: IsoDay
    cohort: Name
    cycle_id: Name | None
    decided_by: Name
    level: Name
    moved_from: Name | None
    moved_for: str | None
    reopened: bool
    first_decided_on: IsoDay
    decided_on: IsoDay
    decided_position: Place
    derived: Name | None
    derived_points: Exact | None
    reason: str | None
    regulation_sha256: Name
    tree_sha256: Name
    stands_on: list[int]


TABLE = read_table("ratings", RatingRow)


def decided(before: RatingRow | None, event: RecordedEvent) -> Rows[RatingRow]:
    """The rating of the cycle, or the one that counts instead of it."""
    data = event.data
    row: RatingRow = {
        "official_id": data["official_id"],
        "regulation": data["regulation"],
        "cycle": data["cycle"],
        "from_on": data["from_on"],
        "to_on": data["to_on"],
        "cohort": data["cohort"],
        "cycle_id": data["cycle_id"],
        "decided_by": data["decided_by"],
        "level": data["level"],
        "moved_from": None,
        "moved_for": None,
        "reopened": False,
        "first_decided_on": event.day if before is None else before["first_decided_on"],
        "decided_on": event.day,
        "decided_position": event.position,
        "derived": data["derived"],
        "derived_points": data["derived_points"],
        "reason": data["reason"],
        "regulation_sha256": data["regulation_sha256"],
        "tree_sha256": data["tree_sha256"],
        "stands_on": data["stands_on"],
        **opened(event),
    }
    return (row,) if before is None else superseded(before, event, row)


def moved(before: RatingRow | None, event: RecordedEvent) -> Rows[RatingRow]:
    """The level after the move to fit a cap, and why."""
    row, data = require_open_row(before, event), event.data
    later: RatingRow = {
        **row,
        "level": data["to_level"],
        "moved_from": data["from_level"],
        "moved_for": data["reason"],
    }
    return superseded(row, event, later)


def reopened(before: RatingRow | None, event: RecordedEvent) -> Rows[RatingRow]:
    """The rating is to be decided anew."""
    row = require_open_row(before, event)
    later: RatingRow = {**row, "reopened": True}
    return superseded(row, event, later)


def answered(before: RatingRow | None, event: RecordedEvent) -> Rows[RatingRow]:
    """An objection that is upheld reopens the rating."""
    return reopened(before, event) if event.data["upheld"] else ()


RATINGS = Projection(
    table=TABLE,
    row=RatingRow,
    key=("official_id", "regulation", "cycle", "from_on"),
    folds={
        RatingDecided.TYPE: decided,
        RatingMoved.TYPE: moved,
        RatingReopened.TYPE: reopened,
        ObjectionAnswered.TYPE: answered,
    },
)
_ANNULLED = EventsAnnulled.TYPE
_BY = EVENTS.alias("annulling")
_DATA = cast(func.convert_from(_BY.c.data, literal_column("'UTF8'")), JSONB)
_POSITIONS = func.jsonb_array_elements(_DATA["positions"]).table_valued("value", name="named")
_NAMED = _POSITIONS.c.value
SHAKEN_BY: ColumnElement[Any] = (
    select(func.array_agg(cast(_NAMED, BigInteger), type_=ARRAY(BigInteger)))
    .select_from(_BY.join(_POSITIONS, true()))
    .where(
        _BY.c.ledger == TABLE.c.ledger,
        func.log.digest(_BY.c.ledger, _BY.c.type) == func.log.digest(LEDGER, word(_ANNULLED)),
        _BY.c.type == word(_ANNULLED),
        _BY.c.position > TABLE.c.decided_position,
        _BY.c.position <= UNTIL,
        TABLE.c.stands_on.contains(_NAMED),
    )
    .correlate(TABLE)
    .scalar_subquery()
)


LATE_FACTS = late_facts(TABLE)


class DecidedRating(ListItem):
    """A rating, what the regulation derived, and what shakes it.

    `derived` is null where the regulation leaves the level to the body. `shaken_by` names the
    events that were looked at for the rating and are annulled since, `late_facts` those that were
    recorded since the decision about the same official, tasks and days, and about members of the
    unit where the regulation ties its head to them; null where none is. A rating that was moved to
    fit a cap says from which level, and for what. `position` is the decision's.
    """

    position: Annotated[int, Shown(TABLE.c.decided_position)]
    official_id: str
    regulation: Annotated[str, Shown(vi="Quy định")]
    cycle: Annotated[Cycle, Shown(vi="Chu kỳ xếp loại")]
    from_on: Annotated[date, Shown(vi="Từ ngày")]
    to_on: Annotated[date, Shown(vi="Đến ngày")]
    cohort: Annotated[str, Shown(vi="Nhóm đối tượng")]
    cycle_id: str | None
    level: Annotated[Level, Shown(vi="Mức xếp loại")]
    moved_from: Annotated[Level | None, Shown(vi="Mức trước điều chỉnh")]
    moved_for: Annotated[str | None, Shown(vi="Lý do điều chỉnh")]
    reopened: Annotated[bool, Shown(vi="Đang xem xét lại")]
    derived: Annotated[Level | None, Shown(vi="Mức theo quy định")]
    derived_points: Annotated[str | None, Shown(vi="Điểm theo quy định")]
    reason: str | None
    decided_by: Annotated[str, Shown(vi="Cơ quan quyết định")]
    decided_on: Annotated[date, Shown(vi="Ngày quyết định")]
    regulation_sha256: Annotated[str, Shown(vi="SHA-256 của quy định")]
    tree_sha256: Annotated[str, Shown(vi="SHA-256 của các bước")]
    shaken_by: Annotated[list[int] | None, Shown(SHAKEN_BY, vi="Sự kiện đã bị hủy bỏ")]
    late_facts: Annotated[list[int] | None, Shown(LATE_FACTS, vi="Sự kiện ghi sau quyết định")]


class RatingFilters(Filters):
    """Which ratings."""

    official: Id | None = where(TABLE.c.official_id)
    regulation: Id | None = where(TABLE.c.regulation, "By this regulation.")
    cycle: Cycle | None = where(TABLE.c.cycle, "Of such cycles.")
    cohort: Word | None = where(TABLE.c.cohort, "Of this cohort.")
    cycle_id: Id | None = where(TABLE.c.cycle_id, "Of the cycle that was opened for it.")
    level: Level | None = where(TABLE.c.level, "At this level.")
    otherwise: Truth | None = where(
        TABLE.c.level.is_distinct_from(TABLE.c.derived),
        "Whether the body decided otherwise than the regulation gives, or where it gives nothing.",
    )


DECIDED_RATINGS = Listing(
    name="ratings",
    path="appraisal/ratings",
    tag="appraisal",
    answers="The ratings of officials, as they stand on a day, beside what the regulation gives.",
    page="One page of ratings, by official and cycle.",
    item=DecidedRating,
    filters=RatingFilters,
    projections=(RATINGS, RESPONSIBILITIES, TASKS, TENURES, POSTS),
    arguments=tied,
    regulated=True,
    table=TABLE,
    holds=valid(TABLE),
    order=("official_id", "regulation", "cycle", "from_on"),
    refusals=(NotRelated,),
)
SHAKEN_RATINGS = Listing(
    name="shaken-ratings",
    path="appraisal/shaken",
    tag="appraisal",
    answers="The ratings that stand on events which count no more, or about whose days a fact was "
    "recorded since: to be confirmed or reopened.",
    page="One page of ratings, by official and cycle.",
    item=DecidedRating,
    filters=RatingFilters,
    projections=(RATINGS, RESPONSIBILITIES, TASKS, TENURES, POSTS),
    arguments=tied,
    regulated=True,
    table=TABLE,
    holds=(
        *valid(TABLE),
        ~TABLE.c.reopened,
        or_(SHAKEN_BY.is_not(None), LATE_FACTS.is_not(None)),
    ),
    order=("official_id", "regulation", "cycle", "from_on"),
)
