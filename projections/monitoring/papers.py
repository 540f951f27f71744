"""Monitoring papers: which programmes, annual reports and reviews came in time, late, or never.

A paper is expected of whoever monitors the commune on the day it falls due, or on 31 December where
that is earlier; a review always of whoever monitored on 31 December. Until that day comes it is
expected of the monitor of the day asked about. What somebody else gave counts beside it, as not
expected. In time is what was first given by the deadline; nothing is late where there is none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeAlias

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Date,
    Integer,
    Table,
    Text,
    and_,
    case,
    func,
    literal,
    or_,
    select,
)

from domain.monitoring.events import AnnualReportSubmitted, MonitorReviewed, ProgrammeSubmitted
from domain.regulations.events import CommuneMonitoringRegulated
from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.commune_coverage.intervals import TABLE as COVERAGE
from projections.days import AS_OF
from projections.monitoring.lists import YEAR, MonitoringList, day, said
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
from projections.statement import Statement, standing, statement

PaperKind: TypeAlias = Literal["programmes", "annual_reports", "reviews"]


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


class PaperDays(NamedTuple):
    """The days that decide on the papers of a kind and a year, as of a day.

    Attributes:
        year: whose papers.
        first_day: of the year.
        last_day: of the year, or the day asked about, if that is earlier.
        expected_on: who monitors on it owes the paper.
        due_on: the last day in time; None where no regulation says so.
    """

    year: int
    first_day: date
    last_day: date
    expected_on: date
    due_on: date | None


@dataclass(frozen=True, eq=False)
class Papers:
    """One kind of paper.

    Attributes:
        kind: as readers call it.
        projection: of those given.
        due: the last day in time for a year, by a regulation.
        of_whole_year: expected of whoever monitored on 31 December, whenever it falls due.
        columns: beside those of every paper.
    """

    kind: PaperKind
    projection: Projection
    due: Callable[[CommuneMonitoringRegulated, int], date]
    of_whole_year: bool
    columns: tuple[str, ...]

    def days(
        self, year: int, as_of: date, regulation: CommuneMonitoringRegulated | None
    ) -> PaperDays:
        """What decides on the papers of the year as of the day."""
        last_day = date(year, 12, 31)
        due_on = None if regulation is None else self.due(regulation, year)
        owed_on = last_day if self.of_whole_year or due_on is None else min(due_on, last_day)
        last = min(as_of, last_day)
        return PaperDays(year, date(year, 1, 1), last, min(as_of, owed_on), due_on)

    def arguments(
        self, year: int, as_of: date, regulation: CommuneMonitoringRegulated | None
    ) -> dict[str, object]:
        """Those of every statement about these papers: `PaperDays`, the last two by the kind."""
        days = self.days(year, as_of, regulation)
        return {
            "year": days.year,
            "first_day": days.first_day,
            "last_day": days.last_day,
            f"{self.kind}_expected_on": days.expected_on,
            f"{self.kind}_due_on": days.due_on,
        }

    @property
    def listing(self) -> MonitoringList:
        return _listing(self)


@lru_cache
def _listing(of: Papers) -> MonitoringList:
    paper = of.projection.table.c
    same = and_(
        paper.ledger == COVERAGE.c.ledger,
        paper.unit_id == COVERAGE.c.unit_id,
        paper.official_id == COVERAGE.c.official_id,
        paper.since == COVERAGE.c.valid_from,
        paper.year == YEAR,
        paper.valid_from <= AS_OF,
        paper.valid_to > AS_OF,
    )
    expected_on, due_on = day(f"{of.kind}_expected_on"), day(f"{of.kind}_due_on")
    expected = and_(COVERAGE.c.valid_from <= expected_on, COVERAGE.c.valid_to > expected_on)
    given = paper.first_on.is_not(None)
    state = case(
        (and_(given, paper.first_on > due_on), literal("late", Text)),
        (given, literal("in_time", Text)),
        (due_on < AS_OF, literal("missing", Text)),
        else_=literal("awaited", Text),
    )
    return MonitoringList(
        name=of.kind,
        projections=(of.projection, COMMUNE_COVERAGE),
        table=COVERAGE,
        source=COVERAGE.join(of.projection.table, same, isouter=True),
        columns={
            "unit_id": COVERAGE.c.unit_id,
            "official_id": COVERAGE.c.official_id,
            "agency_id": COVERAGE.c.agency_id,
            "since_on": COVERAGE.c.valid_from,
            "year": YEAR,
            "expected": expected,
            "state": state,
            "due_on": due_on,
            "first_on": paper.first_on,
            "submitted_on": paper.valid_from,
            "revision": paper.revision,
            "days_late": _days_late(state, paper.first_on, due_on),
            **{name: paper[name] for name in of.columns},
        },
        holds=(
            COVERAGE.c.official_id.is_not(None),
            COVERAGE.c.valid_to > COVERAGE.c.valid_from,
            or_(expected, given),
        ),
        filters={
            "commune": said("commune", COVERAGE.c.unit_id),
            "official": said("official", COVERAGE.c.official_id),
            "agency": said("agency", COVERAGE.c.agency_id),
            "state": said("state", state),
            **({"level": said("level", paper.level)} if "level" in of.columns else {}),
        },
        marks=("unit_id", "since_on"),
    )


def _days_late(
    state: ColumnElement[str], first_on: ColumnElement[Any], due_on: ColumnElement[Any]
) -> ColumnElement[Any]:
    return case((state == "late", first_on - due_on), (state == "missing", AS_OF - due_on))


KINDS: Mapping[PaperKind, Papers] = {
    "programmes": Papers(
        "programmes",
        PROGRAMMES,
        lambda regulation, year: regulation.programme_due.of(year),
        of_whole_year=False,
        columns=("content", "planned_visits"),
    ),
    "annual_reports": Papers(
        "annual_reports",
        ANNUAL_REPORTS,
        lambda regulation, year: regulation.report_due.of(year),
        of_whole_year=False,
        columns=("content",),
    ),
    "reviews": Papers(
        "reviews",
        REVIEWS,
        lambda regulation, year: regulation.review_due.of(year),
        of_whole_year=True,
        columns=("level", "remarks", "reviewed_by"),
    ),
}


class PaperCounts(NamedTuple):
    """The papers of a kind and a year: of those expected, and of those nobody expected."""

    expected: int
    in_time: int
    late: int
    missing: int
    awaited: int
    unexpected: int


@lru_cache(maxsize=128)
def paper_counts(kind: PaperKind, filters: frozenset[str]) -> Statement:
    """One row: `position` and the `PaperCounts`.

    Arguments: ledger, as_of, `Papers.arguments`, and each filter's.
    """
    listing = KINDS[kind].listing
    rows = listing.rows(filters).subquery("rows")
    counts = {
        "expected": rows.c.expected,
        **{
            state: and_(rows.c.expected, rows.c.state == state)
            for state in ("in_time", "late", "missing", "awaited")
        },
        "unexpected": ~rows.c.expected,
    }
    names = [one.name for one in listing.projections]
    counted: list[ColumnElement[Any]] = [
        func.count().filter(counts[name]).label(name) for name in PaperCounts._fields
    ]
    return statement(select(standing(*names).label("position"), *counted))
