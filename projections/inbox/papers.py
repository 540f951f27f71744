"""Papers due: the reports and yearly papers that are missing or fall due soon, as matters.

A periodic report of a task awaits whoever leads it: the first that is missing, or else the next.
The programme and the annual report on a commune await its monitor, the year-end form the commune
and its Party committee; those of the year of the day asked about, and of the year before. A finding
awaits the reply of the official whom it is about. A self-assessment awaits the official in a cycle
that is open, by the day that the regulation of the cycle sets.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Integer,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    null,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import array

from domain.organisation.events import UnitKind
from domain.regulations.regulations import CommuneRules, Regulations
from projections.appraisal.cycle_rows import CYCLE_TABLE as CYCLES
from projections.appraisal.cycle_rows import MEMBER_TABLE as MEMBERS
from projections.commune_coverage.intervals import TABLE as COVERAGE
from projections.conduct.findings import TABLE as FINDINGS
from projections.days import of_day, valid
from projections.duties.paper_days import days_of_papers, of_cycle, paper_days
from projections.inbox.matters import MatterKind
from projections.listing import Arguments
from projections.monitoring.owed_papers import KINDS, PaperKind
from projections.organisation.units import TABLE as UNITS_TABLE
from projections.statement import LEDGER, word
from projections.tasks.report_duties import TABLE as REPORTS
from projections.tasks.standing_rows import TABLE as TASKS

# Whom the inbox is of: an official or a unit; the other is null.
OFFICIAL: ColumnElement[Any] = bindparam("official", type_=Text)
UNIT: ColumnElement[Any] = bindparam("unit", type_=Text)
# Until which day what falls due is told beforehand.
BY: ColumnElement[Any] = bindparam("due_by", type_=Date)
PAPERS: Sequence[tuple[PaperKind, MatterKind]] = (
    ("programmes", "programme"),
    ("annual_reports", "annual_report"),
    ("reviews", "review"),
)
# The commune of which the unit is the Party committee: either gives the form.
COMMITTEE_OF = (
    select(UNITS_TABLE.c.parent_id)
    .where(
        *of_day(UNITS_TABLE),
        UNITS_TABLE.c.unit_id == UNIT,
        UNITS_TABLE.c.kind == word(UnitKind.PARTY_COMMITTEE.value),
    )
    .scalar_subquery()
)
_OF_TASKS = ("task_id", "state", "valid_from", "valid_to")
_OF_REPORTS = ("task_id", "first_missing_on", "position", "reportable", "duty")
NO_ID: ColumnElement[Any] = cast(null(), Text(collation="C"))
NO_NUMBER: ColumnElement[Any] = cast(null(), Integer)
NO_ROWS = literal_column("0", Integer)
NO_DAY: ColumnElement[Any] = cast(null(), Date)


def due() -> Iterator[Select[Any]]:
    """The papers due, as rows of the inbox, kind by kind."""
    yield _reports()
    yield _replies()
    yield _self_assessments()
    for papers, kind in PAPERS:
        yield _papers(papers, kind)


def arguments(as_of: date, due_by: date, regulated: Regulations | None) -> Arguments:
    """What the statement asks of yearly papers: of each year, who owes them on which day, by when.

    Who monitors on the day `expected_on` owes the paper.
    """
    years, known = [as_of.year, as_of.year - 1], regulated or Regulations()
    given: dict[str, object] = {"due_by": due_by, "years": years}
    for papers, _ in PAPERS:
        of_years = [
            KINDS[papers].arguments(year, as_of, _in_force(year, as_of, known), known.days_off)
            for year in years
        ]
        for name in ("expected_on", "due_on"):
            given[f"{papers}_{name}s"] = [one[f"{papers}_{name}"] for one in of_years]
    return {**given, **days_of_papers(date(as_of.year, 1, 1), due_by, known)}


def _in_force(year: int, as_of: date, known: Regulations) -> CommuneRules | None:
    return known.of_communes(min(as_of, date(year, 12, 31)))


def _reports() -> Select[Any]:
    # Those of the official, then of each task by its key: the fences keep all that is in progress,
    # and all that is missing, from being gone through.
    led = (
        select(*(TASKS.c[name] for name in _OF_TASKS))
        .where(TASKS.c.ledger == LEDGER, TASKS.c.official_id == OFFICIAL)
        .offset(NO_ROWS)
        .subquery("led")
    )
    its = (
        select(*(REPORTS.c[name] for name in _OF_REPORTS))
        .where(REPORTS.c.ledger == LEDGER, REPORTS.c.task_id == led.c.task_id, *valid(REPORTS))
        .offset(NO_ROWS)
        .correlate(led)
        .lateral("its_reports")
    )
    return (
        _row(
            "progress_report",
            task_id=its.c.task_id,
            since_on=its.c.first_missing_on,
            position=its.c.position,
        )
        .select_from(led.join(its, true()))
        .where(
            *valid(led),
            led.c.state == word("in_progress"),
            its.c.reportable,
            its.c.duty.is_not(None),
            its.c.first_missing_on <= BY,
        )
    )


def _replies() -> Select[Any]:
    """The findings to which the official has not replied; no day is set for that."""
    return _row(
        "finding",
        official_id=FINDINGS.c.official_id,
        number=FINDINGS.c.number,
        since_on=FINDINGS.c.found_on,
        due_on=NO_DAY,
        position=FINDINGS.c.position,
    ).where(
        *of_day(FINDINGS),
        FINDINGS.c.official_id == OFFICIAL,
        FINDINGS.c.replied_on.is_(None),
    )


def _self_assessments() -> Select[Any]:
    """Those of open cycles in which the official has not assessed the own work."""
    asked = paper_days()
    return (
        _row(
            "self_assessment",
            official_id=MEMBERS.c.official_id,
            cycle_id=MEMBERS.c.cycle_id,
            since_on=asked.c.due_on,
            position=MEMBERS.c.position,
        )
        .select_from(MEMBERS)
        .join(
            CYCLES,
            and_(CYCLES.c.ledger == MEMBERS.c.ledger, CYCLES.c.cycle_id == MEMBERS.c.cycle_id),
        )
        .join(asked, of_cycle(asked))
        .where(
            *of_day(MEMBERS),
            MEMBERS.c.official_id == OFFICIAL,
            MEMBERS.c.claimed.is_(None),
            *valid(CYCLES),
            CYCLES.c.closed_on.is_(None),
            asked.c.paper == word("self_assessment"),
            asked.c.due_on <= BY,
        )
    )


def _papers(papers: PaperKind, kind: MatterKind) -> Select[Any]:
    """The yearly papers of a kind that nobody has given."""
    given = KINDS[papers].projection.table
    asked = (
        func.unnest(
            bindparam("years", type_=ARRAY(Integer)),
            bindparam(f"{papers}_expected_ons", type_=ARRAY(Date)),
            bindparam(f"{papers}_due_ons", type_=ARRAY(Date)),
        )
        .table_valued(column("year", Integer), column("expected_on", Date), column("due_on", Date))
        .render_derived(f"{kind}_asked")
    )
    by_commune = COVERAGE.c.unit_id == any_(array([UNIT, COMMITTEE_OF]))
    whose = by_commune if kind == "review" else COVERAGE.c.official_id == OFFICIAL
    # Looked up paper by paper, of the few that one owes: the limit keeps it from being joined.
    came = (
        select(given.c.position)
        .where(
            given.c.ledger == COVERAGE.c.ledger,
            given.c.unit_id == COVERAGE.c.unit_id,
            given.c.official_id == COVERAGE.c.official_id,
            given.c.since == COVERAGE.c.valid_from,
            given.c.year == asked.c.year,
            *valid(given),
        )
        .limit(literal_column("1", Integer))
        .correlate(COVERAGE, asked)
        .scalar_subquery()
    )
    return (
        _row(
            kind,
            unit_id=COVERAGE.c.unit_id,
            official_id=COVERAGE.c.official_id,
            year=asked.c.year,
            since_on=asked.c.due_on,
            position=COVERAGE.c.position,
        )
        .select_from(COVERAGE.join(asked, true()))
        .where(
            COVERAGE.c.ledger == LEDGER,
            whose,
            COVERAGE.c.official_id.is_not(None),
            *valid(COVERAGE, asked.c.expected_on),
            asked.c.due_on <= BY,
            came.is_(None),
        )
    )


def _row(  # noqa: PLR0913  the columns of the inbox
    kind: MatterKind,
    *,
    since_on: ColumnElement[Any],
    position: ColumnElement[Any],
    task_id: ColumnElement[Any] = NO_ID,
    unit_id: ColumnElement[Any] = NO_ID,
    official_id: ColumnElement[Any] = NO_ID,
    cycle_id: ColumnElement[Any] = NO_ID,
    year: ColumnElement[Any] = NO_NUMBER,
    number: ColumnElement[Any] = NO_NUMBER,
    due_on: ColumnElement[Any] | None = None,
) -> Select[Any]:
    """A paper awaits somebody from the day on which it falls due, and is due on that day."""
    return select(
        word(kind).collate("C").label("kind"),
        task_id.label("task_id"),
        unit_id.label("unit_id"),
        number.label("number"),
        year.label("year"),
        official_id.label("official_id"),
        cycle_id.label("cycle_id"),
        since_on.label("since_on"),
        position.label("opened_position"),
        (since_on if due_on is None else due_on).label("due_on"),
    )
