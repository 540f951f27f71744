"""Versions, read: the entity tag of a thing, straight from the log, as its verbs compare it."""

from functools import cache

from sqlalchemy import BigInteger, Integer, Text, bindparam, func, or_, select
from sqlalchemy.sql.expression import literal_column

from domain.record.versions import making_up
from domain.timeline import EventsAnnulled
from projections.history import EVENTS, RECORDED, TAGGED, number_of, of_types
from projections.statement import LEDGER, Statement, statement


@cache
def version_of(kind: str) -> Statement:
    """One row, `version`, 0 if nothing makes the thing up; arguments: ledger, tag, until.

    As `domain.record.versions.version` has it: the last event whose first tag of the kind is the
    thing's, or the last annulment that touches it.
    """
    tag = bindparam("tag", type_=Text)
    types = [event.TYPE for event in making_up(kind)]
    tags = func.unnest(EVENTS.c.tags).table_valued("tag", with_ordinality="nth").render_derived()
    first = (
        select(tags.c.tag)
        .where(tags.c.tag.like(f"{kind}:%"))
        .order_by(tags.c.nth)
        .limit(literal_column("1", Integer))
        .correlate(EVENTS)
        .scalar_subquery()
    )
    last = (
        select(TAGGED.c.position)
        .select_from(TAGGED.join(EVENTS, RECORDED))
        .where(
            TAGGED.c.tag == number_of(LEDGER, tag),
            TAGGED.c.position <= bindparam("until", type_=BigInteger),
            of_types([EventsAnnulled.TYPE, *types]),
            or_(EVENTS.c.type == EventsAnnulled.TYPE, first == tag),
        )
        .order_by(TAGGED.c.position.desc())
        .limit(literal_column("1", Integer))
        .scalar_subquery()
    )
    return statement(select(func.coalesce(last, literal_column("0", Integer)).label("version")))
