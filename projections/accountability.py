"""Accountability: one line per task and stint of an official in a unit, and how the stint ended.

Completion rates count these lines. A line ends on the day on which what ended it counts from; the
next one begins on that day.
"""

from sqlalchemy import BigInteger, Column, Date, Index, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY

from domain.tasks import events as tasks
from projections.projection import (
    FOREVER,
    Fact,
    Projection,
    Row,
    Rows,
    read_table,
    stand_in,
    text_id,
)
from projections.terms import deadline, term_columns

TABLE = read_table(
    "accountability",
    text_id("task_id"),
    Column("stint", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
    text_id("official_id", nullable=True),
    text_id("post_id"),
    text_id("unit_id"),
    text_id("field"),
    Column("kinds", ARRAY(Text), nullable=False),
    text_id("term_kind"),
    text_id("term_label"),
    text_id("origin"),
    Column("year", Integer),
    text_id("how"),
    text_id("unit_how"),
    Column("started_on", Date),
    Column("ended_on", Date, nullable=False),
    text_id("outcome"),
    Column("due_on", Date),
    Column("completed_on", Date),
)
Index("accountability_official", TABLE.c.ledger, TABLE.c.official_id)
Index("accountability_unit", TABLE.c.ledger, TABLE.c.unit_id)

OPEN = "open"
PROPOSED = "proposed"


def proposed(fact: Fact, origin: str) -> Rows:
    """A line without a first day: nobody answers yet, and nothing is counted."""
    data = fact.data
    proposal = data["proposal"]
    term = term_columns(proposal["term"])
    return (
        {
            "task_id": data["task_id"],
            "stint": 1,
            "position": fact.position,
            "official_id": None,
            "post_id": data["post_id"],
            "unit_id": data["unit_id"],
            "field": proposal["field"],
            "kinds": proposal["kinds"],
            "term_kind": term["term_kind"],
            "term_label": term["term_label"],
            "origin": origin,
            "year": None,
            "how": PROPOSED,
            "unit_how": PROPOSED,
            "started_on": None,
            "ended_on": FOREVER,
            "outcome": OPEN,
            "due_on": deadline(proposal),
            "completed_on": None,
        },
    )


def registered(_: Row | None, fact: Fact) -> Rows:
    return proposed(fact, "registered")


def commissioned(_: Row | None, fact: Fact) -> Rows:
    return proposed(fact, "commissioned")


def assigned(line: Row | None, fact: Fact) -> Rows:
    data = fact.data
    return (
        {
            **stand_in(line, fact),
            "position": fact.position,
            "official_id": data["official_id"],
            "post_id": data["post_id"],
            "unit_id": data["unit_id"],
            "year": int(fact.day[:4]),
            "how": "assigned",
            "unit_how": "assigned",
            "started_on": fact.day,
            "due_on": data["due_on"],
        },
    )


def ended(line: Row, fact: Fact, outcome: str) -> Row:
    return {**line, "position": fact.position, "ended_on": fact.day, "outcome": outcome}


def next_stint(line: Row, fact: Fact, changes: Row) -> Row:
    return {
        **line,
        "stint": line["stint"] + 1,
        "position": fact.position,
        "started_on": fact.day,
        **changes,
    }


def handed_over(line: Row | None, fact: Fact) -> Rows:
    """To the successor in the post: how the task came to the unit stays as it was."""
    was = stand_in(line, fact)
    changes = {"official_id": fact.data["to_official"], "how": "handed_over"}
    return ended(was, fact, "handed_over"), next_stint(was, fact, changes)


def transferred(line: Row | None, fact: Fact) -> Rows:
    was, data = stand_in(line, fact), fact.data
    changes = {
        "official_id": data["to_official"],
        "post_id": data["to_post"],
        "unit_id": data["to_unit"],
        "how": "transferred",
        "unit_how": "transferred",
    }
    return ended(was, fact, "transferred"), next_stint(was, fact, changes)


def completed(line: Row | None, fact: Fact) -> Rows:
    row = ended(stand_in(line, fact), fact, "completed")
    return ({**row, "completed_on": fact.data["completed_on"]},)


def rejected(line: Row | None, fact: Fact) -> Rows:
    return (ended(stand_in(line, fact), fact, "rejected"),)


def cancelled(line: Row | None, fact: Fact) -> Rows:
    return (ended(stand_in(line, fact), fact, "cancelled"),)


ACCOUNTABILITY = Projection(
    version=1,
    table=TABLE,
    key=("task_id",),
    since="stint",
    until="ended_on",
    folds={
        tasks.TaskRegistered.TYPE: registered,
        tasks.TaskCommissioned.TYPE: commissioned,
        tasks.TaskRejected.TYPE: rejected,
        tasks.TaskAssigned.TYPE: assigned,
        tasks.TaskHandedOver.TYPE: handed_over,
        tasks.TaskTransferred.TYPE: transferred,
        tasks.CompletionConfirmed.TYPE: completed,
        tasks.TaskCancelled.TYPE: cancelled,
    },
)
