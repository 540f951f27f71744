"""Following: what must hold of a task on the day of an event for the event to follow on it.

One case for every type of event, through the functions that guard the commands. Who may decide and
by which document is asked of the command at hand only: history is not judged by today's rights.
Of the organisation only what is seen is judged.
"""

from functools import singledispatch

from domain.tasks.beginning.advice import TaskAdvised
from domain.tasks.beginning.amendment import proposed, require_another
from domain.tasks.beginning.registration import require_new
from domain.tasks.changes import (
    CorrectedReport,
    ObjectiveCauseConfirmed,
    TaskAmended,
    TaskCarriedOver,
    TaskContinued,
    TaskCorrected,
    TaskRevised,
    TaskVacated,
    VacancyFilled,
)
from domain.tasks.command import require_span
from domain.tasks.ending.cancellation import cancellable
from domain.tasks.ending.carry_over import unfinished
from domain.tasks.ending.completion import require_claimed_day
from domain.tasks.ending.recurrence import YearOpened, require_year
from domain.tasks.ending.scoring import require_reason
from domain.tasks.events import (
    CompletionClaimed,
    CompletionConfirmed,
    CompletionReturned,
    HandoverDeclined,
    HandoverOffered,
    PlanSubmitted,
    ProgressReported,
    TaskApproved,
    TaskAssigned,
    TaskCancelled,
    TaskCommissioned,
    TaskEvent,
    TaskHandedOver,
    TaskRegistered,
    TaskRejected,
    TaskScored,
    TaskTransferred,
)
from domain.tasks.matters.delegation import (
    PartClosed,
    PartDelegated,
    PartReported,
    require_another_delegate,
    require_room,
)
from domain.tasks.matters.obstacles import ObstacleRaised, ObstacleResolved
from domain.tasks.matters.reminders import ReminderAnswered, ReminderIssued
from domain.tasks.matters.solutions import SolutionApproved, SolutionProposed, SolutionRejected
from domain.tasks.responsibility.co_accountability import (
    CoAccountabilityHandedOver,
    CoAccountableAdded,
    CoAccountableReleased,
)
from domain.tasks.responsibility.collective import (
    CollectiveBound,
    ResponsibilityFound,
    given_to_somebody,
    missed_deadline,
)
from domain.tasks.responsibility.consequences import (
    ResponsibilityDecided,
    ResponsibilityDropped,
    ResponsibilityProposed,
)
from domain.tasks.responsibility.handover import (
    offered,
    require_another_lead,
    require_none_offered,
)
from domain.tasks.responsibility.transfer import require_other_post
from domain.tasks.task import (
    Claimed,
    Completed,
    Concerned,
    InProgress,
    Ready,
    Registered,
    Vacant,
)
from domain.tasks.whole_task import WholeTask
from domain.tasks.work.cases import CaseRecorded, require_past
from domain.tasks.work.corrections import decidable, require_standing
from domain.tasks.work.effects import EffectRecorded, assigned
from domain.tasks.work.missed_reports import ReportMissed, TaskPaperMissed
from domain.tasks.work.objective_causes import require_occurred
from domain.tasks.work.report_duties import ReportDutySet
from domain.tasks.work.results import PartialResultRecorded
from domain.tasks.work.revision import RevisionRefused, RevisionRequested, require_possible


@singledispatch
def require(event: TaskEvent, seen: WholeTask) -> None:
    """Pass if the event can follow on the task as it is seen.

    Raises:
        Refusal: it cannot; the refusal says why.
    """
    raise NotImplementedError(event.TYPE)


@require.register
def _(event: TaskRegistered, seen: WholeTask) -> None:
    require_new(seen)
    seen.require_holder(event.official_id, event.post_id, event.effective_on)


@require.register
def _(event: TaskCommissioned | TaskContinued, seen: WholeTask) -> None:
    require_new(seen)
    seen.require_post(event.post_id, event.effective_on)


@require.register
def _(event: TaskApproved | TaskRejected, seen: WholeTask) -> None:
    seen.awaiting(Registered)
    seen.require_answers(event)


@require.register
def _(event: TaskAdvised, seen: WholeTask) -> None:
    seen.awaiting(Registered)
    seen.require_answers(event)
    seen.require_unit(event.advised_by, event.effective_on)


@require.register
def _(event: TaskAmended, seen: WholeTask) -> None:
    task = proposed(seen)
    seen.require_concerns(seen.named(event), event.effective_on)
    require_another(seen, task, event.proposal)


@require.register
def _(event: TaskAssigned, seen: WholeTask) -> None:
    seen.awaiting(Ready)
    seen.require_holder(event.official_id, event.post_id, event.effective_on)


@require.register
def _(event: PlanSubmitted, seen: WholeTask) -> None:
    seen.led(event)


@require.register
def _(event: ProgressReported | PartialResultRecorded, seen: WholeTask) -> None:
    task = seen.in_progress()
    beside = seen.beside.by_official.get(event.official_id)
    if beside is None:
        seen.require_answers(event)
    else:
        seen.require_same(beside.concerned, seen.named(event), event.effective_on)
    seen.require_indicators(task.proposal, event.values)


@require.register
def _(event: CaseRecorded, seen: WholeTask) -> None:
    seen.in_progress()
    beside = seen.beside.by_official.get(event.official_id)
    if beside is None:
        seen.require_answers(event)
    else:
        seen.require_same(beside.concerned, seen.named(event), event.effective_on)
    require_past(seen, event.code, event.processed_on, event.effective_on)


@require.register
def _(event: ObjectiveCauseConfirmed, seen: WholeTask) -> None:
    require_occurred(seen, seen.events, event.occurrence, event.occurred_on, event.effective_on)


@require.register
def _(event: EffectRecorded, seen: WholeTask) -> None:
    assigned(seen)
    seen.require_answers(event)


@require.register
def _(event: TaskRevised, seen: WholeTask) -> None:
    task = seen.led(event)
    if event.request is not None:
        request = seen.requests.awaiting(seen.task_id, event.request)
        seen.require_as(request, event, "targets", "due_on")
    require_possible(seen, task, event.targets, event.due_on, event.effective_on)


@require.register
def _(event: RevisionRequested, seen: WholeTask) -> None:
    task = seen.led(event)
    seen.requests.require_none_pending(seen.task_id)
    require_possible(seen, task, event.targets, event.due_on, event.effective_on)


@require.register
def _(event: RevisionRefused, seen: WholeTask) -> None:
    seen.led(event)
    seen.requests.awaiting(seen.task_id, event.number)


@require.register
def _(event: TaskCorrected, seen: WholeTask) -> None:
    task = decidable(seen)
    require_standing(event, seen.events)
    if isinstance(event.reading, CorrectedReport):
        seen.require_indicators(task.proposal, event.reading.values or ())


@require.register
def _(event: ReportDutySet, seen: WholeTask) -> None:
    seen.answered()
    seen.require_answers(event)


@require.register
def _(_: ReportMissed | TaskPaperMissed, seen: WholeTask) -> None:
    # What was found on its day stands, whatever is recorded late.
    seen.known()


@require.register
def _(event: ObstacleRaised, seen: WholeTask) -> None:
    seen.led(event)
    seen.require_unit(event.addressed_to, event.effective_on)


@require.register
def _(event: ObstacleResolved, seen: WholeTask) -> None:
    seen.answered()
    seen.require_answers(event)
    seen.require_as(seen.obstacles.awaiting(seen.task_id, event.number), event, "addressed_to")


@require.register
def _(event: ReminderIssued, seen: WholeTask) -> None:
    seen.answered()
    seen.require_answers(event)
    seen.require_unit(event.issued_by, event.effective_on)


@require.register
def _(event: ReminderAnswered, seen: WholeTask) -> None:
    seen.answered()
    seen.require_answers(event)
    seen.require_as(seen.reminders.awaiting(seen.task_id, event.number), event, "issued_by")


@require.register
def _(event: SolutionProposed, seen: WholeTask) -> None:
    seen.led(event)
    seen.require_unit(event.proposed_to, event.effective_on)


@require.register
def _(event: SolutionApproved | SolutionRejected, seen: WholeTask) -> None:
    seen.answered()
    seen.require_answers(event)
    solution = seen.solutions.awaiting(seen.task_id, event.number)
    if isinstance(event, SolutionApproved):
        seen.require_as(solution, event, "supports")


@require.register
def _(event: PartDelegated, seen: WholeTask) -> None:
    task, on, parts = seen.led(event), event.effective_on, seen.parts.opened.values()
    if event.delegate_unit is not None:
        seen.require_unit(event.delegate_unit, on)
    require_another_delegate(seen.task_id, task, event.delegate_official)
    require_room(task, parts, event)


@require.register
def _(event: PartReported | PartClosed, seen: WholeTask) -> None:
    seen.led(event)
    part = seen.parts.awaiting(seen.task_id, event.number)
    seen.require_as(part, event, "delegate_unit", "delegate_official")


@require.register
def _(event: CollectiveBound, seen: WholeTask) -> None:
    seen.led(event)
    seen.require_unit(event.collective, event.effective_on)
    seen.involved.require_unbound(seen.task_id, event.collective)


@require.register
def _(event: ResponsibilityFound, seen: WholeTask) -> None:
    due_on = missed_deadline(seen.task_id, given_to_somebody(seen), event.effective_on)
    seen.involved.require_concerned(seen.task_id, event.official_id, event.unit_id)
    seen.require_stated("due_on", event.due_on, due_on)


@require.register
def _(event: ResponsibilityProposed, seen: WholeTask) -> None:
    due_on = missed_deadline(seen.task_id, given_to_somebody(seen), event.effective_on)
    seen.require_stated("due_on", event.due_on, due_on)
    answered = seen.consequences.answered_when_due(seen.task_id, due_on)
    seen.require_stated("official_id", event.official_id, answered)
    seen.require_unit(event.proposed_by, event.effective_on)


@require.register
def _(event: ResponsibilityDecided | ResponsibilityDropped, seen: WholeTask) -> None:
    given_to_somebody(seen)
    proposed = seen.consequences.awaiting(seen.task_id, event.number)
    seen.require_stated("official_id", event.official_id, proposed.official_id)


@require.register
def _(event: HandoverOffered, seen: WholeTask) -> None:
    task = seen.handed_on(event)
    require_none_offered(seen.task_id, task)
    require_another_lead(seen.task_id, task, event.to_official)
    seen.require_holder(event.to_official, event.post_id, event.effective_on)


@require.register
def _(event: HandoverDeclined, seen: WholeTask) -> None:
    offered(seen, seen.handed_on(event), event.to_official, event.to_official)


@require.register
def _(event: TaskHandedOver, seen: WholeTask) -> None:
    task = seen.handed_on(event)
    if event.decided_by is None:
        offered(seen, task, event.to_official, event.to_official)
    require_another_lead(seen.task_id, task, event.to_official)
    seen.require_holder(event.to_official, event.post_id, event.effective_on)
    require_span(seen.task_id, task.answerable, event.effective_on)


@require.register
def _(event: TaskTransferred, seen: WholeTask) -> None:
    task, on = seen.in_progress(), event.effective_on
    seen.require_concerns(Concerned(event.from_official, event.from_post, event.from_unit), on)
    require_other_post(seen.task_id, task, event.to_post)
    seen.require_holder(event.to_official, event.to_post, on)
    require_span(seen.task_id, task.answerable, on)


@require.register
def _(event: TaskVacated, seen: WholeTask) -> None:
    require_span(seen.task_id, seen.led(event).answerable, event.effective_on)


@require.register
def _(event: VacancyFilled, seen: WholeTask) -> None:
    seen.awaiting(Vacant)
    seen.require_holder(event.official_id, event.post_id, event.effective_on)


@require.register
def _(event: CoAccountableAdded, seen: WholeTask) -> None:
    seen.beside.require_another(seen.task_id, seen.in_progress(), event.official_id)
    seen.require_holder(event.official_id, event.post_id, event.effective_on)


@require.register
def _(event: CoAccountableReleased, seen: WholeTask) -> None:
    seen.not_ended()
    on = event.effective_on
    who = seen.beside.require_beside(seen.task_id, event.official_id, on)
    seen.require_same(who.concerned, seen.named(event), on)


@require.register
def _(event: CoAccountabilityHandedOver, seen: WholeTask) -> None:
    task, on = seen.not_ended(), event.effective_on
    who = seen.beside.require_beside(seen.task_id, event.from_official, on)
    seen.require_same(who.concerned, seen.handed_by(event), on)
    seen.beside.require_another(seen.task_id, task, event.to_official)
    seen.require_holder(event.to_official, event.post_id, on)


@require.register
def _(event: CompletionClaimed, seen: WholeTask) -> None:
    seen.require_indicators(seen.led(event).proposal, event.values)


@require.register
def _(event: CompletionConfirmed, seen: WholeTask) -> None:
    require_claimed_day(seen, event.completed_on)
    seen.require_answers(event)


@require.register
def _(event: CompletionReturned, seen: WholeTask) -> None:
    seen.awaiting(Claimed)
    seen.require_answers(event)


@require.register
def _(event: TaskScored, seen: WholeTask) -> None:
    require_reason(seen.task_id, seen.awaiting(Completed), event.reason)
    seen.require_answers(event)


@require.register
def _(event: TaskCancelled, seen: WholeTask) -> None:
    cancellable(seen)
    seen.require_concerns(seen.named(event), event.effective_on)


@require.register
def _(event: TaskCarriedOver, seen: WholeTask) -> None:
    task = unfinished(seen)
    seen.require_concerns(seen.named(event), event.effective_on)
    if isinstance(task, InProgress):
        require_span(seen.task_id, task.answerable, event.effective_on)


@require.register
def _(event: YearOpened, seen: WholeTask) -> None:
    require_year(seen, seen.led(event).proposal.term, event.year, seen.years)
