"""Matters: what awaits somebody, as rows that are found by whom it awaits.

The table of a thing's matters has a row for each stretch of days on which one matter awaits one
official or body. Besides, each thing has one row that is never shown: its `workings`, of which the
folds need to know what is open. Only that row is open to the folds; a matter's own row has an end
of its own, `to_on`.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple, TypeAlias, TypedDict

from sqlalchemy import ColumnElement, Index, Select, Table, select, text

from projections.day_tree import under_nodes
from projections.kept import Kept
from projections.projection import FOREVER, IsoDay, Name, Place, RecordedEvent, read_table

MatterKind: TypeAlias = Literal[
    "registration",
    "assignment",
    "claim",
    "vacancy",
    "revision",
    "solution",
    "obstacle",
    "handover",
    "reminder",
    "progress_report",
    "recommendation",
    "replacement_request",
    "commendation",
    "programme",
    "annual_report",
    "review",
    "finding",
    "missed_report",
    "missed_plan",
    "responsibility",
    "self_assessment",
    "official_review",
    "rating",
    "unit_result",
    "proposed_level",
    "reopened_rating",
    "objection",
    "replacement_proposal",
]
# The verb that answers a matter; of several, the one that grants it.
VERBS: Mapping[MatterKind, str] = {
    "registration": "/tasks/{task_id}/approve",
    "assignment": "/tasks/{task_id}/assign",
    "claim": "/tasks/{task_id}/confirm-completion",
    "vacancy": "/tasks/{task_id}/fill-vacancy",
    "revision": "/tasks/{task_id}/approve-revision",
    "solution": "/tasks/{task_id}/approve-solution",
    "obstacle": "/tasks/{task_id}/resolve-obstacle",
    "handover": "/tasks/{task_id}/accept-handover",
    "reminder": "/tasks/{task_id}/answer-reminder",
    "progress_report": "/tasks/{task_id}/report-progress",
    "recommendation": "/communes/{unit_id}/answer-recommendation",
    "replacement_request": "/communes/{unit_id}/answer-replacement-request",
    "commendation": "/communes/{unit_id}/decide-commendation",
    "programme": "/communes/{unit_id}/submit-programme",
    "annual_report": "/communes/{unit_id}/submit-annual-report",
    "review": "/communes/{unit_id}/review-monitor",
    "finding": "/officials/{official_id}/reply-to-finding",
    "missed_report": "/tasks/{task_id}/remind",
    "missed_plan": "/tasks/{task_id}/remind",
    "responsibility": "/tasks/{task_id}/decide-responsibility",
    "self_assessment": "/cycles/{cycle_id}/assess-oneself",
    "official_review": "/cycles/{cycle_id}/propose-level",
    "rating": "/officials/{official_id}/decide-rating",
    "unit_result": "/units/{unit_id}/rate",
    "proposed_level": "/officials/{official_id}/decide-rating",
    "reopened_rating": "/officials/{official_id}/decide-rating",
    "objection": "/officials/{official_id}/answer-objection",
    "replacement_proposal": "/officials/{official_id}/decide-replacement",
}


def official(official_id: str) -> str:
    """Whom a matter awaits, if it is an official."""
    return f"official:{official_id}"


def unit(unit_id: str) -> str:
    """Whom a matter awaits, if it is a body."""
    return f"unit:{unit_id}"


class MatterRow(TypedDict):
    """A matter that awaits somebody from `from_on` until `to_on`; or the workings of a thing.

    `since_on` and `opened_position` are of the event that opened the matter, `position` of the one
    since which it awaits the same. `lasting` are those that hold today or later: what is open, and
    what was closed ahead of its day.
    """

    matter: Name
    lasting: bool
    kind: Name | None
    number: int | None
    official_id: Name | None
    year: int | None
    cycle_id: Name | None
    awaits: Name | None
    since_on: IsoDay | None
    opened_position: Place | None
    due_on: IsoDay | None
    from_on: IsoDay | None
    to_on: IsoDay | None
    open_until: IsoDay
    position: Place
    workings: dict[str, Any] | None


class Shown(TypedDict):
    """In the workings of a thing: the rows that are open, and how many there were so far."""

    shown: list[dict[str, Any]]
    rows: int


class Matter(NamedTuple):
    """A matter that is open.

    Attributes:
        awaits: whom; None where for the time being nobody can answer it.
        since_on: the day on which it was opened.
        position: of the event that opened it.
        number: among those of its kind.
        due_on: by when it is to be answered.
        official_id: whom it is about, if it is about one.
        year: that it is about.
        cycle_id: the cycle of ratings that it is of, if it is of one.
    """

    kind: MatterKind
    awaits: str | None
    since_on: str
    position: int
    number: int | None = None
    due_on: str | None = None
    official_id: str | None = None
    year: int | None = None
    cycle_id: str | None = None


# The same as a plain tuple: of one thing there may be very many, at each of its events.
OpenMatter: TypeAlias = tuple[
    MatterKind,
    str | None,
    str,
    int,
    int | None,
    str | None,
    str | None,
    int | None,
    str | None,
]

WORKINGS = ""


def indexed(table: Table) -> Table:
    """With the index by which the matters that last are found in the order of the inbox."""
    whom = (table.c.ledger, table.c.awaits)
    order = (table.c.since_on, table.c.opened_position, table.c.kind)
    last = text("lasting AND awaits IS NOT NULL")
    Index(f"{table.name}_awaits", *whom, *order, postgresql_where=last)
    return table


class ClosedMatter(TypedDict):
    """A matter that was closed, under a node of the days on which it awaited somebody."""

    awaits: Name
    node: int
    since_on: IsoDay
    opened_position: Place
    kind: Name
    matter: Name


def closed_matters(of: Table, row: type, thing: str) -> Kept:
    """Those of the table, found in the order of the inbox; `row` is a `ClosedMatter` of a thing."""
    columns = of.c
    table = read_table(f"{of.name}__closed", row)

    def made(rows: ColumnElement[bool]) -> Select[Any]:
        under, node = under_nodes(of, columns.from_on, columns.to_on)
        names = ("ledger", thing, "awaits", "since_on", "opened_position", "kind", "matter")
        held = (columns.awaits.is_not(None), ~columns.lasting, columns.to_on > columns.from_on)
        return (
            select(*(columns[name] for name in names), node).select_from(under).where(rows, *held)
        )

    key = ("awaits", "node", "since_on", "opened_position", "kind", thing, "matter")
    return Kept(table=table, made=made, key=key)


def told(
    thing: Mapping[str, str],
    event: RecordedEvent,
    workings: Mapping[str, Any],
    matters: Iterable[OpenMatter],
) -> tuple[Any, ...]:
    """The rows that change: matters that no longer await the same, those that begin to; workings.

    Args:
        thing: its key.
        event: after which this is so.
        workings: what the folds go on from; the rows that are open, and how many there were.
        matters: those that are open now.
    """
    # A row that is open is of the same matter if it tells the same of these.
    standing = {(one[3], one[0], one[1]): one for one in matters if one[1] is not None}
    shown = {(row["opened_position"], row["kind"], row["awaits"]): row for row in workings["shown"]}
    kept = [row for same, row in shown.items() if same in standing]
    begun: list[dict[str, Any]] = []
    number: int = workings["rows"]
    for same, one in standing.items():
        if same not in shown:
            number += 1
            begun.append(_row(thing, event, str(number), Matter(*one)))
    day, ahead, position = event.day, event.ahead, event.position
    closed = [
        {**row, "to_on": day, "lasting": ahead, "position": position}
        for same, row in shown.items()
        if same not in standing
    ]
    after = {
        **_row(thing, event, WORKINGS, None),
        "open_until": FOREVER,
        "workings": {**workings, "shown": [*kept, *begun], "rows": number},
    }
    return (*closed, *begun, after)


def _row(
    thing: Mapping[str, str], event: RecordedEvent, name: str, one: Matter | None
) -> dict[str, Any]:
    return {
        "matter": name,
        "lasting": one is not None,
        "kind": one and one.kind,
        "number": one and one.number,
        "official_id": one and one.official_id,
        "year": one and one.year,
        "cycle_id": one and one.cycle_id,
        "awaits": one and one.awaits,
        "since_on": one and one.since_on,
        "opened_position": one and one.position,
        "due_on": one and one.due_on,
        "from_on": one and event.day,
        "to_on": one and FOREVER,
        "open_until": event.day,
        "position": event.position,
        "workings": None,
        **thing,
    }
