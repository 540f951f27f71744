"""History: the timeline of a task, an official, a unit or a post, straight from the log."""

from functools import cache, lru_cache

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    Text,
    Uuid,
    and_,
    bindparam,
    column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from projections.statement import LEDGER, LIMIT, Statement, counted, statement

EVENTS = table(
    "events",
    column("ledger", Text),
    column("position", BigInteger),
    column("event_id", Uuid),
    column("type", Text),
    column("schema_version", Integer),
    column("recorded_at", DateTime(timezone=True)),
    column("effective_on", Date),
    column("actor", Text),
    column("on_behalf_of", Text),
    column("basis", JSONB),
    column("correlation_id", Uuid),
    column("causation_id", Uuid),
    column("tags", ARRAY(Text)),
    column("data", LargeBinary),
    column("token_id", Text),
    schema="log",
)
TAGS = table(
    "event_tags",
    *(column(name) for name in ("ledger", "tag", "position", "type")),
    schema="log",
)
# The last position that is known.
UNTIL: ColumnElement[int] = bindparam("until", type_=BigInteger)
RECORDED = and_(EVENTS.c.ledger == TAGS.c.ledger, EVENTS.c.position == TAGS.c.position)


@cache
def events_of_tag() -> Statement:
    """How many events carry the tag; arguments: ledger, tag, until."""
    return counted(select(TAGS.c.position).where(*_tagged()))


def _tagged() -> tuple[ColumnElement[bool], ...]:
    tag = bindparam("tag", type_=Text)
    return (TAGS.c.ledger == LEDGER, TAGS.c.tag == tag, TAGS.c.position <= UNTIL)


@lru_cache
def timeline(*, newest_first: bool, continued: bool) -> Statement:
    """Rows of events that carry the tag, in order; one more than `limit` if others follow.

    Arguments: ledger, tag, limit, until, and `after`, the last position of the page before.
    """
    place = TAGS.c.position
    query = (
        select(*(found for found in EVENTS.c if found.name != "ledger"))
        .select_from(TAGS.join(EVENTS, RECORDED))
        .where(*_tagged())
        .order_by(place.desc() if newest_first else place)
        .limit(LIMIT + 1)
    )
    if continued:
        after = bindparam("after", type_=BigInteger)
        query = query.where(place < after if newest_first else place > after)
    return statement(query)
