"""Good practices: which new ways of working monitors recorded, to be taken up elsewhere (D20)."""

from datetime import date
from typing import Annotated

from sqlalchemy import Index

from domain.monitoring.events import GoodPracticeRecorded
from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.days import AS_OF
from projections.listing import Listing, Shown
from projections.monitoring.span_lines import OfSpan, SpanFilters, SpanLine, beside_its_span
from projections.projection import IsoDay, Occurrence
from projections.records import recorded_once


class PracticeRow(Occurrence, OfSpan):
    """A good practice."""

    number: int
    recorded_on: IsoDay
    title: str
    content: str


GOOD_PRACTICES = recorded_once(
    "good_practices",
    PracticeRow,
    key=("unit_id", "number"),
    event=GoodPracticeRecorded,
    on="recorded_on",
)
TABLE = GOOD_PRACTICES.table
Index("good_practices_day", TABLE.c.ledger, TABLE.c.recorded_on, TABLE.c.unit_id, TABLE.c.number)
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
