"""Listing: a list of items declared once; its pages, its files and its OpenAPI follow from it.

An item is a pydantic model. The value of a field is the column of the same name, or what `Shown`
says; a filter is a field of the `Filters` model whose default is `where`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

from pydantic import BaseModel
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    bindparam,
    select,
    tuple_,
)

from domain.kernel import NotFound, Refusal
from domain.regulations.regulations import Regulations
from domain.values import Value
from projections.filters import Filter, Filters, OwnColumn, equals
from projections.marks import day_value, parser_of, text_value
from projections.projection import Projection
from projections.statement import LEDGER, Statement, counted, paged

Item: TypeAlias = dict[str, Any]
Arguments: TypeAlias = Mapping[str, Any]
Columns: TypeAlias = Mapping[str, ColumnElement[Any]]
Conditions: TypeAlias = tuple[ColumnElement[bool], ...]


class ListItem(Value):
    """One item of a list."""


@dataclass(frozen=True, eq=False)
class Shown:
    """How a field of an item is read, and headed in a file.

    Attributes:
        sql: its value; the column of the field's name if left out.
        vi: its heading in a Vietnamese file; that of `headings` if left out.
        computed: it is made of other fields by the list's `finish`, not by PostgreSQL.
        total: whether the sum of all rows says something.
    """

    sql: ColumnElement[Any] | None = None
    vi: str | None = None
    computed: bool = False
    total: bool = False


@dataclass(frozen=True, eq=False)
class Mark:
    """What a list is ordered by, and where its next page begins.

    Attributes:
        name: of the item's field.
        sql: its order, never null, so that a list can go on after any item; the field's own value
            if left out.
        absent: what stands for null there, as text.
    """

    name: str
    sql: ColumnElement[Any] | None = None
    absent: str = ""


Order: TypeAlias = tuple[str | Mark, ...]


def itself(item: Item) -> Iterable[Item]:
    """The one row of an item, in most lists."""
    return (item,)


@dataclass(frozen=True, kw_only=True, eq=False)
class Beside:
    """What stands beside the items of each page, counted over all pages.

    Attributes:
        name: of the member in the reply.
        row: the shape of one row of the statement.
        statement: made for the filters given; its arguments are those of the list.
        many: whether it gives many rows, or always one.
        ignores: filters that do not narrow it.
    """

    name: str
    row: type[BaseModel]
    statement: Callable[[frozenset[str]], Statement]
    many: bool = False
    ignores: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, eq=False)
class Finding:
    """How the rows of a day are found in their order, so that only those of a page are read.

    Attributes:
        order: which of the list's orders that is.
        unless: filters that leave few rows, which are found by an index of their own.
        keys: what finds them: rows in that order, one more than a page, given what else must hold
            of them and the rows they begin after.
        on: joins the list's table to what is found.
        today: whether also those of today, and not by an index of theirs.
    """

    order: str
    unless: frozenset[str]
    keys: Callable[[Conditions, bool, bool], FromClause]
    on: Callable[[FromClause], ColumnElement[bool]]
    today: bool = False

    def serves(self, by: str, filters: frozenset[str], *, today: bool) -> bool:
        of_day = self.today or not today
        return of_day and by.removeprefix("-") == self.order and self.unless.isdisjoint(filters)


@dataclass(frozen=True, kw_only=True, eq=False)
class Owner:
    """The object in the path whose list it is.

    Attributes:
        subject: what it is, such as `task`; so statements call its id.
        projection: which knows whether there is such an object.
        unknown: the refusal where there is none.
    """

    subject: str
    projection: Projection
    unknown: type[NotFound]

    @property
    def id_name(self) -> str:
        """Of the id in the path."""
        return f"{self.subject}_id"


@dataclass(frozen=True, kw_only=True, eq=False)
class Described:
    """What a list is called, and what readers are told of it.

    Attributes:
        name: of the list in cursors, and of its files.
        path: below `/v1/{ledger}/`; its name if left out.
        operation: its name in OpenAPI; `list_` and its name if left out.
        tag: its group in OpenAPI.
        answers: the question that it answers, in a sentence.
        page: what one page of it is, in a sentence.
        item: the shape of an item.
        row: the shape of a row of its tables, where that is not an item.
        rows_of: the rows of an item; in most lists the item itself.
        filters: what it can be narrowed by.
        beside: what is counted beside the items.
        owner: the object in the path.
        refusals: those of its parameters.
    """

    name: str
    path: str = ""
    operation: str = ""
    tag: str
    answers: str
    page: str
    item: type[BaseModel]
    row: type[BaseModel] | None = None
    rows_of: Callable[[Item], Iterable[Item]] = itself
    filters: type[Filters] = Filters
    beside: tuple[Beside, ...] = ()
    owner: Owner | None = None
    refusals: tuple[type[Refusal], ...] = ()

    def __post_init__(self) -> None:
        if not self.path:
            object.__setattr__(self, "path", self.name)
        if not self.operation:
            object.__setattr__(self, "operation", f"list_{self.name.replace('-', '_')}")


@dataclass(frozen=True, kw_only=True, eq=False)
class Listing(Described):
    """A list, and everything that follows from it.

    Attributes:
        projections: those it reads.
        table: whose columns are the fields that say nothing else, and whose `ledger` is asked for.
        source: what is read, if more than the table.
        holds: what is listed on the day.
        holds_today: the same for today and later, where that can be answered more cheaply.
        finding: how the rows of a day are found, where no index has them in their order.
        group_by: where an item is many rows, what makes them one.
        having: of such items, which are listed.
        order: by which it is sorted; or, where the reader chooses by `sort`, the orders by name.
        groups: makes the items where each counts a group: of what the reader groups by (the
            parameter `group_by`) and of the filters. Its columns are those of an item; that by
            which it is ordered is one that it groups by.
        hidden: columns that `finish` needs and that no item shows.
        arguments: further arguments of its statements, made of its parameters, the day asked about
            and what has been regulated (None unless `regulated`).
        regulated: whether it depends on the regulations adopted.
        planned_once: whether its statement takes longer to plan than to run, and one plan serves
            whatever is asked of it.
        finish: what is left to do to the items of a page, given the arguments of its statements.
    """

    projections: tuple[Projection, ...]
    table: FromClause
    source: FromClause | None = None
    holds: Conditions = ()
    holds_today: Conditions | None = None
    finding: Finding | None = None
    group_by: tuple[ColumnElement[Any], ...] = ()
    having: Conditions = ()
    order: Order | Mapping[str, Order]
    groups: Callable[[str, frozenset[str]], Select[Any]] | None = None
    hidden: Mapping[str, ColumnElement[Any]] = field(default_factory=dict)
    arguments: Callable[[Any, date, Regulations | None], Arguments] | None = None
    regulated: bool = False
    planned_once: bool = False
    finish: Callable[[Sequence[Item], Arguments], Sequence[Item]] | None = None

    @cached_property
    def columns(self) -> Mapping[str, ColumnElement[Any]]:
        """What PostgreSQL gives of an item, by field; after them what is hidden."""
        columns = {}
        for name, declared in self.item.model_fields.items():
            shown = next((mark for mark in declared.metadata if isinstance(mark, Shown)), Shown())
            if not shown.computed:
                columns[name] = self.table.c[name] if shown.sql is None else shown.sql
        return {**columns, **self.hidden}

    @cached_property
    def where(self) -> Mapping[str, Filter]:
        """The filters, by name."""
        return {
            name: equals(self.table.c[where.name]) if isinstance(where, OwnColumn) else where
            for name, declared in self.filters.model_fields.items()
            for where in declared.metadata
            if isinstance(where, Filter | OwnColumn)
        }

    def _chosen_by(self, name: str) -> Filter:
        """The filter of that name; failing that, the field of that name is what is given."""
        return self.where.get(name) or equals(self.columns[name])

    def reads(self, filters: frozenset[str]) -> tuple[Projection, ...]:
        """The projections that a list narrowed by these filters is read from."""
        further = (one for name in sorted(filters) for one in self._chosen_by(name).reads)
        return (*self.projections, *further)

    def marks(self, by: str = "") -> tuple[Mark, ...]:
        """The order of that name; a minus before it does not count."""
        order = self.order[by.removeprefix("-")] if isinstance(self.order, Mapping) else self.order
        return tuple(Mark(mark) if isinstance(mark, str) else mark for mark in order)

    def mark(self, item: Item, by: str = "") -> tuple[str, ...]:
        """The place of an item, after which the next page begins."""
        values = ((item[mark.name], mark.absent) for mark in self.marks(by))
        return tuple(absent if value is None else str(value) for value, absent in values)

    def parsers(self, by: str = "") -> tuple[Callable[[str], Any], ...]:
        """What reads each value of a mark; they raise ValueError."""
        if self.groups is not None:
            fields = (self.item.model_fields[mark.name] for mark in self.marks(by))
            return tuple(day_value if of.annotation is date else text_value for of in fields)
        return tuple(parser_of(_sql(self.columns, mark).type) for mark in self.marks(by))

    def rows(self, filters: frozenset[str], *, today: bool = False) -> Select[Any]:
        """Every item that the filters leave, in no order."""
        return (
            select(*(sql.label(name) for name, sql in self.columns.items()))
            .select_from(self.table if self.source is None else self.source)
            .where(*self.conditions(filters, today=today))
            .group_by(*self.group_by)
            .having(*self.having)
        )

    def found(
        self,
        query: Select[Any],
        finding: Finding,
        filters: frozenset[str],
        by: str,
        *,
        continued: bool,
    ) -> Select[Any]:
        """The rows of a page only."""
        further = self.conditions(filters) if filters else ()
        keys = finding.keys(further, by.startswith("-"), continued)
        return query.join(keys, finding.on(keys))

    def conditions(self, filters: frozenset[str], *, today: bool = False) -> Conditions:
        """What is of the ledger, holds on the day, and passes the filters."""
        holds = self.holds if self.holds_today is None or not today else self.holds_today
        of_ledger = (self.table.c.ledger == LEDGER,) if "ledger" in self.table.c else ()
        passing = (self._chosen_by(name).condition(name) for name in sorted(filters))
        return (*of_ledger, *holds, *passing)

    def ordered(
        self, query: Select[Any], columns: Columns, by: str, *, continued: bool
    ) -> Select[Any]:
        """The rows in that order, from the beginning or after `after_0`, `after_1` …."""
        descending = by.startswith("-")
        place = [_sql(columns, mark) for mark in self.marks(by)]
        if continued:
            after = tuple_(
                *(bindparam(f"after_{at}", type_=sql.type) for at, sql in enumerate(place))
            )
            query = query.where(tuple_(*place) < after if descending else tuple_(*place) > after)
        return query.order_by(*(sql.desc() if descending else sql for sql in place))


@lru_cache(maxsize=4096)
def page(  # noqa: PLR0913  a page has so many sides
    of: Listing,
    filters: frozenset[str] = frozenset(),
    *,
    by: str = "",
    continued: bool = False,
    today: bool = False,
    kept: bool = True,
) -> Statement:
    """One page; arguments: ledger, as_of, limit, each filter's, the list's own, and the mark's.

    Args:
        of: the list.
        filters: by which it is narrowed.
        by: the name of its order, or of what its items are grouped by, where a reader chooses.
        continued: whether it goes on after a mark.
        today: whether the day asked about is today or later.
        kept: whether there is what is kept beside the rows, and not just rows.
    """
    columns: Columns
    if of.groups is None:
        query, columns = of.rows(filters, today=today), of.columns
        if of.finding is not None and kept and of.finding.serves(by, filters, today=today):
            query = of.found(query, of.finding, filters, by, continued=continued)
    else:
        query = of.groups(by, filters)
        columns = dict(query.selected_columns.items())
    query = of.ordered(query, columns, by, continued=continued)
    found = paged(query, tuple(columns), [read.name for read in of.reads(filters)])
    return replace(found, planned_once=of.planned_once)


@lru_cache(maxsize=4096)
def total(
    of: Listing, filters: frozenset[str] = frozenset(), *, by: str = "", today: bool = False
) -> Statement:
    """How many items all pages have together; arguments as for `page`, without limit and mark."""
    query = of.rows(filters, today=today) if of.groups is None else of.groups(by, filters)
    return counted(query)


def _sql(columns: Columns, mark: Mark) -> ColumnElement[Any]:
    return columns[mark.name] if mark.sql is None else mark.sql
