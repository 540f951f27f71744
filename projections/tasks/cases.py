"""Cases: those of each task's portfolio, processed or left, and the share processed (B30)."""

from datetime import date
from functools import lru_cache
from typing import Annotated

from sqlalchemy import Numeric, Text, bindparam, case, cast, func, select, true

from domain.tasks.command import TaskUnknown
from domain.tasks.work.cases import CaseRecorded
from projections.days import valid
from projections.filters import Filters, Printable, Truth, where
from projections.listing import Beside, Listing, ListItem, Owner, Shown
from projections.projection import IsoDay, Name, Version
from projections.records import revised
from projections.statement import Statement, counts, statement
from projections.tasks.tasks import TASKS


class CaseRow(Version):
    """A case of a task, as it is from a day on."""

    task_id: Name
    code: Name
    title: str
    in_charge: str | None
    processed_on: IsoDay | None
    outcome: str | None


CASES = revised("task_cases", CaseRow, key=("task_id", "code"), event=CaseRecorded)
TABLE = CASES.table
PROCESSED = TABLE.c.processed_on.is_not(None)


class TaskCase(ListItem):
    """A case of the task; one without `processed_on` is left to be processed."""

    code: Annotated[str, Shown(vi="Mã vụ việc")]
    title: str
    in_charge: Annotated[str | None, Shown(vi="Đơn vị phụ trách")]
    processed_on: Annotated[date | None, Shown(vi="Ngày xử lý")]
    outcome: Annotated[str | None, Shown(vi="Kết quả xử lý")]
    recorded_on: Annotated[date, Shown(TABLE.c.valid_from, vi="Ngày ghi nhận")]


class CaseFilters(Filters):
    """Which cases of the task."""

    processed: Truth | None = where(PROCESSED, "Whether they are processed.")
    in_charge: Printable | None = where(TABLE.c.in_charge, "Those with this unit, as it is named.")


class CaseCounts(ListItem):
    """How many cases there are; `percent` of them are processed, null of none."""

    cases: int
    processed: int
    left: int
    percent: str | None


@lru_cache(maxsize=16)
def case_counts(filters: frozenset[str]) -> Statement:
    """One row of `CaseCounts`; arguments: ledger, as_of, task, each filter's."""
    rows = CASES_OF_TASK.rows(filters).subquery("rows")
    done = rows.c.processed_on.is_not(None)
    share = func.round(cast(100 * func.count().filter(done), Numeric) / func.count(), 2)
    percent = case((func.count() > 0, cast(share, Text)))
    of = {"cases": true(), "processed": done, "left": ~done}
    return statement(select(*counts(of), percent.label("percent")))


CASES_OF_TASK = Listing(
    name="cases",
    path="tasks/{task_id}/cases",
    tag="tasks",
    answers="The cases of a task's portfolio: processed, and left.",
    page="One page of cases, by code; the counts are of all pages together.",
    item=TaskCase,
    filters=CaseFilters,
    projections=(CASES,),
    table=TABLE,
    holds=(*valid(TABLE), TABLE.c.task_id == bindparam("task", type_=Text())),
    order=("code",),
    beside=(Beside(name="counts", row=CaseCounts, statement=case_counts),),
    owner=Owner(subject="task", projection=TASKS, unknown=TaskUnknown),
)
