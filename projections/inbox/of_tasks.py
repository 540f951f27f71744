"""Matters of tasks: what awaits whom under each task, from its registration to its end.

What hangs on a task awaits somebody only while it can be answered: a revision while the task is in
progress, a reminder also while completion is claimed, and none of them while nobody leads the task.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeAlias, TypedDict

from domain.kernel import Event
from domain.tasks import changes
from domain.tasks import events as tasks
from domain.tasks.matters.obstacles import ObstacleRaised, ObstacleResolved
from domain.tasks.matters.reminders import ReminderAnswered, ReminderIssued
from domain.tasks.matters.solutions import SolutionApproved, SolutionProposed, SolutionRejected
from domain.tasks.responsibility.consequences import (
    ResponsibilityDecided,
    ResponsibilityDropped,
    ResponsibilityProposed,
)
from domain.tasks.work import regulated_papers
from domain.tasks.work.missed_reports import ReportMissed, TaskPaperMissed
from domain.tasks.work.owed_reports import STEPS, Owed, missing_on
from domain.tasks.work.regulated_papers import RegulatedPapers
from domain.tasks.work.report_duties import ReportDutySet
from domain.tasks.work.revision import RevisionRefused, RevisionRequested
from projections.inbox.matters import (
    ClosedMatter,
    Matter,
    MatterKind,
    MatterRow,
    OpenMatter,
    Shown,
    closed_matters,
    indexed,
    official,
    told,
    unit,
)
from projections.projection import (
    Fold,
    Name,
    Projection,
    RecordedEvent,
    Rows,
    read_table,
    require_open_row,
)
from projections.task_events import new_lead


class TaskMatterRow(MatterRow):
    """A matter of a task."""

    task_id: Name


class ClosedTaskMatter(ClosedMatter):
    """One that was closed."""

    task_id: Name


TABLE = indexed(read_table("task_matters", TaskMatterRow))
CLOSED = closed_matters(TABLE, ClosedTaskMatter, "task_id")

# The matter that a task itself is in a state, by the state: it awaits the body that decides on it.
OF_STATES: Mapping[str, MatterKind] = {
    "registered": "registration",
    "ready": "assignment",
    "claimed": "claim",
    "vacant": "vacancy",
}
IN_PROGRESS, CLAIMED, VACANT, ENDED = "in_progress", "claimed", "vacant", "ended"
# In which states the others can be answered.
ANSWERED_WHILE: Mapping[MatterKind, frozenset[str]] = {
    "revision": frozenset({IN_PROGRESS}),
    "handover": frozenset({IN_PROGRESS}),
    "solution": frozenset({IN_PROGRESS, CLAIMED}),
    "obstacle": frozenset({IN_PROGRESS, CLAIMED}),
    "reminder": frozenset({IN_PROGRESS, CLAIMED}),
    "missed_report": frozenset({IN_PROGRESS, CLAIMED}),
    "missed_plan": frozenset({IN_PROGRESS, CLAIMED}),
    "responsibility": frozenset({IN_PROGRESS, CLAIMED, VACANT, ENDED}),
}
# The matter that a paper is missing, by the paper.
OF_PAPERS: Mapping[str, MatterKind] = {"plan": "missed_plan", "progress_report": "missed_report"}
# Whom a matter awaits, where that is whoever decides on the task or leads it by then.
BODY, LEAD = "body", "lead"


class Pending(TypedDict):
    """What hangs on a task and is not settled; `to` is whom it awaits.

    `period` is that of a plan or a report that is missing, `paper` which of them if a regulation
    asks for it.
    """

    kind: MatterKind
    number: int | None
    to: str
    since_on: str
    position: int
    due_on: str | None
    period: str | None
    paper: str | None


class Workings(Shown):
    """A task's state since when, who decides on it, who leads it, and what hangs on it.

    `owed` are the reports asked for by a rule of its own, if any are; `regulated` what a regulation
    asks for and is missing.
    """

    state: str
    since_on: str
    position: int
    body: str
    lead: str | None
    pending: list[Pending]
    owed: Owed | None
    regulated: RegulatedPapers


Step: TypeAlias = Callable[[Workings, RecordedEvent], Workings]


def _begun(body: str, state: str) -> Fold[TaskMatterRow]:
    """The task begins in that state; the event says under `body` who decides on it."""

    def fold(_: TaskMatterRow | None, event: RecordedEvent) -> Rows[TaskMatterRow]:
        workings: Workings = {
            "state": state,
            "since_on": event.day,
            "position": event.position,
            "body": event.data[body],
            "lead": None,
            "pending": [],
            "owed": None,
            "regulated": regulated_papers.NOTHING,
            "shown": [],
            "rows": 0,
        }
        return _told(event, workings)

    return fold


def _then(*steps: Step) -> Fold[TaskMatterRow]:
    """The task goes on by these steps."""

    def fold(row: TaskMatterRow | None, event: RecordedEvent) -> Rows[TaskMatterRow]:
        before: Any = require_open_row(row, event)["workings"]
        workings = before
        for step in steps:
            workings = step(workings, event)
        if workings is before:
            return ()
        return _told(event, workings)

    return fold


def _told(event: RecordedEvent, workings: Workings) -> Rows[TaskMatterRow]:
    return told({"task_id": event.data["task_id"]}, event, workings, _matters(workings))


def _matters(workings: Workings) -> list[OpenMatter]:
    state, lead = workings["state"], workings["lead"]
    own: list[OpenMatter] = []
    if state in OF_STATES:
        body = unit(workings["body"])
        own.append(Matter(OF_STATES[state], body, workings["since_on"], workings["position"]))
    named = {BODY: unit(workings["body"]), LEAD: lead and official(lead)}
    pending: list[OpenMatter] = [
        (
            one["kind"],
            named[one["to"]] if one["to"] in named else one["to"],
            one["since_on"],
            one["position"],
            one["number"],
            one["due_on"],
            None,
            None,
            None,
        )
        for one in workings["pending"]
        if state in ANSWERED_WHILE[one["kind"]]
    ]
    return own + pending


def _turned(state: str) -> Step:
    def step(workings: Workings, event: RecordedEvent) -> Workings:
        return {**workings, "state": state, "since_on": event.day, "position": event.position}

    return step


def _led(workings: Workings, event: RecordedEvent) -> Workings:
    """Somebody leads the task from now on."""
    return {**_turned(IN_PROGRESS)(workings, event), "lead": new_lead(event).official_id}


def _assigned(workings: Workings, event: RecordedEvent) -> Workings:
    return {**_led(workings, event), "body": event.data["assigned_by"]}


def _ended(workings: Workings, event: RecordedEvent) -> Workings:
    """What hung on the task can be answered no more, but for what is proposed for its lateness."""
    pending = [one for one in workings["pending"] if one["kind"] == "responsibility"]
    return {**_turned(ENDED)(workings, event), "pending": pending}


def _called_off(workings: Workings, event: RecordedEvent) -> Workings:
    """Nothing that hung on the task can be answered any more."""
    return {**_turned(ENDED)(workings, event), "pending": []}


def _opened(kind: MatterKind, to: str) -> Step:
    """A matter is opened; `to` says whom it awaits, or what the event calls that."""

    def step(workings: Workings, event: RecordedEvent) -> Workings:
        data = event.data
        whom = {"to_official": official, "proposed_to": unit, "addressed_to": unit}.get(to)
        opened: Pending = {
            "kind": kind,
            "number": data.get("number"),
            "to": to if whom is None else whom(data[to]),
            "since_on": event.day,
            "position": event.position,
            "due_on": data.get("answer_due_on"),
            "period": None,
            "paper": None,
        }
        return {**workings, "pending": [*workings["pending"], opened]}

    return step


def _settled(kind: MatterKind, number: str | None = "number") -> Step:
    """A matter is settled: that of the number which the event names so, or all of the kind."""

    def step(workings: Workings, event: RecordedEvent) -> Workings:
        settled = None if number is None else event.data[number]
        pending = [
            one
            for one in workings["pending"]
            if one["kind"] != kind or (number is not None and one["number"] != settled)
        ]
        return {**workings, "pending": pending}

    return step


def _missed(workings: Workings, event: RecordedEvent) -> Workings:
    """A report is missing: that awaits the body, until it urges or the report comes."""
    owed = workings["owed"]
    if owed is None or event.data["period"] not in _missing(owed, event):
        return workings
    return _lacking(workings, event, "missed_report", None)


def _lacking(
    workings: Workings, event: RecordedEvent, kind: MatterKind, paper: str | None
) -> Workings:
    missed: Pending = {
        "kind": kind,
        "number": None,
        "to": BODY,
        "since_on": event.day,
        "position": event.position,
        "due_on": event.data["due_on"],
        "period": event.data["period"],
        "paper": paper,
    }
    return {**workings, "pending": [*workings["pending"], missed]}


def _regulated(event_type: type[Event]) -> Step:
    """What a regulation asks for is missing, has come, or is asked for no more."""
    lacks = regulated_papers.STEPS[event_type]

    def step(workings: Workings, event: RecordedEvent) -> Workings:
        before = workings["regulated"]
        papers = lacks(before, event.day, event.data)
        if papers is before:
            return workings
        after: Workings = {**workings, "regulated": papers}
        if event_type is TaskPaperMissed:
            paper = event.data["paper"]
            return _lacking(after, event, OF_PAPERS[paper], paper)
        missing = {(one["paper"], one["period"], one["due_on"]) for one in papers["missing"]}
        pending = [
            one
            for one in workings["pending"]
            if one["paper"] is None or (one["paper"], one["period"], one["due_on"]) in missing
        ]
        return {**after, "pending": pending}

    return step


def _urged(workings: Workings, event: RecordedEvent) -> Workings:
    """A reminder names the paper that is missing, if it names one."""
    named = event.data["missed_paper"]
    if named is None:
        return workings
    kind, period = OF_PAPERS[named["paper"]], named["period"]
    pending = [one for one in workings["pending"] if one["kind"] != kind or one["period"] != period]
    return {**workings, "pending": pending}


def _owes(event_type: type[Event]) -> Step:
    """Other reports are owed from now on; what came, or is asked for no more, awaits nobody."""
    owes = STEPS[event_type]

    def step(workings: Workings, event: RecordedEvent) -> Workings:
        owed = owes(workings["owed"], event.day, event.data)
        if owed is None:
            return workings
        missing = {None, *_missing(owed, event)}
        pending = [
            one
            for one in workings["pending"]
            if one["period"] in missing or one["paper"] is not None
        ]
        return {**workings, "owed": owed, "pending": pending}

    return step


def _missing(owed: Owed, event: RecordedEvent) -> set[str]:
    """The periods whose reports are missing on the day of the event."""
    return {one["period"] for one in missing_on(owed, date.fromisoformat(event.day))}


NO_OFFER = _settled("handover", None)
FOLDS: Mapping[type[Event], Fold[TaskMatterRow]] = {
    tasks.TaskRegistered: _begun("managed_by", "registered"),
    tasks.TaskCommissioned: _begun("commissioned_by", "ready"),
    changes.TaskContinued: _begun("continued_by", "ready"),
    tasks.TaskApproved: _then(_turned("ready")),
    tasks.TaskRejected: _then(_called_off),
    tasks.TaskAssigned: _then(_assigned),
    tasks.HandoverOffered: _then(_opened("handover", "to_official")),
    tasks.HandoverDeclined: _then(NO_OFFER),
    tasks.TaskHandedOver: _then(_led, NO_OFFER),
    tasks.TaskTransferred: _then(_led, NO_OFFER),
    changes.TaskVacated: _then(_owes(changes.TaskVacated), _turned("vacant"), NO_OFFER),
    changes.VacancyFilled: _then(_owes(changes.VacancyFilled), _led),
    tasks.CompletionClaimed: _then(_owes(tasks.CompletionClaimed), _turned(CLAIMED)),
    tasks.CompletionReturned: _then(_owes(tasks.CompletionReturned), _turned(IN_PROGRESS)),
    tasks.PlanSubmitted: _then(_regulated(tasks.PlanSubmitted)),
    tasks.ProgressReported: _then(
        _owes(tasks.ProgressReported), _regulated(tasks.ProgressReported)
    ),
    ReportDutySet: _then(_owes(ReportDutySet), _regulated(ReportDutySet)),
    changes.ObjectiveCauseConfirmed: _then(_owes(changes.ObjectiveCauseConfirmed)),
    ReportMissed: _then(_missed),
    TaskPaperMissed: _then(_regulated(TaskPaperMissed)),
    tasks.CompletionConfirmed: _then(_ended),
    tasks.TaskCancelled: _then(_called_off),
    changes.TaskCarriedOver: _then(_ended),
    RevisionRequested: _then(_opened("revision", BODY)),
    RevisionRefused: _then(_settled("revision")),
    changes.TaskRevised: _then(_settled("revision", "request")),
    SolutionProposed: _then(_opened("solution", "proposed_to")),
    SolutionApproved: _then(_settled("solution")),
    SolutionRejected: _then(_settled("solution")),
    ObstacleRaised: _then(_opened("obstacle", "addressed_to")),
    ObstacleResolved: _then(_settled("obstacle")),
    ReminderIssued: _then(_urged, _opened("reminder", LEAD)),
    ReminderAnswered: _then(_settled("reminder")),
    ResponsibilityProposed: _then(_opened("responsibility", BODY)),
    ResponsibilityDecided: _then(_settled("responsibility")),
    ResponsibilityDropped: _then(_settled("responsibility")),
}

TASK_MATTERS = Projection(
    table=TABLE,
    row=TaskMatterRow,
    key=("task_id",),
    kept=(CLOSED,),
    since="matter",
    until="open_until",
    folds={event.TYPE: fold for event, fold in FOLDS.items()},
)
