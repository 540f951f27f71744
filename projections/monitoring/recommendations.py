"""Recommendations: what monitors recommended to which body; open, overdue and answered (D19)."""

from sqlalchemy import BigInteger, Column, Date, Integer, Text, case, literal

from domain.monitoring.events import RecommendationAnswered, RecommendationMade
from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.days import AS_OF, valid
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

TABLE = read_table(
    "recommendations",
    text_id("unit_id"),
    Column("number", Integer, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    text_id("official_id"),
    Column("since", Date, nullable=False),
    Column("made_on", Date, nullable=False),
    text_id("to_body"),
    Column("content", Text, nullable=False),
    Column("answer_due_on", Date),
    Column("answered_on", Date),
    Column("answer", Text),
)


def made(_: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    names = ("unit_id", "number", "official_id", "since", "to_body", "content")
    return first_version(
        event,
        {
            **{name: data[name] for name in names},
            "made_on": event.day,
            "answer_due_on": data.get("answer_due_on"),
            "answered_on": None,
            "answer": None,
        },
    )


def answered(row: Row | None, event: RecordedEvent) -> Rows:
    changes = {"answered_on": event.day, "answer": event.data["answer"]}
    return next_version(require_open_row(row, event), event, changes)


RECOMMENDATIONS = Projection(
    version=1,
    table=TABLE,
    key=("unit_id", "number"),
    since="valid_from",
    until="valid_to",
    folds={RecommendationMade.TYPE: made, RecommendationAnswered.TYPE: answered},
)

STATE = case(
    (TABLE.c.answered_on.is_not(None), literal("answered", Text)),
    (TABLE.c.answer_due_on < AS_OF, literal("overdue", Text)),
    else_=literal("open", Text),
)
RECOMMENDED = MonitoringList(
    name="recommendations",
    projections=(RECOMMENDATIONS, COMMUNE_COVERAGE),
    table=TABLE,
    source=beside_its_span(TABLE),
    columns={
        **of_a_span(TABLE),
        "number": TABLE.c.number,
        "state": STATE,
        "made_on": TABLE.c.made_on,
        "to_body": TABLE.c.to_body,
        "content": TABLE.c.content,
        "answer_due_on": TABLE.c.answer_due_on,
        "days_open": case((TABLE.c.answered_on.is_(None), AS_OF - TABLE.c.made_on)),
        "answered_on": TABLE.c.answered_on,
        "answer": TABLE.c.answer,
        "position": TABLE.c.position,
    },
    holds=valid(TABLE),
    filters={
        **span_filters(TABLE),
        "to_body": said("to_body", TABLE.c.to_body),
        "state": said("state", STATE),
    },
    marks=("made_on", "unit_id", "number"),
)
