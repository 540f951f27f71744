"""Late facts: what was recorded after a rating was decided, and is about the days it stood on.

It concerns the official, a task that the official led in those days, or the unit of the post held
on their last. A fact is of the day from which it counts; a confirmed completion of the day on which
the work was done, an objective cause of the day of what it excuses. Of a task what counts from
before the period is looked at too: it may have been assigned by then. What was annulled since is no
such fact. Where the regulation ties the head of a unit to its members, what is decided of these is
one too.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Table,
    and_,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    true,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from domain.appraisal.events import DisciplineDecided, UnitRated
from domain.appraisal.products import PRODUCT_EVENTS
from domain.appraisal.shortcomings import DegradationEstablished, UnitShortcomingEstablished
from domain.kernel import Event
from domain.organisation.events import TenureEnded, TenureStarted
from domain.tasks.changes import ObjectiveCauseConfirmed
from domain.tasks.events import CompletionConfirmed
from projections.appraisal.late_facts_of_members import late_facts_of_members
from projections.days import ENDLESS, running
from projections.history import DATA, EVENTS, RECORDED, TAGGED, UNTIL, WORDS, day_in_data, of_types
from projections.organisation.tenures import TABLE as TENURES
from projections.record.events import COUNTS
from projections.statement import LEDGER, word
from projections.tasks.responsibilities import TABLE as SPANS
from projections.tasks.tasks import TABLE as TASKS

# What a rating is derived from, but for what the council gives.
FACTS: tuple[type[Event], ...] = (
    *PRODUCT_EVENTS,
    DisciplineDecided,
    DegradationEstablished,
    UnitRated,
    UnitShortcomingEstablished,
    TenureStarted,
    TenureEnded,
)
# The day that a fact is about.
_about = case(
    (EVENTS.c.type == word(ObjectiveCauseConfirmed.TYPE), day_in_data("occurred_on")),
    (EVENTS.c.type == word(CompletionConfirmed.TYPE), day_in_data("completed_on")),
    (EVENTS.c.type == word(UnitRated.TYPE), day_in_data("to_on")),
    else_=EVENTS.c.effective_on,
)


def late_facts(rating: Table) -> ColumnElement[list[int]]:
    """Their positions, in order; null where there is none."""
    concerned = _concerned(rating).correlate(rating).subquery("concerned")
    since = or_(_about >= rating.c.from_on, concerned.c.kind == word("task"))
    days = [day_in_data(name) == rating.c[name] for name in ("from_on", "to_on")]
    of_type = or_(EVENTS.c.type != word(UnitRated.TYPE), and_(*days))
    # What excuses a report is nothing to a rating.
    of_rating = func.coalesce(DATA["occurrence"].astext, word("")) != word("missed_report")
    tag = (
        select(WORDS.c.id)
        .where(
            WORDS.c.ledger == LEDGER,
            WORDS.c.word == concerned.c.kind + word(":") + concerned.c.id,
        )
        .correlate(concerned)
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
            of_types([event.TYPE for event in FACTS]),
            _about <= rating.c.to_on,
            since,
            of_type,
            of_rating,
            COUNTS,
        )
        .offset(literal_column("0", Integer))
        .correlate(rating, concerned)
        .lateral("fact")
    )
    own = select(fact.c.position).select_from(concerned.join(fact, true())).correlate(rating)
    every = union(own, late_facts_of_members(rating)).subquery("late_facts")
    positions = select(every.c.position).order_by(every.c.position).scalar_subquery()
    found = func.array(positions, type_=ARRAY(BigInteger))
    return func.nullif(found, literal_column("'{}'::bigint[]", ARRAY(BigInteger)))


def _concerned(rating: Table) -> Select[Any]:
    """The official, the tasks led in the period, and the unit worked in on its last day."""
    own = and_(SPANS.c.ledger == rating.c.ledger, SPANS.c.official_id == rating.c.official_id)
    held = and_(TENURES.c.ledger == rating.c.ledger, TENURES.c.official_id == rating.c.official_id)
    official = select(word("official").label("kind"), rating.c.official_id.label("id"))
    # Most tasks have had no event since: that is told by their version, without the log.
    changed = and_(
        TASKS.c.ledger == SPANS.c.ledger,
        TASKS.c.task_id == SPANS.c.task_id,
        TASKS.c.valid_to == ENDLESS,
        TASKS.c.position > rating.c.decided_position,
    )
    tasks = (
        select(word("task"), SPANS.c.task_id)
        .select_from(SPANS.join(TASKS, changed))
        .where(own, SPANS.c.from_on <= rating.c.to_on, SPANS.c.until_on > rating.c.from_on)
    )
    units = select(word("unit"), TENURES.c.unit_id).where(held, *running(TENURES, rating.c.to_on))
    every = union_all(*(one.correlate(rating) for one in (official, tasks, units))).subquery("all")
    return select(every.c.kind, every.c.id)
