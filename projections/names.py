"""Names: what the units, posts, tasks and officials with these ids are called on a day."""

from collections.abc import Mapping
from functools import cache

from sqlalchemy import ARRAY, Text, any_, bindparam, case, select
from sqlalchemy.dialects.postgresql import distinct_on

from projections.days import AS_OF
from projections.history import EVENTS
from projections.organisation.officials import NAMED as NAMED_BY
from projections.organisation.officials import OFFICIALS
from projections.organisation.posts import POSTS
from projections.organisation.units import UNITS
from projections.projection import Projection
from projections.statement import LEDGER, Statement, statement
from projections.tasks.tasks import TASKS

# Where each kind of thing has its name; an official's is sealed in an event.
NAMED: Mapping[str, tuple[Projection, str]] = {
    "unit": (UNITS, "name"),
    "post": (POSTS, "title"),
    "task": (TASKS, "title"),
}
IDS = any_(bindparam("ids", type_=ARRAY(Text)))


@cache
def names(kind: str) -> Statement:
    """Rows of `id` and `name`, the latest by the day; arguments: ledger, as_of, ids.

    What begins later only has its first name.
    """
    projection, column = NAMED[kind]
    table = projection.table
    named, since = table.c[projection.key[0]], table.c[projection.since]
    by = since <= AS_OF
    return statement(
        select(named.label("id"), table.c[column].label("name"))
        .ext(distinct_on(named))
        .where(table.c.ledger == LEDGER, named == IDS)
        .order_by(named, by.desc(), case((by, since)).desc(), since)
    )


@cache
def sealed_names() -> Statement:
    """Rows of `id` and the event that bears the official's name; arguments: ledger, ids."""
    table = OFFICIALS.table
    return statement(
        select(
            table.c.official_id.label("id"),
            EVENTS.c.type,
            EVENTS.c.schema_version,
            EVENTS.c.data,
        )
        .ext(distinct_on(table.c.official_id))
        .join(EVENTS, NAMED_BY)
        .where(table.c.ledger == LEDGER, table.c.official_id == IDS)
        .order_by(table.c.official_id)
    )
