"""Read tables: a projection's rows in PostgreSQL: loaded, written, made and compared."""

import asyncio
import json
from collections.abc import AsyncIterable, Callable, Iterable, Sequence
from functools import cached_property
from itertools import compress
from operator import is_not
from typing import Any, NamedTuple, TypeAlias

from pydantic_core import to_json
from sqlalchemy import Boolean, Date, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR

from projections.projection import FOREVER, Projection, Row, Thing
from service.database.engine import Acquired

DIFFERENCES_SHOWN = 20

NULL = b"\\N"
Written: TypeAlias = Callable[[Any], bytes]


class Slot(NamedTuple):
    """A column, the place of its cell in a line of COPY, and how a value is written there."""

    column: str
    cell: int
    written: Written


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

    async def create(self, connection: Acquired) -> None:
        """Make it anew, without indexes."""
        await connection.execute(f"DROP TABLE IF EXISTS {self.name}")
        await connection.execute(self.projection.create_table(self.schema))

    async def index(self, *connections: Acquired) -> None:
        """Make its indexes, on several connections at once."""
        statements = iter(self.projection.create_indexes(self.schema))

        async def make(connection: Acquired) -> None:
            for statement in statements:
                await connection.execute(statement)

        await asyncio.gather(*map(make, connections))

    async def analyze(self, connection: Acquired) -> None:
        """Tell the planner roughly, at once, what autovacuum will find out in full."""
        async with connection.transaction():
            await connection.execute("SET LOCAL default_statistics_target = 10")
            await connection.execute(f"ANALYZE {self.name} ({', '.join(self.projection.searched)})")

    async def drop(self, connection: Acquired) -> None:
        await connection.execute(f"DROP TABLE IF EXISTS {self.name}")

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
            await connection.execute(self._upsert, ledger, to_json(rows).decode())

    async def forget(self, connection: Acquired, ledger: str, ids: Sequence[str]) -> None:
        """Delete every row of the things whose key begins with one of these."""
        await connection.execute(self._delete, ledger, ids)

    async def copy(self, connection: Acquired, lines: AsyncIterable[bytes]) -> None:
        """Load lines made by `lines`, in bulk."""
        await connection.copy_to_table(
            self.projection.name,
            source=lines,
            schema_name=self.schema,
            columns=["ledger", *self.projection.columns],
        )

    def lines(self, ledger: str, rows: Iterable[Row]) -> bytes:
        """Rows in the text form of COPY.

        Rows of one thing follow one another and mostly hold the very same values: what is the same
        object as in the row before is not written anew.
        """
        order: list[str] = []
        slots: list[Slot] = []
        cells: list[bytes] = []
        before: Row = {}
        lines: list[bytes] = []
        for row in rows:
            if [*row] != order:
                order = [*row]
                slots = self._ordered(order)
                cells = [ledger.encode(), *[NULL] * len(self._slots)]
                before = dict.fromkeys(order)
            for name, cell, written in compress(slots, map(is_not, row.values(), before.values())):
                value = row[name]
                cells[cell] = NULL if value is None else written(value)
            before = row
            lines.append(b"\t".join(cells))
        return b"\n".join([*lines, b""])

    async def digest(self, connection: Acquired, ledger: str) -> str:
        """MD5 over the rows' own, whatever their order."""
        digest: str = await connection.fetchval(self._digest, ledger)
        return digest

    async def compare(self, connection: Acquired, other: "ReadTable", ledger: str) -> Difference:
        """This table's digest, and where the other's rows differ."""
        ours = await self.digest(connection, ledger)
        if ours == await other.digest(connection, ledger):
            return Difference(ours, ())
        unique = self.projection.unique[1:]
        label = " || ', ' || ".join(f"'{name}=' || {name}" for name in unique)
        rows = await connection.fetch(
            f"""
            SELECT {label} AS thing
            FROM (SELECT t.*, t::text AS whole FROM {self.name} t WHERE ledger = $1) a
            FULL JOIN (SELECT t.*, t::text AS whole FROM {other.name} t WHERE ledger = $1) b
                USING ({", ".join(unique)})
            WHERE a.whole IS DISTINCT FROM b.whole
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
        """In two steps, so that no intermediate value grows with the table."""
        return f"""
            SELECT coalesce(md5(string_agg(part, '' ORDER BY bucket)), '')
            FROM (
                SELECT bucket, md5(string_agg(whole, '' ORDER BY whole)) AS part
                FROM (
                    SELECT md5(t::text) AS whole, left(md5(t::text), 3) AS bucket
                    FROM {self.name} t WHERE ledger = $1
                ) hashed
                GROUP BY bucket
            ) parts
            """  # noqa: S608  constants of the programme only

    def _ordered(self, columns: Iterable[str]) -> list[Slot]:
        """The slots of a row's columns, in its own order.

        Raises:
            KeyError: a column is not the table's, or is missing.
        """
        slots = [self._slots[name] for name in columns]
        if len(slots) != len(self._slots):
            raise KeyError(*(self._slots.keys() - columns))
        return slots

    @cached_property
    def _slots(self) -> dict[str, Slot]:
        """Each column's; the first cell is the ledger's."""
        columns = self.projection.table.columns
        return {
            name: Slot(name, cell, _written(columns[name].type))
            for cell, name in enumerate(self.projection.columns, 1)
        }


def _written(kind: object) -> Written:
    """How a column's JSON value is written in the text form of COPY."""
    if isinstance(kind, ARRAY):
        return _array
    if isinstance(kind, JSONB):
        return _json
    if isinstance(kind, Boolean):
        return _boolean
    if isinstance(kind, Text) and kind.collation is None:
        return _text
    # Ids and stable names, days and words hold nothing that needs an escape.
    return str.encode if isinstance(kind, Text | Date | TSVECTOR) else _number


def _text(value: str) -> bytes:
    """With escapes for what the text form of COPY gives a meaning to."""
    return (
        value.replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .encode()
    )


def _number(value: object) -> bytes:
    return str(value).encode()


def _boolean(value: bool) -> bytes:  # noqa: FBT001  it is the value
    return b"t" if value else b"f"


def _json(value: object) -> bytes:
    """JSON text escapes what else the text form of COPY gives a meaning to."""
    return to_json(value).replace(b"\\", b"\\\\")


def _array(values: Sequence[str]) -> bytes:
    if not values:
        return b"{}"
    quoted = ['"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values]
    return _text("{" + ",".join(quoted) + "}")
