"""Kept: what is kept beside the rows of a projection, so that a question need not read them all.

It is made of the rows themselves, by SQL, and changes with them in one transaction: entries, each
of one row, by which rows are found in an order; and counts, which are sums over rows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    Table,
    Text,
    any_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, array

# What holds of a row on a day, by name.
Conditions: TypeAlias = Mapping[str, ColumnElement[bool]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Kept:
    """A table kept beside a projection's.

    Attributes:
        table: named `PROJECTION__WHAT`, in the same schema; its first column is `ledger`.
        made: makes its rows of those of the projection's rows for which a condition holds.
        key: the columns that tell its rows from one another, in the order in which they are found.
        sums: its other columns, which are sums; one without is of entries.
        version: raised whenever it is made otherwise.
    """

    table: Table
    made: Callable[[ColumnElement[bool]], Select[Any]]
    key: tuple[str, ...]
    sums: tuple[str, ...] = ()
    version: int = 1

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def described(self) -> str:
        """What it depends on, for the fingerprint of its projection."""
        return " ".join((self.name, str(self.version), *self.key, *self.sums))


@dataclass(frozen=True, kw_only=True, eq=False)
class CountsByDay:
    """Changes of counts from day to day, and what questions their sums answer.

    Attributes:
        kept: has a column `day`; see `changes_by_day`.
        groups: by what one may group them, by the name that a reader gives it.
        filters: columns that are, or hold, what a reader names.
    """

    kept: Kept
    groups: Mapping[str, ColumnElement[Any]]
    filters: Mapping[str, ColumnElement[Any]]

    def answer(self, group_by: str, filters: Iterable[str]) -> bool:
        """Whether they tell what a reader asks who groups and narrows so."""
        return group_by in self.groups and self.filters.keys() >= set(filters)

    def group(self, group_by: str) -> ColumnElement[Any]:
        """By what they are grouped, ordered by its bytes."""
        return cast(self.groups[group_by], Text).collate("C").label("group")

    def narrowed(self, filters: Iterable[str]) -> list[ColumnElement[bool]]:
        """Those of the ledger that pass the filters; each value is the argument of its name."""
        ledger = self.kept.table.c.ledger == bindparam("ledger", type_=Text)
        return [ledger, *(self._is(self.filters[name], name) for name in sorted(filters))]

    def _is(self, column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
        if isinstance(column.type, ARRAY):
            return bindparam(name, type_=column.type.item_type) == any_(column)
        return column == bindparam(name, type_=column.type)


def beside(name: str) -> str:
    """The projection whose table that is, or beside which it is kept."""
    return name.partition("__")[0]


def changes_by_day(
    table: FromClause,
    parts: Mapping[str, ColumnElement[Any]],
    days: Sequence[ColumnElement[Any]],
    holding: Callable[[ColumnElement[Any]], Conditions],
    rows: ColumnElement[bool],
) -> Select[Any]:
    """By how much the number of rows that meet each condition changes from a day to the next.

    The sum of the changes up to a day is how many rows meet the condition on that day.

    Args:
        table: whose rows are counted.
        parts: by what they are counted, by name.
        days: those on which a row may begin or cease to meet a condition.
        holding: the conditions of a day.
        rows: which of them.
    """
    turning = func.unnest(array(days)).table_valued(column("day", Date)).render_derived("turning")
    turns = (
        select(turning.c.day)
        .where(func.isfinite(turning.c.day))
        .distinct()
        .correlate(table)
        .lateral("turns")
    )
    now = holding(turns.c.day)
    before = holding(turns.c.day - literal_column("1"))
    one = (
        select(
            table.c.ledger,
            turns.c.day,
            *(value.label(name) for name, value in parts.items()),
            *((_number(now[name]) - _number(before[name])).label(name) for name in now),
        )
        .select_from(table.join(turns, true()))
        .where(rows)
        .subquery("one")
    )
    changed = or_(*(one.c[name] != literal_column("0") for name in now))
    by = (one.c.ledger, one.c.day, *(one.c[name] for name in parts))
    sums = (cast(func.sum(one.c[name]), Integer).label(name) for name in now)
    return select(*by, *sums).where(changed).group_by(*by)


def _number(holds: ColumnElement[bool]) -> ColumnElement[int]:
    return case((holds, literal_column("1", Integer)), else_=literal_column("0", Integer))
