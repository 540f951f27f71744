"""A small read model to try the machinery on: how many reports each task has."""

from datetime import date
from typing import TypedDict

from sqlalchemy import select

from domain.kernel import Event
from domain.tasks.events import ProgressReported
from projections.projection import (
    FOREVER,
    IsoDay,
    Name,
    Place,
    Projection,
    RecordedEvent,
    Row,
    Rows,
    read_table,
)
from projections.statement import LEDGER, statement
from service.database.engine import Pool
from service.read_models.projector import Projector
from service.read_models.standings import Standing

DAY = date(2021, 1, 4)
REPORT = ProgressReported.TYPE


class ReportsRow(TypedDict):
    """How many reports a task has."""

    task_id: Name
    valid_from: IsoDay
    valid_to: IsoDay
    reports: Place


def counted(standing: Row | None, event: RecordedEvent) -> Rows:
    """One row per task: how many reports; a narrative of `poison` breaks it."""
    if event.data["narrative"] == "poison":
        raise ValueError("cannot be folded")
    before = 0 if standing is None else standing["reports"]
    row = {
        "task_id": event.data["task_id"],
        "valid_from": "2000-01-01",
        "valid_to": FOREVER,
        "reports": before + 1,
    }
    return (row,)


def patient(row: Row | None, event: RecordedEvent) -> Rows:
    """The same, and nothing breaks it."""
    return counted(row, RecordedEvent(event.position, event.type, {**event.data, "narrative": ""}))


def tenfold(_: Row | None, event: RecordedEvent) -> Rows:
    """What a later build makes of it: each task ten times, however many its reports."""
    return tuple({**row, "reports": 10} for row in counted(None, event))


def reports_projection(name: str) -> Projection:
    return Projection(
        version=1,
        table=read_table(name, ReportsRow),
        row=ReportsRow,
        key=("task_id",),
        since="valid_from",
        until="valid_to",
        folds={REPORT: counted},
    )


def report(task_id: str, narrative: str = "đang làm") -> Event:
    return ProgressReported(
        effective_on=DAY,
        task_id=task_id,
        official_id="o1",
        post_id="p1",
        unit_id="u1",
        narrative=narrative,
    )


async def rows(pool: Pool, projection: Projection, ledger: str) -> dict[str, int]:
    table = projection.table
    query = statement(select(table.c.task_id, table.c.reports).where(table.c.ledger == LEDGER))
    found = await pool.fetch(query.sql, *query.arguments({"ledger": ledger}))
    return {row["task_id"]: row["reports"] for row in found}


async def standing(projector: Projector, ledger: str) -> Standing:
    [found] = [found for found in await projector.status() if found.ledger == ledger]
    return found
