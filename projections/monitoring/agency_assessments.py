"""Agency assessments: how each sending agency was judged for a year, beside its own figures (D17).

Every agency is listed whose leaders monitored on a day of the year. Its communes and monitors are
those of 31 December, or of the day asked about, if that is earlier: of a year that is to come by
then, nothing is known, whatever is decided ahead.
"""

from datetime import date
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import ColumnElement, FromClause, and_, distinct, func, select

from domain.monitoring.events import AgencyAssessed, Level
from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.commune_coverage.intervals import TABLE as COVERAGE
from projections.days import AS_OF, valid
from projections.filters import Filters, Id, Year, where
from projections.listing import Listing, ListItem, Shown
from projections.monitoring.owed_papers import KINDS, PaperKind, of_year
from projections.monitoring.papers import ANNUAL_REPORTS, PROGRAMMES
from projections.monitoring.span_lines import FIRST_DAY, LAST_DAY, YEAR
from projections.monitoring.visits import COMMUNE_VISITS
from projections.monitoring.visits import LINES as VISITS
from projections.projection import IsoDay, Name, Occurrence
from projections.records import recorded_once
from projections.statement import LEDGER, counts


class AssessmentRow(Occurrence):
    """How an agency was assessed for a year."""

    unit_id: Name
    year: int
    assessed_on: IsoDay
    level: Name
    remarks: str
    assessed_by: Name


AGENCY_ASSESSMENTS = recorded_once(
    "agency_assessments",
    AssessmentRow,
    key=("unit_id", "year"),
    event=AgencyAssessed,
    on="assessed_on",
)
TABLE = AGENCY_ASSESSMENTS.table
OWED: tuple[PaperKind, ...] = ("programmes", "annual_reports")
ON_LAST_DAY = and_(*valid(COVERAGE, LAST_DAY))
SENT = (
    select(
        COVERAGE.c.agency_id,
        func.count().filter(ON_LAST_DAY).label("communes"),
        func.count(distinct(COVERAGE.c.official_id)).filter(ON_LAST_DAY).label("monitors"),
    )
    .where(
        COVERAGE.c.ledger == LEDGER,
        COVERAGE.c.official_id.is_not(None),
        FIRST_DAY <= LAST_DAY,
        COVERAGE.c.valid_from <= LAST_DAY,
        COVERAGE.c.valid_to > FIRST_DAY,
    )
    .group_by(COVERAGE.c.agency_id)
    .subquery("sent")
)
VISITED = (
    select(VISITS.c.agency_id, func.count().label("visits"))
    .where(VISITS.c.ledger == LEDGER, VISITS.c.visited_on.between(FIRST_DAY, LAST_DAY))
    .group_by(VISITS.c.agency_id)
    .subquery("visited")
)


def _owed(kind: PaperKind) -> FromClause:
    """The papers of the kind that came late or are missing, by agency."""
    lines = KINDS[kind].lines
    of_state = counts({state: lines.c.state == state for state in ("late", "missing")})
    return (
        select(lines.c.agency_id, *of_state)
        .where(lines.c.ledger == LEDGER)
        .group_by(lines.c.agency_id)
        .subquery(f"owed_{kind}")
    )


OWED_PROGRAMMES, OWED_REPORTS = (_owed(kind) for kind in OWED)


def _years() -> FromClause:
    """Every agency that sent somebody in the year, beside its assessment and its figures."""
    judged = and_(
        TABLE.c.ledger == LEDGER,
        TABLE.c.unit_id == SENT.c.agency_id,
        TABLE.c.year == YEAR,
        TABLE.c.assessed_on <= AS_OF,
    )
    years: FromClause = SENT.join(TABLE, judged, isouter=True)
    for counted in (VISITED, OWED_PROGRAMMES, OWED_REPORTS):
        years = years.join(counted, counted.c.agency_id == SENT.c.agency_id, isouter=True)
    return years


def _counted(count: ColumnElement[Any], vi: str | None = None) -> Shown:
    """A count that is 0 where there is nothing to count."""
    return Shown(func.coalesce(count, 0), vi=vi, total=True)


class AssessedAgency(ListItem):
    """An agency whose leaders monitored communes in the year; not assessed where `level` is null.

    Communes and monitors are those of the end of the year, or of the day asked about, if that is
    earlier; visits are those of the year, and papers those of the year that came late or never.
    """

    agency_id: str
    year: Annotated[int, Shown(YEAR)]
    level: Annotated[Level | None, Shown(TABLE.c.level)]
    remarks: Annotated[str | None, Shown(TABLE.c.remarks)]
    assessed_by: Annotated[str | None, Shown(TABLE.c.assessed_by, vi="Cơ quan đánh giá")]
    assessed_on: Annotated[date | None, Shown(TABLE.c.assessed_on, vi="Ngày đánh giá")]
    communes: int
    monitors: Annotated[int, Shown(vi="Số cán bộ theo dõi")]
    visits: Annotated[int, _counted(VISITED.c.visits)]
    programmes_late: Annotated[int, _counted(OWED_PROGRAMMES.c.late, "Chương trình nộp chậm")]
    programmes_missing: Annotated[int, _counted(OWED_PROGRAMMES.c.missing, "Chương trình chưa nộp")]
    annual_reports_late: Annotated[int, _counted(OWED_REPORTS.c.late, "Báo cáo năm nộp chậm")]
    annual_reports_missing: Annotated[int, _counted(OWED_REPORTS.c.missing, "Báo cáo năm chưa nộp")]


class AgencyFilters(Filters):
    """Which agencies, in which year."""

    year: Annotated[Year | None, Field(description="That of `as_of` if left out.")] = None
    agency: Id | None = where(SENT.c.agency_id)


ASSESSED_AGENCIES = Listing(
    name="monitoring-agencies",
    path="monitoring/agencies",
    operation="list_agency_assessments",
    tag="monitoring",
    answers="The agencies that sent monitors in a year, how they were assessed, and their figures.",
    page="One page of agencies, by id.",
    item=AssessedAgency,
    filters=AgencyFilters,
    projections=(AGENCY_ASSESSMENTS, COMMUNE_COVERAGE, COMMUNE_VISITS, PROGRAMMES, ANNUAL_REPORTS),
    table=SENT,
    source=_years(),
    order=("agency_id",),
    arguments=of_year(*OWED),
    regulated=True,
)
