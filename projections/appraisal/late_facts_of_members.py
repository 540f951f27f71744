"""Late facts of members: what was decided of others in the unit after its head was rated.

Only where the regulation of the head's rating looks at members: at one who is disciplined within
the days of the rating while holding a post of the unit, or at one who holds it on their last day
and is rated not to have completed the work of just these days.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Subquery,
    Table,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    exists,
    literal_column,
    or_,
    select,
    true,
)

from domain.appraisal.events import DisciplineDecided
from domain.appraisal.members import DECISIONS, conditions_of_members
from domain.appraisal.rating_events import RatingDecided, RatingMoved
from domain.regulations.policies import adopted
from domain.regulations.regulations import Regulations
from domain.regulations.vocabulary_1.shapes import Condition
from projections.days import of_day, running
from projections.history import (
    DATA,
    EVENTS,
    RECORDED,
    TAGGED,
    UNTIL,
    WORDS,
    day_in_data,
    of_types,
)
from projections.listing import Arguments
from projections.organisation.posts import TABLE as POSTS
from projections.organisation.tenures import TABLE as TENURES
from projections.record.events import COUNTS
from projections.statement import LEDGER, word

# By the digests of which revisions such a condition of members says something of their head.
TYING: Mapping[Condition, str] = {
    "member_disciplined": "tied_by_discipline",
    "member_not_completed": "tied_by_rating",
}


def tied(_params: Any, _as_of: date, regulated: Regulations | None) -> Arguments:  # noqa: ANN401  each list's own
    """Which revisions look at members, by what they look at."""
    revisions = (regulated or Regulations()).policies
    conditions = {
        one.sha256: conditions_of_members(adopted(one.vocabulary, one.policy)) for one in revisions
    }
    return {
        name: [sha256 for sha256, named in conditions.items() if condition in named]
        for condition, name in TYING.items()
    }


def late_facts_of_members(rating: Table) -> Select[Any]:
    """Their positions, each as often as it is found."""
    members = _members(rating)
    tag = (
        select(WORDS.c.id)
        .where(WORDS.c.ledger == LEDGER, WORDS.c.word == word("official:") + members.c.official_id)
        .correlate(members)
        .scalar_subquery()
    )
    # Each by the index of its tag: the fence keeps the log from being read whole.
    fact = (
        select(cast(TAGGED.c.position, BigInteger).label("position"))
        .select_from(TAGGED.join(EVENTS, RECORDED))
        .where(
            TAGGED.c.tag == tag,
            TAGGED.c.position > rating.c.decided_position,
            TAGGED.c.position <= UNTIL,
            of_types([event.TYPE for event in DECISIONS]),
            or_(_disciplined(rating, members), _not_completed(rating, members)),
            COUNTS,
        )
        .offset(literal_column("0", Integer))
        .correlate(rating, members)
        .lateral("fact_of_member")
    )
    return select(fact.c.position).select_from(members.join(fact, true())).correlate(rating)


def _ties(rating: Table, condition: Condition) -> ColumnElement[bool]:
    revisions: ColumnElement[Any] = bindparam(TYING[condition], type_=ARRAY(Text))
    return rating.c.regulation_sha256 == any_(revisions)


def _members(rating: Table) -> Subquery:
    """The others who held posts in the period, in the unit that the official heads at its end."""
    head, member = TENURES.alias("head"), TENURES.alias("member")
    heads = exists().where(
        *of_day(POSTS, rating.c.to_on), POSTS.c.post_id == head.c.post_id, POSTS.c.heads_unit
    )
    return (
        select(member.c.official_id, member.c.from_on, member.c.until_on)
        .select_from(
            head.join(
                member,
                and_(member.c.ledger == head.c.ledger, member.c.unit_id == head.c.unit_id),
            )
        )
        .where(
            or_(*(_ties(rating, condition) for condition in TYING)),
            head.c.ledger == rating.c.ledger,
            head.c.official_id == rating.c.official_id,
            *running(head, rating.c.to_on),
            heads.correlate(rating, head),
            member.c.official_id != rating.c.official_id,
            member.c.from_on <= rating.c.to_on,
            member.c.until_on > rating.c.from_on,
        )
        .correlate(rating)
        .subquery("members")
    )


def _disciplined(rating: Table, members: Subquery) -> ColumnElement[bool]:
    return and_(
        _ties(rating, "member_disciplined"),
        EVENTS.c.type == word(DisciplineDecided.TYPE),
        EVENTS.c.effective_on.between(rating.c.from_on, rating.c.to_on),
        *running(members, EVENTS.c.effective_on),
    )


def _not_completed(rating: Table, members: Subquery) -> ColumnElement[bool]:
    failed = word("NOT_COMPLETED")
    decided = and_(
        EVENTS.c.type == word(RatingDecided.TYPE),
        day_in_data("to_on") == rating.c.to_on,
        DATA["level"].astext == failed,
    )
    moved = and_(
        EVENTS.c.type == word(RatingMoved.TYPE),
        DATA["cycle"].astext == rating.c.cycle,
        DATA["to_level"].astext == failed,
    )
    return and_(
        _ties(rating, "member_not_completed"),
        or_(decided, moved),
        day_in_data("from_on") == rating.c.from_on,
        *running(members, rating.c.to_on),
    )
