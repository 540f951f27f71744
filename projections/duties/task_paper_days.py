"""Task paper days: by which day bodies' regulations ask for a plan or a report of each task.

They are reckoned in the domain, and handed to the statement as rows.
"""

from datetime import date

from sqlalchemy import ARRAY, Date, FromClause, Text, bindparam, column, func, select

from domain.duties.task_papers import TaskPaper, task_papers
from domain.regulations.regulations import Regulations
from projections.listing import Arguments


def task_paper_days(name: str) -> FromClause:
    """The rows of `days_of_task_papers`, in the order of their days."""
    kinds = {field: Date if field.endswith("_on") else Text for field in TaskPaper._fields}
    given = (bindparam(f"task_{field}s", type_=ARRAY(kind)) for field, kind in kinds.items())
    columns = (column(field, kind) for field, kind in kinds.items())
    rows = func.unnest(*given).table_valued(*columns).render_derived("task_days")
    return select(rows).order_by(rows.c.due_on).subquery(name)


def days_of_task_papers(first: date, last: date, known: Regulations) -> Arguments:
    """The papers that fall due from the first day to the last; each body's once."""
    papers = task_papers(first, last, known)
    return {f"task_{name}s": [getattr(one, name) for one in papers] for name in TaskPaper._fields}
