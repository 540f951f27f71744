"""Task lists: the tasks under way, and the tasks in any state, as of a day; and one in full."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Numeric,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    extract,
    false,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from projections.days import AS_OF, BEGINNINGLESS, ENDLESS, valid
from projections.filters import Filters, Id, Label, SearchWords, Truth, Word, Year, where
from projections.listing import Finding, Listing, ListItem, Mark, Order, Shown
from projections.projection import FOREVER
from projections.search.index import SEARCH_TASKS
from projections.search.index import TASKS_TABLE as SEARCHABLE
from projections.search.questions import Sought
from projections.statement import LEDGER, Statement, single
from projections.tasks.proposals import TABLE as PROPOSALS
from projections.tasks.proposals import TASK_PROPOSALS
from projections.tasks.standings import TASK_STANDINGS
from projections.tasks.task_days import on_the_day
from projections.tasks.task_rows import Origin, TaskState
from projections.tasks.tasks import TABLE, TASKS
from projections.tasks.terms import TermKind

# Matched first, whatever else is asked: nobody could tell the planner how rare the words are.
MATCHED = (
    select(SEARCHABLE.c.task_id)
    .where(
        SEARCHABLE.c.ledger == LEDGER,
        SEARCHABLE.c.words.bool_op("@@")(cast(bindparam("q", type_=Text), TSQUERY)),
    )
    .cte("matched")
    .prefix_with("MATERIALIZED")
)
# The age of a backlog: since its first deadline passed, until its work was done.
_OLD = func.coalesce(TABLE.c.completed_on, AS_OF) - TABLE.c.original_due_on
BACKLOG_DAYS = case((and_(TABLE.c.assigned_on.is_not(None), _OLD > 0), _OLD))
# The body confirmed the whole: what was last reported of it stands in the task's history.
SHARE_PERCENT: ColumnElement[Any] = case(
    (TABLE.c.state == "completed", literal_column("100::numeric", Numeric)),
    else_=TABLE.c.share_percent,
)
OVERDUE = func.coalesce(and_(TABLE.c.active, TABLE.c.due_on < AS_OF), false())

SortBy: TypeAlias = Literal[
    "due_on",
    "-due_on",
    "assigned_on",
    "-assigned_on",
    "last_report_on",
    "-last_report_on",
    "share_percent",
    "-share_percent",
    "title",
    "-title",
    "task_id",
    "-task_id",
]


def exact(column: ColumnElement[Any], vi: str | None = None) -> Shown:
    """A number that JSON must not make inexact."""
    return Shown(cast(column, Text), vi)


class TaskIndicator(ListItem):
    """A target and what was reached of it by the last report."""

    code: str
    name: str
    measure: str
    target: Decimal
    actual: Decimal | None
    reported_on: date | None


class TaskItem(ListItem):
    """A task as it stands on the day.

    `managed_by` decides on it; `offered_to` is the successor who has yet to accept a handover;
    `position` is the task's last event, and its entity tag. While it is `vacant` nobody leads it.
    `original_due_on` is the first deadline of a matter older than the task, and `backlog_days` how
    long that had passed. `co_accountables` answer beside the official who leads, `collectives`
    beside the person. `parts_share_percent` is how much of the whole the delegated parts have
    brought, by their weights. `link` says how it goes on from `continued_from`; `instances` are the
    tasks of single years. `share_percent` is as last reported, and 100 once it is completed.
    """

    task_id: str
    state: TaskState
    active: Annotated[bool, Shown(vi="Đang thực hiện")]
    title: str
    kinds: Annotated[list[str], Shown(vi="Loại việc")]
    field: str
    origin: Annotated[Origin, Shown(vi="Hình thức")]
    term_kind: Annotated[TermKind, Shown(vi="Loại kỳ")]
    term_label: Annotated[str, Shown(vi="Kỳ thực hiện")]
    term_from_on: Annotated[date, Shown(vi="Ngày đầu kỳ")]
    term_to_on: Annotated[date | None, Shown(vi="Ngày cuối kỳ")]
    due_on: date | None
    original_due_on: Annotated[date | None, Shown(vi="Hạn ban đầu")]
    backlog_days: Annotated[int | None, Shown(BACKLOG_DAYS, vi="Số ngày tồn đọng")]
    overdue: Annotated[bool, Shown(OVERDUE)]
    managed_by: str
    unit_id: str
    post_id: str
    official_id: str | None
    offered_to: Annotated[str | None, Shown(vi="Đang đề nghị bàn giao cho")]
    coordinators: Annotated[list[str], Shown(vi="Đơn vị phối hợp")]
    co_accountables: Annotated[list[str], Shown(vi="Người cùng chịu trách nhiệm")]
    collectives: Annotated[list[str], Shown(vi="Tập thể chịu trách nhiệm")]
    vacant_since: date | None
    indicators: Annotated[list[TaskIndicator], Shown(vi="Chỉ tiêu")]
    share_percent: Annotated[Decimal | None, exact(SHARE_PERCENT)]
    parts_share_percent: Annotated[
        Decimal | None, exact(TABLE.c.parts_share_percent, vi="Tiến độ các phần việc (%)")
    ]
    open_parts: Annotated[int, Shown(vi="Phần việc chưa xong")]
    open_obstacles: int
    open_reminders: Annotated[int, Shown(vi="Đôn đốc chưa trả lời")]
    plan_revision: Annotated[int | None, Shown(vi="Lần ban hành kế hoạch")]
    assigned_on: Annotated[date | None, Shown(vi="Ngày giao")]
    last_report_on: Annotated[date | None, Shown(vi="Ngày báo cáo gần nhất")]
    last_result_on: Annotated[date | None, Shown(vi="Ngày kết quả gần nhất")]
    completed_on: Annotated[date | None, Shown(vi="Ngày hoàn thành")]
    score_points: Annotated[Decimal | None, exact(TABLE.c.score_points, vi="Điểm")]
    max_points: Annotated[Decimal | None, exact(TABLE.c.max_points, vi="Điểm tối đa")]
    link: Annotated[
        Literal["carried_from", "instance_of"] | None, Shown(vi="Liên hệ với việc trước")
    ]
    continued_from: Annotated[str | None, Shown(vi="Tiếp nối việc")]
    carried_over_to: Annotated[str | None, Shown(vi="Chuyển tiếp thành việc")]
    instances: Annotated[list[str], Shown(vi="Việc của từng năm")]
    valid_from: Annotated[date, Shown(vi="Áp dụng từ ngày")]
    position: int


class RoadmapStep(ListItem):
    """A step of the roadmap proposed."""

    title: str
    due_on: date


class TaskInFull(TaskItem):
    """A task with what was proposed."""

    goal: str
    roadmap: list[RoadmapStep]


class TaskFilters(Filters):
    """Which tasks, in which order."""

    q: SearchWords | None = where(
        lambda _: TABLE.c.task_id.in_(select(MATCHED.c.task_id)),
        "Found by these words, as `/search` finds it: by all that was said of it "
        "up to now, whatever the day asked about.",
        reads=(SEARCH_TASKS,),
        argument=lambda words: Sought.of(words).every,
        examples=["lò gạch"],
    )
    unit: Id | None = where(TABLE.c.unit_id, "Of the unit that answers for it.")
    post: Id | None = where(TABLE.c.post_id, "Of the post that answers for it.")
    official: Id | None = where(TABLE.c.official_id, "Whom it is the responsibility of.")
    co_accountable: Id | None = where(
        lambda official: official == any_(TABLE.c.co_accountables), "Who answers beside the lead."
    )
    managed_by: Id | None = where(TABLE.c.managed_by, "Decided by this body.")
    field: Word | None = where(TABLE.c.field, "Of this field.")
    kind: Word | None = where(
        lambda kind: kind == any_(TABLE.c.kinds), "Of this kind, among others."
    )
    term: Label | None = where(
        TABLE.c.term_label, "`2021`, `yearly`, `2021-2025` …", examples=["2021-2025"]
    )
    term_kind: TermKind | None = where(TABLE.c.term_kind)
    origin: Origin | None = where(TABLE.c.origin)
    overdue: Truth | None = where(
        lambda overdue: overdue == OVERDUE,
        "Active, and its deadline passed, on the day asked about.",
        of=Boolean(),
    )
    year: Year | None = where(
        lambda year: extract("year", TABLE.c.assigned_on) == year,
        "Assigned in the year.",
        of=Integer(),
    )
    sort: Annotated[
        SortBy, Field(description="Ascending, or descending after a minus; then by the task's id.")
    ] = "due_on"


class AllTaskFilters(TaskFilters):
    """Tasks in any state."""

    state: TaskState | None = where(TABLE.c.state, "In this state.")


# Where a task has none, it comes last, or first where that is urgent.
ORDERS: Mapping[str, Order] = {
    **{
        name: (Mark(name, func.coalesce(TABLE.c[name], ENDLESS), FOREVER), "task_id")
        for name in ("due_on", "assigned_on")
    },
    "last_report_on": (
        Mark("last_report_on", func.coalesce(TABLE.c.last_report_on, BEGINNINGLESS), "-infinity"),
        "task_id",
    ),
    "share_percent": (
        Mark(
            "share_percent",
            func.coalesce(SHARE_PERCENT, literal_column("-1", Numeric)),
            "-1",
        ),
        "task_id",
    ),
    "title": ("title", "task_id"),
    "task_id": ("task_id",),
}
# What holds today or later was not closed by its day when it was recorded.
STILL_OPEN = (TABLE.c.lasting, *valid(TABLE))


def _tasks(
    name: str,
    answers: str,
    filters: type[TaskFilters],
    *which: ColumnElement[bool],
    active: Sequence[bool],
) -> Listing:
    """A list of those tasks of the day."""
    return Listing(
        name=name,
        tag="tasks",
        answers=answers,
        page="One page of tasks.",
        item=TaskItem,
        filters=filters,
        projections=(TASKS, TASK_STANDINGS),
        table=TABLE,
        holds=(*valid(TABLE), *which),
        holds_today=(*STILL_OPEN, *which),
        finding=Finding(
            order="due_on",
            unless=frozenset({"q", "unit", "official"}),
            keys=partial(on_the_day, active, (TABLE,)),
            on=lambda found: TABLE.c.task_id == found.c.task_id,
            # Those under way today have an index of their own.
            today=False in active,
        ),
        order=ORDERS,
    )


ALL_TASKS = _tasks(
    "tasks", "The tasks in any state, as of a day.", AllTaskFilters, active=(True, False)
)
ACTIVE_TASKS = _tasks(
    "active-tasks",
    "The tasks assigned and neither completed, cancelled nor carried over, as of a day.",
    TaskFilters,
    TABLE.c.active,
    active=(True,),
)


@lru_cache
def one_task(*, today: bool) -> Statement:
    """A task with its goal and roadmap; arguments: ledger, task, as_of."""
    query = (
        ALL_TASKS.rows(frozenset(), today=today)
        .where(TABLE.c.task_id == bindparam("task", type_=Text))
        .join(
            PROPOSALS,
            and_(
                PROPOSALS.c.ledger == TABLE.c.ledger,
                PROPOSALS.c.task_id == TABLE.c.task_id,
                *valid(PROPOSALS),
            ),
        )
        .add_columns(PROPOSALS.c.goal, PROPOSALS.c.roadmap)
    )
    return single(query, tuple(TaskInFull.model_fields), (TASKS.name, TASK_PROPOSALS.name))
