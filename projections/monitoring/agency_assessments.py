"""Agency assessments: how each sending agency was judged for a year, beside its own figures (D17).

Every agency is listed whose leaders monitored on a day of the year. Its communes and monitors are
those of 31 December, or of the day asked about, if that is earlier.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Date,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    distinct,
    func,
    select,
)

from domain.monitoring.events import AgencyAssessed
from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.commune_coverage.intervals import TABLE as COVERAGE
from projections.days import AS_OF
from projections.monitoring.lists import YEAR, day
from projections.monitoring.papers import (
    ANNUAL_REPORTS,
    KINDS,
    PROGRAMMES,
    PaperKind,
)
from projections.monitoring.visits import COMMUNE_VISITS, VISITS
from projections.monitoring.visits import TABLE as VISITED
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
    "agency_assessments",
    text_id("unit_id"),
    Column("year", Integer, nullable=False),
    Column("assessed_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    text_id("level"),
    Column("remarks", Text, nullable=False),
    text_id("assessed_by"),
)


def assessed(_: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    names = ("unit_id", "year", "level", "remarks", "assessed_by")
    row = {name: data[name] for name in names}
    return ({**row, "assessed_on": event.day, "until_on": FOREVER, "position": event.position},)


AGENCY_ASSESSMENTS = Projection(
    version=1,
    table=TABLE,
    key=("unit_id", "year"),
    since="assessed_on",
    until="until_on",
    folds={AgencyAssessed.TYPE: assessed},
)
PROJECTIONS = (AGENCY_ASSESSMENTS, COMMUNE_COVERAGE, COMMUNE_VISITS, PROGRAMMES, ANNUAL_REPORTS)
OWED: tuple[PaperKind, ...] = ("programmes", "annual_reports")


class AgencyYear(NamedTuple):
    """An agency's year: how it was judged, and its figures."""

    agency_id: str
    level: str | None
    remarks: str | None
    assessed_by: str | None
    assessed_on: Any
    communes: int
    monitors: int
    visits: int
    programmes_late: int
    programmes_missing: int
    annual_reports_late: int
    annual_reports_missing: int


@lru_cache
def agency_years(*, of_one: bool, continued: bool) -> Statement:
    """Rows of `position` and an `AgencyYear`; one more than `limit` if more follow.

    Arguments: ledger, as_of, limit, those of both kinds of `OWED`, `agency` if of one, `after`.
    """
    first_day, last_day = day("first_day"), day("last_day")
    sent = (
        select(
            COVERAGE.c.agency_id,
            func.count().filter(_held_on(last_day)).label("communes"),
            func.count(distinct(COVERAGE.c.official_id))
            .filter(_held_on(last_day))
            .label("monitors"),
        )
        .where(
            COVERAGE.c.ledger == LEDGER,
            COVERAGE.c.official_id.is_not(None),
            COVERAGE.c.valid_from <= last_day,
            COVERAGE.c.valid_to > first_day,
        )
        .group_by(COVERAGE.c.agency_id)
        .subquery("sent")
    )
    judged = and_(
        TABLE.c.ledger == LEDGER,
        TABLE.c.unit_id == sent.c.agency_id,
        TABLE.c.year == YEAR,
        TABLE.c.assessed_on <= AS_OF,
    )
    visits = _visits(first_day, last_day)
    source = sent.join(TABLE, judged, isouter=True)
    source = source.join(visits, visits.c.agency_id == sent.c.agency_id, isouter=True)
    papers = []
    for kind in OWED:
        owed = _papers(kind)
        source = source.join(owed, owed.c.agency_id == sent.c.agency_id, isouter=True)
        papers += [owed.c.late, owed.c.missing]
    query: Select[Any] = select(
        standing(*(one.name for one in PROJECTIONS)).label("position"),
        sent.c.agency_id,
        *(TABLE.c[name] for name in ("level", "remarks", "assessed_by", "assessed_on")),
        sent.c.communes,
        sent.c.monitors,
        func.coalesce(visits.c.visits, 0),
        *(func.coalesce(count, 0) for count in papers),
    ).select_from(source)
    if of_one:
        query = query.where(sent.c.agency_id == bindparam("agency", type_=Text))
    if continued:
        query = query.where(sent.c.agency_id > bindparam("after", type_=Text))
    return statement(query.order_by(sent.c.agency_id).limit(LIMIT + 1))


def _held_on(on: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(COVERAGE.c.valid_from <= on, COVERAGE.c.valid_to > on)


def _visits(first_day: ColumnElement[Any], last_day: ColumnElement[Any]) -> Any:  # noqa: ANN401  a subquery
    agency = VISITS.columns["agency_id"].label("agency_id")
    return (
        select(agency, func.count().label("visits"))
        .select_from(VISITS.source)
        .where(VISITED.c.ledger == LEDGER, VISITED.c.visited_on.between(first_day, last_day))
        .group_by(agency)
        .subquery("visits")
    )


def _papers(kind: PaperKind) -> Any:  # noqa: ANN401  a subquery
    """The papers of the kind that came late or are missing, by agency."""
    rows = KINDS[kind].listing.rows(frozenset()).subquery()
    counts = (
        func.count().filter(rows.c.state == state).label(state) for state in ("late", "missing")
    )
    return select(rows.c.agency_id, *counts).group_by(rows.c.agency_id).subquery(kind)
