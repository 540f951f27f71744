"""Projection: a table that is a fold of the log, each row true from one day until another.

A thing (a task, a tenure …) has at most one row that is still open, whose end is `infinity`. A fold
takes that row and what happened, and gives the rows that change: the open one closed, and the next.
Folds are pure: no clock, no database. Rows and events are their JSON values: days are ISO 8601
text, exact numbers are text, so that nothing is converted which only passes through.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Column, Index, MetaData, Table, Text, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable

FOREVER = "infinity"
SCHEMA = "read"
# Its stubs lack this one's types.
DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped

Row: TypeAlias = dict[str, Any]
Rows: TypeAlias = tuple[Row, ...]
NOTHING: Row = {}
# The value of a key of one column, the values of a longer one.
Thing: TypeAlias = str | tuple[str | int, ...]


class RecordedEvent(NamedTuple):
    """An event as a fold sees it.

    Attributes:
        position: its place in the log.
        type: its stable name, such as `task.handed_over`.
        data: its JSON values, in the shape of the current schema version; what is personal is
            sealed.
        cited: the document it stands on, as JSON text, if one is cited and the projection `cites`.
    """

    position: int
    type: str
    data: Row
    cited: str | None = None

    @property
    def basis(self) -> Row | None:
        """The document it stands on: `number`, `issued_on` and `issuing_body`."""
        return None if self.cited is None else json.loads(self.cited)

    @property
    def day(self) -> str:
        """The day it counts from, ISO 8601."""
        day: str = self.data["effective_on"]
        return day


Fold: TypeAlias = Callable[[Row | None, RecordedEvent], Rows]


class OutOfPlace(Exception):
    """An event stands where no earlier one makes room for it: the log's own guards were passed."""


def text_id(name: str, *, nullable: bool = False) -> Column[str]:
    """A column of ids or stable names, compared by their bytes."""
    return Column(name, Text(collation="C"), nullable=nullable)


def read_table(name: str, *columns: Column[Any]) -> Table:
    """A read model's table: its ledger first, then what it says."""
    return Table(name, MetaData(), text_id("ledger"), *columns, schema=SCHEMA)


def require_open_row(row: Row | None, event: RecordedEvent) -> Row:
    """The open row, which this fact presumes.

    Raises:
        OutOfPlace: there is none.
    """
    if row is None:
        raise OutOfPlace(f"nothing precedes {event.type} at position {event.position}")
    return row


def first_version(event: RecordedEvent, said: Row) -> Rows:
    """The first row of a thing, as it reads from the fact's day on."""
    since = {"valid_from": event.day, "valid_to": FOREVER, "position": event.position}
    return ({**said, **since},)


def next_version(row: Row, event: RecordedEvent, changes: Row, closing: Row = NOTHING) -> Rows:
    """The row as it reads from the fact's day on, and the row of the days before, closed.

    Within one day the last word counts, and one row stands for the day. `closing` is what else
    changes in the row that is closed.

    Raises:
        OutOfPlace: the fact counts from a day before the row's.
    """
    day = event.data["effective_on"]
    later = {**row, **changes, "valid_from": day, "position": event.position}
    since = row["valid_from"]
    if since == day:
        return (later,)
    if day < since:
        raise OutOfPlace(f"{event.type} at position {event.position} counts from {day}: too early")
    return ({**row, "valid_to": day, **closing}, later)


@dataclass(frozen=True, kw_only=True, eq=False)
class Projection:
    """A question, the table that answers it, and how events make its rows.

    Attributes:
        version: raised whenever the folds mean something else than before.
        table: its first column is `ledger`; the indexes of the key are added to its own.
        key: the columns that name the thing; the events carry them under the same names. The
            first is also the tag under which its events stand first.
        since: the column that tells the rows of one thing apart.
        until: the column that is `infinity` while the row is open.
        folds: by the events' stable names.
        cites: whether the folds ask for the document a fact stands on, which is not read
            otherwise.
    """

    version: int
    table: Table
    key: tuple[str, ...]
    since: str
    until: str
    folds: Mapping[str, Fold]
    cites: bool = False

    @property
    def name(self) -> str:
        return self.table.name

    @cached_property
    def tag_prefix(self) -> str:
        """`task:` and the like: an event belongs to the thing its first tag names."""
        return self.key[0].removesuffix("_id") + ":"

    @cached_property
    def types(self) -> tuple[str, ...]:
        return tuple(self.folds)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Every column but `ledger`, in order."""
        return tuple(column.name for column in self.table.columns if column.name != "ledger")

    @cached_property
    def unique(self) -> tuple[str, ...]:
        return ("ledger", *self.key, self.since)

    def create_table(self, schema: str) -> str:
        """SQL that makes the table, bare, in the schema."""
        return _sql(CreateTable(self._in(schema)))

    def create_indexes(self, schema: str) -> list[str]:
        """SQL that makes its indexes: made after a bulk load they cost a fraction."""
        table = self._in(schema)
        within = [table.c[name] for name in ("ledger", *self.key)]
        Index(f"{self.name}_key", *(table.c[name] for name in self.unique), unique=True)
        Index(
            f"{self.name}_open",
            *within,
            unique=True,
            postgresql_where=text(f"{self.until} = '{FOREVER}'"),
        )
        return [
            _sql(CreateIndex(index))
            for index in sorted(table.indexes, key=lambda index: str(index.name))
        ]

    @cached_property
    def searched(self) -> tuple[str, ...]:
        """The columns that indexes are on: those the planner must know about."""
        indexed = {column.name for index in self.table.indexes for column in index.columns}
        return tuple(sorted(indexed | {*self.unique, self.until}))

    @cached_property
    def fingerprint(self) -> str:
        """What the rows depend on: shape, indexes, and the version of the folds."""
        parts = [str(self.version), self.create_table(SCHEMA), *self.create_indexes(SCHEMA)]
        parts += sorted(self.types)
        return sha256("\n".join(parts).encode()).hexdigest()

    @cached_property
    def thing(self) -> Callable[[Row], Thing]:
        """What tells one thing from another: the key's values in a row, or in an event's data."""
        return itemgetter(*self.key)

    def _in(self, schema: str) -> Table:
        return self.table.to_metadata(MetaData(), schema=schema)


def _sql(statement: CreateTable | CreateIndex) -> str:
    return str(statement.compile(dialect=DIALECT))
