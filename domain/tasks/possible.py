"""Possible: which verbs the state of a task allows now, and what is open of it.

A command finds more than this: whether the day, the body and the numbers are right.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

from domain.kernel import Command
from domain.organisation.organisation import Organisation
from domain.tasks.beginning.advice import AdviseOnTask
from domain.tasks.beginning.amendment import AmendTask
from domain.tasks.beginning.approval import ApproveTask, RejectTask
from domain.tasks.beginning.assignment import AssignTask
from domain.tasks.ending.cancellation import CancelTask
from domain.tasks.ending.carry_over import CarryOver
from domain.tasks.ending.completion import ClaimCompletion, ConfirmCompletion, ReturnCompletion
from domain.tasks.ending.recurrence import OpenYear
from domain.tasks.ending.scoring import ScoreTask
from domain.tasks.events import TaskEvent
from domain.tasks.matters.delegation import ClosePart, DelegatePart, ReportOnPart
from domain.tasks.matters.obstacles import RaiseObstacle, ResolveObstacle
from domain.tasks.matters.reminders import AnswerReminder
from domain.tasks.matters.solutions import ApproveSolution, ProposeSolution, RejectSolution
from domain.tasks.responsibility.co_accountability import (
    AddCoAccountable,
    HandOverCoAccountability,
    ReleaseCoAccountable,
)
from domain.tasks.responsibility.collective import BindCollective, FindResponsibility
from domain.tasks.responsibility.consequences import (
    DecideResponsibility,
    DropResponsibility,
    ProposeResponsibility,
)
from domain.tasks.responsibility.handover import (
    AcceptHandover,
    DeclineHandover,
    HandOver,
    OfferHandover,
)
from domain.tasks.responsibility.transfer import TransferTask
from domain.tasks.responsibility.vacancy import FillVacancy, VacateTask
from domain.tasks.task import (
    CarriedOver,
    Claimed,
    Completed,
    InProgress,
    Ready,
    Registered,
    Task,
    Vacant,
)
from domain.tasks.whole_task import WholeTask
from domain.tasks.work.cases import RecordCase
from domain.tasks.work.corrections import CorrectEvent
from domain.tasks.work.effects import RecordEffect
from domain.tasks.work.objective_causes import ConfirmObjectiveCause
from domain.tasks.work.plan import SubmitPlan
from domain.tasks.work.progress import ReportProgress
from domain.tasks.work.report_duties import SetReportDuty
from domain.tasks.work.results import RecordPartialResult
from domain.tasks.work.revision import ApproveRevision, RefuseRevision, RequestRevision, ReviseTask
from domain.tasks.work.urging import Remind

Verb: TypeAlias = type[Command[Any]]
Open: TypeAlias = Callable[[WholeTask], bool]


class Possible(NamedTuple):
    """In which states a verb may be given, and what must be open of the task for it."""

    states: tuple[type[Task], ...]
    is_open: Open = lambda _: True


def _has_offer(task: WholeTask) -> bool:
    return isinstance(task.task, InProgress) and bool(task.task.offers)


def _has_request(task: WholeTask) -> bool:
    return bool(task.requests.pending)


def _has_solution(task: WholeTask) -> bool:
    return bool(task.solutions.pending)


def _has_part(task: WholeTask) -> bool:
    return bool(task.parts.pending)


def _has_others(task: WholeTask) -> bool:
    return bool(task.beside.by_official)


PROPOSED = (Registered, Ready)
WORKED_ON = (InProgress,)
ANSWERED = (InProgress, Claimed)
GIVEN = (*ANSWERED, Completed)

VERBS: Mapping[Verb, Possible] = {
    **dict.fromkeys((AdviseOnTask, ApproveTask, RejectTask), Possible((Registered,))),
    AmendTask: Possible(PROPOSED),
    AssignTask: Possible((Ready,)),
    **dict.fromkeys(
        (
            SubmitPlan,
            ReportProgress,
            RecordPartialResult,
            ReviseTask,
            RaiseObstacle,
            ProposeSolution,
            DelegatePart,
            AddCoAccountable,
            BindCollective,
            HandOver,
            TransferTask,
            VacateTask,
            ClaimCompletion,
            OpenYear,
            RecordCase,
        ),
        Possible(WORKED_ON),
    ),
    RequestRevision: Possible(WORKED_ON, lambda task: not _has_request(task)),
    **dict.fromkeys((ApproveRevision, RefuseRevision), Possible(WORKED_ON, _has_request)),
    **dict.fromkeys((ReportOnPart, ClosePart), Possible(WORKED_ON, _has_part)),
    OfferHandover: Possible(WORKED_ON, lambda task: not _has_offer(task)),
    **dict.fromkeys((AcceptHandover, DeclineHandover), Possible(WORKED_ON, _has_offer)),
    **dict.fromkeys((SetReportDuty, Remind), Possible(ANSWERED)),
    ResolveObstacle: Possible(ANSWERED, lambda task: bool(task.obstacles.pending)),
    AnswerReminder: Possible(ANSWERED, lambda task: bool(task.reminders.pending)),
    **dict.fromkeys((ApproveSolution, RejectSolution), Possible(ANSWERED, _has_solution)),
    **dict.fromkeys(
        (ReleaseCoAccountable, HandOverCoAccountability), Possible(WORKED_ON, _has_others)
    ),
    RecordEffect: Possible(GIVEN),
    **dict.fromkeys(
        (FindResponsibility, ConfirmObjectiveCause, ProposeResponsibility),
        Possible((*GIVEN, Vacant, CarriedOver)),
    ),
    **dict.fromkeys(
        (DecideResponsibility, DropResponsibility),
        Possible((*GIVEN, Vacant, CarriedOver), lambda task: bool(task.consequences.pending)),
    ),
    CorrectEvent: Possible((*PROPOSED, *GIVEN, Vacant, CarriedOver)),
    **dict.fromkeys((ConfirmCompletion, ReturnCompletion), Possible((Claimed,))),
    ScoreTask: Possible((Completed,)),
    FillVacancy: Possible((Vacant,)),
    CarryOver: Possible((InProgress, Vacant)),
    CancelTask: Possible((*PROPOSED, *ANSWERED, Vacant)),
}


def whole(task_id: str, events: Iterable[TaskEvent]) -> WholeTask:
    """The task after these events of it, in their order."""
    task = WholeTask(task_id, Organisation())
    for event in events:
        task.evolve(event)
    return task


def is_possible(verb: Verb, task: WholeTask) -> bool:
    """Whether the state of the task allows the verb."""
    possible = VERBS.get(verb)
    return possible is None or (isinstance(task.task, possible.states) and possible.is_open(task))
