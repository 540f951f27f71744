"""History: the timeline of a task, an official, a unit or a post, straight from the log."""

from collections.abc import Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Any

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
    any_,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, array

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
# The event's data as JSON.
DATA = cast(func.convert_from(EVENTS.c.data, literal_column("'UTF8'")), JSONB)
# What of the log finds tags: each word of a ledger, a tag or a type, has a number.
WORDS = table("words", *(column(name) for name in ("id", "ledger", "word")), schema="log")
TAGGED = table("tagged", *(column(name) for name in ("tag", "position", "type")), schema="log")


def day_in_data(name: str) -> ColumnElement[date]:
    """The day that the event's data has under that name."""
    return cast(DATA[literal_column(f"'{name}'")].astext, Date())


def number_of(ledger: ColumnElement[Any], word: ColumnElement[Any]) -> ColumnElement[int]:
    """The number of a word in a ledger, null where it is none's."""
    of = WORDS.alias()
    found = select(of.c.id).where(of.c.ledger == ledger, of.c.word == word)
    return found.correlate(EVENTS).scalar_subquery()


def of_types(types: Sequence[str]) -> ColumnElement[bool]:
    """Tagged events of one of these types."""
    of = WORDS.alias()
    named = of.c.word == any_(array(types, type_=ARRAY(Text)))
    numbers = select(of.c.id).where(of.c.ledger == LEDGER, named).scalar_subquery()
    return TAGGED.c.type == any_(func.array(numbers, type_=ARRAY(Integer)))


def word_is(column: ColumnElement[str], word: ColumnElement[str]) -> ColumnElement[bool]:
    """Events with this word, such as a type, found by its number; words may share one."""
    number = func.log.digest(EVENTS.c.ledger, column) == func.log.digest(LEDGER, word)
    return and_(number, column == word)


# The last position that is known.
UNTIL: ColumnElement[int] = bindparam("until", type_=BigInteger)
RECORDED = and_(EVENTS.c.ledger == LEDGER, EVENTS.c.position == TAGGED.c.position)


@cache
def events_of_tag(of_type: str | None = None) -> Statement:
    """How many events carry the tag, of any type or of one; arguments: ledger, tag, until."""
    return counted(select(TAGGED.c.position).where(*_tagged(of_type)))


def _tagged(of_type: str | None) -> tuple[ColumnElement[bool], ...]:
    tag = bindparam("tag", type_=Text)
    of_tag = (TAGGED.c.tag == number_of(LEDGER, tag), TAGGED.c.position <= UNTIL)
    return of_tag if of_type is None else (*of_tag, of_types([of_type]))


@lru_cache
def timeline(*, newest_first: bool, continued: bool, of_type: str | None = None) -> Statement:
    """Rows of events that carry the tag, in order; one more than `limit` if others follow.

    They are of any type, or of one.

    Arguments: ledger, tag, limit, until, and `after`, the last position of the page before.
    """
    place = TAGGED.c.position
    query = (
        select(*(found for found in EVENTS.c if found.name != "ledger"))
        .select_from(TAGGED.join(EVENTS, RECORDED))
        .where(*_tagged(of_type))
        .order_by(place.desc() if newest_first else place)
        .limit(LIMIT + 1)
    )
    if continued:
        after = bindparam("after", type_=BigInteger)
        query = query.where(place < after if newest_first else place > after)
    return statement(query)
