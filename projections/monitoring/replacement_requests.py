"""Replacement requests: which communes asked for another monitor, and what they were told (D15)."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, Text, case, literal

from domain.monitoring.events import ReplacementAnswered, ReplacementRequested
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
    "replacement_requests",
    text_id("unit_id"),
    Column("number", Integer, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    text_id("official_id"),
    Column("since", Date, nullable=False),
    Column("requested_on", Date, nullable=False),
    text_id("requested_by"),
    Column("reason", Text, nullable=False),
    Column("answered_on", Date),
    text_id("answered_by", nullable=True),
    Column("granted", Boolean),
    Column("answer", Text),
)


def requested(_: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    names = ("unit_id", "number", "official_id", "since", "requested_by", "reason")
    return first_version(
        event,
        {
            **{name: data[name] for name in names},
            "requested_on": event.day,
            "answered_on": None,
            "answered_by": None,
            "granted": None,
            "answer": None,
        },
    )


def answered(row: Row | None, event: RecordedEvent) -> Rows:
    changes = {name: event.data[name] for name in ("answered_by", "granted", "answer")}
    return next_version(require_open_row(row, event), event, {**changes, "answered_on": event.day})


REPLACEMENT_REQUESTS = Projection(
    version=1,
    table=TABLE,
    key=("unit_id", "number"),
    since="valid_from",
    until="valid_to",
    folds={ReplacementRequested.TYPE: requested, ReplacementAnswered.TYPE: answered},
)

STATE = case(
    (TABLE.c.granted.is_(None), literal("open", Text)),
    (TABLE.c.granted, literal("granted", Text)),
    else_=literal("refused", Text),
)
REQUESTED = MonitoringList(
    name="replacement requests",
    projections=(REPLACEMENT_REQUESTS, COMMUNE_COVERAGE),
    table=TABLE,
    source=beside_its_span(TABLE),
    columns={
        **of_a_span(TABLE),
        "number": TABLE.c.number,
        "state": STATE,
        "requested_on": TABLE.c.requested_on,
        "requested_by": TABLE.c.requested_by,
        "reason": TABLE.c.reason,
        "days_open": case((TABLE.c.granted.is_(None), AS_OF - TABLE.c.requested_on)),
        "answered_on": TABLE.c.answered_on,
        "answered_by": TABLE.c.answered_by,
        "answer": TABLE.c.answer,
        "position": TABLE.c.position,
    },
    holds=valid(TABLE),
    filters={**span_filters(TABLE), "state": said("state", STATE)},
    marks=("requested_on", "unit_id", "number"),
)
