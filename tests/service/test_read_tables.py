"""Read tables: what a rebuild loads in bulk is what a projector writes row by row."""

from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import pytest

from projections.projection import (
    FOREVER,
    SCHEMA,
    Exact,
    Name,
    Projection,
    Row,
    Version,
    read_table,
)
from service.database.engine import Pool
from service.read_models.rebuild import SHADOW
from service.read_models.tables import ReadTable


class SampleRow(Version):
    """A column of every kind."""

    task_id: Name
    title: str | None
    share_percent: Exact | None
    open_parts: int
    active: bool
    kinds: list[str]
    workings: dict[str, Any] | None


SAMPLE: Projection[Any] = Projection(
    table=read_table("samples", SampleRow), row=SampleRow, key=("task_id",), folds={}
)


def row(number: int, **values: Any) -> Row:
    return {
        "task_id": f"task-{number}",
        "valid_from": "2021-01-04",
        "valid_to": FOREVER,
        "position": number,
        "title": None,
        "share_percent": None,
        "open_parts": 0,
        "active": True,
        "kinds": [],
        "workings": None,
        **values,
    }


def turned(row: Row) -> Row:
    """The same row, its columns in another order."""
    return dict(reversed(row.items()))


LOADS: dict[str, list[Row]] = {
    "none": [],
    "one": [row(1)],
    "alike": [row(1), row(2), row(3)],
    "another-between": [row(1), row(2, title="Lò gạch"), row(3)],
    "texts": [row(1, title=""), row(2, title="\\N"), row(3, title="a\tb\nc\rd\\e")],
    "lists": [row(1, kinds=["a,b", 'c"d', "e\\f", "\t"]), row(2, kinds=["NULL", ""]), row(3)],
    "objects": [row(1, workings={"of": [1, None]}), row(2, workings={"of": [True, '"\\\n']})],
    "numbers": [row(1, share_percent="12.50", active=False), row(2, share_percent="0"), row(3)],
    "turned": [row(1), turned(row(2, title="2", open_parts=2)), row(3, open_parts=3)],
}


async def test_rows_loaded_in_bulk_are_those_written_one_by_one(own_pool: Pool) -> None:
    live, shadow = ReadTable(SAMPLE, SCHEMA), ReadTable(SAMPLE, SHADOW)
    async with own_pool.acquire() as connection:
        for table in (live, shadow):
            await table.create(connection)
            await table.index(connection)

        async def lines() -> AsyncIterator[bytes]:
            for ledger, rows in LOADS.items():
                yield shadow.lines(ledger, rows)

        await shadow.copy(connection, lines())
        for ledger, rows in LOADS.items():
            await live.write(connection, ledger, rows)
            assert (await live.compare(connection, shadow, ledger)).things == ()
        count = await connection.fetchval(f"SELECT count(*) FROM {shadow.name}")  # noqa: S608  a constant
        assert count == sum(map(len, LOADS.values()))


async def test_a_row_that_stands_there_twice_is_a_difference(own_pool: Pool) -> None:
    live, shadow = ReadTable(SAMPLE, SCHEMA), ReadTable(SAMPLE, SHADOW)
    async with own_pool.acquire() as connection:
        await live.create(connection)
        await shadow.create(connection, keyed=False)
        for table in (live, shadow, shadow):
            await table.copy(connection, BytesIO(table.lines("test", [row(1)])))
        assert len((await live.compare(connection, shadow, "test")).things) == 1


def without(row: Row, column: str) -> Row:
    del row[column]
    return row


@pytest.mark.parametrize(
    ("rows", "column"),
    [
        ([without(row(1), "kinds")], "kinds"),
        ([row(1), without(row(2), "kinds")], "kinds"),
        ([row(1, other="")], "other"),
        ([row(1), row(2, other="")], "other"),
    ],
)
def test_a_row_of_other_columns_than_the_table_is_refused(rows: list[Row], column: str) -> None:
    with pytest.raises(KeyError, match=column):
        ReadTable(SAMPLE, SHADOW).lines("test", rows)
