"""Read tables: a projection's rows in PostgreSQL: loaded, written, made and compared."""

import asyncio
import json
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from functools import cached_property, lru_cache, partial
from io import BytesIO
from itertools import chain, groupby
from typing import Any, NamedTuple, TypeAlias

from pydantic_core import to_json
from sqlalchemy import Boolean, Date, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR

from projections.projection import FOREVER, Projection, Row, Thing
from service.database.engine import Acquired
from service.read_models.digests import digest_of
from service.read_models.kept_tables import KeptTable

DIFFERENCES_SHOWN = 20

NULL = "\\N"
# Writes a column's JSON values in the text form of COPY.
Writer: TypeAlias = Callable[[Sequence[Any]], list[str]]


class Difference(NamedTuple):
    """What a comparison of two tables found, of one ledger.

    Attributes:
        digest: of the live table's rows.
        things: keys of up to `DIFFERENCES_SHOWN` rows that differ, `task_id=…, valid_from=…`.
    """

    digest: str
    things: tuple[str, ...]


class ReadTable:
    """A projection's table in a schema: the live one, a shadow, or a scratch copy.

    Args:
        projection: whose rows.
        schema: `read`, `read_shadow` or `pg_temp`; a constant of the programme.
    """

    def __init__(self, projection: Projection, schema: str) -> None:
        self.projection = projection
        self.schema = schema
        self.name = f"{schema}.{projection.name}"
        self.kept = tuple(KeptTable(one, projection, schema) for one in projection.kept)

    async def create(self, connection: Acquired) -> None:
        """Make it anew, and what is kept beside its rows, empty and with no index."""
        drop, create = (
            f"DROP TABLE IF EXISTS {self.name}",
            self.projection.create_table(self.schema),
        )
        await connection.execute(f"{drop}; {create}")
        for kept in self.kept:
            await kept.create(connection)

    async def index(self, *connections: Acquired) -> None:
        """Make its indexes, and what is kept beside its rows, on several connections at once."""
        await finish([self], connections)

    async def analyze(self, connection: Acquired) -> None:
        """Tell the planner roughly, at once, what autovacuum will find out in full."""
        whole = f"{self.name} ({', '.join(self.projection.searched)})"
        names = ", ".join((whole, *(kept.name for kept in self.kept)))
        # In one transaction, as they are sent at once.
        await connection.execute(f"SET LOCAL default_statistics_target = 10; ANALYZE {names}")

    async def drop(self, connection: Acquired) -> None:
        for name in (self.name, *(kept.name for kept in self.kept)):
            await connection.execute(f"DROP TABLE IF EXISTS {name}")

    async def move(self, connection: Acquired, schema: str) -> None:
        """Let it be in another schema; this object goes on naming the one where it was."""
        for name in (self.name, *(kept.name for kept in self.kept)):
            await connection.execute(f"ALTER TABLE {name} SET SCHEMA {schema}")

    async def exists(self, connection: Acquired) -> bool:
        return await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", self.name) is True

    async def standing(
        self, connection: Acquired, ledger: str, things: Sequence[Thing]
    ) -> dict[Thing, Row]:
        """The open rows of these things."""
        single = len(self.projection.key) == 1
        columns = [list(things)] if single else [list(part) for part in zip(*things, strict=True)]
        found: dict[Thing, Row] = {}
        for [text] in await connection.fetch(self._load, ledger, *columns):
            # Numbers stay the text they are: a float would not be exact.
            row: Row = json.loads(text, parse_float=str)
            del row["ledger"]
            found[self.projection.thing(row)] = row
        return found

    async def write(self, connection: Acquired, ledger: str, rows: Sequence[Row]) -> None:
        """Insert the rows, or replace those of the same thing and beginning, in order."""
        if rows:
            async with AsyncExitStack() as stack:
                for kept in self.kept:
                    await stack.enter_async_context(kept.changing(connection, ledger, rows))
                await connection.execute(self._upsert, ledger, to_json(rows).decode())

    async def replace(
        self, connection: Acquired, ledger: str, ids: Sequence[str], rows: Sequence[Row]
    ) -> None:
        """Put these rows in the place of all whose key begins with one of the ids."""
        async with AsyncExitStack() as stack:
            for kept in self.kept:
                await stack.enter_async_context(kept.replacing(connection, ledger, ids))
            await connection.execute(self._delete, ledger, ids)
            if rows:
                await self.copy(connection, BytesIO(self.lines(ledger, rows)))

    async def copy(
        self, connection: Acquired, lines: AsyncIterable[bytes] | BytesIO, *, anew: bool = False
    ) -> None:
        """Load lines made by `lines`, in bulk; into a table that this transaction made, `anew`.

        Rows of such a table are marked at once as seen by all: nobody has to do it afterwards.
        """
        await connection.copy_to_table(
            self.projection.name,
            source=lines,
            schema_name=self.schema,
            columns=["ledger", *self.projection.columns],
            freeze=anew,
        )

    def lines(self, ledger: str, rows: Sequence[Row]) -> bytes:
        """Rows in the text form of COPY.

        They are written column by column: where all of these rows hold the same, which is so of
        many columns, it is written once.

        Raises:
            KeyError: a column is not the table's, or is missing.
        """
        if not rows:
            return b""
        columns, writers = _columns(rows), self._writers
        if columns.keys() != writers.keys():
            raise KeyError(*(columns.keys() ^ writers.keys()))
        cells = [[ledger] * len(rows)]
        for same, names in groupby(writers, lambda name: _same(columns[name])):
            if same:
                texts = [text for name in names for text in writers[name](columns[name][:1])]
                cells.append(["\t".join(texts)] * len(rows))
            else:
                cells += [writers[name](columns[name]) for name in names]
        return "\n".join([*map("\t".join, zip(*cells, strict=True)), ""]).encode()

    async def digest(self, connection: Acquired, ledger: str) -> str:
        """Of all rows, whatever their order."""
        digest: str = await connection.fetchval(self._digest, ledger)
        return digest

    async def compare(self, connection: Acquired, other: "ReadTable", ledger: str) -> Difference:
        """This table's digest, and where the other's rows or what is kept beside its own differ."""
        ours = await self.digest(connection, ledger)
        if ours == await other.digest(connection, ledger):
            kept = [await one.differing(connection, ledger) for one in self.kept]
            return Difference(ours, tuple(chain.from_iterable(kept)))
        unique = self.projection.unique[1:]
        key = ", ".join(unique)
        label = " || ', ' || ".join(f"'{name}=' || {name}" for name in unique)
        # A row that stands there twice differs, too.
        wholes = f"{key}, array_agg(t::text ORDER BY t::text) AS wholes"
        rows = await connection.fetch(
            f"""
            SELECT {label} AS thing
            FROM (SELECT {wholes} FROM {self.name} t WHERE ledger = $1 GROUP BY {key}) a
            FULL JOIN (SELECT {wholes} FROM {other.name} t WHERE ledger = $1 GROUP BY {key}) b
                USING ({key})
            WHERE a.wholes IS DISTINCT FROM b.wholes
            ORDER BY 1
            LIMIT {DIFFERENCES_SHOWN}
            """,  # noqa: S608  constants of the programme only
            ledger,
        )
        return Difference(ours, tuple(row["thing"] for row in rows))

    @cached_property
    def _load(self) -> str:
        key = self.projection.key
        columns = [self.projection.table.c[name] for name in key]
        types = ("int" if isinstance(column.type, Integer) else "text" for column in columns)
        arrays = ", ".join(f"${number}::{type_}[]" for number, type_ in enumerate(types, 2))
        # Days come as the text they are in events.
        things = ", ".join(
            f"{column.name}::date" if isinstance(column.type, Date) else column.name
            for column in columns
        )
        return f"""
            SELECT row_to_json(t)::text
            FROM {self.name} t
            WHERE ledger = $1 AND {self.projection.until} = '{FOREVER}'
                AND ({", ".join(key)}) IN (
                    SELECT {things} FROM unnest({arrays}) AS things ({", ".join(key)})
                )
            """  # noqa: S608  constants of the programme only

    @cached_property
    def _upsert(self) -> str:
        columns = ", ".join(self.projection.columns)
        unique = self.projection.unique
        changes = ", ".join(
            f"{name} = excluded.{name}" for name in self.projection.columns if name not in unique
        )
        return f"""
            INSERT INTO {self.name} (ledger, {columns})
            SELECT $1, {columns} FROM json_populate_recordset(NULL::{self.name}, $2::json)
            ON CONFLICT ({", ".join(unique)}) DO UPDATE SET {changes}
            """  # noqa: S608  constants of the programme only

    @cached_property
    def _delete(self) -> str:
        first = self.projection.key[0]
        return f"DELETE FROM {self.name} WHERE ledger = $1 AND {first} = ANY ($2::text[])"  # noqa: S608  constants of the programme only

    @cached_property
    def _digest(self) -> str:
        columns = self.projection.table.columns
        return f"SELECT {digest_of(columns)} FROM {self.name} WHERE ledger = $1"  # noqa: S608  constants of the programme only

    @cached_property
    def _writers(self) -> dict[str, Writer]:
        columns = self.projection.table.columns
        return {name: _writer(columns[name].type) for name in self.projection.columns}


async def finish(tables: Iterable[ReadTable], connections: Iterable[Acquired]) -> None:
    """Make the indexes of loaded tables, and what is kept beside their rows.

    Args:
        tables: that were loaded.
        connections: on which it is done at once.
    """
    kept = [one.fill for table in tables for one in table.kept]
    indexes = [
        partial(_execute, sql)
        for table in tables
        for sql in table.projection.create_indexes(table.schema)
    ]
    await _shared_out([*kept, *indexes], connections)


async def analyze(tables: Iterable[ReadTable], connections: Iterable[Acquired]) -> None:
    """Tell the planner of finished tables, on several connections at once."""
    await _shared_out([table.analyze for table in tables], connections)


async def _execute(sql: str, connection: Acquired) -> None:
    await connection.execute(sql)


async def _shared_out(
    jobs: Iterable[Callable[[Acquired], Awaitable[None]]], connections: Iterable[Acquired]
) -> None:
    left = iter(jobs)

    async def work(connection: Acquired) -> None:
        for job in left:
            await job(connection)

    await asyncio.gather(*map(work, connections))


def _columns(rows: Sequence[Row]) -> dict[str, tuple[Any, ...]]:
    """The rows' values, by column.

    Raises:
        KeyError: the rows are not of the same columns.
    """
    order = [*rows[0]]
    values = [row.values() if [*row] == order else _ordered(row, order) for row in rows]
    return dict(zip(order, zip(*values, strict=True), strict=True))


def _ordered(row: Row, order: list[str]) -> list[Any]:
    if row.keys() != set(order):
        raise KeyError(*(row.keys() ^ set(order)))
    return [row[name] for name in order]


def _same(column: Sequence[Any]) -> bool:
    """Whether all values are the same; never so of objects, which are slow to compare."""
    first = column[0]
    return first == column[-1] and not _holds_objects(first) and column.count(first) == len(column)


def _holds_objects(value: object) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and bool(value) and not isinstance(value[0], str)
    )


def _writer(kind: object) -> Writer:
    if isinstance(kind, ARRAY):
        return partial(_in_runs, _array)
    if isinstance(kind, JSONB):
        return partial(_in_runs, _json)
    if isinstance(kind, Boolean):
        return partial(_in_runs, _boolean)
    if isinstance(kind, Text) and kind.collation is None:
        return partial(_in_runs, _text)
    # Ids and stable names, days and words hold nothing that needs an escape.
    return _plain if isinstance(kind, Text | Date | TSVECTOR) else _numbers


def _plain(column: Sequence[str | None]) -> list[str]:
    return [NULL if value is None else value for value in column]


def _numbers(column: Sequence[object]) -> list[str]:
    return [NULL if value is None else str(value) for value in column]


def _in_runs(written: Callable[[Any], str], column: Sequence[Any]) -> list[str]:
    """A value that is the same object as in the row before is not written anew."""
    cells: list[str] = []
    before, cell = None, NULL
    for value in column:
        if value is not before:
            before, cell = value, NULL if value is None else written(value)
        cells.append(cell)
    return cells


def _text(value: str) -> str:
    """With escapes for what the text form of COPY gives a meaning to."""
    return (
        value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    )


def _boolean(value: bool) -> str:  # noqa: FBT001  it is the value
    return "t" if value else "f"


def _json(value: object) -> str:
    """JSON text escapes what else the text form of COPY gives a meaning to."""
    return to_json(value).decode().replace("\\", "\\\\")


def _array(values: Sequence[str]) -> str:
    return _array_of(tuple(values)) if values else "{}"


@lru_cache(maxsize=1024)
def _array_of(values: tuple[str, ...]) -> str:
    """Kinds and bodies are few, and come over and over."""
    quoted = ['"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values]
    return _text("{" + ",".join(quoted) + "}")
