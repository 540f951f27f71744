"""Occasions: the days on which a rule asks for a report, and who owes it then, as SQL."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    TableValuedAlias,
    Text,
    and_,
    case,
    cast,
    column,
    func,
    literal_column,
    select,
)

from projections.days import FROM_ON, TO_ON
from projections.duties.reports_due import TABLE
from projections.statement import LEDGER, word


def _number(value: int) -> ColumnElement[int]:
    return literal_column(str(value), Integer)


ONE, TWELVE = _number(1), _number(12)


def _rules() -> ColumnElement[Any]:
    """The rules that run, each once, however many tasks have it: an array."""
    first = (
        select(func.min(TABLE.c.rule).label("rule"))
        .where(TABLE.c.ledger == LEDGER, TABLE.c.rule.is_not(None))
        .cte("rules", recursive=True)
    )
    further = TABLE.alias("further")
    after = (
        select(func.min(further.c.rule))
        .where(further.c.ledger == LEDGER, further.c.rule > first.c.rule)
        .correlate(first)
        .scalar_subquery()
    )
    rules = first.union_all(select(after).where(first.c.rule.is_not(None)))
    found = select(rules.c.rule).where(rules.c.rule.is_not(None)).scalar_subquery()
    return func.unnest(func.array(found))


RULES: TableValuedAlias = _rules().table_valued(column("rule", Text)).render_derived("rules")


def occasions() -> Any:  # noqa: ANN401  a lateral subquery
    """The `period` and `due_on` of each report that the rule asks for from one day to another.

    They are in order, no two on one day.
    """
    months, day, after = (
        cast(func.split_part(RULES.c.rule, literal_column("' '"), _number(at)), Integer)
        for at in (1, 2, 3)
    )
    spread = (_month(TO_ON) - _month(FROM_ON)).label("spread")
    number = func.generate_series(_number(0), spread).table_valued(column("number", Integer))
    each = number.render_derived("months")
    due_month = _month(FROM_ON) + each.c.number
    about = (due_month - after).label("about")
    first = func.make_date(due_month // TWELVE, func.mod(due_month, TWELVE) + ONE, ONE)
    end = cast(first + literal_column("interval '1 month'"), Date)
    due_on = func.least(first + day - ONE, end - ONE)
    asked = (
        select(about, months.label("length"), cast(due_on, Date).label("due_on"))
        .select_from(each)
        .correlate(RULES)
        .subquery("asked")
    )
    year = cast(asked.c.about // TWELVE, Text)
    month = func.mod(asked.c.about, TWELVE) + ONE
    period = case(
        (
            asked.c.length == ONE,
            year + word("-") + func.lpad(cast(month, Text), _number(2), word("0")),
        ),
        (asked.c.length == _number(3), year + word("-Q") + cast(month // _number(3), Text)),
        else_=year,
    )
    ends = func.mod(asked.c.about + ONE, asked.c.length) == _number(0)
    return (
        select(period.label("period"), asked.c.due_on)
        .where(ends, asked.c.due_on.between(FROM_ON, TO_ON))
        .order_by(asked.c.due_on)
        .lateral("occasions")
    )


def _month(on: ColumnElement[Any]) -> ColumnElement[int]:
    """Months since January of the year 0."""
    year, month = (cast(func.date_part(word(part), on), Integer) for part in ("year", "month"))
    return year * TWELVE + month - ONE


def owing(occasion: Any) -> ColumnElement[bool]:  # noqa: ANN401  a lateral subquery
    """Whether a task's rule asks for a report on the occasion, of which no row tells."""
    written = TABLE.alias("written")
    name = func.to_char(occasion.c.due_on, word("YYYY-MM-DD")) + word(" ") + occasion.c.period
    # Looked up row by row, of as many as a page takes: the limit keeps it from being joined.
    told = (
        select(written.c.report)
        .where(
            written.c.ledger == LEDGER,
            written.c.task_id == TABLE.c.task_id,
            written.c.report == name,
        )
        .limit(ONE)
        .correlate(TABLE, occasion)
        .scalar_subquery()
    )
    return and_(
        TABLE.c.ledger == LEDGER,
        TABLE.c.rule == RULES.c.rule,
        TABLE.c.counted_from_on <= occasion.c.due_on,
        told.is_(None),
    )
