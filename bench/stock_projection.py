"""The library's own way to a read model: its `ProjectionRunner` with a view in PostgreSQL.

The view is what ours is at its heart: a row per task and stretch of time in which nothing changed.
"""

from collections.abc import Sequence
from datetime import date
from time import perf_counter
from typing import Any

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL, Identifier

from domain.kernel import Event
from domain.tasks.events import TaskRegistered

WAIT_SECONDS = 300.0
SAVED_AT_ONCE = 50
STATES = {
    "task.registered": "registered",
    "task.approved": "ready",
    "task.assigned": "in_progress",
    "task.completion_claimed": "claimed",
    "task.completion_confirmed": "completed",
}


class StockTask(Aggregate):
    """A task as an aggregate of the library; its events carry the same data."""

    @event("Registered")
    def __init__(self, kind: str, day: str, data: dict[str, Any]) -> None:
        self.last = (kind, day, data)

    @event("Happened")
    def happens(self, kind: str, day: str, data: dict[str, Any]) -> None:
        self.last = (kind, day, data)


class StockTasks(Application[Any]):
    """Keeps the aggregates; nothing is cached, nothing is snapshotted."""

    name = "tasks"


CREATE = """
CREATE TABLE IF NOT EXISTS {0}.{1} (
    task_id text NOT NULL, valid_from date NOT NULL, valid_to date NOT NULL, state text NOT NULL,
    title text NOT NULL, official_id text NOT NULL, post_id text NOT NULL, unit_id text NOT NULL,
    due_on date, share_percent numeric, last_report_on date, completed_on date,
    PRIMARY KEY (task_id, valid_to)
)
"""
FIRST = """
INSERT INTO {0}.{1} VALUES (%(task)s, %(day)s, 'infinity', %(state)s, %(title)s, %(official)s,
    %(post)s, %(unit)s)
"""
NEXT = """
WITH was AS (
    UPDATE {0}.{1} SET valid_to = %(day)s WHERE task_id = %(task)s AND valid_to = 'infinity'
    RETURNING *
)
INSERT INTO {0}.{1}
SELECT task_id, %(day)s, 'infinity', coalesce(%(state)s, state), title, %(official)s, %(post)s,
    %(unit)s, coalesce(%(due_on)s::date, due_on), coalesce(%(share)s::numeric, share_percent),
    coalesce(%(reported_on)s::date, last_report_on), coalesce(%(completed_on)s::date, completed_on)
FROM was
"""


class StockView(PostgresTrackingRecorder):
    """The rows, and how far they are tracked, in one transaction per event."""

    def __init__(self, datastore: PostgresDatastore, **kwargs: Any) -> None:  # noqa: ANN401  the library's
        super().__init__(datastore, **kwargs)
        names = (Identifier(datastore.schema), Identifier("stock_tasks"))
        self.sql_create_statements.append(SQL(CREATE).format(*names))
        self.first, self.next = SQL(FIRST).format(*names), SQL(NEXT).format(*names)

    def note(self, kind: str, day: str, data: dict[str, Any], tracking: Tracking) -> None:
        first = kind == TaskRegistered.TYPE
        row = {
            "task": data["task_id"],
            "day": day,
            "state": STATES.get(kind),
            "title": data["proposal"]["title"] if first else None,
            "official": data["official_id"],
            "post": data["post_id"],
            "unit": data["unit_id"],
            "due_on": data.get("due_on"),
            "share": data.get("share_percent"),
            "reported_on": day if "narrative" in data else None,
            "completed_on": data.get("completed_on"),
        }
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(self.first if first else self.next, row, prepare=True)


class StockProjection(Projection[StockView]):
    """Folds every event into the view."""

    name = "stock"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:  # noqa: ANN401  the library's
        self.view.note(domain_event.kind, domain_event.day, domain_event.data, tracking)


def save(env: dict[str, str], events: Sequence[Event]) -> None:
    """Record the events through the application, a task's life after another's."""
    app = StockTasks(env)
    tasks: dict[str, StockTask] = {}
    for happened in events:
        data = happened.model_dump(mode="json")
        kind, day = happened.TYPE, _iso(happened.effective_on)
        task = tasks.get(data["task_id"])
        if task is None:
            tasks[data["task_id"]] = StockTask(kind, day, data)
        else:
            task.happens(kind, day, data)
    waiting = list(tasks.values())
    while waiting:
        app.save(*waiting[:SAVED_AT_ONCE])
        del waiting[:SAVED_AT_ONCE]
    app.close()


def run(env: dict[str, str]) -> float:
    """Events per second from nothing to the last one recorded; the view is new each time."""
    with ProjectionRunner(
        application_class=StockTasks,
        projection_class=StockProjection,
        view_class=StockView,
        env=env,
    ) as runner:
        last = runner.app.recorder.max_notification_id()
        began = perf_counter()
        runner.wait(last, timeout=WAIT_SECONDS)
        return (last or 0) / (perf_counter() - began)


def _iso(day: date) -> str:
    return day.isoformat()
