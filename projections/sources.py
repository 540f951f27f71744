"""Sources: a statement run over other rows than the live ones: a snapshot's, or rows given to it.

What was known of one subject at an earlier position is few rows: they travel as an argument, and
stand in for the tables under the tables' own names.
"""

import re
from dataclasses import replace
from functools import cache, lru_cache
from typing import NamedTuple

from sqlalchemy import true

from projections import PROJECTIONS
from projections.projection import DIALECT, SCHEMA
from projections.statement import Statement, statement

BY_NAME = {projection.name: projection for projection in PROJECTIONS}
KEPT = {kept.name: kept for projection in PROJECTIONS for kept in projection.kept}

# A schema that is never made: it marks the tables in the text.
_GIVEN = "rows_given"
_TABLE = re.compile(rf"\b{_GIVEN}\.(\w+)")
# What a snapshot has beside its read models: where these stand, and of the log itself views that
# end there.
_BESIDE = re.compile(rf"\b(?:log\.(events|tagged|words)|{SCHEMA}\.(positions))\b")
_HEAD = re.compile(r"\blog\.head\([^()]*\)")


@cache
def _columns(table: str) -> str:
    """The table's columns with their types.

    Not by the type of the table's rows: a statement that is kept prepared would go on naming it
    after a rebuild has put another table in its place.
    """
    columns = BY_NAME[table].table.columns
    return ", ".join(f"{each.name} {each.type.compile(DIALECT)}" for each in columns)


class OverRows(NamedTuple):
    """A statement over rows that are given to it.

    Attributes:
        statement: its further arguments are `rows_TABLE`, JSON arrays of rows.
        tables: whose rows it reads, in the order of those arguments.
    """

    statement: Statement
    tables: tuple[str, ...]


@lru_cache(maxsize=1024)
def in_schema(of: Statement, schema: str) -> Statement:
    """The same statement over the tables in that schema; a constant of the programme.

    What it reads straight from the log, it reads up to the position of the snapshot.
    """
    if schema == SCHEMA:
        return of
    there = statement(of.query, schema)
    head = f"(SELECT min(position) FROM {schema}.positions)"  # noqa: S608  a constant
    sql = _HEAD.sub(head, there.sql)
    return replace(there, sql=_BESIDE.sub(rf"{schema}.\1\2", sql))


@lru_cache(maxsize=1024)
def over_rows(of: Statement) -> OverRows:
    """The same statement over rows given to it; what is kept beside rows is made of them."""
    marked = statement(of.query, _GIVEN)
    named = dict.fromkeys(_TABLE.findall(marked.sql))
    made = {name: statement(KEPT[name].made(true()), _GIVEN).sql for name in named if name in KEPT}
    beneath = _TABLE.findall(" ".join(made.values()))
    tables = tuple(dict.fromkeys(name for name in (*named, *beneath) if name not in KEPT))
    if not tables:
        return OverRows(of, ())
    first = len(marked.names) + 1
    rows = [
        f"{table} AS (SELECT * FROM json_to_recordset(${at}::json) AS rows ({_columns(table)}))"  # noqa: S608  names only
        for at, table in enumerate(tables, first)
    ]
    kept = [f"{name} AS ({sql})" for name, sql in made.items()]
    given = _TABLE.sub(r"\1", ", ".join((*rows, *kept)))
    sql = _TABLE.sub(r"\1", marked.sql)
    # Its own common table expressions may read the rows, so they come after.
    further = re.match(r"\s*WITH\s+(RECURSIVE\s+)?", sql)
    if further is not None:
        recursive = "RECURSIVE " if further[1] else ""
        sql = f"WITH {recursive}{given}, {sql[further.end() :]}"
    else:
        sql = f"WITH {given} {sql}"
    names = (*marked.names, *(f"rows_{table}" for table in tables))
    return OverRows(Statement(sql, names, marked.constants, of.query), tables)
