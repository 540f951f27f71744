"""Own: which units and officials are a caller's: the relations of the rules, as SQL.

A unit is a caller's if the caller stands for it, for one above it on the day, or for what one of
these succeeded to or went into by today. The rules say the same of what a command has seen.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Text,
    bindparam,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql.selectable import CTE

from projections.days import AS_OF, running
from projections.organisation.posts import TABLE as POSTS_TABLE
from projections.organisation.tenures import TABLE as TENURES_TABLE
from projections.organisation.units import TABLE as UNITS_TABLE
from projections.statement import LEDGER, Statement, statement
from projections.territory.lineage import TABLE as LINEAGE_TABLE

OWN = bindparam("own", type_=ARRAY(Text))
TODAY = bindparam("today", type_=Date)


@lru_cache
def own_units() -> Statement:
    """Those of `units` that are the caller's who stands for `own`.

    Rows of `unit_id`; arguments: ledger, as_of, today, own, units.
    """
    units = func.unnest(bindparam("units", type_=ARRAY(Text))).column_valued("unit_id")
    line = _upwards(select(_id(units).label("unit_id"), _id(units).label("above")))
    own = _own()
    return statement(
        select(line.c.unit_id).distinct().where(line.c.above.in_(select(own.c.unit_id)))
    )


@lru_cache
def own_officials() -> Statement:
    """Those of `officials` with a post on the day that is of the caller's units or managed by one.

    Rows of `official_id`; arguments: ledger, as_of, today, own, officials.
    """
    tenure, post = TENURES_TABLE, POSTS_TABLE
    bodies = func.unnest(array([tenure.c.unit_id, post.c.managed_by]))
    held = (
        select(tenure.c.official_id.label("unit_id"), _id(bodies).label("above"))
        .select_from(tenure)
        .join(post, (post.c.ledger == tenure.c.ledger) & (post.c.post_id == tenure.c.post_id))
        .where(
            tenure.c.ledger == LEDGER,
            tenure.c.official_id.in_(
                select(func.unnest(bindparam("officials", type_=ARRAY(Text))))
            ),
            *running(tenure),
        )
    )
    line, own = _upwards(held), _own()
    return statement(
        select(line.c.unit_id.label("official_id"))
        .distinct()
        .where(line.c.above.in_(select(own.c.unit_id)))
    )


def _upwards(first: Any) -> CTE:  # noqa: ANN401  a query of two columns
    """Whose unit it is, and every unit above that one on the day."""
    line: CTE = first.cte("line", recursive=True)
    unit = UNITS_TABLE.alias("placed")
    placed = (
        select(unit.c.parent_id)
        .where(unit.c.ledger == LEDGER, unit.c.unit_id == line.c.above, unit.c.valid_from <= AS_OF)
        .order_by(unit.c.valid_from.desc())
        .limit(literal_column("1"))
        .lateral("placed_on_day")
    )
    return line.union(
        select(line.c.unit_id, placed.c.parent_id)
        .join(placed, true())
        .where(placed.c.parent_id.is_not(None))
    )


def _id(given: ColumnElement[str]) -> ColumnElement[str]:
    """An id, ordered as the tables order theirs."""
    return given.collate("C")


def _own() -> CTE:
    """The units for which the caller stands, what these went into, and what went into those."""
    given = func.unnest(OWN).column_valued("unit_id")
    link = LINEAGE_TABLE
    known = (link.c.ledger == LEDGER, link.c.happened_on <= TODAY, link.c.how != "ceded")
    stood = select(_id(given).label("unit_id")).cte("stood", recursive=True)
    stood = stood.union(
        select(link.c.successor_id).join(stood, stood.c.unit_id == link.c.unit_id).where(*known)
    )
    own = select(stood.c.unit_id).cte("own", recursive=True)
    return own.union(
        select(link.c.unit_id).join(own, own.c.unit_id == link.c.successor_id).where(*known)
    )
