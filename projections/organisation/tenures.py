"""Tenures: who holds which post, from when to when."""

from sqlalchemy import BigInteger, Column, Date, Index

from domain.organisation import events as organisation
from projections.projection import (
    FOREVER,
    Projection,
    RecordedEvent,
    Row,
    Rows,
    read_table,
    require_open_row,
    text_id,
)

TABLE = read_table(
    "tenures",
    text_id("official_id"),
    text_id("post_id"),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    text_id("unit_id"),
    text_id("cause", nullable=True),
)
Index("tenures_post", TABLE.c.ledger, TABLE.c.post_id, TABLE.c.from_on)


def tenure_started(_: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    return (
        {
            "official_id": data["official_id"],
            "post_id": data["post_id"],
            "from_on": event.day,
            "until_on": FOREVER,
            "position": event.position,
            "unit_id": data["unit_id"],
            "cause": None,
        },
    )


def tenure_ended(tenure: Row | None, event: RecordedEvent) -> Rows:
    changes = {"until_on": event.day, "position": event.position, "cause": event.data["cause"]}
    return ({**require_open_row(tenure, event), **changes},)


TENURES = Projection(
    version=1,
    table=TABLE,
    key=("official_id", "post_id"),
    since="from_on",
    until="until_on",
    folds={
        organisation.TenureStarted.TYPE: tenure_started,
        organisation.TenureEnded.TYPE: tenure_ended,
    },
)
