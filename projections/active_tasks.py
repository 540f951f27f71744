"""Active tasks: which tasks stand in which state on which day, with whom, and how far they are.

Every task is here in every state; active are those assigned and neither completed nor cancelled.
"""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, Numeric, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from domain.tasks import events as tasks
from projections.projection import (
    FOREVER,
    Fact,
    Projection,
    Row,
    Rows,
    next_version,
    read_table,
    stand_in,
    text_id,
)
from projections.terms import deadline, term_columns

TABLE = read_table(
    "active_tasks",
    text_id("task_id"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    text_id("state"),
    Column("active", Boolean, nullable=False),
    Column("title", Text, nullable=False),
    Column("kinds", ARRAY(Text), nullable=False),
    text_id("field"),
    text_id("origin"),
    text_id("term_kind"),
    text_id("term_label"),
    Column("term_from_on", Date, nullable=False),
    Column("term_to_on", Date),
    Column("due_on", Date),
    text_id("managed_by"),
    text_id("unit_id"),
    text_id("post_id"),
    text_id("official_id", nullable=True),
    text_id("offered_to", nullable=True),
    Column("coordinators", ARRAY(Text), nullable=False),
    Column("indicators", JSONB, nullable=False),
    Column("share_percent", Numeric),
    Column("plan_revision", Integer),
    Column("assigned_on", Date),
    Column("last_report_on", Date),
    Column("completed_on", Date),
    Column("score_points", Numeric),
    Column("max_points", Numeric),
)

CURRENT = text(f"active AND valid_to = '{FOREVER}'")
Index(
    "active_tasks_due",
    TABLE.c.ledger,
    func.coalesce(TABLE.c.due_on, text(f"'{FOREVER}'::date")),
    TABLE.c.task_id,
    postgresql_where=CURRENT,
)
Index("active_tasks_unit", TABLE.c.ledger, TABLE.c.unit_id, postgresql_where=CURRENT)
Index("active_tasks_official", TABLE.c.ledger, TABLE.c.official_id, postgresql_where=CURRENT)


def proposed(fact: Fact, *, state: str, origin: str, managed_by: str) -> Rows:
    data = fact.data
    proposal = data["proposal"]
    return (
        {
            "task_id": data["task_id"],
            "valid_from": data["effective_on"],
            "valid_to": FOREVER,
            "position": fact.position,
            "state": state,
            "active": False,
            "title": proposal["title"],
            "kinds": proposal["kinds"],
            "field": proposal["field"],
            "origin": origin,
            **term_columns(proposal["term"]),
            "due_on": deadline(proposal),
            "managed_by": managed_by,
            "unit_id": data["unit_id"],
            "post_id": data["post_id"],
            "official_id": data.get("official_id"),
            "offered_to": None,
            "coordinators": [],
            "indicators": [
                {**indicator, "actual": None, "reported_on": None}
                for indicator in proposal["indicators"]
            ],
            "share_percent": None,
            "plan_revision": None,
            "assigned_on": None,
            "last_report_on": None,
            "completed_on": None,
            "score_points": None,
            "max_points": None,
        },
    )


def registered(_: Row | None, fact: Fact) -> Rows:
    managed_by = fact.data["managed_by"]
    return proposed(fact, state="registered", origin="registered", managed_by=managed_by)


def commissioned(_: Row | None, fact: Fact) -> Rows:
    managed_by = fact.data["commissioned_by"]
    return proposed(fact, state="ready", origin="commissioned", managed_by=managed_by)


def approved(task: Row | None, fact: Fact) -> Rows:
    return next_version(stand_in(task, fact), fact, {"state": "ready"})


def rejected(task: Row | None, fact: Fact) -> Rows:
    return next_version(stand_in(task, fact), fact, {"state": "rejected"})


def assigned(task: Row | None, fact: Fact) -> Rows:
    data = fact.data
    return next_version(
        stand_in(task, fact),
        fact,
        {
            "state": "in_progress",
            "active": True,
            "unit_id": data["unit_id"],
            "post_id": data["post_id"],
            "official_id": data["official_id"],
            "coordinators": data.get("coordinators", []),
            "due_on": data["due_on"],
            "assigned_on": data["effective_on"],
        },
    )


def plan_submitted(task: Row | None, fact: Fact) -> Rows:
    return next_version(stand_in(task, fact), fact, {"plan_revision": fact.data["revision"]})


def progress_reported(task: Row | None, fact: Fact) -> Rows:
    row, data = stand_in(task, fact), fact.data
    changes: Row = {"last_report_on": data["effective_on"]}
    if data.get("share_percent") is not None:
        changes["share_percent"] = data["share_percent"]
    if data.get("values"):
        changes["indicators"] = measured(row, fact)
    return next_version(row, fact, changes)


def measured(row: Row, fact: Fact) -> list[Row]:
    """The task's indicators with what they have reached by the fact's day."""
    actuals = {value["code"]: value["actual"] for value in fact.data["values"]}
    return [
        {**indicator, "actual": actuals[indicator["code"]], "reported_on": fact.day}
        if indicator["code"] in actuals
        else indicator
        for indicator in row["indicators"]
    ]


def handover_offered(task: Row | None, fact: Fact) -> Rows:
    return next_version(stand_in(task, fact), fact, {"offered_to": fact.data["to_official"]})


def handover_declined(task: Row | None, fact: Fact) -> Rows:
    return next_version(stand_in(task, fact), fact, {"offered_to": None})


def handed_over(task: Row | None, fact: Fact) -> Rows:
    changes = {"official_id": fact.data["to_official"], "offered_to": None}
    return next_version(stand_in(task, fact), fact, changes)


def transferred(task: Row | None, fact: Fact) -> Rows:
    data = fact.data
    return next_version(
        stand_in(task, fact),
        fact,
        {
            "unit_id": data["to_unit"],
            "post_id": data["to_post"],
            "official_id": data["to_official"],
            "offered_to": None,
        },
    )


def completion_claimed(task: Row | None, fact: Fact) -> Rows:
    row = stand_in(task, fact)
    changes = {"state": "claimed", "indicators": measured(row, fact)}
    return next_version(row, fact, changes)


def completion_confirmed(task: Row | None, fact: Fact) -> Rows:
    return next_version(
        stand_in(task, fact),
        fact,
        {
            "state": "completed",
            "active": False,
            "completed_on": fact.data["completed_on"],
            "offered_to": None,
        },
    )


def completion_returned(task: Row | None, fact: Fact) -> Rows:
    return next_version(stand_in(task, fact), fact, {"state": "in_progress"})


def scored(task: Row | None, fact: Fact) -> Rows:
    changes = {name: fact.data[name] for name in ("score_points", "max_points")}
    return next_version(stand_in(task, fact), fact, changes)


def cancelled(task: Row | None, fact: Fact) -> Rows:
    changes = {"state": "cancelled", "active": False, "offered_to": None}
    return next_version(stand_in(task, fact), fact, changes)


ACTIVE_TASKS = Projection(
    version=1,
    table=TABLE,
    key=("task_id",),
    since="valid_from",
    until="valid_to",
    folds={
        tasks.TaskRegistered.TYPE: registered,
        tasks.TaskCommissioned.TYPE: commissioned,
        tasks.TaskApproved.TYPE: approved,
        tasks.TaskRejected.TYPE: rejected,
        tasks.TaskAssigned.TYPE: assigned,
        tasks.PlanSubmitted.TYPE: plan_submitted,
        tasks.ProgressReported.TYPE: progress_reported,
        tasks.HandoverOffered.TYPE: handover_offered,
        tasks.HandoverDeclined.TYPE: handover_declined,
        tasks.TaskHandedOver.TYPE: handed_over,
        tasks.TaskTransferred.TYPE: transferred,
        tasks.CompletionClaimed.TYPE: completion_claimed,
        tasks.CompletionConfirmed.TYPE: completion_confirmed,
        tasks.CompletionReturned.TYPE: completion_returned,
        tasks.TaskScored.TYPE: scored,
        tasks.TaskCancelled.TYPE: cancelled,
    },
)
