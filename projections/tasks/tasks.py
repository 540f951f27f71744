"""Tasks: in which state each stands on which day, with whom, and how far it is.

Every task is here in every state; active are those assigned and neither completed, cancelled nor
carried over. The folds stand in `task_folds` and `task_change_folds`. Every event of a task is
folded, if only for its position: that is the task's version.
"""

from sqlalchemy import Index, func, text

from domain.catalogue import EVENT_TYPES
from domain.tasks import changes
from domain.tasks import events as tasks
from domain.tasks.ending import recurrence
from domain.tasks.matters import delegation, obstacles, reminders
from domain.tasks.responsibility import co_accountability, collective
from domain.tasks.work import results
from projections.projection import FOREVER, Fold, Projection, read_table
from projections.tasks import task_change_folds as turn
from projections.tasks import task_folds as fold
from projections.tasks.task_rows import TaskRow, stored

TABLE = read_table("tasks", TaskRow)
# What the folds need to go on; so only the open row has it.
TABLE.c.workings.nullable = True

CURRENT = text("active AND lasting")
Index(
    "tasks_due",
    TABLE.c.ledger,
    func.coalesce(TABLE.c.due_on, text(f"'{FOREVER}'::date")),
    TABLE.c.task_id,
    postgresql_where=CURRENT,
)
Index("tasks_unit", TABLE.c.ledger, TABLE.c.unit_id, TABLE.c.lasting, TABLE.c.active)
Index("tasks_official", TABLE.c.ledger, TABLE.c.official_id, TABLE.c.lasting, TABLE.c.active)

# Whatever else happens to a task changes its version only.
CHANGING: dict[str, Fold[TaskRow]] = {
    tasks.TaskRegistered.TYPE: fold.registered,
    tasks.TaskCommissioned.TYPE: fold.commissioned,
    tasks.TaskApproved.TYPE: fold.turned("ready"),
    tasks.TaskRejected.TYPE: fold.turned("rejected"),
    tasks.TaskAssigned.TYPE: fold.assigned,
    tasks.PlanSubmitted.TYPE: fold.plan_submitted,
    tasks.ProgressReported.TYPE: fold.progress_reported,
    tasks.HandoverOffered.TYPE: fold.handover_offered,
    tasks.HandoverDeclined.TYPE: fold.handover_declined,
    tasks.TaskHandedOver.TYPE: fold.passed_on,
    tasks.TaskTransferred.TYPE: fold.passed_on,
    tasks.CompletionClaimed.TYPE: fold.completion_claimed,
    tasks.CompletionConfirmed.TYPE: fold.completion_confirmed,
    tasks.CompletionReturned.TYPE: fold.turned("in_progress"),
    tasks.TaskScored.TYPE: fold.scored,
    tasks.TaskCancelled.TYPE: fold.cancelled,
    changes.TaskContinued.TYPE: turn.continued,
    changes.TaskAmended.TYPE: turn.amended,
    changes.TaskRevised.TYPE: turn.revised,
    changes.TaskCorrected.TYPE: turn.corrected,
    changes.TaskVacated.TYPE: turn.vacated,
    changes.VacancyFilled.TYPE: turn.vacancy_filled,
    changes.TaskCarriedOver.TYPE: turn.carried_over,
    recurrence.YearOpened.TYPE: turn.year_opened,
    co_accountability.CoAccountableAdded.TYPE: turn.co_accountable_added,
    co_accountability.CoAccountableReleased.TYPE: turn.co_accountable_released,
    co_accountability.CoAccountabilityHandedOver.TYPE: turn.co_accountability_handed_over,
    collective.CollectiveBound.TYPE: turn.collective_bound,
    results.PartialResultRecorded.TYPE: turn.partial_result_recorded,
    delegation.PartDelegated.TYPE: turn.part_delegated,
    delegation.PartReported.TYPE: turn.part_reported,
    delegation.PartClosed.TYPE: turn.part_closed,
    obstacles.ObstacleRaised.TYPE: turn.obstacle_raised,
    obstacles.ObstacleResolved.TYPE: turn.obstacle_resolved,
    reminders.ReminderIssued.TYPE: turn.reminder_issued,
    reminders.ReminderAnswered.TYPE: turn.reminder_answered,
}
OF_A_TASK = [name for name, event in EVENT_TYPES.items() if issubclass(event, tasks.TaskEvent)]

TASKS = Projection(
    version=5,
    table=TABLE,
    row=TaskRow,
    key=("task_id",),
    stored=stored,
    naming=frozenset({changes.TaskCorrected.TYPE}),
    versioned=True,
    folds={name: CHANGING.get(name, fold.happened) for name in OF_A_TASK},
)
