"""Monitoring papers: programmes, annual reports and reviews as they were given and revised."""

from typing import Any

from sqlalchemy import BigInteger, Column, Date, Integer, Table, Text

from domain.monitoring.events import AnnualReportSubmitted, MonitorReviewed, ProgrammeSubmitted
from projections.projection import (
    FOREVER,
    Fold,
    Projection,
    RecordedEvent,
    Row,
    Rows,
    next_version,
    read_table,
    text_id,
)


def _table(name: str, *columns: Column[Any]) -> Table:
    return read_table(
        name,
        text_id("unit_id"),
        text_id("official_id"),
        Column("since", Date, nullable=False),
        Column("year", Integer, nullable=False),
        Column("valid_from", Date, nullable=False),
        Column("valid_to", Date, nullable=False),
        Column("position", BigInteger, nullable=False),
        Column("first_on", Date, nullable=False),
        Column("revision", Integer, nullable=False),
        *columns,
    )


def _given(*further: str) -> Fold:
    """A paper is given for the first time, or revised; it keeps the day of the first."""

    def given(row: Row | None, event: RecordedEvent) -> Rows:
        data = event.data
        changes = {
            "revision": data.get("revision", 1),
            **{name: data.get(name) for name in further},
        }
        if row is not None:
            return next_version(row, event, changes)
        return (
            {
                **{name: data[name] for name in ("unit_id", "official_id", "since", "year")},
                "valid_from": event.day,
                "valid_to": FOREVER,
                "position": event.position,
                "first_on": event.day,
                **changes,
            },
        )

    return given


def _papers(event: str, table: Table, *further: str) -> Projection:
    return Projection(
        version=1,
        table=table,
        key=("unit_id", "official_id", "since", "year"),
        since="valid_from",
        until="valid_to",
        folds={event: _given(*further)},
    )


PROGRAMMES = _papers(
    ProgrammeSubmitted.TYPE,
    _table(
        "monitoring_programmes",
        Column("content", Text, nullable=False),
        Column("planned_visits", Integer),
    ),
    "content",
    "planned_visits",
)
ANNUAL_REPORTS = _papers(
    AnnualReportSubmitted.TYPE,
    _table("monitoring_reports", Column("content", Text, nullable=False)),
    "content",
)
REVIEWS = _papers(
    MonitorReviewed.TYPE,
    _table(
        "monitoring_reviews",
        text_id("level"),
        Column("remarks", Text, nullable=False),
        text_id("reviewed_by"),
    ),
    "level",
    "remarks",
    "reviewed_by",
)
