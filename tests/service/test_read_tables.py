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
from projections.tasks.standings import TASK_STANDINGS
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
        await shadow.create(connection)
        for table in (live, shadow, shadow):
            await table.copy(connection, BytesIO(table.lines("test", [row(1)])))
        assert len((await live.compare(connection, shadow, "test")).things) == 1


# Swapped in the two rows, they leave the sum of the rows' hashes as it is.
A, B = {"of": "a1"}, {"of": "b"}


@pytest.mark.parametrize(
    ("live_rows", "other_rows"),
    [
        ([row(1, workings=A), row(2, workings=B)], [row(1, workings=B), row(2, workings=A)]),
        ([row(1, share_percent="12.5")], [row(1, share_percent="12.50")]),
        ([row(1, kinds=["a", "b"])], [row(1, kinds=["b", "a"])]),
        ([row(1, title="")], [row(1)]),
    ],
    ids=["swapped", "scale", "order", "empty"],
)
async def test_rows_that_hold_other_values_are_a_difference(
    own_pool: Pool, live_rows: list[Row], other_rows: list[Row]
) -> None:
    live, shadow = ReadTable(SAMPLE, SCHEMA), ReadTable(SAMPLE, SHADOW)
    async with own_pool.acquire() as connection:
        for table, rows in ((live, live_rows), (shadow, other_rows)):
            await table.create(connection)
            await table.copy(connection, BytesIO(table.lines("test", rows)))
        differing = (await live.compare(connection, shadow, "test")).things
    assert len(differing) == len(live_rows)


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


STANDING: Row = {
    "task_id": "task-1",
    "valid_from": "2021-01-06",
    "valid_to": FOREVER,
    "position": 3,
    "title": "Lò gạch",
    "field": "environment",
    "kinds": ["backlog"],
    "term_kind": "year",
    "term_label": "2021",
    "due_on": "2021-12-31",
    "state": "in_progress",
    "year": 2021,
    "assigned_by": "btv",
    "unit_id": "unit-1",
    "post_id": "post-1",
    "official_id": "official-1",
    "since_on": "2021-01-06",
    "beside": [],
    "beside_officials": [],
    "completed_on": None,
}
COUNTED = "SELECT sum(open_in_time), sum(open_overdue) FROM read.task_standings__counts"


async def test_what_is_kept_beside_the_rows_follows_them_and_is_compared(own_pool: Pool) -> None:
    live, shadow = ReadTable(TASK_STANDINGS, SCHEMA), ReadTable(TASK_STANDINGS, SHADOW)
    closed: Row = {**STANDING, "valid_to": "2021-06-01"}
    done: Row = {
        **STANDING,
        "valid_from": "2021-06-01",
        "state": "completed",
        "completed_on": "2021-05-31",
    }
    async with own_pool.acquire() as connection:
        for table in (live, shadow):
            await table.create(connection)
            await table.index(connection)
        await live.write(connection, "test", [STANDING])
        # On the day after the deadline it is overdue, and in time no longer.
        assert tuple(await connection.fetchrow(COUNTED) or ()) == (0, 1)
        await live.write(connection, "test", [closed, done])
        assert tuple(await connection.fetchrow(COUNTED) or ()) == (0, 0)
        await shadow.replace(connection, "test", ["task-1"], [closed, done])
        assert (await live.compare(connection, shadow, "test")).things == ()
        for kept in live.kept:
            async with connection.transaction():
                await connection.execute(f"DELETE FROM {kept.name}")  # noqa: S608  a constant
                [*_, told] = (await live.compare(connection, shadow, "test")).things
                assert told.startswith(kept.kept.name)
                await kept.fill(connection)
