"""Papers of cycles: assessments and results, by the days that the cycle's regulation sets.

A self-assessment is due from the official; a review of the official from the agency, and has come
once the council scores the official or the agency proposes a level; a rating from the body that
decides, about the official; and the result of each unit from the body too, for just the days of the
cycle. What had not come when the cycle was closed is asked for no more.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    FromClause,
    Integer,
    Select,
    TableValuedAlias,
    and_,
    cast,
    func,
    literal_column,
    null,
    select,
    true,
    union_all,
)

from domain.appraisal.cycle_events import PaperOfCycle
from domain.duties.missed_cycle_papers import REGULATED
from projections.appraisal.cycle_rows import CYCLE_TABLE as CYCLES
from projections.appraisal.cycle_rows import MEMBER_TABLE as MEMBERS
from projections.appraisal.ratings import TABLE as RATED
from projections.appraisal.unit_results import TABLE as RESULTS
from projections.days import AS_OF, FROM_ON, TO_ON, valid
from projections.duties.paper_days import of_cycle, paper_days
from projections.duties.papers_missed import CYCLE_PAPERS_MISSED
from projections.statement import LEDGER, NO_TEXT, word


def papers_of_cycles() -> CompoundSelect[Any]:
    """All of them, as rows of the board."""
    members: tuple[PaperOfCycle, ...] = ("self_assessment", "official_review", "rating")
    return union_all(*map(_of_members, members), _of_units())


def _of_members(kind: PaperOfCycle) -> Select[Any]:
    """The papers about each official of a cycle."""
    asked, cycle = _asked(kind)
    came: Mapping[PaperOfCycle, ColumnElement[Any]] = {
        "self_assessment": MEMBERS.c.assessed_on,
        "official_review": MEMBERS.c.reviewed_on,
        "rating": RATED.c.first_decided_on,
    }
    source: FromClause = asked.join(cycle, true()).join(MEMBERS, _of(cycle))
    if kind == "rating":
        own = (
            RATED.c.ledger == LEDGER,
            RATED.c.official_id == MEMBERS.c.official_id,
            RATED.c.cycle_id == cycle.c.cycle_id,
            *valid(RATED),
        )
        source = source.join(RATED, and_(*own), isouter=True)
    return _rows(
        kind,
        asked,
        cycle,
        source,
        unit_id=cycle.c.decided_by if kind == "rating" else MEMBERS.c.agency,
        official_id=MEMBERS.c.official_id,
        given_on=came[kind],
        position=MEMBERS.c.position,
    )


def _of_units() -> Select[Any]:
    """The result of each unit in which officials of a cycle work."""
    asked, cycle = _asked("unit_result")
    agency = (
        select(MEMBERS.c.agency, func.min(MEMBERS.c.position).label("position"))
        .where(_of(cycle))
        .group_by(MEMBERS.c.agency)
        .correlate(cycle)
        .lateral("agency")
    )
    result = and_(
        RESULTS.c.ledger == LEDGER,
        RESULTS.c.unit_id == agency.c.agency,
        RESULTS.c.from_on == cycle.c.from_on,
        RESULTS.c.to_on == cycle.c.to_on,
        *valid(RESULTS),
    )
    source = asked.join(cycle, true()).join(agency, true()).join(RESULTS, result, isouter=True)
    return _rows(
        "unit_result",
        asked,
        cycle,
        source,
        unit_id=agency.c.agency,
        official_id=NO_TEXT,
        given_on=RESULTS.c.first_on,
        position=agency.c.position,
    )


def _asked(kind: PaperOfCycle) -> tuple[TableValuedAlias, FromClause]:
    """The days on which the paper is due, and the cycles that it is due in."""
    asked = paper_days()
    # Each by the index of its regulation: the fence keeps the cycles from being read whole.
    cycle = (
        select(CYCLES)
        .where(CYCLES.c.ledger == LEDGER, *valid(CYCLES), of_cycle(asked))
        .offset(literal_column("0", Integer))
        .correlate(asked)
        .lateral(f"{kind}_cycle")
    )
    return asked, cycle


def _of(cycle: FromClause) -> ColumnElement[bool]:
    return and_(MEMBERS.c.ledger == LEDGER, MEMBERS.c.cycle_id == cycle.c.cycle_id, *valid(MEMBERS))


def _rows(  # noqa: PLR0913  the columns of the board
    kind: PaperOfCycle,
    asked: TableValuedAlias,
    cycle: FromClause,
    source: FromClause,
    *,
    unit_id: ColumnElement[Any],
    official_id: ColumnElement[Any],
    given_on: ColumnElement[Any],
    position: ColumnElement[Any],
) -> Select[Any]:
    told = CYCLE_PAPERS_MISSED.table
    day = func.to_char(asked.c.due_on, word("YYYY-MM-DD"))
    about = func.coalesce(official_id, unit_id)
    of_paper = (
        told.c.ledger == LEDGER,
        told.c.cycle_id == cycle.c.cycle_id,
        told.c.missed == word(f"{kind} ") + about + word(" ") + day,
        told.c.told_on <= AS_OF,
    )
    columns = (
        word(kind).collate("C").label("kind"),
        NO_TEXT.label("task_id"),
        unit_id.label("unit_id"),
        official_id.label("official_id"),
        cycle.c.cycle_id.label("period"),
        asked.c.due_on,
        given_on.label("given_on"),
        cycle.c.closed_on.label("excused_on"),
        cast(null(), Date).label("reminded_on"),
        told.c.position.label("told_position"),
        position.label("position"),
    )
    return (
        select(*columns)
        .select_from(source.join(told, and_(*of_paper), isouter=True))
        .where(asked.c.paper == word(REGULATED[kind]), asked.c.due_on.between(FROM_ON, TO_ON))
    )
