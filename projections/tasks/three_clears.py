"""Three clears: per task under way, which of the three are met, and by which facts (E4).

They are those of "3 rõ": clear process, progress and quality; clear authority and responsibility;
clear results of checks and reminders, and who was held to account. A fact is an event of the task;
what no event shows is not so. A proposal always states its targets, so the first asks for a plan
and a deadline beside them. The third asks that the work was checked, by a report or by a reminder
that was answered; that no reminder has outlived its day without an answer; and that responsibility
is found where the deadline has passed.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeAlias

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    Integer,
    Text,
    and_,
    case,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
)

from domain.tasks import changes
from domain.tasks import events as tasks
from domain.tasks.matters.reminders import ReminderAnswered, ReminderIssued
from domain.tasks.responsibility.collective import ResponsibilityFound
from domain.tasks.work.results import PartialResultRecorded
from projections.days import AS_OF, ENDLESS, of_day, valid
from projections.filters import Truth, Word, where
from projections.listing import Beside, Conditions, Finding, Listing, ListItem, Mark, Shown
from projections.projection import (
    FOREVER,
    Fold,
    IsoDay,
    Name,
    Place,
    Projection,
    RecordedEvent,
    Rows,
    Version,
    opened,
    read_table,
    require_open_row,
    superseded,
)
from projections.statement import LEDGER, LIMIT, Statement, counts, statement
from projections.tasks.standing_rows import TABLE as TASKS
from projections.tasks.standing_rows import overdue
from projections.tasks.standings import TASK_STANDINGS
from projections.tasks.task_days import on_the_day
from projections.tasks.task_lines import (
    UNDER_WAY_ON_THE_DAY,
    LedTaskLineFilters,
    TaskLine,
    beside_its_task,
)

Clear: TypeAlias = Literal["process", "responsibility", "checks"]


class ClearsRow(Version):
    """The events that show each fact of a task; null where none does.

    `unanswered` are the days by which reminders are to be answered, by number.
    """

    task_id: Name
    targets_position: Place
    plan_position: Place | None
    deadline_position: Place | None
    assigned_position: Place | None
    lead_position: Place | None
    check_position: Place | None
    found_position: Place | None
    unanswered: dict[str, str]
    answer_due_on: IsoDay | None


TABLE = read_table("three_clears", ClearsRow)


def begun(_: ClearsRow | None, event: RecordedEvent) -> Rows[ClearsRow]:
    row: ClearsRow = {
        **opened(event),
        "task_id": event.data["task_id"],
        "targets_position": event.position,
        "plan_position": None,
        "deadline_position": None,
        "assigned_position": None,
        "lead_position": None,
        "check_position": None,
        "found_position": None,
        "unanswered": {},
        "answer_due_on": None,
    }
    return (row,)


def shown(*facts: str) -> Fold[ClearsRow]:
    """The event shows these facts from now on, in the place of an earlier one."""

    def fold(clears: ClearsRow | None, event: RecordedEvent) -> Rows[ClearsRow]:
        row: Any = require_open_row(clears, event)
        return superseded(row, event, {**row, **dict.fromkeys(facts, event.position)})

    return fold


def assigned(clears: ClearsRow | None, event: RecordedEvent) -> Rows[ClearsRow]:
    row = require_open_row(clears, event)
    later: ClearsRow = {
        **row,
        "assigned_position": event.position,
        "lead_position": event.position,
        "deadline_position": None if event.data["due_on"] is None else event.position,
    }
    return superseded(row, event, later)


def revised(clears: ClearsRow | None, event: RecordedEvent) -> Rows[ClearsRow]:
    row, data = require_open_row(clears, event), event.data
    later: ClearsRow = {
        **row,
        "targets_position": event.position if data["targets"] else row["targets_position"],
        "deadline_position": event.position if data["due_on"] else row["deadline_position"],
    }
    return superseded(row, event, later)


def vacated(clears: ClearsRow | None, event: RecordedEvent) -> Rows[ClearsRow]:
    row = require_open_row(clears, event)
    return superseded(row, event, {**row, "lead_position": None})


def reminded(clears: ClearsRow | None, event: RecordedEvent) -> Rows[ClearsRow]:
    row, data = require_open_row(clears, event), event.data
    return _awaiting(row, event, {**row["unanswered"], str(data["number"]): data["answer_due_on"]})


def answered(clears: ClearsRow | None, event: RecordedEvent) -> Rows[ClearsRow]:
    row = require_open_row(clears, event)
    number = str(event.data["number"])
    left = {one: day for one, day in row["unanswered"].items() if one != number}
    return _awaiting({**row, "check_position": event.position}, event, left)


def _awaiting(row: ClearsRow, event: RecordedEvent, unanswered: dict[str, str]) -> Rows[ClearsRow]:
    """Of the answers that are awaited, the first day counts."""
    first = min(unanswered.values(), default=None)
    later: ClearsRow = {**row, "unanswered": unanswered, "answer_due_on": first}
    return superseded(row, event, later)


FOLDS: Mapping[str, Fold[ClearsRow]] = {
    **dict.fromkeys(
        (tasks.TaskRegistered.TYPE, tasks.TaskCommissioned.TYPE, changes.TaskContinued.TYPE), begun
    ),
    changes.TaskAmended.TYPE: shown("targets_position"),
    tasks.TaskAssigned.TYPE: assigned,
    changes.TaskRevised.TYPE: revised,
    tasks.PlanSubmitted.TYPE: shown("plan_position"),
    **dict.fromkeys(
        (tasks.TaskHandedOver.TYPE, tasks.TaskTransferred.TYPE, changes.VacancyFilled.TYPE),
        shown("lead_position"),
    ),
    changes.TaskVacated.TYPE: vacated,
    **dict.fromkeys(
        (tasks.ProgressReported.TYPE, PartialResultRecorded.TYPE, tasks.CompletionClaimed.TYPE),
        shown("check_position"),
    ),
    ReminderIssued.TYPE: reminded,
    ReminderAnswered.TYPE: answered,
    ResponsibilityFound.TYPE: shown("found_position"),
}
THREE_CLEARS = Projection(table=TABLE, row=ClearsRow, key=("task_id",), folds=FOLDS)


def _there(*positions: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(*(position.is_not(None) for position in positions))


ANSWERS_IN_TIME = func.coalesce(TABLE.c.answer_due_on >= AS_OF, true())
MET: Mapping[Clear, ColumnElement[bool]] = {
    "process": _there(TABLE.c.plan_position, TABLE.c.deadline_position),
    "responsibility": _there(TABLE.c.assigned_position, TABLE.c.lead_position),
    "checks": and_(
        _there(TABLE.c.check_position),
        ANSWERS_IN_TIME,
        or_(~overdue(AS_OF), _there(TABLE.c.found_position)),
    ),
}


class ThreeClears(TaskLine):
    """A task, which of the three are met, and the events that show each fact; null where none does.

    `process` is met by targets, a plan and a deadline; `responsibility` by the body that assigned
    the task and the official who leads it; `checks` by a report, a result, a claim or the answer to
    a reminder, unless an answer is overdue, or the deadline has passed and responsibility is not
    found. `answer_due_on` is the first day by which an unanswered reminder is to be answered.
    """

    process: Annotated[bool, Shown(MET["process"], vi="Rõ quy trình, tiến độ, chất lượng")]
    targets_position: Annotated[int, Shown(vi="Sự kiện nêu chỉ tiêu")]
    plan_position: Annotated[int | None, Shown(vi="Sự kiện nêu kế hoạch")]
    deadline_position: Annotated[int | None, Shown(vi="Sự kiện nêu thời hạn")]
    responsibility: Annotated[bool, Shown(MET["responsibility"], vi="Rõ thẩm quyền, trách nhiệm")]
    assigned_position: Annotated[int | None, Shown(vi="Sự kiện giao việc")]
    lead_position: Annotated[int | None, Shown(vi="Sự kiện xác định người chịu trách nhiệm")]
    checks: Annotated[bool, Shown(MET["checks"], vi="Rõ kết quả kiểm tra, đôn đốc, xử lý")]
    check_position: Annotated[int | None, Shown(vi="Sự kiện báo cáo, trả lời gần nhất")]
    answer_due_on: date | None
    found_position: Annotated[int | None, Shown(vi="Sự kiện xác định trách nhiệm chậm trễ")]


class ThreeClearsFilters(LedTaskLineFilters):
    """Which tasks."""

    field: Word | None = where(TASKS.c.field, "Of the task.")
    lacks: Clear | None = where(
        lambda lacks: ~case(*((lacks == name, met) for name, met in MET.items()), else_=false()),
        "Of which this one is not met.",
        of=Text(),
    )
    all_met: Truth | None = where(
        lambda all_met: all_met == and_(*MET.values()), "Whether all three are met.", of=Boolean()
    )


class ThreeClearsCounts(ListItem):
    """How many tasks there are, of how many each is met, and of how many all three."""

    tasks: int
    process: int
    responsibility: int
    checks: int
    all_met: int


@lru_cache(maxsize=128)
def clears_counted(filters: frozenset[str]) -> Statement:
    """One row of `ThreeClearsCounts`; arguments: ledger, as_of, each filter's."""
    rows = TASKS_BY_CLEARS.rows(filters).subquery("rows")
    met: dict[str, ColumnElement[bool]] = {name: rows.c[name] for name in MET}
    columns: dict[str, ColumnElement[bool]] = {
        "tasks": rows.c.task_id.is_not(None),
        **met,
        "all_met": and_(*met.values()),
    }
    return statement(select(*counts(columns)))


def _found(
    further: Conditions,
    descending: bool,  # noqa: FBT001  as `Finding` has it
    continued: bool,  # noqa: FBT001  as `Finding` has it
) -> FromClause:
    """The keys of a page, each beside the day since which the row of its task is true."""
    found = on_the_day((True,), (TASKS, TABLE), further, descending, continued)
    row = TABLE.alias("of_day")
    since = (
        select(row.c.valid_from)
        .where(row.c.task_id == found.c.task_id, *of_day(row))
        .limit(literal_column("1", Integer))
        .correlate(found)
        .lateral("since")
    )
    keys = select(found.c.task_id, since.c.valid_from).select_from(found.join(since, true()))
    # The limit keeps the planner from reading all rows beside the few that are found.
    return keys.limit(LIMIT + 1).subquery("found_clears")


def _is_found(found: FromClause) -> ColumnElement[bool]:
    same = (TABLE.c[name] == found.c[name] for name in ("task_id", "valid_from"))
    return and_(TABLE.c.ledger == LEDGER, *same)


TASKS_BY_CLEARS = Listing(
    name="three-clears",
    tag="reports",
    answers="Of each task under way on a day, which of the three clears are met, and by which "
    "facts.",
    page="One page of tasks, by deadline; the counts are of all pages.",
    item=ThreeClears,
    filters=ThreeClearsFilters,
    projections=(THREE_CLEARS, TASK_STANDINGS),
    table=TABLE,
    source=beside_its_task(TABLE),
    holds=(*valid(TABLE), *UNDER_WAY_ON_THE_DAY),
    finding=Finding(
        order="",
        unless=frozenset({"task", "unit", "official"}),
        keys=_found,
        on=_is_found,
        today=True,
    ),
    order=(Mark("due_on", func.coalesce(TASKS.c.due_on, ENDLESS), FOREVER), "task_id"),
    beside=(Beside(name="counts", row=ThreeClearsCounts, statement=clears_counted),),
)
