"""Good practices: which new ways of working monitors recorded, to be taken up elsewhere (D20)."""

from sqlalchemy import BigInteger, Column, Date, Integer, Text

from domain.monitoring.events import GoodPracticeRecorded
from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.days import AS_OF
from projections.monitoring.lists import (
    MonitoringList,
    beside_its_span,
    of_a_span,
    span_filters,
)
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

PRACTICES = MonitoringList(
    name="good practices",
    projections=(GOOD_PRACTICES, COMMUNE_COVERAGE),
    table=TABLE,
    source=beside_its_span(TABLE),
    columns={
        **of_a_span(TABLE),
        **{name: TABLE.c[name] for name in ("number", "recorded_on", "title", "content")},
        "position": TABLE.c.position,
    },
    holds=(TABLE.c.recorded_on <= AS_OF,),
    filters=span_filters(TABLE),
    marks=("recorded_on", "unit_id", "number"),
)
