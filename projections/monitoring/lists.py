"""Monitoring lists: what hangs on the monitoring of communes, listed as of a day, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    Table,
    and_,
    bindparam,
    select,
    tuple_,
)

from projections.commune_coverage.intervals import TABLE as COVERAGE
from projections.projection import Projection
from projections.statement import LEDGER, Statement, paged

YEAR: ColumnElement[int] = bindparam("year", type_=Integer)


def said(name: str, equal_to: ColumnElement[Any]) -> ColumnElement[bool]:
    """A filter: the column is what the reader says under that name."""
    return equal_to == bindparam(name, type_=equal_to.type)


def beside_its_span(table: Table) -> FromClause:
    """Each row beside the monitor's span it belongs to, which knows the agency."""
    same = and_(
        COVERAGE.c.ledger == table.c.ledger,
        COVERAGE.c.unit_id == table.c.unit_id,
        COVERAGE.c.valid_from == table.c.since,
        COVERAGE.c.official_id == table.c.official_id,
    )
    return table.join(COVERAGE, same, isouter=True)


def of_a_span(table: Table) -> Mapping[str, ColumnElement[Any]]:
    """The columns that tell whose paper it is."""
    return {
        "unit_id": table.c.unit_id,
        "official_id": table.c.official_id,
        "agency_id": COVERAGE.c.agency_id,
        "since_on": table.c.since,
    }


def span_filters(table: Table) -> Mapping[str, ColumnElement[bool]]:
    """By the commune, the monitor and the agency."""
    return {
        "commune": said("commune", table.c.unit_id),
        "official": said("official", table.c.official_id),
        "agency": said("agency", COVERAGE.c.agency_id),
    }


@dataclass(frozen=True, kw_only=True, eq=False)
class MonitoringList:
    """How one kind of thing is listed.

    Attributes:
        name: what a cursor calls the list.
        projections: all that are read.
        source: what is read, of which `table` is the ledger's.
        columns: of an item, by name.
        holds: what is listed on the day.
        filters: by the names readers give them.
        marks: names of columns of an item that order the list and continue it.
    """

    name: str
    projections: tuple[Projection, ...]
    table: FromClause
    source: FromClause
    columns: Mapping[str, ColumnElement[Any]]
    holds: tuple[ColumnElement[bool], ...]
    filters: Mapping[str, ColumnElement[bool]]
    marks: tuple[str, ...]

    def rows(self, filters: frozenset[str]) -> Select[Any]:
        """Every item that the filters leave."""
        return (
            select(*(made.label(name) for name, made in self.columns.items()))
            .select_from(self.source)
            .where(self.table.c.ledger == LEDGER, *self.holds)
            .where(*(self.filters[name] for name in sorted(filters)))
        )

    def mark(self, item: Mapping[str, Any]) -> tuple[str, ...]:
        """The place of an item, after which the next page begins."""
        return tuple(str(item[name]) for name in self.marks)


@lru_cache(maxsize=512)
def listed(of: MonitoringList, filters: frozenset[str], *, continued: bool) -> Statement:
    """One page; arguments: ledger, as_of, limit, the list's, each filter's, and `after_0` …."""
    marks = [of.columns[name] for name in of.marks]
    query = of.rows(filters).order_by(*marks)
    if continued:
        after = [bindparam(f"after_{number}", type_=mark.type) for number, mark in enumerate(marks)]
        query = query.where(tuple_(*marks) > tuple_(*after))
    return paged(query, tuple(of.columns), [one.name for one in of.projections])


def day(name: str) -> ColumnElement[Any]:
    """A day that the reader's question comes to."""
    return bindparam(name, type_=Date)
