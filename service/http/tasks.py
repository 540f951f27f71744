"""Tasks: their verbs, in the order of a task's life."""

from domain.tasks.approval import ApproveTask, RejectTask
from domain.tasks.assignment import AssignTask
from domain.tasks.cancellation import CancelTask
from domain.tasks.commission import CommissionTask
from domain.tasks.completion import ClaimCompletion, ConfirmCompletion, ReturnCompletion
from domain.tasks.handover import AcceptHandover, DeclineHandover, HandOver, OfferHandover
from domain.tasks.plan import SubmitPlan
from domain.tasks.progress import ReportProgress
from domain.tasks.registration import RegisterTask
from domain.tasks.scoring import ScoreTask
from domain.tasks.transfer import TransferTask
from service.access.roles import Permission
from service.http.commands import Verb

ACT, DECIDE = Permission.ACT, Permission.DECIDE

TASK_VERBS = (
    Verb("/tasks/register", RegisterTask, "task", ACT),
    Verb("/tasks/commission", CommissionTask, "task", DECIDE),
    Verb("/tasks/{task_id}/approve", ApproveTask, "task", DECIDE),
    Verb("/tasks/{task_id}/reject", RejectTask, "task", DECIDE),
    Verb("/tasks/{task_id}/assign", AssignTask, "task", DECIDE),
    Verb("/tasks/{task_id}/submit-plan", SubmitPlan, "task", ACT),
    Verb("/tasks/{task_id}/report-progress", ReportProgress, "task", ACT),
    Verb("/tasks/{task_id}/offer-handover", OfferHandover, "task", ACT),
    Verb("/tasks/{task_id}/accept-handover", AcceptHandover, "task", ACT),
    Verb("/tasks/{task_id}/decline-handover", DeclineHandover, "task", ACT),
    Verb("/tasks/{task_id}/hand-over", HandOver, "task", DECIDE),
    Verb("/tasks/{task_id}/transfer", TransferTask, "task", DECIDE),
    Verb("/tasks/{task_id}/claim-completion", ClaimCompletion, "task", ACT),
    Verb("/tasks/{task_id}/confirm-completion", ConfirmCompletion, "task", DECIDE),
    Verb("/tasks/{task_id}/return-completion", ReturnCompletion, "task", DECIDE),
    Verb("/tasks/{task_id}/score", ScoreTask, "task", DECIDE),
    Verb("/tasks/{task_id}/cancel", CancelTask, "task", DECIDE),
)
