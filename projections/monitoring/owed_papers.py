"""Owed papers: which programmes, annual reports and reviews came in time, late, or never.

A paper is expected of whoever monitors the commune on the day it falls due, or on 31 December where
that is earlier; a review always of whoever monitored on 31 December. Until that day comes it is
expected of the monitor of the day asked about. What somebody else gave counts beside it, as not
expected. In time is what was first given by the deadline; nothing is late where there is none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache, partial
from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import Field
from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    and_,
    bindparam,
    case,
    or_,
    select,
)

from domain.monitoring.events import Level
from domain.regulations.regulations import CommuneRules, DaysOff, Regulations
from domain.regulations.vocabulary_1.organising import Paper as RegulatedPaper
from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.commune_coverage.intervals import TABLE as COVERAGE
from projections.days import AS_OF, valid
from projections.filters import Year, where
from projections.listing import Arguments, Beside, Listing, ListItem, Shown
from projections.monitoring.papers import ANNUAL_REPORTS, PROGRAMMES, REVIEWS
from projections.monitoring.span_lines import YEAR, SpanFilters, SpanLine
from projections.projection import Projection
from projections.statement import Statement, counts, statement, word

PaperKind: TypeAlias = Literal["programmes", "annual_reports", "reviews"]
State: TypeAlias = Literal["in_time", "late", "missing", "awaited"]


@dataclass(frozen=True, eq=False)
class Papers:
    """One kind of paper.

    Attributes:
        kind: as readers call it.
        projection: of those given.
        regulated: as regulations call it.
        of_whole_year: expected of whoever monitored on 31 December, whenever it falls due.
        columns: beside those of every paper.
    """

    kind: PaperKind
    projection: Projection
    regulated: RegulatedPaper
    of_whole_year: bool
    columns: tuple[str, ...]

    def arguments(
        self, year: int, as_of: date, regulation: CommuneRules | None, days_off: DaysOff
    ) -> Arguments:
        """Those of every statement about the papers of the year, as of the day.

        Of the kind's own, who monitors on `expected_on` owes the paper, and `due_on` is the last
        day in time; None where no regulation says so.
        """
        last_day = date(year, 12, 31)
        due_on = None if regulation is None else regulation.due(self.regulated, year, days_off)
        owed_on = last_day if self.of_whole_year or due_on is None else min(due_on, last_day)
        return {
            "year": year,
            "first_day": date(year, 1, 1),
            "last_day": min(as_of, last_day),
            f"{self.kind}_expected_on": min(as_of, owed_on),
            f"{self.kind}_due_on": due_on,
        }

    @cached_property
    def lines(self) -> FromClause:
        """The papers that are expected or came, each beside its monitor's span."""
        paper = self.projection.table.c
        same = and_(
            paper.ledger == COVERAGE.c.ledger,
            paper.unit_id == COVERAGE.c.unit_id,
            paper.official_id == COVERAGE.c.official_id,
            paper.since == COVERAGE.c.valid_from,
            paper.year == YEAR,
            *valid(self.projection.table),
        )
        expected_on: ColumnElement[Any] = bindparam(f"{self.kind}_expected_on", type_=Date)
        due_on: ColumnElement[Any] = bindparam(f"{self.kind}_due_on", type_=Date)
        expected = and_(*valid(COVERAGE, expected_on))
        given = paper.first_on.is_not(None)
        state = case(
            (and_(given, paper.first_on > due_on), word("late")),
            (given, word("in_time")),
            (due_on < AS_OF, word("missing")),
            else_=word("awaited"),
        )
        return (
            select(
                *(COVERAGE.c[name] for name in ("ledger", "unit_id", "official_id", "agency_id")),
                COVERAGE.c.valid_from.label("since_on"),
                YEAR.label("year"),
                expected.label("expected"),
                state.label("state"),
                due_on.label("due_on"),
                paper.first_on,
                paper.valid_from.label("submitted_on"),
                paper.revision,
                _days_late(state, paper.first_on, due_on).label("days_late"),
                *(paper[name] for name in self.columns),
            )
            .select_from(COVERAGE.join(self.projection.table, same, isouter=True))
            .where(
                COVERAGE.c.official_id.is_not(None),
                COVERAGE.c.valid_to > COVERAGE.c.valid_from,
                or_(expected, given),
            )
            .subquery(self.kind)
        )


def _days_late(
    state: ColumnElement[str], first_on: ColumnElement[Any], due_on: ColumnElement[Any]
) -> ColumnElement[Any]:
    return case((state == "late", first_on - due_on), (state == "missing", AS_OF - due_on))


KINDS: Mapping[PaperKind, Papers] = {
    "programmes": Papers(
        "programmes",
        PROGRAMMES,
        "monitoring_programme",
        of_whole_year=False,
        columns=("content", "planned_visits"),
    ),
    "annual_reports": Papers(
        "annual_reports",
        ANNUAL_REPORTS,
        "monitoring_report",
        of_whole_year=False,
        columns=("content",),
    ),
    "reviews": Papers(
        "reviews",
        REVIEWS,
        "commune_review",
        of_whole_year=True,
        columns=("level", "remarks", "reviewed_by"),
    ),
}


def of_year(*kinds: PaperKind) -> Callable[[Any, date, Regulations | None], Arguments]:
    """The arguments of lists of these papers: of the year given, or else that of the day."""

    def arguments(params: Any, as_of: date, regulated: Regulations | None) -> Arguments:  # noqa: ANN401  each list's own
        year = params.year or as_of.year
        last_day = min(as_of, date(year, 12, 31))
        known = regulated or Regulations()
        in_force = known.of_communes(last_day)
        of_kinds = (KINDS[kind].arguments(year, as_of, in_force, known.days_off) for kind in kinds)
        return {name: value for one in of_kinds for name, value in one.items()}

    return arguments


class Paper(SpanLine):
    """A paper that is expected of a monitor for the year, or that came though nobody expected it.

    It is expected of whoever monitors on the day it falls due, or on 31 December where that is
    earlier; a review always of whoever monitored on 31 December. Until then it is expected of the
    monitor of the day asked about. `due_on` is by the regulation in force at the end of the year,
    or on the day asked about, if that is earlier; null where none is, or where it asks for no such
    paper. `first_on` decides whether
    it came in time; `submitted_on` is of its last `revision`. `days_late` are those until it came,
    or until the day asked about.
    """

    year: int
    expected: Annotated[bool, Shown(vi="Phải nộp")]
    state: State
    due_on: Annotated[date | None, Shown(vi="Hạn nộp")]
    first_on: Annotated[date | None, Shown(vi="Ngày nộp lần đầu")]
    submitted_on: Annotated[date | None, Shown(vi="Ngày nộp bản mới nhất")]
    revision: Annotated[int | None, Shown(vi="Lần ban hành")]
    days_late: Annotated[int | None, Shown(vi="Số ngày chậm")]


class Programme(Paper):
    """A programme of the year."""

    content: str | None
    planned_visits: Annotated[int | None, Shown(vi="Số lượt dự kiến")]


class AnnualReport(Paper):
    """A report on the year."""

    content: str | None


class Review(Paper):
    """The commune's year-end form on its monitor."""

    level: Level | None
    remarks: str | None
    reviewed_by: Annotated[str | None, Shown(vi="Cơ quan nhận xét")]


class PaperFilters(SpanFilters):
    """Which papers of a year."""

    year: Annotated[Year | None, Field(description="That of `as_of` if left out.")] = None
    state: State | None = where("state")


class ReviewFilters(PaperFilters):
    """Which reviews of a year."""

    level: Level | None = where("level")


class PaperCounts(ListItem):
    """The papers of the year: of the `expected` four states, and those nobody expected."""

    expected: int
    in_time: int
    late: int
    missing: int
    awaited: int
    unexpected: int


@lru_cache(maxsize=128)
def paper_counts(kind: PaperKind, filters: frozenset[str]) -> Statement:
    """One row of `PaperCounts`; arguments: ledger, as_of, `Papers.arguments`, each filter's."""
    rows = LISTS[kind].rows(filters).subquery("rows")
    expected = rows.c.expected
    states = {state: and_(expected, rows.c.state == state) for state in get_args(State)}
    return statement(select(*counts({"expected": expected, **states, "unexpected": ~expected})))


def _list(  # noqa: PLR0913  what differs between the three
    kind: PaperKind,
    operation: str,
    *,
    answers: str,
    page: str,
    item: type[Paper],
    filters: type[PaperFilters] = PaperFilters,
) -> Listing:
    papers, name = KINDS[kind], kind.replace("_", "-")
    counted = Beside(
        name="counts",
        row=PaperCounts,
        statement=partial(paper_counts, kind),
        ignores=frozenset({"state"}),
    )
    return Listing(
        name=name,
        path=f"monitoring/{name}",
        operation=operation,
        tag="monitoring",
        answers=answers,
        page=page,
        item=item,
        filters=filters,
        projections=(papers.projection, COMMUNE_COVERAGE),
        table=papers.lines,
        order=("unit_id", "since_on"),
        beside=(counted,),
        arguments=of_year(kind),
        regulated=True,
    )


LISTS: Mapping[PaperKind, Listing] = {
    "programmes": _list(
        "programmes",
        "list_monitoring_programmes",
        answers="The programmes of a year that monitors submitted in time or late, and those "
        "missing.",
        page="One page of programmes, by commune; the counts are of all pages, whatever their "
        "state.",
        item=Programme,
    ),
    "annual_reports": _list(
        "annual_reports",
        "list_monitoring_reports",
        answers="The reports on a year that monitors submitted in time or late, and those missing.",
        page="One page of annual reports, by commune; the counts are of all pages, whatever their "
        "state.",
        item=AnnualReport,
    ),
    "reviews": _list(
        "reviews",
        "list_monitoring_reviews",
        answers="The year-end forms on monitors that communes gave in time or late, and those "
        "missing.",
        page="One page of reviews, by commune; the counts are of all pages, whatever their state.",
        item=Review,
        filters=ReviewFilters,
    ),
}
