"""Span lines: lists of what hangs on the monitoring of a commune, each line beside its span."""

from datetime import date
from typing import Annotated, Any, TypedDict

from pydantic import Field
from sqlalchemy import ColumnElement, Date, FromClause, Integer, Table, and_, bindparam, select

from projections.commune_coverage.intervals import TABLE as COVERAGE
from projections.filters import Filters, Id, where
from projections.listing import ListItem
from projections.projection import IsoDay, Name

YEAR: ColumnElement[int] = bindparam("year", type_=Integer)
# The first day of the year; its last, or the day asked about, if that is earlier.
FIRST_DAY: ColumnElement[date] = bindparam("first_day", type_=Date)
LAST_DAY: ColumnElement[date] = bindparam("last_day", type_=Date)


class OfSpan(TypedDict):
    """In a row: which monitor's it is, of which commune, since when."""

    unit_id: Name
    official_id: Name
    since: IsoDay


class SpanLine(ListItem):
    """The monitor whose it is: who monitored the commune since when, for which agency."""

    unit_id: Annotated[str, Field(description="The commune.")]
    official_id: str
    agency_id: str | None
    since_on: date


class SpanFilters(Filters):
    """Whose: of a commune, a monitor, an agency."""

    commune: Id | None = where("unit_id")
    official: Id | None = where("official_id", "The monitor.")
    agency: Id | None = where("agency_id", "Whose leader the monitor was.")


def beside_its_span(table: Table) -> FromClause:
    """Each row beside the monitor's span it belongs to, which knows the agency."""
    same: ColumnElement[Any] = and_(
        COVERAGE.c.ledger == table.c.ledger,
        COVERAGE.c.unit_id == table.c.unit_id,
        COVERAGE.c.valid_from == table.c.since,
        COVERAGE.c.official_id == table.c.official_id,
    )
    return (
        select(*table.c, table.c.since.label("since_on"), COVERAGE.c.agency_id)
        .select_from(table.join(COVERAGE, same, isouter=True))
        .subquery(f"{table.name}_lines")
    )
