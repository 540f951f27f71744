"""Due pages: a page of what is due of one kind, in the order of the duties board."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)

from projections.days import AS_OF, BEGINNINGLESS, valid
from projections.statement import LEDGER, LIMIT, word
from projections.tasks.standing_rows import TABLE as TASKS

NAMES = (
    "kind",
    "task_id",
    "unit_id",
    "official_id",
    "period",
    "due_on",
    "given_on",
    "excused_on",
    "reminded_on",
    "told_position",
    "position",
)
ORDER = ("due_on", "kind", "task_id", "period", "unit_id", "official_id")
# After every id, by bytes.
LAST_ID = word("~")
NO_ROWS = literal_column("0", Integer)


def asked_for(name: str, type_: Any = Text) -> ColumnElement[Any]:  # noqa: ANN401  a type
    """What a reader narrows by; null where nothing is given."""
    return bindparam(name, None, type_)


def state_of(of: Any) -> ColumnElement[str]:  # noqa: ANN401  a query's columns
    """How the paper stands on the day."""
    came = func.coalesce(of.given_on <= AS_OF, False)
    return case(
        (and_(came, of.given_on > of.due_on), word("late")),
        (came, word("in_time")),
        (of.excused_on <= AS_OF, word("excused")),
        (of.due_on < AS_OF, word("missing")),
        else_=word("awaited"),
    )


def whose(of: FromClause, name: str) -> ColumnElement[Any]:
    """That column of the paper, or of its task."""
    its = _its(of, name).correlate(of).scalar_subquery()
    return func.coalesce(of.c[name], its)


def its_task(of: FromClause) -> FromClause:
    """What is shown of the paper's task, found once; the fence keeps all tasks from being read."""
    its = _its(of, "title", "unit_id", "official_id")
    return its.offset(NO_ROWS).correlate(of).lateral("its_task")


def _its(of: FromClause, *names: str) -> Select[Any]:
    """Its task, as it was when the paper fell due, or is on the day if that is before."""
    task = TASKS.alias(f"its_{names[0]}")
    on = func.least(of.c.due_on, AS_OF)
    columns = (task.c[name] for name in names)
    own = (task.c.ledger == LEDGER, task.c.task_id == of.c.task_id)
    return select(*columns).where(*own, *valid(task, on))


def due_page(of: FromClause, *order: str, of_tasks: bool = False) -> Select[Any]:
    """As many as a page takes of those that the reader asks for, in the order of the board.

    Whose they are is looked up only where a reader asks for one's, and of the page itself.

    Args:
        of: all of one kind, or what is due on one day.
        order: their order within a day.
        of_tasks: whether they are due from whoever leads the task.
    """
    columns = of.c
    unit, official = (
        whose(of, name) if of_tasks else columns[name] for name in ("unit_id", "official_id")
    )
    asked = [
        or_(asked_for(name).is_(None), value == asked_for(name))
        for name, value in (
            ("kind", columns.kind),
            ("task", columns.task_id),
            ("unit", unit),
            ("official", official),
            ("state", state_of(columns)),
        )
    ]
    after_on = func.coalesce(asked_for("after_0", Date), BEGINNINGLESS)
    after = [func.coalesce(asked_for(f"after_{at}"), word("")) for at in range(1, len(ORDER))]
    if order[0] == "task_id":
        asked += _in_range(columns)
    place = [columns.due_on, *(func.coalesce(columns[name], word("")) for name in ORDER[1:])]
    return (
        select(*(columns[name] for name in NAMES))
        .where(*asked, columns.due_on >= after_on, tuple_(*place) > tuple_(after_on, *after))
        .order_by(columns.due_on, *(columns[name] for name in order))
        .limit(LIMIT + 1)
    )


def _in_range(columns: Any) -> Iterator[ColumnElement[bool]]:  # noqa: ANN401  a query's columns
    """Of which tasks a page may be, by an index: of the one asked for, of those after its mark."""
    same = and_(columns.due_on == asked_for("after_0", Date), columns.kind == asked_for("after_1"))
    after = case((same, asked_for("after_2")), else_=word(""))
    yield columns.task_id >= func.coalesce(asked_for("task"), after)
    yield columns.task_id <= func.coalesce(asked_for("task"), LAST_ID)
