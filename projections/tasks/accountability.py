"""Accountability: one line per task and stint of an official in a post, and how the stint ended.

Completion rates count these lines. A line stands from `started_on` until another takes its place on
`until_on`: because the task passed on to somebody, or because the same stint reads otherwise (its
deadline was revised, its field corrected); then the earlier line counts for the days before only.
What `outcome` says of a line is so from `ended_on`. While a task is vacant its line names nobody.
Officials who answer beside the lead are not counted here: every task has one line at a time.
"""

from domain.tasks import changes
from domain.tasks import events as tasks
from domain.tasks.work.results import PartialResultRecorded
from projections.projection import (
    FOREVER,
    Fold,
    Projection,
    RecordedEvent,
    Rows,
    require_open_row,
)
from projections.task_events import (
    AssignedData,
    CompletedData,
    CorrectedData,
    ProposedData,
    RevisedData,
    new_lead,
)
from projections.tasks.accountability_counts import COUNTS_OF_TASKS, COUNTS_OF_UNITS
from projections.tasks.accountability_lines import OPEN, TABLE, Line
from projections.tasks.proposals import classification_as_read, outline
from projections.tasks.task_rows import Origin

PROPOSED = "proposed"


def begun(origin: Origin) -> Fold[Line]:
    """A line without a first day: nobody answers yet, and nothing is counted."""

    def fold(_: Line | None, event: RecordedEvent[ProposedData]) -> Rows[Line]:
        data = event.data
        row: Line = {
            **outline(data["proposal"]),
            "task_id": data["task_id"],
            "line": 1,
            "position": event.position,
            "official_id": None,
            "post_id": data["post_id"],
            "unit_id": data["unit_id"],
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
            "completed_on": None,
            "partial_on": None,
        }
        return (row,)

    return fold


def assigned(line: Line | None, event: RecordedEvent[AssignedData]) -> Rows[Line]:
    later: Line = {
        **led(require_open_row(line, event), event, "assigned"),
        "position": event.position,
        "year": int(event.day[:4]),
        "unit_how": "assigned",
        "started_on": event.day,
        "due_on": event.data["due_on"],
    }
    return (later,)


def led(line: Line, event: RecordedEvent, how: str) -> Line:
    """The line under whoever comes to lead the task by the event."""
    lead = new_lead(event)
    return {
        **line,
        "official_id": lead.official_id,
        "post_id": lead.post_id,
        "unit_id": lead.unit_id,
        "how": how,
    }


def ended(line: Line, event: RecordedEvent, outcome: str) -> Line:
    """The line with what became of it; it stands on, as the task's last."""
    return {**line, "position": event.position, "ended_on": event.day, "outcome": outcome}


def passed_on(line: Line, event: RecordedEvent, outcome: str, later: Line) -> Rows[Line]:
    """The line, ended, and the next one in its place."""
    before: Line = {
        **ended(line, event, outcome),
        "official_goes_on": later["official_id"] == line["official_id"],
        "unit_goes_on": later["unit_id"] == line["unit_id"],
        "until_on": event.day,
    }
    return before, _next(line, event, later)


def restated(line: Line, event: RecordedEvent, later: Line) -> Rows[Line]:
    """The same stint, reading otherwise from the event's day on."""
    if line["started_on"] in {None, event.day}:
        later["position"] = event.position
        return (later,)
    earlier: Line = {**line, "position": event.position, "until_on": event.day}
    return earlier, _next(line, event, later)


def _next(line: Line, event: RecordedEvent, later: Line) -> Line:
    """`later`, which is a new row, as the line that follows."""
    later["line"] = line["line"] + 1
    later["position"], later["started_on"] = event.position, event.day
    return later


def amended(line: Line | None, event: RecordedEvent[ProposedData]) -> Rows[Line]:
    """Nobody answers yet: the line of what is proposed is another."""
    row = require_open_row(line, event)
    return restated(row, event, {**row, **outline(event.data["proposal"])})


def revised(line: Line | None, event: RecordedEvent[RevisedData]) -> Rows[Line]:
    row, due_on = require_open_row(line, event), event.data["due_on"]
    return () if due_on is None else restated(row, event, {**row, "due_on": due_on})


def corrected(line: Line | None, event: RecordedEvent[CorrectedData]) -> Rows[Line]:
    """Only another field or other kinds change the line."""
    row, reading = require_open_row(line, event), event.data["reading"]
    if reading["kind"] != "proposal" or not (reading.get("field") or reading.get("kinds")):
        return ()
    return restated(row, event, {**row, **classification_as_read(row, reading)})


def partial_result_recorded(line: Line | None, event: RecordedEvent) -> Rows[Line]:
    """The day of the first result counts."""
    row = require_open_row(line, event)
    return ({**row, "partial_on": row["partial_on"] or event.day},)


def handed_over(line: Line | None, event: RecordedEvent) -> Rows[Line]:
    """To the successor in the post: how the task came to the unit stays as it was."""
    row = require_open_row(line, event)
    return passed_on(row, event, "handed_over", led(row, event, "handed_over"))


def transferred(line: Line | None, event: RecordedEvent) -> Rows[Line]:
    """How the task came to an official or a unit stays as it was where that one goes on."""
    was = require_open_row(line, event)
    later = led(was, event, "transferred")
    if later["official_id"] == was["official_id"]:
        later["how"] = was["how"]
    if later["unit_id"] != was["unit_id"]:
        later["unit_how"] = "transferred"
    return passed_on(was, event, "transferred", later)


def vacated(line: Line | None, event: RecordedEvent) -> Rows[Line]:
    row = require_open_row(line, event)
    return passed_on(row, event, "vacated", {**row, "official_id": None, "how": "vacated"})


def vacancy_filled(line: Line | None, event: RecordedEvent) -> Rows[Line]:
    """Where the holder of a post in another unit answers now, the task came to that unit so."""
    was = require_open_row(line, event)
    later = led(was, event, "vacancy_filled")
    if later["unit_id"] == was["unit_id"]:
        return passed_on(was, event, "filled", later)
    later["unit_how"] = "transferred"
    return passed_on(was, event, "transferred", later)


def closed(outcome: str) -> Fold[Line]:
    """The task has ended so."""

    def fold(line: Line | None, event: RecordedEvent) -> Rows[Line]:
        return (ended(require_open_row(line, event), event, outcome),)

    return fold


def completed(line: Line | None, event: RecordedEvent[CompletedData]) -> Rows[Line]:
    row = ended(require_open_row(line, event), event, "completed")
    row["completed_on"] = event.data["completed_on"]
    return (row,)


ACCOUNTABILITY = Projection(
    version=2,
    table=TABLE,
    row=Line,
    key=("task_id",),
    since="line",
    until="until_on",
    kept=(COUNTS_OF_TASKS.kept, COUNTS_OF_UNITS.kept),
    folds={
        tasks.TaskRegistered.TYPE: begun("registered"),
        tasks.TaskCommissioned.TYPE: begun("commissioned"),
        tasks.TaskRejected.TYPE: closed("rejected"),
        tasks.TaskAssigned.TYPE: assigned,
        tasks.TaskHandedOver.TYPE: handed_over,
        tasks.TaskTransferred.TYPE: transferred,
        tasks.CompletionConfirmed.TYPE: completed,
        tasks.TaskCancelled.TYPE: closed("cancelled"),
        changes.TaskContinued.TYPE: begun("continued"),
        changes.TaskAmended.TYPE: amended,
        changes.TaskRevised.TYPE: revised,
        changes.TaskCorrected.TYPE: corrected,
        changes.TaskVacated.TYPE: vacated,
        changes.VacancyFilled.TYPE: vacancy_filled,
        changes.TaskCarriedOver.TYPE: closed("carried_over"),
        PartialResultRecorded.TYPE: partial_result_recorded,
    },
)
