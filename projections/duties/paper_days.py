"""Paper days: by which day a regulation's revision asks for a paper of a month, quarter or year.

The revision says so in its file; the days are reckoned with the calendar of days off, and handed to
the statement as rows.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    TableValuedAlias,
    Text,
    and_,
    bindparam,
    column,
    func,
    or_,
)

from domain.regulations.policies import adopted
from domain.regulations.regulations import Regulations
from domain.regulations.vocabulary_1.due_days import occasions, years_of
from domain.regulations.vocabulary_1.organising import Paper
from projections.appraisal.cycle_rows import CYCLE_TABLE
from projections.listing import Arguments

# The papers of officials, and of their units, in a cycle of ratings.
PAPERS: frozenset[Paper] = frozenset({"self_assessment", "review", "rating", "unit_result"})


class PaperDay(NamedTuple):
    """A paper of a period, by the revision of that digest; of one cohort, or of all."""

    regulation: str
    sha256: str
    paper: str
    cycle: str
    cohort: str | None
    begins_on: date
    ends_on: date
    due_on: date


def paper_days() -> TableValuedAlias:
    """The rows of `days_of_papers`."""
    kinds = {name: Date if name.endswith("_on") else Text for name in PaperDay._fields}
    given = (bindparam(f"paper_{name}s", type_=ARRAY(kind)) for name, kind in kinds.items())
    columns = (column(name, kind) for name, kind in kinds.items())
    return func.unnest(*given).table_valued(*columns).render_derived("paper_days")


def of_cycle(asked: TableValuedAlias) -> ColumnElement[bool]:
    """The paper is of the period in which the cycle ends, by the revision that it was opened by."""
    cycle = CYCLE_TABLE.c
    return and_(
        asked.c.regulation == cycle.regulation,
        asked.c.sha256 == cycle.regulation_sha256,
        asked.c.cycle == cycle.cycle,
        or_(asked.c.cohort.is_(None), asked.c.cohort == cycle.cohort),
        cycle.to_on.between(asked.c.begins_on, asked.c.ends_on),
    )


def days_of_papers(first: date, last: date, known: Regulations) -> Arguments:
    """The papers that fall due between the days or, of the year before the first, before them."""
    rows = sorted(
        {
            row
            for year in years_of(first, last)
            for row in _of_year(year, known)
            if row.due_on <= last
        },
        key=str,
    )
    return {f"paper_{name}s": [getattr(row, name) for row in rows] for name in PaperDay._fields}


def _of_year(year: int, known: Regulations) -> Iterator[PaperDay]:
    for revision in known.policies:
        for duty in adopted(revision.vocabulary, revision.policy).duties:
            if duty.paper not in PAPERS:
                continue
            for occasion in occasions(duty, year, known.days_off.is_off):
                for cohort in duty.only_for or (None,):
                    of = (revision.regulation_id, revision.sha256, duty.paper, duty.each, cohort)
                    yield PaperDay(*of, *occasion)
