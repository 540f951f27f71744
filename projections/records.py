"""Records: projections of the plain patterns.

What they show is recorded once, revised, opened and settled, or begun and ended.

The shape of the rows names the table's columns. A fold fills a column from the event's field of
the same name, or of the one that `reads` gives.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from domain.kernel import Event
from projections.projection import (
    FOREVER,
    Fold,
    Occurrence,
    Projection,
    RecordedEvent,
    Row,
    Rows,
    Stretch,
    Version,
    first_version,
    next_version,
    read_table,
    require_open_row,
)

UNCHANGED: Mapping[str, str] = {}


def recorded_once(  # noqa: PLR0913  a record, and what its columns are called
    name: str,
    row: type,
    *,
    key: tuple[str, ...],
    event: type[Event],
    on: str,
    lasting: bool = True,
    reads: Mapping[str, str] = UNCHANGED,
) -> Projection:
    """The projection of what happens once, on a day, such as a visit.

    Args:
        name: of the table.
        row: the shape of its rows, an `Occurrence` with `on`.
        key: the columns that name the thing.
        event: records it.
        on: what the day is called.
        lasting: whether it stays from that day on; else it lasts no longer than its day.
        reads: what the event calls a column's value, where that is not the column's name.
    """
    table = read_table(name, row)
    stated = set(row.__annotations__) - {on, *Occurrence.__annotations__}
    fields = _fields(event, stated, reads)

    def record(_: Row | None, event: RecordedEvent) -> Rows:
        until = FOREVER if lasting else event.day
        stamp = {on: event.day, "until_on": until, "position": event.position}
        return ({**_filled(fields, event), **stamp},)

    return _projection(table, row, key, {event.TYPE: record}, on, "until_on")


def revised(  # noqa: PLR0913  a record, and what its columns are called
    name: str,
    row: type,
    *,
    key: tuple[str, ...],
    event: type[Event],
    or_events: tuple[type[Event], ...] = (),
    first_on: str | None = None,
) -> Projection:
    """The projection of what is given, and given again in a later version, such as a report.

    Args:
        name: of the table.
        row: the shape of its rows, a `Version`; a `revision` that the event lacks is the first.
        key: the columns that name the thing.
        event: gives it, the first time and every other.
        or_events: give it as well, with the same fields.
        first_on: what the day is called on which it was given first.
    """
    table = read_table(name, row)
    fields = _fields(event, set(row.__annotations__) - {*Version.__annotations__, first_on})

    def give(before: Row | None, event: RecordedEvent) -> Rows:
        values = _filled(fields, event)
        if "revision" in values:
            values["revision"] = values["revision"] or 1
        if before is not None:
            return next_version(before, event, values)
        return first_version(event, values if first_on is None else {**values, first_on: event.day})

    return _projection(table, row, key, {one.TYPE: give for one in (event, *or_events)})


def settling(  # noqa: PLR0913  both ends of a matter, each with its columns
    name: str,
    row: type,
    *,
    key: tuple[str, ...],
    opened: type[Event],
    opened_on: str,
    settled: type[Event],
    settled_on: str,
    answers: tuple[str, ...] = (),
    reads: Mapping[str, str] = UNCHANGED,
) -> Projection:
    """The projection of what is opened once and settled once, such as an obstacle or a request.

    A thing has a row from the day it is opened, and another from the day it is settled.

    Args:
        name: of the table.
        row: the shape of its rows, a `Version`.
        key: the columns that name the thing; both events carry them.
        opened: the event that opens it.
        opened_on: what the day is called on which it was opened.
        settled: the event that settles it.
        settled_on: what the day is called on which it was settled; null before.
        answers: the columns that `settled` fills; null before.
        reads: what an event calls a column's value, where that is not the column's name.
    """
    table = read_table(name, row)
    later = {settled_on, *answers}
    stated = set(row.__annotations__) - {*Version.__annotations__, opened_on, *later}
    at_first = _fields(opened, stated, reads)
    at_last = _fields(settled, answers, reads)
    unsettled = dict.fromkeys(later)

    def open_(_: Row | None, event: RecordedEvent) -> Rows:
        return first_version(event, {**_filled(at_first, event), opened_on: event.day, **unsettled})

    def settle(before: Row | None, event: RecordedEvent) -> Rows:
        answer = {**_filled(at_last, event), settled_on: event.day}
        return next_version(require_open_row(before, event), event, answer)

    return _projection(table, row, key, {opened.TYPE: open_, settled.TYPE: settle})


def begun_and_ended(  # noqa: PLR0913  both ends of a stretch
    name: str,
    row: type,
    *,
    key: tuple[str, ...],
    begun: type[Event],
    ended: type[Event],
    closing: tuple[str, ...] = (),
) -> Projection:
    """The projection of what begins on a day and ends before another, such as an allocation.

    A thing has a row from the day it begins, which its end closes; so does another beginning, where
    what was recorded late ends the day before the next begins.

    Args:
        name: of the table.
        row: the shape of its rows, a `Stretch`.
        key: the columns that name the thing; both events carry them.
        begun: the event that begins it.
        ended: the event that ends it.
        closing: the columns that `ended` fills; null before.
    """
    table = read_table(name, row)
    stated = set(row.__annotations__) - {*Stretch.__annotations__, *closing}
    at_first, at_last = _fields(begun, stated), _fields(ended, closing)

    def begin(before: Row | None, event: RecordedEvent) -> Rows:
        stretch = {"from_on": event.day, "until_on": FOREVER, "position": event.position}
        begun_now = {**_filled(at_first, event), **dict.fromkeys(closing), **stretch}
        if before is None or before["from_on"] == event.day:
            return (begun_now,)
        return {**before, "until_on": event.day, "position": event.position}, begun_now

    def end(before: Row | None, event: RecordedEvent) -> Rows:
        changes = {**_filled(at_last, event), "until_on": event.day, "position": event.position}
        return ({**require_open_row(before, event), **changes},)

    return _projection(table, row, key, {begun.TYPE: begin, ended.TYPE: end}, "from_on", "until_on")


def _fields(
    event: type[Event], columns: Iterable[str], reads: Mapping[str, str] = UNCHANGED
) -> Mapping[str, str]:
    """What the event calls the value of each column that it fills.

    Raises:
        TypeError: it has no such field; a `revision` it may lack.
    """
    fields = {column: reads.get(column, column) for column in columns}
    lacking = fields.values() - event.model_fields.keys() - {"revision"}
    if lacking:
        raise TypeError(f"{event.TYPE} has no field {', '.join(sorted(lacking))}")
    return fields


def _filled(fields: Mapping[str, str], event: RecordedEvent) -> Row:
    data = event.data
    return {column: data.get(name) for column, name in fields.items()}


def _projection(  # noqa: PLR0913, PLR0917  the parts of a projection
    table: Any,  # noqa: ANN401  SQLAlchemy's table
    row: type,
    key: tuple[str, ...],
    folds: Mapping[str, Fold],
    since: str = "valid_from",
    until: str = "valid_to",
) -> Projection:
    return Projection(table=table, row=row, key=key, folds=folds, since=since, until=until)
