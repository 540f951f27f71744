"""Monitoring figures: what reports give for a year beside what the log gives, where they differ.

Communes, their monitors and whether they are covered are those of 31 December, or of the day asked
about, if that is earlier; visits are those of the year, reviews and proposals those for it. Who is
proposed by two communes is one official proposed. The share of commendations is of the officials
proposed in the monitors. Tasks are those assigned in the year, in the four states in which the
Government Office counts them on that day; their share is of those done in those done or overdue.

A reported figure is compared at its own precision: 91.489… % agrees with a reported 91.5, and not
with 84.4. The recomputed share beside it has two decimals.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, NamedTuple

from pydantic import Field
from sqlalchemy import FromClause, Select, Table, bindparam, distinct, func, select

from domain.monitoring.events import FigureReported, Measure
from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.commune_coverage.intervals import TABLE as COVERAGE
from projections.days import of_day
from projections.filters import Filters, Id, Truth, Year
from projections.listing import Described, Item, ListItem, Shown
from projections.monitoring.commendations import COMMENDATIONS
from projections.monitoring.papers import REVIEWS
from projections.monitoring.span_lines import FIRST_DAY, LAST_DAY, YEAR
from projections.monitoring.visits import COMMUNE_VISITS
from projections.monitoring.visits import TABLE as VISITS
from projections.projection import Name, Version
from projections.records import revised
from projections.rounding import percent_of, to_precision_of
from projections.statement import LEDGER, Statement, standing, statement
from projections.statement import counts as counts_of
from projections.tasks.standing_rows import TABLE as TASKS
from projections.tasks.standing_rows import states
from projections.tasks.standings import TASK_STANDINGS


class FigureRow(Version):
    """A figure for a year, as a body reported it last."""

    unit_id: Name
    year: int
    measure: Name
    reported: Name  # as it was written: its decimals say how exact it is


REPORTED_FIGURES = revised(
    "reported_figures", FigureRow, key=("unit_id", "year", "measure"), event=FigureReported
)
TABLE = REPORTED_FIGURES.table
PROJECTIONS = (
    REPORTED_FIGURES,
    COMMUNE_COVERAGE,
    COMMUNE_VISITS,
    REVIEWS,
    COMMENDATIONS,
    TASK_STANDINGS,
)
COMMENDED = COMMENDATIONS.table


class MonitoringFigure(ListItem):
    """A measure as the log gives it, and as a body reported it; nobody did where that is null.

    Shares are in percent: `recomputed` is rounded once, half up, to two decimals, and null where
    `denominator` is 0; `denominator` is null for what is no share. `differs` compares what the log
    gives, rounded once to as many decimals as `reported` has, with `reported`; null where nobody
    reported.
    """

    year: int
    measure: Annotated[Measure, Shown(vi="Số liệu")]
    numerator: int
    denominator: int | None
    recomputed: Annotated[str | None, Shown(vi="Tính lại từ sổ")]
    reported: Annotated[str | None, Shown(vi="Số đã báo cáo")]
    reported_by: Annotated[str | None, Shown(vi="Cơ quan báo cáo")]
    reported_on: Annotated[date | None, Shown(vi="Ngày báo cáo")]
    differs: Annotated[bool | None, Shown(vi="Có sai khác")]


class FigureFilters(Filters):
    """Which figures of a year."""

    year: Annotated[Year | None, Field(description="That of `as_of` if left out.")] = None
    measure: Measure | None = None
    reported_by: Annotated[Id | None, Field(description="Only as this body reported it.")] = None
    differs: Truth | None = None


FIGURES = Described(
    name="monitoring-figures",
    path="monitoring/figures",
    tag="monitoring",
    answers="The figures of a year of monitoring: recomputed, reported, and where they differ.",
    page="One page of figures, by measure and reporting body.",
    item=MonitoringFigure,
    filters=FigureFilters,
)


class YearCounts(NamedTuple):
    """What the log gives for a year, as of a day."""

    communes: int
    covered: int
    monitors: int
    visits: int
    reviews: int
    officials_proposed: int
    done_in_time: int
    done_late: int
    open_in_time: int
    open_overdue: int

    @property
    def done(self) -> int:
        """How many tasks are done, in time or late."""
        return self.done_in_time + self.done_late

    @property
    def tasks(self) -> int:
        """How many tasks are counted: each in one of the four states."""
        return self.done + self.open_in_time + self.open_overdue


class ReportedFigure(NamedTuple):
    """A figure as a body reported it last."""

    unit_id: str
    measure: str
    reported: str
    reported_on: date


class Recomputed(NamedTuple):
    """A count, or a share of `denominator` in percent."""

    numerator: int
    denominator: int | None = None

    @property
    def value(self) -> str | None:
        """The count, or the share with two decimals; None of nothing."""
        if self.denominator is None:
            return str(self.numerator)
        percent = percent_of(self.numerator, self.denominator)
        return None if percent is None else str(percent)

    def differs(self, reported: Decimal) -> bool:
        """Whether it is another number than the one reported, at the precision of that one."""
        if self.denominator == 0:
            return True
        exact = Decimal(self.numerator)
        if self.denominator is not None:
            exact = 100 * exact / self.denominator
        return to_precision_of(reported, exact) != reported


def recomputed(measure: Measure, counts: YearCounts) -> Recomputed:
    """The measure as the log gives it."""
    return {
        Measure.COMMUNES: Recomputed(counts.communes),
        Measure.COVERED_COMMUNES: Recomputed(counts.covered),
        Measure.COVERED_SHARE: Recomputed(counts.covered, counts.communes),
        Measure.MONITORS: Recomputed(counts.monitors),
        Measure.VISITS: Recomputed(counts.visits),
        Measure.REVIEWS: Recomputed(counts.reviews),
        Measure.COMMENDATIONS_PROPOSED: Recomputed(counts.officials_proposed),
        Measure.COMMENDATION_SHARE: Recomputed(counts.officials_proposed, counts.monitors),
        Measure.TASKS: Recomputed(counts.tasks),
        Measure.TASKS_DONE_IN_TIME: Recomputed(counts.done_in_time),
        Measure.TASKS_DONE_LATE: Recomputed(counts.done_late),
        Measure.TASKS_OPEN_IN_TIME: Recomputed(counts.open_in_time),
        Measure.TASKS_OPEN_OVERDUE: Recomputed(counts.open_overdue),
        Measure.TASKS_DONE_SHARE: Recomputed(counts.done, counts.done + counts.open_overdue),
    }[measure]


@lru_cache
def year_counts() -> Statement:
    """One row: `position` and the `YearCounts`.

    Arguments: ledger, as_of, year, `first_day` of the year, and `last_day`, its end or as_of.
    """
    communes = (
        select(
            func.count().label("communes"),
            func.count(COVERAGE.c.official_id).label("covered"),
            func.count(distinct(COVERAGE.c.official_id)).label("monitors"),
        )
        .where(*of_day(COVERAGE, LAST_DAY))
        .subquery("of_day")
    )
    visits = select(func.count()).where(
        VISITS.c.ledger == LEDGER, VISITS.c.visited_on.between(FIRST_DAY, LAST_DAY)
    )
    query: Select[Any] = select(
        standing(*(one.name for one in PROJECTIONS)).label("position"),
        *communes.c,
        visits.scalar_subquery().label("visits"),
        _of_year(REVIEWS.table, func.count()).label("reviews"),
        _of_year(COMMENDED, func.count(distinct(COMMENDED.c.official_id))).label(
            "officials_proposed"
        ),
        *_tasks().c,
    )
    return statement(query)


def _tasks() -> FromClause:
    """The tasks assigned in the year, by state; what is overdue is so on the last day."""
    of_year = (*of_day(TASKS, LAST_DAY), TASKS.c.year == YEAR)
    return select(*counts_of(states(LAST_DAY))).where(*of_year).subquery("tasks_of_year")


def _of_year(table: Table, counted: Any) -> Any:  # noqa: ANN401  SQLAlchemy's own types are generic
    held = (*of_day(table), table.c.year == YEAR)
    return select(counted).select_from(table).where(*held).scalar_subquery()


@lru_cache
def reported_of_year(*, by_one: bool) -> Statement:
    """Rows of `ReportedFigure`, by body and measure.

    Arguments: ledger, as_of, year, and `reported_by`, if of one body only.
    """
    figure = TABLE.c
    query: Select[Any] = (
        select(
            figure.unit_id,
            figure.measure,
            figure.reported,
            figure.valid_from.label("reported_on"),
        )
        .where(*of_day(TABLE), figure.year == YEAR)
        .order_by(figure.unit_id, figure.measure)
    )
    if by_one:
        query = query.where(figure.unit_id == bindparam("reported_by", type_=figure.unit_id.type))
    return statement(query)


def figures(
    year: int, counts: YearCounts, reported: Sequence[ReportedFigure], filters: FigureFilters
) -> Iterator[Item]:
    """The figures that the filters leave, by measure and reporting body.

    Each measure stands beside each report of it, or alone where nobody reported it.
    """
    for measure in sorted(Measure):
        if filters.measure not in {None, measure}:
            continue
        of_measure = [row for row in reported if row.measure == measure]
        for row in of_measure or (None,):
            figure = _figure(year, measure, recomputed(measure, counts), row)
            if filters.differs in {None, figure["differs"]}:
                yield figure


def _figure(year: int, measure: Measure, log: Recomputed, reported: ReportedFigure | None) -> Item:
    return {
        "year": year,
        "measure": measure.value,
        "numerator": log.numerator,
        "denominator": log.denominator,
        "recomputed": log.value,
        "reported": reported and reported.reported,
        "reported_by": reported and reported.unit_id,
        "reported_on": reported and reported.reported_on.isoformat(),
        "differs": reported and log.differs(Decimal(reported.reported)),
    }
