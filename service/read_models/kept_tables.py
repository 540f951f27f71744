"""Kept tables: what is kept beside a read model's rows, made of them and changed with them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Any

from sqlalchemy import (
    ColumnElement,
    MetaData,
    Text,
    any_,
    bindparam,
    cast,
    func,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.schema import CreateTable

from projections.kept import Kept
from projections.projection import DIALECT, Projection, Row
from projections.statement import LEDGER, Statement, statement
from service.database.engine import Acquired
from service.read_models.digests import digest_of

DIFFERENCES_SHOWN = 20


class KeptTable:
    """What is kept beside a projection's rows in a schema.

    Args:
        kept: what it is.
        projection: beside whose rows.
        schema: where these are; a constant of the programme.
    """

    def __init__(self, kept: Kept, projection: Projection, schema: str) -> None:
        self.kept = kept
        self.name = f"{schema}.{kept.name}"
        self._projection = projection
        self._schema = schema

    async def create(self, connection: Acquired) -> None:
        """Make it anew, empty and with no index."""
        await connection.execute(f"DROP TABLE IF EXISTS {self.name}")
        table = self.kept.table.to_metadata(MetaData(), schema=self._schema)
        await connection.execute(str(CreateTable(table).compile(dialect=DIALECT)))

    async def fill(self, connection: Acquired) -> None:
        """Make it of all rows there are, with the index by which its own are found."""
        columns, made = ", ".join(self._columns), self._made(true())
        await connection.execute(
            f"INSERT INTO {self.name} ({columns}) SELECT {columns} FROM ({made.sql}) made",  # noqa: S608  constants of the programme only
            *made.arguments({}),
        )
        key = ", ".join(("ledger", *self.kept.key))
        index = f"CREATE UNIQUE INDEX IF NOT EXISTS {self.kept.name}_key"
        await connection.execute(f"{index} ON {self.name} ({key})")

    @asynccontextmanager
    async def changing(
        self, connection: Acquired, ledger: str, rows: Sequence[Row]
    ) -> AsyncIterator[None]:
        """While these rows are written: what was made of those in their place is made anew."""
        names = self._projection.unique[1:]
        keys = {f"key_{name}": [str(row[name]) for row in rows] for name in names}
        arguments = {"ledger": ledger, **keys}
        await self._take(connection, self._of_rows, arguments)
        yield
        await self._add(connection, self._of_rows, arguments)

    @asynccontextmanager
    async def replacing(
        self, connection: Acquired, ledger: str, ids: Sequence[str]
    ) -> AsyncIterator[None]:
        """While all rows of these things are replaced."""
        arguments = {"ledger": ledger, "ids": ids}
        await self._take(connection, self._of_things, arguments)
        yield
        await self._add(connection, self._of_things, arguments)

    async def differing(self, connection: Acquired, ledger: str) -> tuple[str, ...]:
        """What is kept and would not be made of the rows now, or the other way round."""
        columns = ", ".join(self._columns)
        counts = " OR ".join(f"{name} <> 0" for name in self.kept.sums) or "true"
        made = self._of_ledger
        arguments = made.arguments({"ledger": ledger})
        is_kept = f"SELECT {columns} FROM {self.name} WHERE ledger = $1 AND ({counts})"  # noqa: S608  constants of the programme only
        is_made = f"SELECT {columns} FROM ({made.sql}) made WHERE {counts}"  # noqa: S608  constants of the programme only
        digest = digest_of(self.kept.table.c[name] for name in self._columns)
        same = f"SELECT ({_of(digest, is_kept)}) = ({_of(digest, is_made)})"
        if await connection.fetchval(same, *arguments):
            return ()
        rows = await connection.fetch(
            f"""
            SELECT differing::text
            FROM (
                ({is_kept} EXCEPT ALL {is_made}) UNION ALL ({is_made} EXCEPT ALL {is_kept})
            ) differing
            ORDER BY 1
            LIMIT {DIFFERENCES_SHOWN}
            """,  # noqa: S608  constants of the programme only
            *arguments,
        )
        return tuple(f"{self.kept.name} {row[0]}" for row in rows)

    async def _take(self, connection: Acquired, made: Statement, arguments: dict[str, Any]) -> None:
        """Take away what was made of the rows that `made` reads."""
        if self.kept.sums:
            await self._sum(connection, made, arguments, "-")
            return
        same = " AND ".join(f"kept.{name} = made.{name}" for name in ("ledger", *self.kept.key))
        await connection.execute(
            f"DELETE FROM {self.name} kept USING ({made.sql}) made WHERE {same}",  # noqa: S608  constants of the programme only
            *made.arguments(arguments),
        )

    async def _add(self, connection: Acquired, made: Statement, arguments: dict[str, Any]) -> None:
        await self._sum(connection, made, arguments, "+")

    async def _sum(
        self, connection: Acquired, made: Statement, arguments: dict[str, Any], sign: str
    ) -> None:
        columns = ", ".join(self._columns)
        values = ", ".join((*self._columns[: -len(self.kept.sums) or None], *self._signed(sign)))
        await connection.execute(
            f"""
            INSERT INTO {self.name} AS kept ({columns}) SELECT {values} FROM ({made.sql}) made
            {self._conflict}
            """,  # noqa: S608  constants of the programme only
            *made.arguments(arguments),
        )

    def _signed(self, sign: str) -> list[str]:
        return [f"{sign} {name}" for name in self.kept.sums]

    @cached_property
    def _conflict(self) -> str:
        """An entry is of one row: it does not stand there yet."""
        if not self.kept.sums:
            return ""
        sums = ", ".join(f"{name} = kept.{name} + excluded.{name}" for name in self.kept.sums)
        return f"ON CONFLICT (ledger, {', '.join(self.kept.key)}) DO UPDATE SET {sums}"

    @property
    def _columns(self) -> tuple[str, ...]:
        return ("ledger", *self.kept.key, *self.kept.sums)

    def _made(self, rows: ColumnElement[bool]) -> Statement:
        return statement(self.kept.made(rows), self._schema)

    @cached_property
    def _of_ledger(self) -> Statement:
        return self._made(self._projection.table.c.ledger == LEDGER)

    @cached_property
    def _of_things(self) -> Statement:
        columns = self._projection.table.c
        ids = bindparam("ids", type_=ARRAY(Text))
        return self._made(
            (columns.ledger == LEDGER) & (columns[self._projection.key[0]] == any_(ids))
        )

    @cached_property
    def _of_rows(self) -> Statement:
        """By arrays, of which the planner knows how long they are."""
        columns = self._projection.table.c
        names = self._projection.unique[1:]
        given = func.unnest(*(bindparam(f"key_{name}", type_=ARRAY(Text)) for name in names))
        keys = given.table_valued(*names).render_derived("keys").c
        those = select(*(cast(keys[name], columns[name].type) for name in names))
        key = tuple_(*(columns[name] for name in names))
        return self._made((columns.ledger == LEDGER) & key.in_(those))


def _of(digest: str, rows: str) -> str:
    return f"SELECT {digest} FROM ({rows}) rows"  # noqa: S608  constants of the programme only
