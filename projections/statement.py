"""Statement: a query made once per shape, and run many times with a reader's arguments.

Whatever comes from a reader travels as an argument; the text of a statement is all constants.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    Select,
    TableValuedAlias,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    null,
    or_,
    select,
    table,
    true,
)
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

from projections.projection import SCHEMA, Projection

# Its stubs lack this one's types. Arguments are written $1, $2, as PostgreSQL numbers them.
DIALECT: Dialect = asyncpg.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]  # untyped there

POSITIONS = table(
    "positions",
    column("projection", Text),
    column("ledger", Text),
    column("position", BigInteger),
    schema=SCHEMA,
)
# So many rows of a list are counted at most: what it costs is bounded.
MOST_COUNTED = 100_000
LIMIT: ColumnElement[int] = bindparam("limit", type_=Integer)
LEDGER: ColumnElement[str] = bindparam("ledger", type_=Text)
NO_TEXT: ColumnElement[Any] = cast(null(), Text)


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """SQL with numbered arguments.

    Attributes:
        names: what each argument is called, in order.
        constants: the values of those that no reader gives.
        query: of which it is the SQL.
        planned_once: whether one plan serves whatever the arguments are.
    """

    sql: str
    names: tuple[str, ...]
    constants: Mapping[str, object]
    query: Select[Any]
    planned_once: bool = False

    def arguments(self, params: Mapping[str, object]) -> list[object]:
        """The arguments in order."""
        constants = self.constants
        return [params[name] if name in params else constants[name] for name in self.names]


def statement(query: Select[Any], schema: str = SCHEMA) -> Statement:
    """The query, compiled; with the read models in that schema."""
    compiled = query.compile(
        dialect=DIALECT, schema_translate_map={SCHEMA: schema}, render_schema_translate=True
    )
    names = tuple(compiled.positiontup or ())
    return Statement(str(compiled), names, dict(compiled.params), query)


def word(name: str) -> ColumnElement[str]:
    """A stable name of our own, as a constant of the statement."""
    return literal_column(f"'{name}'::text", Text)


def parts(of: ColumnElement[Any], name: str, **columns: type[TypeEngine[Any]]) -> TableValuedAlias:
    """The objects of a JSON array as rows of these columns, beside the row that holds it."""
    objects = func.jsonb_to_recordset(of)
    rows = objects.table_valued(*(column(part, kind) for part, kind in columns.items()))
    return rows.render_derived(name, with_types=True)


def counts(conditions: Mapping[str, ColumnElement[bool]]) -> list[ColumnElement[Any]]:
    """How many rows meet each of the conditions, under its name."""
    return [func.count().filter(met).label(name) for name, met in conditions.items()]


def standing(*projections: str) -> ColumnElement[int]:
    """The position that all these projections have reached in the ledger, 0 before their first.

    Of none of them, it is the log's own.
    """
    if not projections:
        return func.log.head(LEDGER)
    return (
        select(func.coalesce(func.min(POSITIONS.c.position), 0))
        .where(
            POSITIONS.c.ledger == LEDGER,
            or_(*(POSITIONS.c.projection == name for name in projections)),
        )
        .scalar_subquery()
    )


def paged(query: Select[Any], shown: Sequence[str], projections: Sequence[str]) -> Statement:
    """A page of an ordered query: rows of `position` and `item`, the bytes of a JSON object.

    One more than `limit` if another page follows; one with a null item if there is none at all.
    """
    page = query.with_only_columns(*(query.selected_columns[name] for name in shown))
    item = page.limit(LIMIT + 1).subquery("item")
    text = cast(func.row_to_json(literal_column("item")), Text)
    items = select(func.convert_to(text, literal_column("'UTF8'")).label("item"))
    listed = items.select_from(item).subquery("listed").lateral()
    at = select(standing(*projections).label("position")).subquery("at")
    return statement(
        select(at.c.position, listed.c.item).select_from(at).join(listed, true(), isouter=True)
    )


def counted(query: Select[Any]) -> Statement:
    """How many rows the query gives: one row, `total`; one more than is counted says more."""
    rows = query.limit(literal_column(str(MOST_COUNTED + 1), Integer)).subquery("counted")
    return statement(select(func.count().label("total")).select_from(rows))


def single(query: Select[Any], shown: Sequence[str], projections: Sequence[str]) -> Statement:
    """One item as one row: `position` and `item`, a JSON object (null if there is none)."""
    one = query.subquery("one")
    item = select(*(one.c[name] for name in shown)).subquery("item")
    return statement(
        select(
            standing(*projections).label("position"),
            select(cast(func.row_to_json(literal_column("item")), Text))
            .select_from(item)
            .scalar_subquery()
            .label("item"),
        )
    )


@cache
def known(projection: Projection) -> Statement:
    """Whether there is such a thing by today or by the day asked about, if that is later.

    Arguments: ledger, id, today, as_of.
    """
    table = projection.table
    named = table.c[projection.key[0]] == bindparam("id", type_=Text)
    by = func.greatest(bindparam("today", type_=Date), bindparam("as_of", type_=Date))
    begun = table.c[projection.since] <= by
    return statement(select(select(table).where(table.c.ledger == LEDGER, named, begun).exists()))


@cache
def reached(projection: Projection) -> Statement:
    """One row, `position`; arguments: ledger."""
    return statement(select(standing(projection.name).label("position")))
