"""Task standings: in which state a task stands on any day, with whom, and by when it is due.

Few rows a task, however much is reported on it: whatever counts tasks over many days reads these.
While nobody leads a task it is vacant; officials beside the lead stay.
"""

from sqlalchemy import BigInteger, Column, Date, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from domain.tasks import changes
from domain.tasks import events as tasks
from domain.tasks.responsibility import co_accountability
from projections.projection import (
    Fold,
    Projection,
    RecordedEvent,
    Row,
    Rows,
    first_version,
    next_version,
    read_table,
    require_open_row,
    text_id,
)
from projections.tasks.terms import deadline, term_columns

TABLE = read_table(
    "task_standings",
    text_id("task_id"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    text_id("state"),
    Column("title", Text, nullable=False),
    text_id("field"),
    Column("kinds", ARRAY(Text), nullable=False),
    text_id("term_kind"),
    text_id("term_label"),
    Column("year", Integer),
    text_id("assigned_by", nullable=True),
    text_id("unit_id"),
    text_id("post_id"),
    text_id("official_id", nullable=True),
    Column("since_on", Date),
    Column("beside", JSONB, nullable=False),
    Column("beside_officials", ARRAY(Text), nullable=False),
    Column("due_on", Date),
    Column("completed_on", Date),
)
Index("task_standings_official", TABLE.c.ledger, TABLE.c.official_id)
Index("task_standings_unit", TABLE.c.ledger, TABLE.c.unit_id)
Index(
    "task_standings_beside",
    TABLE.c.beside_officials,
    postgresql_using="gin",
    postgresql_where=text("beside_officials <> '{}'"),
)

UNDER_WAY = ("in_progress", "claimed", "vacant")
COMPLETED = "completed"


def proposed(event: RecordedEvent, state: str) -> Rows:
    data = event.data
    proposal = data["proposal"]
    term = term_columns(proposal["term"])
    return first_version(
        event,
        {
            "task_id": data["task_id"],
            "state": state,
            "title": proposal["title"],
            "field": proposal["field"],
            "kinds": proposal["kinds"],
            "term_kind": term["term_kind"],
            "term_label": term["term_label"],
            "year": None,
            "assigned_by": None,
            "unit_id": data["unit_id"],
            "post_id": data["post_id"],
            "official_id": None,
            "since_on": None,
            "beside": [],
            "beside_officials": [],
            "due_on": deadline(proposal),
            "completed_on": None,
        },
    )


def registered(_: Row | None, event: RecordedEvent) -> Rows:
    return proposed(event, "registered")


def ready(_: Row | None, event: RecordedEvent) -> Rows:
    return proposed(event, "ready")


def amended(task: Row | None, event: RecordedEvent) -> Rows:
    row = require_open_row(task, event)
    [new] = proposed(event, row["state"])
    said = ("title", "field", "kinds", "term_kind", "term_label", "due_on")
    return next_version(row, event, {name: new[name] for name in said})


def corrected(task: Row | None, event: RecordedEvent) -> Rows:
    """The proposal reads otherwise from now on; a report or a claim is not told of here."""
    row, reading = require_open_row(task, event), event.data["reading"]
    if reading["kind"] != "proposal":
        return ()
    said = ("title", "field", "kinds")
    return next_version(
        row, event, {name: reading[name] for name in said if reading.get(name) is not None}
    )


def turned(state: str) -> Fold:
    """The task is in another state, and nothing else changes."""

    def fold(task: Row | None, event: RecordedEvent) -> Rows:
        return next_version(require_open_row(task, event), event, {"state": state})

    return fold


def assigned(task: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    return led(
        require_open_row(task, event),
        event,
        data["official_id"],
        {
            "year": int(event.day[:4]),
            "assigned_by": data["assigned_by"],
            "unit_id": data["unit_id"],
            "post_id": data["post_id"],
            "due_on": data["due_on"],
        },
    )


def led(row: Row, event: RecordedEvent, official_id: str, also: Row) -> Rows:
    """The official leads the task from now on, and so no longer stands beside its lead."""
    others = [part for part in row["beside"] if part["official_id"] != official_id]
    lead = {"state": "in_progress", "official_id": official_id, "since_on": event.day}
    return next_version(row, event, {**lead, **beside(others), **also})


def beside(parts: list[Row]) -> Row:
    return {"beside": parts, "beside_officials": [part["official_id"] for part in parts]}


def handed_over(task: Row | None, event: RecordedEvent) -> Rows:
    return led(require_open_row(task, event), event, event.data["to_official"], {})


def transferred(task: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    place = {"unit_id": data["to_unit"], "post_id": data["to_post"]}
    return led(require_open_row(task, event), event, data["to_official"], place)


def vacated(task: Row | None, event: RecordedEvent) -> Rows:
    nobody = {"state": "vacant", "official_id": None, "since_on": event.day}
    return next_version(require_open_row(task, event), event, nobody)


def filled(task: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    place = {"unit_id": data["unit_id"], "post_id": data["post_id"]}
    return led(require_open_row(task, event), event, data["official_id"], place)


def revised(task: Row | None, event: RecordedEvent) -> Rows:
    """Without a new deadline the old one stays."""
    row = require_open_row(task, event)
    return next_version(row, event, {"due_on": event.data["due_on"] or row["due_on"]})


def added_beside(task: Row | None, event: RecordedEvent) -> Rows:
    row = require_open_row(task, event)
    part = _part(event, event.data["official_id"])
    return next_version(row, event, beside([*row["beside"], part]))


def released_beside(task: Row | None, event: RecordedEvent) -> Rows:
    row = require_open_row(task, event)
    return next_version(row, event, beside(_without(row, event.data["official_id"])))


def handed_over_beside(task: Row | None, event: RecordedEvent) -> Rows:
    row, data = require_open_row(task, event), event.data
    parts = [*_without(row, data["from_official"]), _part(event, data["to_official"])]
    return next_version(row, event, beside(parts))


def _part(event: RecordedEvent, official_id: str) -> Row:
    data = event.data
    return {
        "official_id": official_id,
        "post_id": data["post_id"],
        "unit_id": data["unit_id"],
        "since_on": event.day,
    }


def _without(row: Row, official_id: str) -> list[Row]:
    return [part for part in row["beside"] if part["official_id"] != official_id]


def completed(task: Row | None, event: RecordedEvent) -> Rows:
    done = {"state": COMPLETED, "completed_on": event.data["completed_on"]}
    return next_version(require_open_row(task, event), event, done)


TASK_STANDINGS = Projection(
    version=1,
    table=TABLE,
    key=("task_id",),
    since="valid_from",
    until="valid_to",
    folds={
        tasks.TaskRegistered.TYPE: registered,
        tasks.TaskCommissioned.TYPE: ready,
        changes.TaskContinued.TYPE: ready,
        changes.TaskAmended.TYPE: amended,
        changes.TaskCorrected.TYPE: corrected,
        tasks.TaskApproved.TYPE: turned("ready"),
        tasks.TaskRejected.TYPE: turned("rejected"),
        tasks.TaskAssigned.TYPE: assigned,
        tasks.TaskHandedOver.TYPE: handed_over,
        tasks.TaskTransferred.TYPE: transferred,
        changes.TaskVacated.TYPE: vacated,
        changes.VacancyFilled.TYPE: filled,
        changes.TaskRevised.TYPE: revised,
        co_accountability.CoAccountableAdded.TYPE: added_beside,
        co_accountability.CoAccountableReleased.TYPE: released_beside,
        co_accountability.CoAccountabilityHandedOver.TYPE: handed_over_beside,
        tasks.CompletionClaimed.TYPE: turned("claimed"),
        tasks.CompletionReturned.TYPE: turned("in_progress"),
        tasks.CompletionConfirmed.TYPE: completed,
        tasks.TaskCancelled.TYPE: turned("cancelled"),
        changes.TaskCarriedOver.TYPE: turned("carried_over"),
    },
)
