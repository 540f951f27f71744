"""Terms in the read models: a task's stretch of time as columns."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from domain.tasks.term import Period, Term, Year, Yearly
from projections.projection import Row

_TERM: TypeAdapter[Year | Yearly | Period] = TypeAdapter(Term)


def term_columns(term: Mapping[str, Any]) -> Row:
    """Kind, label, first and last day of the term."""
    return _columns(tuple(term.items()))


def deadline(proposal: Row) -> str | None:
    """The day by which it is to be done: its own, else the term's last, else none."""
    due_on: str | None = proposal.get("due_on")
    return due_on or term_columns(proposal["term"])["term_to_on"]


@lru_cache(maxsize=1024)
def _columns(term: tuple[tuple[str, Any], ...]) -> Row:
    """Provinces use few different terms, over and over."""
    found = _TERM.validate_python(dict(term))
    last_day = found.last_day
    return {
        "term_kind": found.kind,
        "term_label": found.label,
        "term_from_on": found.first_day.isoformat(),
        "term_to_on": None if last_day is None else last_day.isoformat(),
    }
