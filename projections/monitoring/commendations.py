"""Commendations: which monitors were proposed for which year, and what was decided (D14).

Officials count once, however many communes propose them.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    Integer,
    Text,
    case,
    distinct,
    func,
    literal,
    select,
)

from domain.monitoring.events import CommendationDecided, CommendationProposed
from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.days import valid
from projections.monitoring.lists import (
    MonitoringList,
    beside_its_span,
    of_a_span,
    said,
    span_filters,
)
from projections.projection import (
    Projection,
    RecordedEvent,
    Row,
    Rows,
    first_version,
    next_version,
    read_table,
    require_open_row,
    text_id,
)
from projections.statement import Statement, standing, statement

TABLE = read_table(
    "commendations",
    text_id("unit_id"),
    text_id("official_id"),
    Column("since", Date, nullable=False),
    Column("year", Integer, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("proposed_on", Date, nullable=False),
    text_id("proposed_by"),
    Column("reason", Text, nullable=False),
    Column("decided_on", Date),
    text_id("decided_by", nullable=True),
    Column("commended", Boolean),
    Column("decision_reason", Text),
)


def proposed(_: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    names = ("unit_id", "official_id", "since", "year", "proposed_by", "reason")
    return first_version(
        event,
        {
            **{name: data[name] for name in names},
            "proposed_on": event.day,
            "decided_on": None,
            "decided_by": None,
            "commended": None,
            "decision_reason": None,
        },
    )


def decided(row: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    changes = {
        "decided_on": event.day,
        "decided_by": data["decided_by"],
        "commended": data["commended"],
        "decision_reason": data["reason"],
    }
    return next_version(require_open_row(row, event), event, changes)


COMMENDATIONS = Projection(
    version=1,
    table=TABLE,
    key=("unit_id", "official_id", "since", "year"),
    since="valid_from",
    until="valid_to",
    folds={CommendationProposed.TYPE: proposed, CommendationDecided.TYPE: decided},
)

STATE = case(
    (TABLE.c.commended.is_(None), literal("proposed", Text)),
    (TABLE.c.commended, literal("commended", Text)),
    else_=literal("declined", Text),
)
PROPOSED = MonitoringList(
    name="commendations",
    projections=(COMMENDATIONS, COMMUNE_COVERAGE),
    table=TABLE,
    source=beside_its_span(TABLE),
    columns={
        **of_a_span(TABLE),
        "year": TABLE.c.year,
        "state": STATE,
        **{
            name: TABLE.c[name]
            for name in (
                "proposed_on",
                "proposed_by",
                "reason",
                "decided_on",
                "decided_by",
                "decision_reason",
                "position",
            )
        },
    },
    holds=valid(TABLE),
    filters={
        **span_filters(TABLE),
        "year": said("year", TABLE.c.year),
        "state": said("state", STATE),
    },
    marks=("year", "unit_id", "since_on"),
)


class CommendationCounts(NamedTuple):
    """Proposals, what became of them, and how many different officials they were for."""

    proposals: int
    officials_proposed: int
    commended: int
    officials_commended: int
    declined: int
    undecided: int


@lru_cache(maxsize=64)
def commendation_counts(filters: frozenset[str]) -> Statement:
    """One row: `position` and the `CommendationCounts`; arguments: ledger, as_of, each filter's."""
    rows = PROPOSED.rows(filters).subquery("rows")
    commended = rows.c.state == "commended"
    officials = func.count(distinct(rows.c.official_id))
    counts: list[ColumnElement[Any]] = [
        func.count(),
        officials,
        func.count().filter(commended),
        officials.filter(commended),
        func.count().filter(rows.c.state == "declined"),
        func.count().filter(rows.c.state == "proposed"),
    ]
    at = standing(*(one.name for one in PROPOSED.projections)).label("position")
    return statement(select(at, *counts).select_from(rows))
