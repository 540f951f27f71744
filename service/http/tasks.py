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
from domain.tasks.matters.reminders import AnswerReminder, Remind
from domain.tasks.matters.solutions import ApproveSolution, ProposeSolution, RejectSolution
from domain.tasks.responsibility.co_accountability import (
    AddCoAccountable,
    HandOverCoAccountability,
    ReleaseCoAccountable,
)
from domain.tasks.responsibility.collective import BindCollective, FindResponsibility
from domain.tasks.responsibility.handover import (
    AcceptHandover,
    DeclineHandover,
    HandOver,
    OfferHandover,
)
from domain.tasks.responsibility.transfer import TransferTask
from domain.tasks.responsibility.vacancy import FillVacancy, VacateTask
from domain.tasks.work.corrections import CorrectEvent
from domain.tasks.work.effects import RecordEffect
from domain.tasks.work.plan import SubmitPlan
from domain.tasks.work.progress import ReportProgress
from domain.tasks.work.report_duties import SetReportDuty
from domain.tasks.work.results import RecordPartialResult
from domain.tasks.work.revision import ApproveRevision, RefuseRevision, RequestRevision, ReviseTask
from service.access.roles import Permission
from service.http.commands import Verb

ACT, DECIDE = Permission.ACT, Permission.DECIDE

BEGINNING = (
    Verb("/tasks/register", RegisterTask, "task", ACT),
    Verb("/tasks/commission", CommissionTask, "task", DECIDE),
    Verb("/tasks/{task_id}/advise", AdviseOnTask, "task", DECIDE),
    Verb("/tasks/{task_id}/amend", AmendTask, "task", DECIDE),
    Verb("/tasks/{task_id}/approve", ApproveTask, "task", DECIDE),
    Verb("/tasks/{task_id}/reject", RejectTask, "task", DECIDE),
    Verb("/tasks/{task_id}/assign", AssignTask, "task", DECIDE),
)
WORK = (
    Verb("/tasks/{task_id}/submit-plan", SubmitPlan, "task", ACT),
    Verb("/tasks/{task_id}/report-progress", ReportProgress, "task", ACT),
    Verb("/tasks/{task_id}/record-partial-result", RecordPartialResult, "task", ACT),
    Verb("/tasks/{task_id}/record-effect", RecordEffect, "task", ACT),
    Verb("/tasks/{task_id}/set-report-duty", SetReportDuty, "task", DECIDE),
    Verb("/tasks/{task_id}/request-revision", RequestRevision, "task", ACT),
    Verb("/tasks/{task_id}/approve-revision", ApproveRevision, "task", DECIDE),
    Verb("/tasks/{task_id}/refuse-revision", RefuseRevision, "task", DECIDE),
    Verb("/tasks/{task_id}/revise", ReviseTask, "task", DECIDE),
    # An author corrects their own report; the command requires the body for the rest.
    Verb("/tasks/{task_id}/correct-event", CorrectEvent, "task", ACT),
)
MATTERS = (
    Verb("/tasks/{task_id}/raise-obstacle", RaiseObstacle, "task", ACT),
    Verb("/tasks/{task_id}/resolve-obstacle", ResolveObstacle, "task", ACT),
    Verb("/tasks/{task_id}/propose-solution", ProposeSolution, "task", ACT),
    Verb("/tasks/{task_id}/approve-solution", ApproveSolution, "task", DECIDE),
    Verb("/tasks/{task_id}/reject-solution", RejectSolution, "task", DECIDE),
    Verb("/tasks/{task_id}/remind", Remind, "task", DECIDE),
    Verb("/tasks/{task_id}/answer-reminder", AnswerReminder, "task", ACT),
    Verb("/tasks/{task_id}/delegate-part", DelegatePart, "task", ACT),
    Verb("/tasks/{task_id}/report-on-part", ReportOnPart, "task", ACT),
    Verb("/tasks/{task_id}/close-part", ClosePart, "task", ACT),
)
RESPONSIBILITY = (
    Verb("/tasks/{task_id}/add-co-accountable", AddCoAccountable, "task", DECIDE),
    Verb("/tasks/{task_id}/release-co-accountable", ReleaseCoAccountable, "task", DECIDE),
    Verb("/tasks/{task_id}/hand-over-co-accountability", HandOverCoAccountability, "task", DECIDE),
    Verb("/tasks/{task_id}/bind-collective", BindCollective, "task", DECIDE),
    Verb("/tasks/{task_id}/find-responsibility", FindResponsibility, "task", DECIDE),
    Verb("/tasks/{task_id}/offer-handover", OfferHandover, "task", ACT),
    Verb("/tasks/{task_id}/accept-handover", AcceptHandover, "task", ACT),
    Verb("/tasks/{task_id}/decline-handover", DeclineHandover, "task", ACT),
    Verb("/tasks/{task_id}/hand-over", HandOver, "task", DECIDE),
    Verb("/tasks/{task_id}/transfer", TransferTask, "task", DECIDE),
    Verb("/tasks/{task_id}/vacate", VacateTask, "task", DECIDE),
    Verb("/tasks/{task_id}/fill-vacancy", FillVacancy, "task", DECIDE),
)
ENDING = (
    Verb("/tasks/{task_id}/claim-completion", ClaimCompletion, "task", ACT),
    Verb("/tasks/{task_id}/confirm-completion", ConfirmCompletion, "task", DECIDE),
    Verb("/tasks/{task_id}/return-completion", ReturnCompletion, "task", DECIDE),
    Verb("/tasks/{task_id}/score", ScoreTask, "task", DECIDE),
    Verb("/tasks/{task_id}/open-year", OpenYear, "task", DECIDE, begins="new_task_id"),
    Verb("/tasks/{task_id}/carry-over", CarryOver, "task", DECIDE, begins="new_task_id"),
    Verb("/tasks/{task_id}/cancel", CancelTask, "task", DECIDE),
)
TASK_VERBS = (*BEGINNING, *WORK, *MATTERS, *RESPONSIBILITY, *ENDING)
