"""Papers of cycles: self-assessments and ratings, by the days that the cycle's regulation sets.

A self-assessment is due from the official, a rating from the body that decides, about the official.
What had not come when the cycle was closed is asked for no more.
"""

from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    and_,
    cast,
    literal_column,
    null,
    select,
    true,
)

from projections.appraisal.cycles import CYCLE_TABLE as CYCLES
from projections.appraisal.cycles import MEMBER_TABLE as MEMBERS
from projections.appraisal.ratings import TABLE as RATED
from projections.days import FROM_ON, TO_ON, valid
from projections.duties.paper_days import of_cycle, paper_days
from projections.statement import LEDGER, NO_TEXT, word

PaperOfCycle: TypeAlias = Literal["self_assessment", "rating"]


def papers_of_cycles() -> Iterator[tuple[PaperOfCycle, Select[Any]]]:
    """Each kind with its papers, as rows of the board."""
    yield "self_assessment", _due("self_assessment")
    yield "rating", _due("rating")


def _due(kind: PaperOfCycle) -> Select[Any]:
    asked = paper_days()
    # Each by the index of its regulation: the fence keeps the cycles from being read whole.
    cycle = (
        select(CYCLES)
        .where(CYCLES.c.ledger == LEDGER, *valid(CYCLES), of_cycle(asked))
        .offset(literal_column("0", Integer))
        .correlate(asked)
        .lateral(f"{kind}_cycle")
    )
    member = and_(
        MEMBERS.c.ledger == LEDGER, MEMBERS.c.cycle_id == cycle.c.cycle_id, *valid(MEMBERS)
    )
    unit: ColumnElement[Any] = MEMBERS.c.agency
    came: ColumnElement[Any] = MEMBERS.c.assessed_on
    source: FromClause = asked.join(cycle, true()).join(MEMBERS, member)
    if kind == "rating":
        unit, came = cycle.c.decided_by, RATED.c.first_decided_on
        own = (
            RATED.c.ledger == LEDGER,
            RATED.c.official_id == MEMBERS.c.official_id,
            RATED.c.cycle_id == cycle.c.cycle_id,
            *valid(RATED),
        )
        source = source.join(RATED, and_(*own), isouter=True)
    return (
        select(
            word(kind).collate("C").label("kind"),
            NO_TEXT.label("task_id"),
            unit.label("unit_id"),
            MEMBERS.c.official_id,
            MEMBERS.c.cycle_id.label("period"),
            asked.c.due_on,
            came.label("given_on"),
            cycle.c.closed_on.label("excused_on"),
            cast(null(), Date).label("reminded_on"),
            cast(null(), BigInteger).label("told_position"),
            MEMBERS.c.position,
        )
        .select_from(source)
        .where(asked.c.paper == word(kind), asked.c.due_on.between(FROM_ON, TO_ON))
    )
