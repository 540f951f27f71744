"""Versions, read: the entity tag of a thing, straight from the log, as its verbs compare it."""

from functools import cache

from sqlalchemy import BigInteger, Integer, Text, and_, any_, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.sql.expression import literal_column

from domain.record.versions import making_up
from domain.timeline import EventsAnnulled
from projections.history import EVENTS, RECORDED, TAGS
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
    own = and_(TAGS.c.type == any_(array(types, type_=ARRAY(Text))), first == tag)
    last = (
        select(TAGS.c.position)
        .select_from(TAGS.join(EVENTS, RECORDED))
        .where(
            TAGS.c.ledger == LEDGER,
            TAGS.c.tag == tag,
            TAGS.c.position <= bindparam("until", type_=BigInteger),
            or_(TAGS.c.type == EventsAnnulled.TYPE, own),
        )
        .order_by(TAGS.c.position.desc())
        .limit(literal_column("1", Integer))
        .scalar_subquery()
    )
    return statement(select(func.coalesce(last, literal_column("0", Integer)).label("version")))
