"""The verbs that random lives try, and what each may be told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from domain.kernel import Command, Event
from domain.tasks.beginning.advice import AdviseOnTask
from domain.tasks.beginning.amendment import AmendTask
from domain.tasks.beginning.approval import ApproveTask, RejectTask
from domain.tasks.beginning.assignment import AssignTask
from domain.tasks.beginning.commission import CommissionTask
from domain.tasks.beginning.registration import RegisterTask
from domain.tasks.changes import TaskAmended, TaskVacated
from domain.tasks.ending.cancellation import CancelTask
from domain.tasks.ending.completion import ClaimCompletion, ConfirmCompletion, ReturnCompletion
from domain.tasks.ending.scoring import ScoreTask
from domain.tasks.events import (
    CompletionClaimed,
    CompletionConfirmed,
    HandoverOffered,
    ProgressReported,
    TaskApproved,
    TaskAssigned,
    TaskEvent,
    TaskRegistered,
)
from domain.tasks.matters.delegation import ClosePart, DelegatePart, PartDelegated, ReportOnPart
from domain.tasks.matters.obstacles import ObstacleRaised, RaiseObstacle, ResolveObstacle
from domain.tasks.matters.reminders import AnswerReminder, ReminderIssued
from domain.tasks.matters.solutions import (
    ApproveSolution,
    ProposeSolution,
    RejectSolution,
    SolutionProposed,
)
from domain.tasks.possible import whole
from domain.tasks.responsibility.co_accountability import (
    AddCoAccountable,
    CoAccountableAdded,
    HandOverCoAccountability,
    ReleaseCoAccountable,
)
from domain.tasks.responsibility.collective import BindCollective, FindResponsibility
from domain.tasks.responsibility.consequences import (
    DecideResponsibility,
    DropResponsibility,
    ProposeResponsibility,
    ResponsibilityProposed,
)
from domain.tasks.responsibility.handover import (
    AcceptHandover,
    DeclineHandover,
    HandOver,
    OfferHandover,
)
from domain.tasks.responsibility.transfer import TransferTask
from domain.tasks.responsibility.vacancy import FillVacancy, VacateTask
from domain.tasks.whole_task import WholeTask
from domain.tasks.work.cases import RecordCase
from domain.tasks.work.corrections import CorrectEvent
from domain.tasks.work.effects import RecordEffect
from domain.tasks.work.objective_causes import ConfirmObjectiveCause
from domain.tasks.work.plan import SubmitPlan
from domain.tasks.work.progress import ReportProgress
from domain.tasks.work.report_duties import SetReportDuty
from domain.tasks.work.results import RecordPartialResult
from domain.tasks.work.revision import (
    ApproveRevision,
    RefuseRevision,
    RequestRevision,
    ReviseTask,
    RevisionRequested,
)
from domain.tasks.work.urging import Remind
from tests.domain.cast import (
    AGENCY,
    CHAIR,
    CHAIRMAN,
    COMMITTEE,
    DEPUTIES,
    DISTRICT_STATE,
    EVIDENCE,
    PREDECESSOR,
    PROPOSAL,
    RECURRING,
    SECRETARY,
    SUCCESSOR,
)

Verb = type[Command[Any]]


@dataclass(frozen=True)
class Among:
    """One of these, whichever chance takes."""

    values: tuple[Any, ...]

    def __or__(self, other: "Among") -> "Among":
        return Among((*self.values, *other.values))


def among(*values: object) -> Among:
    return Among(values)


Choices = dict[str, Any] | Among


def chosen(choices: Choices, chance: Random) -> dict[str, Any]:
    """Parameters chosen where they vary, else as they stand."""
    if isinstance(choices, Among):
        return chosen(chance.choice(choices.values), chance)
    return {
        name: chance.choice(value.values) if isinstance(value, Among) else value
        for name, value in choices.items()
    }


OFFICIALS = among(PREDECESSOR, SUCCESSOR, CHAIR)
POSTS = among(SECRETARY, CHAIRMAN, DEPUTIES)
SEATS = among(
    {"post_id": DEPUTIES, "official_id": SUCCESSOR},
    {"post_id": DEPUTIES, "official_id": PREDECESSOR},
    {"post_id": CHAIRMAN, "official_id": CHAIR},
)
PROPOSALS = among(PROPOSAL, RECURRING)
NUMBERS = among(1, 2)
SUMMARY = "Tình hình"
REASON = {"reason": SUMMARY}
VALUES = ({"code": "kilns", "actual": 40},)


SOON, LATER = date(2021, 3, 1), date(2023, 3, 1)
DUE = among(SOON, LATER)
TARGETS = among(*(({"code": "kilns", "target": target},) for target in (1, 40, 97, 98, 200)))
READINGS = among(
    {"kind": "progress", "values": ({"code": "kilns", "actual": 98},)},
    {"kind": "claim", "summary": SUMMARY},
    {"kind": "proposal", "title": "Tên khác"},
)

BEGINNING: dict[Verb, Choices] = {
    RegisterTask: {"official_id": OFFICIALS, "post_id": POSTS, "proposal": PROPOSALS},
    AdviseOnTask: {"recommendation": "approve", "opinion": SUMMARY, "on_behalf_of": AGENCY},
    CommissionTask: {"post_id": POSTS, "proposal": PROPOSALS},
    AmendTask: dict(proposal=PROPOSALS, **REASON),
    ApproveTask: {},
    RejectTask: dict(**REASON),
    AssignTask: {"official_id": among(None, PREDECESSOR)},
}
WORK: dict[Verb, Choices] = {
    SubmitPlan: {
        "summary": SUMMARY,
        "steps": ({"title": "Bước", "due_on": date(2021, 6, 1), "performed_by": "Phòng"},),
    },
    ReportProgress: {"narrative": SUMMARY, "values": VALUES},
    RecordPartialResult: {"summary": SUMMARY, "values": VALUES},
    RecordEffect: {
        "kind": "lesson",
        "title": "Bài học",
        "description": SUMMARY,
        "evidence": (EVIDENCE,),
    },
    ReviseTask: dict(targets=TARGETS, due_on=among(None, SOON, LATER), **REASON),
    CorrectEvent: dict(sequence=among(*range(1, 9)), reading=READINGS, **REASON),
    RecordCase: {
        "code": among("DA-1", "DA-2"),
        "title": SUMMARY,
        "processed_on": among(None, SOON, LATER),
    },
    SetReportDuty: {"duty": {"cadence": "monthly", "day": 25}},
    BindCollective: {"collective": DISTRICT_STATE},
    ConfirmObjectiveCause: {
        "occurrence": "missed_deadline",
        "occurred_on": SOON,
        "cause": SUMMARY,
    },
    FindResponsibility: {"official_id": OFFICIALS, "finding": SUMMARY},
    ProposeResponsibility: dict(consequence=among("criticism"), **REASON),
    DecideResponsibility: dict(number=NUMBERS, consequence=among("discipline"), **REASON),
    DropResponsibility: dict(number=NUMBERS, **REASON),
}
HANDS: dict[Verb, Choices] = {
    OfferHandover: {"to_official": OFFICIALS, "state_summary": SUMMARY},
    AcceptHandover: {},
    DeclineHandover: dict(**REASON),
    HandOver: {"to_official": OFFICIALS, "state_summary": SUMMARY},
    TransferTask: dict(to_post=POSTS, **REASON),
    VacateTask: dict(**REASON),
    FillVacancy: {
        "post_id": among(None) | POSTS,
        "official_id": OFFICIALS,
        "state_summary": SUMMARY,
    },
    AddCoAccountable: among({"post_id": POSTS, "official_id": OFFICIALS}) | SEATS,
    ReleaseCoAccountable: dict(official_id=OFFICIALS, **REASON),
    HandOverCoAccountability: {
        "from_official": OFFICIALS,
        "to_official": OFFICIALS,
        "state_summary": SUMMARY,
    },
}
ENDING: dict[Verb, Choices] = {
    ClaimCompletion: {"summary": SUMMARY, "evidence": (EVIDENCE,)},
    ReturnCompletion: dict(**REASON),
    ConfirmCompletion: {},
    ScoreTask: dict(criteria=({"criterion": "Kết quả", "points": 70, "max_points": 70},), **REASON),
    CancelTask: dict(**REASON),
}
MATTERS: dict[Verb, Choices] = {
    RaiseObstacle: {"field": "land", "description": SUMMARY, "addressed_to": DISTRICT_STATE},
    ResolveObstacle: {"number": NUMBERS, "resolution": SUMMARY},
    ProposeSolution: {"proposed_to": COMMITTEE, "title": "Hỗ trợ", "description": SUMMARY},
    ApproveSolution: {"number": NUMBERS},
    RejectSolution: dict(number=NUMBERS, **REASON),
    Remind: {"content": SUMMARY, "answer_due_on": date(2199, 1, 1)},
    AnswerReminder: {"number": NUMBERS, "answer": SUMMARY},
    RequestRevision: dict(targets=TARGETS, **REASON),
    ApproveRevision: {"number": NUMBERS},
    RefuseRevision: dict(number=NUMBERS, **REASON),
    DelegatePart: {
        "title": "Phần việc",
        "delegate_official": OFFICIALS,
        "due_on": DUE,
        "weight_percent": among(None, "30", "45.5"),
    },
    ReportOnPart: {"number": NUMBERS, "share_percent": 50, "narrative": SUMMARY},
    ClosePart: {"number": NUMBERS, "outcome": SUMMARY},
}
EVERY: dict[Verb, Choices] = {**BEGINNING, **WORK, **HANDS, **ENDING, **MATTERS}
# What an event gives rise to.
FOLLOWING: dict[type[Event], tuple[Verb, ...]] = {
    TaskRegistered: (AdviseOnTask, AmendTask, ApproveTask, RejectTask),
    TaskAmended: (ApproveTask,),
    TaskApproved: (AssignTask,),
    TaskAssigned: (OfferHandover, AddCoAccountable, DelegatePart, FindResponsibility),
    ProgressReported: (CorrectEvent,),
    HandoverOffered: (AcceptHandover, DeclineHandover),
    TaskVacated: (FillVacancy,),
    CoAccountableAdded: (*[HandOverCoAccountability] * 3, ReleaseCoAccountable),
    CompletionClaimed: (ReturnCompletion, ConfirmCompletion),
    CompletionConfirmed: (ScoreTask, FindResponsibility),
    ObstacleRaised: (ResolveObstacle,),
    SolutionProposed: (ApproveSolution, RejectSolution),
    ReminderIssued: (AnswerReminder,),
    RevisionRequested: (ApproveRevision, RefuseRevision),
    PartDelegated: (ReportOnPart, ClosePart),
    ResponsibilityProposed: (DecideResponsibility, DropResponsibility),
}


def of_the_matter(verb: Verb, event: Event) -> dict[str, Any]:
    """The parameters of a verb so that it is about what this event began."""
    fields, known = verb.PARAMETERS.model_fields, event.model_dump()
    if isinstance(event, CoAccountableAdded):
        known["from_official"] = event.official_id
        return {name: known[name] for name in ("from_official", "official_id") if name in fields}
    return {"number": known["number"]} if "number" in fields and "number" in known else {}


def on_day(history: Iterable[Event], task_id: str, on: date) -> WholeTask:
    """The task as it was on the day."""
    own = [e for e in history if isinstance(e, TaskEvent) and e.task_id == task_id]
    past = [event for event in own if event.effective_on <= on]
    return whole(task_id, sorted(past, key=lambda event: event.effective_on))
