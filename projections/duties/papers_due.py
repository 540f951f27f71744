"""Papers due: programmes, annual reports and reviews on communes, due between two days.

Whoever monitors the commune on the day `expected_on` owes the paper, and the review is about them.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    column,
    func,
    null,
    select,
    true,
)

from domain.monitoring.events import YearlyPaper
from domain.regulations.regulations import Regulations
from projections.commune_coverage.intervals import TABLE as COVERAGE
from projections.days import FROM_ON, TO_ON, valid
from projections.listing import Arguments
from projections.monitoring.owed_papers import KINDS, PaperKind
from projections.monitoring.papers import PAPERS_MISSED
from projections.statement import LEDGER, NO_TEXT, word

KINDS_OF_PAPERS: Mapping[YearlyPaper, PaperKind] = {
    "programme": "programmes",
    "annual_report": "annual_reports",
    "review": "reviews",
}


def papers_due(kind: YearlyPaper) -> Select[Any]:
    """Those of a kind, as rows of the board."""
    papers = KINDS_OF_PAPERS[kind]
    given = KINDS[papers].projection.table
    asked = (
        func.unnest(
            bindparam("years", type_=ARRAY(Integer)),
            bindparam(f"{papers}_expected_ons", type_=ARRAY(Date)),
            bindparam(f"{papers}_due_ons", type_=ARRAY(Date)),
        )
        .table_valued(column("year", Integer), column("expected_on", Date), column("due_on", Date))
        .render_derived(f"{kind}_asked")
    )
    told = PAPERS_MISSED.table
    of_paper = (told.c.paper == word(kind), told.c.due_on == asked.c.due_on)
    return (
        select(
            word(kind).collate("C").label("kind"),
            NO_TEXT.label("task_id"),
            COVERAGE.c.unit_id,
            COVERAGE.c.official_id,
            cast(asked.c.year, Text).label("period"),
            asked.c.due_on,
            given.c.first_on.label("given_on"),
            *(cast(null(), Date).label(name) for name in ("excused_on", "reminded_on")),
            told.c.position.label("told_position"),
            func.coalesce(given.c.position, COVERAGE.c.position).label("position"),
        )
        .select_from(
            COVERAGE.join(asked, true())
            .join(given, and_(*_of_span(given, asked)), isouter=True)
            .join(told, and_(*_of_span(told, asked), *of_paper), isouter=True)
        )
        .where(
            COVERAGE.c.ledger == LEDGER,
            COVERAGE.c.official_id.is_not(None),
            *valid(COVERAGE, asked.c.expected_on),
            asked.c.due_on.between(FROM_ON, TO_ON),
        )
    )


def _of_span(paper: FromClause, asked: FromClause) -> tuple[ColumnElement[bool], ...]:
    """The paper is that of the monitor's span, and of the year."""
    return (
        paper.c.ledger == LEDGER,
        paper.c.unit_id == COVERAGE.c.unit_id,
        paper.c.official_id == COVERAGE.c.official_id,
        paper.c.since == COVERAGE.c.valid_from,
        paper.c.year == asked.c.year,
        *valid(paper),
    )


def arguments_of_years(first: date, last: date, as_of: date, known: Regulations) -> Arguments:
    """Of every year that asks for papers between the days: who owes them on which day, by when."""
    years = range(max(first.year - 1, 1), last.year + 1)
    given: dict[str, object] = {"years": list(years)}
    for papers in KINDS_OF_PAPERS.values():
        of_years = []
        for year in years:
            in_force = known.of_communes(min(as_of, date(year, 12, 31)))
            of_years.append(KINDS[papers].arguments(year, as_of, in_force, known.days_off))
        for name in ("expected_on", "due_on"):
            given[f"{papers}_{name}s"] = [one[f"{papers}_{name}"] for one in of_years]
    return given
