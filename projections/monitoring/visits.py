"""Commune visits: who was in which commune when and for what; counted by what is asked (D12)."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Date,
    Index,
    Integer,
    Text,
    bindparam,
    cast,
    distinct,
    extract,
    func,
    literal,
    select,
)

from domain.monitoring.events import VisitRecorded
from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.days import AS_OF
from projections.monitoring.lists import (
    YEAR,
    MonitoringList,
    beside_its_span,
    day,
    of_a_span,
    said,
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
from projections.statement import LEDGER, LIMIT, Statement, standing, statement

TABLE = read_table(
    "commune_visits",
    text_id("unit_id"),
    Column("number", Integer, nullable=False),
    Column("visited_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    text_id("official_id"),
    Column("since", Date, nullable=False),
    text_id("occasion"),
    Column("content", Text, nullable=False),
)
Index("commune_visits_day", TABLE.c.ledger, TABLE.c.visited_on)


def recorded(_: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    names = ("unit_id", "number", "official_id", "since", "occasion", "content")
    row = {name: data[name] for name in names}
    return ({**row, "visited_on": event.day, "until_on": FOREVER, "position": event.position},)


COMMUNE_VISITS = Projection(
    version=1,
    table=TABLE,
    key=("unit_id", "number"),
    since="visited_on",
    until="until_on",
    folds={VisitRecorded.TYPE: recorded},
)

IN_YEAR = extract("year", TABLE.c.visited_on) == YEAR
VISITS = MonitoringList(
    name="visits",
    projections=(COMMUNE_VISITS, COMMUNE_COVERAGE),
    table=TABLE,
    source=beside_its_span(TABLE),
    columns={
        **of_a_span(TABLE),
        "number": TABLE.c.number,
        "visited_on": TABLE.c.visited_on,
        "occasion": TABLE.c.occasion,
        "content": TABLE.c.content,
        "position": TABLE.c.position,
    },
    holds=(TABLE.c.visited_on <= AS_OF,),
    filters={
        **span_filters(TABLE),
        "occasion": said("occasion", TABLE.c.occasion),
        "year": IN_YEAR,
        "from_on": TABLE.c.visited_on >= day("from_on"),
        "to_on": TABLE.c.visited_on <= day("to_on"),
    },
    marks=("visited_on", "unit_id", "number"),
)

GROUPS: Mapping[str, ColumnElement[Any]] = {
    "none": literal("all"),
    "commune": TABLE.c.unit_id,
    "official": TABLE.c.official_id,
    "agency": func.coalesce(VISITS.columns["agency_id"], literal("-")),
    "occasion": TABLE.c.occasion,
    "month": func.to_char(TABLE.c.visited_on, literal("YYYY-MM")),
    "year": func.to_char(TABLE.c.visited_on, literal("YYYY")),
}


@lru_cache(maxsize=512)
def visit_counts(group_by: str, filters: frozenset[str], *, continued: bool) -> Statement:
    """Rows of `position`, `group`, `visits`, `communes`, `officials`; one more than `limit`.

    Arguments: ledger, as_of, limit, each filter's, and `after`, the last group of the page before.
    """
    visits = (
        select(
            cast(GROUPS[group_by], Text).collate("C").label("group"),
            TABLE.c.unit_id,
            TABLE.c.official_id,
        )
        .select_from(VISITS.source)
        .where(TABLE.c.ledger == LEDGER, *VISITS.holds)
        .where(*(VISITS.filters[name] for name in sorted(filters)))
        .subquery("visits")
    )
    query = select(
        standing(*(one.name for one in VISITS.projections)).label("position"),
        visits.c.group,
        func.count().label("visits"),
        func.count(distinct(visits.c.unit_id)).label("communes"),
        func.count(distinct(visits.c.official_id)).label("officials"),
    ).group_by(visits.c.group)
    if continued:
        query = query.where(visits.c.group > bindparam("after", type_=Text))
    return statement(query.order_by(visits.c.group).limit(LIMIT + 1))
