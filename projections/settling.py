"""Settling: what is opened once and settled once, such as an obstacle, a request, a proposal.

One thing has a row from the day it is opened, and another from the day it is settled, which says
how. The rows of both say on which days that was.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, Column, Date

from domain.kernel import Event
from projections.projection import (
    Projection,
    RecordedEvent,
    Row,
    Rows,
    first_version,
    next_version,
    read_table,
    require_open_row,
)


def settling(  # noqa: PLR0913  both ends of a matter, each with its columns
    name: str,
    *,
    key: tuple[Column[Any], ...],
    opened: type[Event],
    opened_on: str,
    stated: tuple[Column[Any], ...],
    settled: type[Event],
    settled_on: str,
    answers: tuple[Column[Any], ...] = (),
    reads: Mapping[str, str] = {},
) -> Projection:
    """The projection of what `opened` opens and `settled` settles.

    Args:
        name: of the table.
        key: the columns that name the thing; both events carry them.
        opened: the event that opens it.
        opened_on: what the day is called on which it was opened.
        stated: the columns that `opened` fills.
        settled: the event that settles it.
        settled_on: what the day is called on which it was settled; null before.
        answers: the columns that `settled` fills; null before.
        reads: what an event calls a column's value, where that is not the column's name.
    """
    table = read_table(
        name,
        *key,
        Column("valid_from", Date, nullable=False),
        Column("valid_to", Date, nullable=False),
        Column("position", BigInteger, nullable=False),
        Column(opened_on, Date, nullable=False),
        *stated,
        Column(settled_on, Date),
        *answers,
    )
    at_first = {column.name: reads.get(column.name, column.name) for column in (*key, *stated)}
    at_last = {column.name: reads.get(column.name, column.name) for column in answers}
    unsettled = dict.fromkeys((settled_on, *at_last))

    def open_(_: Row | None, event: RecordedEvent) -> Rows:
        data = event.data
        opening = {column: data.get(name) for column, name in at_first.items()}
        return first_version(event, {**opening, opened_on: event.day, **unsettled})

    def settle(row: Row | None, event: RecordedEvent) -> Rows:
        data = event.data
        answer = {column: data.get(name) for column, name in at_last.items()}
        return next_version(require_open_row(row, event), event, {**answer, settled_on: event.day})

    return Projection(
        version=1,
        table=table,
        key=tuple(column.name for column in key),
        since="valid_from",
        until="valid_to",
        folds={opened.TYPE: open_, settled.TYPE: settle},
    )
