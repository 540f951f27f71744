"""Good practices: which new ways of working monitors recorded, to be taken up elsewhere (D20)."""

from datetime import date
from typing import Annotated

from sqlalchemy import BigInteger, Column, Date, Integer, Text

from domain.monitoring.events import GoodPracticeRecorded
from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.days import AS_OF
from projections.listing import Listing, Shown
from projections.monitoring.span_lines import SpanFilters, SpanLine, beside_its_span
from projections.projection import (
    FOREVER,
    Projection,
    RecordedEvent,
    Row,
    Rows,
    read_table,
    text_id,
)

TABLE = read_table(
    "good_practices",
    text_id("unit_id"),
    Column("number", Integer, nullable=False),
    Column("recorded_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    text_id("official_id"),
    Column("since", Date, nullable=False),
    Column("title", Text, nullable=False),
    Column("content", Text, nullable=False),
)


def recorded(_: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    names = ("unit_id", "number", "official_id", "since", "title", "content")
    row = {name: data[name] for name in names}
    return ({**row, "recorded_on": event.day, "until_on": FOREVER, "position": event.position},)


GOOD_PRACTICES = Projection(
    version=1,
    table=TABLE,
    key=("unit_id", "number"),
    since="recorded_on",
    until="until_on",
    folds={GoodPracticeRecorded.TYPE: recorded},
)
LINES = beside_its_span(TABLE)


class GoodPractice(SpanLine):
    """A new way of working that the monitor recorded, to be taken up elsewhere."""

    number: int
    recorded_on: Annotated[date, Shown(vi="Ngày ghi nhận")]
    title: str
    content: str
    position: int


RECORDED_PRACTICES = Listing(
    name="good-practices",
    path="monitoring/good-practices",
    operation="list_good_practices",
    tag="monitoring",
    answers="The new ways of working that monitors recorded by a day.",
    page="One page of good practices, the oldest first.",
    item=GoodPractice,
    filters=SpanFilters,
    projections=(GOOD_PRACTICES, COMMUNE_COVERAGE),
    table=LINES,
    holds=(LINES.c.recorded_on <= AS_OF,),
    order=("recorded_on", "unit_id", "number"),
)
