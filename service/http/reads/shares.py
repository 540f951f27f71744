"""Shares, read: who is credited with how much of a task; and an official's of all tasks led."""

from datetime import date

from fastapi import APIRouter

from domain.tasks.events import TaskEvent
from domain.tasks.leadership import LEADERSHIP
from projections.history import timeline
from projections.put_right import PutRight, marking
from projections.tasks.dossier_sections import Section
from projections.tasks.shares import TaskShare, TaskShares, shares
from service.http.reads.one import Found, Thing, serve_one
from service.http.reads.query import OfDay
from service.http.reads.reading import Reading
from service.http.reads.task import ALL_EVENTS, recorded_of
from service.off_loop import off_loop

router = APIRouter()
LED = frozenset(event.TYPE for event in LEADERSHIP)


class OfficialShare(Section):
    """The official's part in one task, of so many days answered for by all."""

    task_id: str
    completed_on: date | None
    days_of_all: int
    share: TaskShare


class OfficialShares(Section):
    """The official's part in every task that the official led by the day, by the tasks' ids."""

    official_id: str
    items: list[OfficialShare]


async def _of_task(reading: Reading, task_id: str) -> TaskShares | None:
    put_right = PutRight(await reading.rows(marking(), tag=f"task:{task_id}"))
    recorded = await recorded_of(reading, task_id)
    return await off_loop(len(recorded), shares, task_id, recorded, reading.as_of, put_right)


async def task_shares(reading: Reading, task_id: str, params: OfDay) -> Found | None:
    """It is read straight from the log, and waits for nothing.

    Raises:
        PositionNotRecorded: the log has not reached the position waited for.
    """
    head = await reading.head(params)
    found = await _of_task(reading, task_id)
    return None if found is None else Found(found.model_dump_json(), head)


async def official_shares(reading: Reading, official_id: str, params: OfDay) -> Found | None:
    """Likewise; task by task.

    Raises:
        PositionNotRecorded: the log has not reached the position waited for.
    """
    head = await reading.head(params)
    statement = timeline(newest_first=False, continued=False)
    rows = await reading.rows(statement, tag=f"official:{official_id}", limit=ALL_EVENTS)
    if not rows:
        return None
    led = [row for row in rows if row["type"] in LED]
    tasks = {one.task_id for one in await reading.decoded(led) if isinstance(one, TaskEvent)}
    items = [
        OfficialShare(
            task_id=task_id, completed_on=found.completed_on, days_of_all=found.days, share=share
        )
        for task_id in sorted(tasks)
        if (found := await _of_task(reading, task_id)) is not None
        for share in found.items
        if share.official_id == official_id
    ]
    whole = OfficialShares(official_id=official_id, items=items)
    return Found(whole.model_dump_json(), head)


for thing in (
    Thing(
        subject="task",
        aspect="shares",
        answers="How the results of a task are credited to those who led it, by the days that each "
        "answered for.",
        reply="The shares in one task.",
        item=TaskShares,
        projections=(),
        read=task_shares,
    ),
    Thing(
        subject="official",
        aspect="shares",
        answers="What of the results of tasks an official is credited with, by the days answered "
        "for.",
        reply="One official's shares.",
        item=OfficialShares,
        projections=(),
        read=official_shares,
    ),
):
    serve_one(router, thing)
