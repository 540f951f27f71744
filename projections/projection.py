"""Projection: a table that is a fold of the log, each row true from one day until another.

A thing (a task, a tenure …) has at most one row that is still open, whose end is `infinity`; it may
begin, and the row before it end, on a day to come. A fold takes the open row and what happened, in
the order of the timeline, and gives the rows that change: the open one closed, and the next.
Folds are pure: no clock, no database. Rows and events are their JSON values: days are ISO 8601
text, exact numbers are text, so that nothing is converted which only passes through.

A row has a shape, a `TypedDict` that names its table's columns, and so has what a fold reads of an
event's data: a misspelt name is found before it stops a projector. Neither costs anything at run
time.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import starmap
from operator import itemgetter
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Generic,
    NamedTuple,
    TypeAlias,
    TypedDict,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.types import TypeEngine
from typing_extensions import TypeVar

from domain.catalogue import EVENT_TYPES
from domain.timeline import EventsAnnulled
from projections.kept import Kept

FOREVER = "infinity"
SCHEMA = "read"
# In which order all projections fold the events of a thing; it is part of what their rows mean.
ORDER = "timeline"
# Its stubs lack this one's types.
DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped

# The shape of a projection's rows, and of an event's data; any where none is declared.
R = TypeVar("R", bound=Mapping[str, Any], default=Any)
Data_co = TypeVar("Data_co", bound=Mapping[str, Any], covariant=True, default=Any)

# A row without a shape.
Row: TypeAlias = dict[str, Any]
Rows: TypeAlias = tuple[R, ...]
NOTHING: Mapping[str, object] = {}
# The value of a key of one column, the values of a longer one.
Thing: TypeAlias = str | tuple[str | int, ...]


class RecordedEvent(NamedTuple, Generic[Data_co]):
    """An event as a fold sees it.

    Attributes:
        position: its place in the log.
        type: its stable name, such as `task.handed_over`.
        data: its JSON values, in the shape of the current schema version; what is personal is
            sealed.
        cited: the document it stands on, as JSON text, if one is cited and the projection `cites`.
        ahead: whether it was recorded before the day it counts from.
        named: the position of the event it names, if the projection knows it as `naming`.
    """

    position: int
    type: str
    data: Data_co
    cited: str | None = None
    ahead: bool = False
    named: int | None = None

    @property
    def basis(self) -> Row | None:
        """The document it stands on: `number`, `issued_on` and `issuing_body`."""
        return None if self.cited is None else json.loads(self.cited)

    @property
    def day(self) -> str:
        """The day it counts from, ISO 8601."""
        day: str = self.data["effective_on"]
        return day


Fold: TypeAlias = Callable[[R | None, RecordedEvent], tuple[R, ...]]


# What a field of a row is in PostgreSQL, where its type in JSON does not tell.
Name: TypeAlias = Annotated[str, Text(collation="C")]  # an id or a stable name, compared by bytes
IsoDay: TypeAlias = Annotated[str, Date()]  # ISO 8601, or an end of time
Exact: TypeAlias = Annotated[str, Numeric()]
Place: TypeAlias = Annotated[int, BigInteger()]  # in the log
COLUMN_TYPES: Mapping[object, TypeEngine[Any]] = {
    str: Text(),
    int: Integer(),
    bool: Boolean(),
    list[str]: ARRAY(Text),
}


class Version(TypedDict):
    """What a row says of itself: true from which day until which, and by which event."""

    valid_from: IsoDay
    valid_to: IsoDay
    position: Place


class Stretch(TypedDict):
    """The same of what begins on a day and ends before another."""

    from_on: IsoDay
    until_on: IsoDay
    position: Place


class Occurrence(TypedDict):
    """What a row says of itself where a thing happens once, on a day with a name of its own."""

    until_on: IsoDay
    position: Place


class OutOfPlace(Exception):
    """An event stands where no earlier one makes room for it: the log's own guards were passed."""


def read_table(name: str, row: type) -> Table:
    """A read model's table: its ledger first, then the fields of its rows, each a column.

    A field that may be None is nullable; one that is neither text, a number, a truth value nor a
    list of texts is JSON.
    """
    shape = {"ledger": Name, **get_type_hints(row, include_extras=True)}
    return Table(name, MetaData(), *starmap(_column, shape.items()), schema=SCHEMA)


def _column(name: str, hint: Any) -> Column[Any]:  # noqa: ANN401  a type
    options = get_args(hint) if get_origin(hint) in {Union, UnionType} else (hint,)
    [kind] = [option for option in options if option is not NoneType]
    declared = next(iter(getattr(kind, "__metadata__", ())), None)
    of = COLUMN_TYPES.get(kind, JSONB()) if declared is None else declared
    return Column(name, of, nullable=NoneType in options)


def require_open_row(row: R | None, event: RecordedEvent) -> R:
    """The open row, which this event presumes.

    Raises:
        OutOfPlace: there is none.
    """
    if row is None:
        raise OutOfPlace(f"nothing precedes {event.type} at position {event.position}")
    return row


def opened(event: RecordedEvent) -> Version:
    """With what the first row of a thing begins: it is true from the event's day on."""
    return {"valid_from": event.day, "valid_to": FOREVER, "position": event.position}


def running_from(event: RecordedEvent) -> Stretch:
    """With what a row begins that runs from the event's day until it is ended."""
    return {"from_on": event.day, "until_on": FOREVER, "position": event.position}


def superseded(
    row: R, event: RecordedEvent, later: R, closing: Mapping[str, object] = NOTHING
) -> Rows[R]:
    """The row, closed, and the later one, which is true from the event's day on.

    `later` is a new row, such as `{**row, "state": "ready"}`; its day and position are set here.
    Within one day the last word counts, and one row stands for the day. `closing` is what else
    changes in the row that is closed.

    Raises:
        OutOfPlace: the event counts from a day before the row's.
    """
    day, since = event.day, row["valid_from"]
    new: Any = later
    new["valid_from"], new["position"] = day, event.position
    if since == day:
        return (later,)
    if day < since:
        raise OutOfPlace(f"{event.type} at position {event.position} counts from {day}: too early")
    closed: Any = {**row, "valid_to": day, **closing}
    return closed, later


def first_version(event: RecordedEvent, values: Row) -> Rows[Row]:
    """The first row of a thing, where rows have no shape."""
    return ({**values, **opened(event)},)


def next_version(row: Row, event: RecordedEvent, changes: Row) -> Rows[Row]:
    """The row with these changes and the row of the days before, where rows have no shape."""
    return superseded(row, event, {**row, **changes})


@dataclass(frozen=True, kw_only=True, eq=False)
class Projection(Generic[R]):
    """A question, the table that answers it, and how events make its rows.

    Attributes:
        table: its first column is `ledger`; the indexes of the key are added to its own.
        row: the shape of its rows: a `TypedDict` of every column but `ledger`.
        key: the columns that name the thing; the events carry them under the same names. The
            first is also the tag under which its events stand first.
        folds: by the events' stable names.
        since: the column that tells the rows of one thing apart.
        until: the column that is `infinity` while the row is open.
        cites: whether the folds read the document an event stands on, which is not read
            otherwise.
        naming: the types of events that name another event of the thing by its ordinal; its thing
            is folded anew for each of them.
        versioned: whether a row's position is the version of the thing: the highest of all that
            stands in its timeline up to the row, annulments included; otherwise it is that of the
            event that made the row.
        kept: what is kept beside its rows.
        stored: makes of a row that folds go on from in memory the one that is stored, where they
            differ; the next fold may find either.
        version: raised whenever the folds mean something else than before.
    """

    table: Table
    row: type[R]
    key: tuple[str, ...]
    folds: Mapping[str, Fold[R]]
    since: str = "valid_from"
    until: str = "valid_to"
    cites: bool = False
    naming: frozenset[str] = frozenset()
    versioned: bool = False
    kept: tuple[Kept, ...] = ()
    stored: Callable[[R], R] | None = None
    version: int = 1

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
    def from_the_beginning(self) -> frozenset[str]:
        """The types of what merely makes known that a thing is there: they stand first."""
        known = ((name, EVENT_TYPES.get(name)) for name in self.types)
        return frozenset(name for name, event in known if event and event.FROM_THE_BEGINNING)

    @cached_property
    def unusual(self) -> frozenset[str]:
        """The types in whose presence a timeline is not just the order of recording."""
        return self.from_the_beginning | self.naming | {EventsAnnulled.TYPE}

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
        still_open = text(f"{self.until} = '{FOREVER}'")
        own = sorted(table.indexes, key=lambda index: str(index.name))
        key = Index(f"{self.name}_key", *(table.c[name] for name in self.unique), unique=True)
        opened = Index(f"{self.name}_open", *within, unique=True, postgresql_where=still_open)
        return [_sql(CreateIndex(index)) for index in (key, opened, *own)]

    @cached_property
    def searched(self) -> tuple[str, ...]:
        """The columns that indexes are on: those the planner must know about."""
        indexed = {column.name for index in self.table.indexes for column in index.columns}
        return tuple(sorted(indexed | {*self.unique, self.until}))

    @cached_property
    def fingerprint(self) -> str:
        """What the rows depend on: shape, indexes, and the version of the folds.

        It is of our own description of them: SQL as a library prints it changes with the library,
        and every read model would be rebuilt for nothing.
        """
        parts = [str(self.version), *map(_column_described, self.table.columns)]
        parts += sorted(map(_index_described, self.table.indexes))
        parts += [*self.unique, self.until, ORDER, *sorted(self.types)]
        parts += [kept.described for kept in self.kept]
        return sha256("\n".join(parts).encode()).hexdigest()

    @cached_property
    def thing(self) -> Callable[[Mapping[str, Any]], Thing]:
        """What tells one thing from another: the key's values in a row, or in an event's data."""
        return itemgetter(*self.key)

    def _in(self, schema: str) -> Table:
        return self.table.to_metadata(MetaData(), schema=schema)


def _sql(statement: CreateTable | CreateIndex) -> str:
    return str(statement.compile(dialect=DIALECT))


def _column_described(column: Column[Any]) -> str:
    return f"{column.name} {_type_described(column.type)} {'null' if column.nullable else ''}"


def _type_described(kind: TypeEngine[Any]) -> str:
    of = _type_described(kind.item_type) if isinstance(kind, ARRAY) else ""
    sort = getattr(kind, "collation", None) or ""
    return f"{type(kind).__name__.lower()} {of} {sort}"


def _index_described(index: Index) -> str:
    """Its name, its columns, and which rows it holds; another expression needs another name."""
    options = index.dialect_options["postgresql"]
    where = getattr(options["where"], "text", "") or (
        "some" if options["where"] is not None else ""
    )
    columns = " ".join(column.name for column in index.columns)
    return f"{index.name} {options['using'] or ''} {columns} {where}"
