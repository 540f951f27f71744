"""Days in queries: the day a reader asks about, and the ends of time."""

from datetime import date
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Date, FromClause, bindparam, func, literal_column

from projections.projection import FOREVER
from projections.statement import LEDGER

AS_OF: ColumnElement[date] = bindparam("as_of", type_=Date)
# The first and the last day of a period that a reader asks about.
FROM_ON: ColumnElement[date] = bindparam("from_on", type_=Date)
TO_ON: ColumnElement[date] = bindparam("to_on", type_=Date)
# The days of a series, in order.
DAYS: ColumnElement[Any] = bindparam("days", type_=ARRAY(Date))
ENDLESS: ColumnElement[date] = literal_column(f"'{FOREVER}'::date", Date)
BEGINNINGLESS: ColumnElement[date] = literal_column("'-infinity'::date", Date)
ONE_DAY: ColumnElement[int] = literal_column("1")


def valid(table: FromClause, on: ColumnElement[Any] = AS_OF) -> tuple[ColumnElement[bool], ...]:
    """The row holds on the day: the one asked about, if no other is named."""
    return table.c.valid_from <= on, table.c.valid_to > on


def running(table: FromClause, on: ColumnElement[Any] = AS_OF) -> tuple[ColumnElement[bool], ...]:
    """The span runs on the day."""
    return table.c.from_on <= on, table.c.until_on > on


def of_day(table: FromClause, on: ColumnElement[Any] = AS_OF) -> tuple[ColumnElement[bool], ...]:
    """The row is of the ledger, and holds or runs on the day."""
    lasting = running if "from_on" in table.c else valid
    return (table.c.ledger == LEDGER, *lasting(table, on))


def last_day(until: ColumnElement[Any]) -> ColumnElement[Any]:
    """The last day of a stretch that ends before `until`; None if it has no end."""
    return func.nullif(until, ENDLESS) - ONE_DAY


def first_of_days(since: ColumnElement[Any]) -> ColumnElement[int]:
    """The index of the first of `days` not before `since`; their number if there is none."""
    return func.width_bucket(since - ONE_DAY, DAYS)
