"""Terms in the read models: a task's stretch of time as columns."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal, TypeAlias, TypedDict

from pydantic import TypeAdapter

from domain.tasks.term import Period, Term, Year, Yearly
from projections.projection import IsoDay, Name

TermKind: TypeAlias = Literal["year", "yearly", "period"]

_TERM: TypeAdapter[Year | Yearly | Period] = TypeAdapter(Term)


class TermColumns(TypedDict):
    """Kind, label, first and last day of a term."""

    term_kind: Name
    term_label: Name
    term_from_on: IsoDay
    term_to_on: IsoDay | None


def term_columns(term: Mapping[str, Any]) -> TermColumns:
    """The columns of a term as events have it."""
    return _columns(tuple(term.items()))


@lru_cache(maxsize=1024)
def _columns(term: tuple[tuple[str, Any], ...]) -> TermColumns:
    """Provinces use few different terms, over and over."""
    read = _TERM.validate_python(dict(term))
    last_day = read.last_day
    return {
        "term_kind": read.kind,
        "term_label": read.label,
        "term_from_on": read.first_day.isoformat(),
        "term_to_on": None if last_day is None else last_day.isoformat(),
    }
