"""Accountability: one line per task and stint of an official in a post, and how the stint ended.

Completion rates count these lines. A line stands from `started_on` until another takes its place on
`until_on`: because the task passed on to somebody, or because the same stint reads otherwise (its
deadline was revised, its field corrected); then the earlier line counts for the days before only.
What `outcome` says of a line is so from `ended_on`. While a task is vacant its line names nobody.
Officials who answer beside the lead are not counted here: every task has one line at a time.
"""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY

from domain.tasks import changes
from domain.tasks import events as tasks
from domain.tasks.work.results import PartialResultRecorded
from projections.projection import (
    FOREVER,
    Projection,
    RecordedEvent,
    Row,
    Rows,
    read_table,
    require_open_row,
    text_id,
)
from projections.tasks.terms import deadline, term_columns

TABLE = read_table(
    "accountability",
    text_id("task_id"),
    Column("line", Integer, nullable=False),
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
    Column("until_on", Date, nullable=False),
    Column("ended_on", Date, nullable=False),
    text_id("outcome"),
    Column("official_goes_on", Boolean, nullable=False),
    Column("unit_goes_on", Boolean, nullable=False),
    Column("due_on", Date),
    Column("completed_on", Date),
    Column("partial_on", Date),
)
Index("accountability_official", TABLE.c.ledger, TABLE.c.official_id)
Index("accountability_unit", TABLE.c.ledger, TABLE.c.unit_id)

OPEN = "open"
PROPOSED = "proposed"


def proposed(event: RecordedEvent, origin: str) -> Rows:
    """A line without a first day: nobody answers yet, and nothing is counted."""
    data = event.data
    proposal = data["proposal"]
    term = term_columns(proposal["term"])
    return (
        {
            "task_id": data["task_id"],
            "line": 1,
            "position": event.position,
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
            "until_on": FOREVER,
            "ended_on": FOREVER,
            "outcome": OPEN,
            "official_goes_on": False,
            "unit_goes_on": False,
            "due_on": deadline(proposal),
            "completed_on": None,
            "partial_on": None,
        },
    )


def registered(_: Row | None, event: RecordedEvent) -> Rows:
    return proposed(event, "registered")


def commissioned(_: Row | None, event: RecordedEvent) -> Rows:
    return proposed(event, "commissioned")


def continued(_: Row | None, event: RecordedEvent) -> Rows:
    return proposed(event, "continued")


def assigned(line: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    return (
        {
            **require_open_row(line, event),
            "position": event.position,
            "official_id": data["official_id"],
            "post_id": data["post_id"],
            "unit_id": data["unit_id"],
            "year": int(event.day[:4]),
            "how": "assigned",
            "unit_how": "assigned",
            "started_on": event.day,
            "due_on": data["due_on"],
        },
    )


def ended(line: Row, event: RecordedEvent, outcome: str) -> Row:
    """The line with what became of it; it stands on, as the task's last."""
    return {**line, "position": event.position, "ended_on": event.day, "outcome": outcome}


def passed_on(line: Row, event: RecordedEvent, outcome: str, changes: Row) -> Rows:
    """The line, ended, and the next one in its place."""
    later = _next(line, event, changes)
    goes_on = {
        "official_goes_on": later["official_id"] == line["official_id"],
        "unit_goes_on": later["unit_id"] == line["unit_id"],
    }
    return {**ended(line, event, outcome), **goes_on, "until_on": event.day}, later


def restated(line: Row, event: RecordedEvent, changes: Row) -> Rows:
    """The same stint, reading otherwise from the fact's day on."""
    if line["started_on"] in {None, event.day}:
        return ({**line, "position": event.position, **changes},)
    earlier = {**line, "position": event.position, "until_on": event.day}
    return earlier, _next(line, event, changes)


def _next(line: Row, event: RecordedEvent, changes: Row) -> Row:
    place = {"line": line["line"] + 1, "position": event.position, "started_on": event.day}
    return {**line, **place, **changes}


def amended(line: Row | None, event: RecordedEvent) -> Rows:
    """Nobody answers yet: the line of what is proposed is another."""
    row = require_open_row(line, event)
    [new] = proposed(event, row["origin"])
    said = ("field", "kinds", "term_kind", "term_label", "due_on")
    return restated(row, event, {name: new[name] for name in said})


def revised(line: Row | None, event: RecordedEvent) -> Rows:
    row, due_on = require_open_row(line, event), event.data["due_on"]
    return () if due_on is None else restated(row, event, {"due_on": due_on})


def corrected(line: Row | None, event: RecordedEvent) -> Rows:
    row, reading = require_open_row(line, event), event.data["reading"]
    said = {name: reading.get(name) for name in ("field", "kinds")}
    changes = {name: told for name, told in said.items() if told is not None}
    return restated(row, event, changes) if changes else ()


def partial_result_recorded(line: Row | None, event: RecordedEvent) -> Rows:
    """The day of the first result counts."""
    row = require_open_row(line, event)
    return ({**row, "partial_on": row["partial_on"] or event.day},)


def handed_over(line: Row | None, event: RecordedEvent) -> Rows:
    """To the successor in the post: how the task came to the unit stays as it was."""
    changes = {"official_id": event.data["to_official"], "how": "handed_over"}
    return passed_on(require_open_row(line, event), event, "handed_over", changes)


def transferred(line: Row | None, event: RecordedEvent) -> Rows:
    """How the task came to an official or a unit stays as it was where that one goes on."""
    was, data = require_open_row(line, event), event.data
    changes = {
        "official_id": data["to_official"],
        "post_id": data["to_post"],
        "unit_id": data["to_unit"],
    }
    if data["to_official"] != was["official_id"]:
        changes["how"] = "transferred"
    if data["to_unit"] != was["unit_id"]:
        changes["unit_how"] = "transferred"
    return passed_on(was, event, "transferred", changes)


def vacated(line: Row | None, event: RecordedEvent) -> Rows:
    changes = {"official_id": None, "how": "vacated"}
    return passed_on(require_open_row(line, event), event, "vacated", changes)


def vacancy_filled(line: Row | None, event: RecordedEvent) -> Rows:
    """Where the holder of a post in another unit answers now, the task came to that unit so."""
    was, data = require_open_row(line, event), event.data
    how = "vacancy_filled"
    changes = {name: data[name] for name in ("official_id", "post_id", "unit_id")}
    changes["how"] = how
    if data["unit_id"] == was["unit_id"]:
        return passed_on(was, event, "filled", changes)
    return passed_on(was, event, "transferred", {**changes, "unit_how": "transferred"})


def carried_over(line: Row | None, event: RecordedEvent) -> Rows:
    return (ended(require_open_row(line, event), event, "carried_over"),)


def completed(line: Row | None, event: RecordedEvent) -> Rows:
    row = ended(require_open_row(line, event), event, "completed")
    return ({**row, "completed_on": event.data["completed_on"]},)


def rejected(line: Row | None, event: RecordedEvent) -> Rows:
    return (ended(require_open_row(line, event), event, "rejected"),)


def cancelled(line: Row | None, event: RecordedEvent) -> Rows:
    return (ended(require_open_row(line, event), event, "cancelled"),)


ACCOUNTABILITY = Projection(
    version=2,
    table=TABLE,
    key=("task_id",),
    since="line",
    until="until_on",
    folds={
        tasks.TaskRegistered.TYPE: registered,
        tasks.TaskCommissioned.TYPE: commissioned,
        tasks.TaskRejected.TYPE: rejected,
        tasks.TaskAssigned.TYPE: assigned,
        tasks.TaskHandedOver.TYPE: handed_over,
        tasks.TaskTransferred.TYPE: transferred,
        tasks.CompletionConfirmed.TYPE: completed,
        tasks.TaskCancelled.TYPE: cancelled,
        changes.TaskContinued.TYPE: continued,
        changes.TaskAmended.TYPE: amended,
        changes.TaskRevised.TYPE: revised,
        changes.TaskCorrected.TYPE: corrected,
        changes.TaskVacated.TYPE: vacated,
        changes.VacancyFilled.TYPE: vacancy_filled,
        changes.TaskCarriedOver.TYPE: carried_over,
        PartialResultRecorded.TYPE: partial_result_recorded,
    },
)
