"""Commendations: which monitors were proposed for which year, and what was decided (D14).

Officials count once, however many communes propose them.
"""

from datetime import date
from functools import lru_cache
from typing import Annotated, Literal, TypeAlias

from sqlalchemy import Index, Text, case, distinct, func, literal, select

from domain.monitoring.events import CommendationDecided, CommendationProposed
from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.days import valid
from projections.filters import Year, where
from projections.listing import Beside, Listing, ListItem, Shown
from projections.monitoring.span_lines import OfSpan, SpanFilters, SpanLine, beside_its_span
from projections.projection import IsoDay, Name, Version
from projections.records import settling
from projections.statement import Statement, counts, statement


class CommendationRow(Version, OfSpan):
    """A proposal to commend, until it is decided, and from then on."""

    year: int
    proposed_by: Name
    reason: str
    proposed_on: IsoDay
    decided_on: IsoDay | None
    decided_by: Name | None
    commended: bool | None
    decision_reason: str | None


COMMENDATIONS = settling(
    "commendations",
    CommendationRow,
    key=("unit_id", "official_id", "since", "year"),
    opened=CommendationProposed,
    opened_on="proposed_on",
    settled=CommendationDecided,
    settled_on="decided_on",
    answers=("decided_by", "commended", "decision_reason"),
    reads={"decision_reason": "reason"},
)
TABLE = COMMENDATIONS.table
Index("commendations_year", TABLE.c.ledger, TABLE.c.year, TABLE.c.unit_id, TABLE.c.since)
LINES = beside_its_span(TABLE)
State: TypeAlias = Literal["proposed", "commended", "declined"]
STATE = case(
    (LINES.c.commended.is_(None), literal("proposed", Text)),
    (LINES.c.commended, literal("commended", Text)),
    else_=literal("declined", Text),
)


class Commendation(SpanLine):
    """A proposal to commend the monitor for the year, and what was decided by the day."""

    year: int
    state: Annotated[State, Shown(STATE)]
    proposed_on: Annotated[date, Shown(vi="Ngày đề nghị")]
    proposed_by: Annotated[str, Shown(vi="Cơ quan đề nghị")]
    reason: str
    decided_on: Annotated[date | None, Shown(vi="Ngày quyết định")]
    decided_by: Annotated[str | None, Shown(vi="Cơ quan quyết định")]
    decision_reason: Annotated[str | None, Shown(vi="Lý do quyết định")]
    position: int


class CommendationFilters(SpanFilters):
    """Which proposals."""

    year: Year | None = where(LINES.c.year)
    state: State | None = where(STATE)


class CommendationCounts(ListItem):
    """Proposals by what became of them; an official counts once, whoever proposes."""

    proposals: int
    officials_proposed: int
    commended: int
    officials_commended: int
    declined: int
    undecided: int


@lru_cache(maxsize=64)
def commendation_counts(filters: frozenset[str]) -> Statement:
    """One row of `CommendationCounts`; arguments: ledger, as_of, each filter's."""
    rows = PROPOSED_COMMENDATIONS.rows(filters).subquery("rows")
    commended = rows.c.state == "commended"
    officials = func.count(distinct(rows.c.official_id))
    states = {
        "commended": commended,
        "declined": rows.c.state == "declined",
        "undecided": rows.c.state == "proposed",
    }
    query = select(
        func.count().label("proposals"),
        officials.label("officials_proposed"),
        officials.filter(commended).label("officials_commended"),
        *counts(states),
    )
    return statement(query.select_from(rows))


PROPOSED_COMMENDATIONS = Listing(
    name="commendations",
    path="monitoring/commendations",
    tag="monitoring",
    answers="The monitors whom communes proposed to commend, and the decisions taken by a day.",
    page="One page of proposals, by year and commune; the counts are of all pages together.",
    item=Commendation,
    filters=CommendationFilters,
    projections=(COMMENDATIONS, COMMUNE_COVERAGE),
    table=LINES,
    holds=valid(LINES),
    order=("year", "unit_id", "since_on"),
    beside=(Beside(name="counts", row=CommendationCounts, statement=commendation_counts),),
)
