"""Tasks: their verbs, in the order of a task's life."""

from domain.tasks.beginning.advice import AdviseOnTask
from domain.tasks.beginning.amendment import AmendTask
from domain.tasks.beginning.approval import ApproveTask, RejectTask
from domain.tasks.beginning.assignment import AssignTask
from domain.tasks.beginning.commission import CommissionTask
from domain.tasks.beginning.registration import RegisterTask
from domain.tasks.ending.cancellation import CancelTask
from domain.tasks.ending.carry_over import CarryOver
from domain.tasks.ending.completion import ClaimCompletion, ConfirmCompletion, ReturnCompletion
from domain.tasks.ending.recurrence import OpenYear
from domain.tasks.ending.scoring import ScoreTask
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
from service.http.commands import Verb

BEGINNING = (
    Verb("/tasks/register", RegisterTask, "task"),
    Verb("/tasks/commission", CommissionTask, "task"),
    Verb("/tasks/{task_id}/advise", AdviseOnTask, "task"),
    Verb("/tasks/{task_id}/amend", AmendTask, "task"),
    Verb("/tasks/{task_id}/approve", ApproveTask, "task"),
    Verb("/tasks/{task_id}/reject", RejectTask, "task"),
    Verb("/tasks/{task_id}/assign", AssignTask, "task"),
)
WORK = (
    Verb("/tasks/{task_id}/submit-plan", SubmitPlan, "task"),
    Verb("/tasks/{task_id}/report-progress", ReportProgress, "task"),
    Verb("/tasks/{task_id}/record-partial-result", RecordPartialResult, "task"),
    Verb("/tasks/{task_id}/record-effect", RecordEffect, "task"),
    Verb("/tasks/{task_id}/record-case", RecordCase, "task"),
    Verb("/tasks/{task_id}/set-report-duty", SetReportDuty, "task"),
    Verb("/tasks/{task_id}/request-revision", RequestRevision, "task"),
    Verb("/tasks/{task_id}/approve-revision", ApproveRevision, "task"),
    Verb("/tasks/{task_id}/refuse-revision", RefuseRevision, "task"),
    Verb("/tasks/{task_id}/revise", ReviseTask, "task"),
    # An author corrects their own report; the command requires the body for the rest.
    Verb("/tasks/{task_id}/correct-event", CorrectEvent, "task"),
)
MATTERS = (
    Verb("/tasks/{task_id}/raise-obstacle", RaiseObstacle, "task"),
    Verb("/tasks/{task_id}/resolve-obstacle", ResolveObstacle, "task"),
    Verb("/tasks/{task_id}/propose-solution", ProposeSolution, "task"),
    Verb("/tasks/{task_id}/approve-solution", ApproveSolution, "task"),
    Verb("/tasks/{task_id}/reject-solution", RejectSolution, "task"),
    Verb("/tasks/{task_id}/remind", Remind, "task"),
    Verb("/tasks/{task_id}/answer-reminder", AnswerReminder, "task"),
    Verb("/tasks/{task_id}/delegate-part", DelegatePart, "task"),
    Verb("/tasks/{task_id}/report-on-part", ReportOnPart, "task"),
    Verb("/tasks/{task_id}/close-part", ClosePart, "task"),
)
RESPONSIBILITY = (
    Verb("/tasks/{task_id}/add-co-accountable", AddCoAccountable, "task"),
    Verb("/tasks/{task_id}/release-co-accountable", ReleaseCoAccountable, "task"),
    Verb("/tasks/{task_id}/hand-over-co-accountability", HandOverCoAccountability, "task"),
    Verb("/tasks/{task_id}/bind-collective", BindCollective, "task"),
    Verb("/tasks/{task_id}/find-responsibility", FindResponsibility, "task"),
    Verb("/tasks/{task_id}/confirm-objective-cause", ConfirmObjectiveCause, "task"),
    Verb("/tasks/{task_id}/propose-responsibility", ProposeResponsibility, "task"),
    Verb("/tasks/{task_id}/decide-responsibility", DecideResponsibility, "task"),
    Verb("/tasks/{task_id}/drop-responsibility", DropResponsibility, "task"),
    Verb("/tasks/{task_id}/offer-handover", OfferHandover, "task"),
    Verb("/tasks/{task_id}/accept-handover", AcceptHandover, "task"),
    Verb("/tasks/{task_id}/decline-handover", DeclineHandover, "task"),
    Verb("/tasks/{task_id}/hand-over", HandOver, "task"),
    Verb("/tasks/{task_id}/transfer", TransferTask, "task"),
    Verb("/tasks/{task_id}/vacate", VacateTask, "task"),
    Verb("/tasks/{task_id}/fill-vacancy", FillVacancy, "task"),
)
ENDING = (
    Verb("/tasks/{task_id}/claim-completion", ClaimCompletion, "task"),
    Verb("/tasks/{task_id}/confirm-completion", ConfirmCompletion, "task"),
    Verb("/tasks/{task_id}/return-completion", ReturnCompletion, "task"),
    Verb("/tasks/{task_id}/score", ScoreTask, "task"),
    Verb("/tasks/{task_id}/open-year", OpenYear, "task", begins="new_task_id"),
    Verb("/tasks/{task_id}/carry-over", CarryOver, "task", begins="new_task_id"),
    Verb("/tasks/{task_id}/cancel", CancelTask, "task"),
)
TASK_VERBS = (*BEGINNING, *WORK, *MATTERS, *RESPONSIBILITY, *ENDING)
