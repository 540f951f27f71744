"""Commune visits: who was in which commune when and for what; counted by what is asked (D12)."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import (
    ColumnElement,
    Date,
    Index,
    Select,
    Text,
    distinct,
    extract,
    func,
    literal,
    select,
)

from domain.monitoring.events import VisitRecorded
from domain.values import Day
from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.days import AS_OF
from projections.filters import Word, Year, where
from projections.listing import Listing, ListItem, Shown
from projections.monitoring.span_lines import OfSpan, SpanFilters, SpanLine, beside_its_span
from projections.projection import IsoDay, Name, Occurrence
from projections.records import recorded_once


class VisitRow(Occurrence, OfSpan):
    """A visit."""

    number: int
    visited_on: IsoDay
    occasion: Name
    content: str


COMMUNE_VISITS = recorded_once(
    "commune_visits",
    VisitRow,
    key=("unit_id", "number"),
    event=VisitRecorded,
    on="visited_on",
)
TABLE = COMMUNE_VISITS.table
Index("commune_visits_day", TABLE.c.ledger, TABLE.c.visited_on)
LINES = beside_its_span(TABLE)
GROUPS: Mapping[str, ColumnElement[Any]] = {
    "none": literal("all", Text),
    "commune": LINES.c.unit_id,
    "official": LINES.c.official_id,
    "agency": func.coalesce(LINES.c.agency_id, literal("-", Text)),
    "occasion": LINES.c.occasion,
    "month": func.to_char(LINES.c.visited_on, literal("YYYY-MM", Text)),
    "year": func.to_char(LINES.c.visited_on, literal("YYYY", Text)),
}


class Visit(SpanLine):
    """The monitor was in the commune on `visited_on`; numbered within the commune."""

    number: int
    visited_on: Annotated[date, Shown(vi="Ngày làm việc")]
    occasion: Annotated[str, Shown(vi="Sự kiện tham dự")]
    content: str
    position: int


class VisitCount(ListItem):
    """The visits of a group, to how many communes, by how many officials."""

    group: str
    visits: Annotated[int, Shown(total=True)]
    communes: int
    officials: int


class VisitFilters(SpanFilters):
    """Which visits."""

    occasion: Word | None = where(LINES.c.occasion, "Such as `party_meeting`.")
    year: Year | None = where(extract("year", LINES.c.visited_on))
    from_on: Day | None = where(
        lambda day: LINES.c.visited_on >= day, "On this day or later.", of=Date()
    )
    to_on: Day | None = where(
        lambda day: LINES.c.visited_on <= day, "On this day or earlier.", of=Date()
    )


class VisitCountFilters(VisitFilters):
    """Which visits, counted by what."""

    group_by: Annotated[
        Literal["none", "commune", "official", "agency", "occasion", "month", "year"],
        Field(description="`none` counts everything together; a month is such as `2023-05`."),
    ] = "none"


def counted(group_by: str, filters: frozenset[str]) -> Select[Any]:
    """Rows of `VisitCount`."""
    group = GROUPS[group_by].collate("C").label("group")
    visits = select(group, LINES.c.unit_id, LINES.c.official_id)
    visit = visits.where(*VISIT_COUNTS.conditions(filters)).subquery("visit").c
    return select(
        visit.group,
        func.count().label("visits"),
        func.count(distinct(visit.unit_id)).label("communes"),
        func.count(distinct(visit.official_id)).label("officials"),
    ).group_by(visit.group)


VISITS = Listing(
    name="visits",
    path="monitoring/visits",
    tag="monitoring",
    answers="The visits of monitors to their communes by a day.",
    page="One page of visits, the earliest first.",
    item=Visit,
    filters=VisitFilters,
    projections=(COMMUNE_VISITS, COMMUNE_COVERAGE),
    table=LINES,
    holds=(LINES.c.visited_on <= AS_OF,),
    order=("visited_on", "unit_id", "number"),
)
VISIT_COUNTS = Listing(
    name="visit-counts",
    path="monitoring/visit-counts",
    operation="count_visits",
    tag="monitoring",
    answers="How many visits there were by a day, by commune, official, agency, occasion or time.",
    page="One page of groups, in the order of their names.",
    item=VisitCount,
    filters=VisitCountFilters,
    projections=VISITS.projections,
    table=LINES,
    holds=VISITS.holds,
    order=("group",),
    groups=counted,
)
