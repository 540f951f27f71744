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
    CompoundSelect,
    Integer,
    Select,
    Subquery,
    Table,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    exists,
    literal_column,
    select,
    true,
    union_all,
)

from domain.appraisal.events import DisciplineDecided
from domain.appraisal.members import conditions_of_members
from domain.regulations.policies import adopted
from domain.regulations.regulations import Regulations
from domain.regulations.vocabulary_1.shapes import Condition
from projections.days import of_day, running, valid
from projections.history import (
    EVENTS,
    RECORDED,
    TAGGED,
    UNTIL,
    WORDS,
    of_types,
)
from projections.listing import Arguments
from projections.organisation.posts import TABLE as POSTS
from projections.organisation.tenures import TABLE as TENURES
from projections.record.events import COUNTS
from projections.statement import LEDGER, word

FENCE = literal_column("0", Integer)
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


def late_facts_of_members(rating: Table) -> CompoundSelect[Any]:
    """Their positions, each as often as it is found."""
    return union_all(_disciplined(rating), _not_completed(rating))


def _disciplined(rating: Table) -> Select[Any]:
    """The discipline of members within the days of the rating."""
    members = _members(rating, "member_disciplined")
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
            of_types([DisciplineDecided.TYPE]),
            EVENTS.c.effective_on.between(rating.c.from_on, rating.c.to_on),
            *running(members, EVENTS.c.effective_on),
            COUNTS,
        )
        .offset(FENCE)
        .correlate(rating, members)
        .lateral("discipline")
    )
    return select(fact.c.position).select_from(members.join(fact, true())).correlate(rating)


def _not_completed(rating: Table) -> Select[Any]:
    """The ratings of members for just these days at the lowest level, as they stand now."""
    members, other = _members(rating, "member_not_completed"), rating.alias("rating_of_member")
    moved = other.c.moved_from.is_not(None)
    position = case((moved, other.c.position), else_=other.c.decided_position)
    of_member = (
        select(position.label("position"))
        .where(
            other.c.ledger == LEDGER,
            other.c.official_id == members.c.official_id,
            *valid(other),
            other.c.from_on == rating.c.from_on,
            other.c.to_on == rating.c.to_on,
            other.c.level == word("NOT_COMPLETED"),
            position > rating.c.decided_position,
            *running(members, rating.c.to_on),
        )
        .offset(FENCE)
        .correlate(rating, members)
        .lateral("of_member")
    )
    return (
        select(of_member.c.position).select_from(members.join(of_member, true())).correlate(rating)
    )


def _members(rating: Table, condition: Condition) -> Subquery:
    """The others who held posts in the period, in the unit that the official heads at its end.

    There are none where the regulation of the rating does not look at that condition of them.
    """
    revisions: ColumnElement[Any] = bindparam(TYING[condition], type_=ARRAY(Text))
    held, member = TENURES.alias("held"), TENURES.alias("member")
    heads = exists().where(
        *of_day(POSTS, rating.c.to_on), POSTS.c.post_id == held.c.post_id, POSTS.c.heads_unit
    )
    # Few are heads: the fence keeps members from being sought before that is known.
    head = (
        select(held.c.unit_id)
        .where(
            rating.c.regulation_sha256 == any_(revisions),
            held.c.ledger == LEDGER,
            held.c.official_id == rating.c.official_id,
            *running(held, rating.c.to_on),
            heads.correlate(rating, held),
        )
        .offset(FENCE)
        .correlate(rating)
        .lateral(f"head_{condition}")
    )
    of_unit = and_(
        member.c.ledger == LEDGER,
        member.c.unit_id == head.c.unit_id,
        member.c.official_id != rating.c.official_id,
        member.c.from_on <= rating.c.to_on,
        member.c.until_on > rating.c.from_on,
    )
    return (
        select(member.c.official_id, member.c.from_on, member.c.until_on)
        .select_from(head.join(member, of_unit))
        .correlate(rating)
        .subquery(f"members_{condition}")
    )
