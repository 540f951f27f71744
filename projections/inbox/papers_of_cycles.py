"""Papers of cycles: what is told to be missing in cycles that are open, and awaits a body.

A review of an official awaits the agency of the official, a rating the body that decides on it, and
the result of a unit that body too; each until it comes or the cycle is closed. Where a level is
proposed to the body, that awaits it already.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from domain.appraisal.cycle_events import PaperOfCycle
from projections.appraisal.cycle_rows import CYCLE_TABLE as CYCLES
from projections.appraisal.cycle_rows import MEMBER_TABLE as MEMBERS
from projections.appraisal.ratings import TABLE as RATED
from projections.appraisal.unit_results import TABLE as RESULTS
from projections.days import AS_OF, of_day, valid
from projections.duties.papers_missed import CYCLE_PAPERS_MISSED
from projections.inbox.papers import NO_ID, NO_NUMBER, NO_ROWS
from projections.inbox.waiting import BODIES, after, asked
from projections.statement import LEDGER, LIMIT, word

MISSED = CYCLE_PAPERS_MISSED.table
IS_OPEN = (CYCLES.c.ledger == LEDGER, *valid(CYCLES), CYCLES.c.closed_on.is_(None))


def missed_of_cycles() -> Iterator[Select[Any]]:
    """Of each body as many as a page takes of each cycle, as rows of the inbox, kind by kind."""
    yield _reviews()
    yield _of_decider("rating", MISSED.c.official_id, NO_ID, _is_rated())
    yield _of_decider("unit_result", NO_ID, MISSED.c.unit_id, _has_result())


def _reviews() -> Select[Any]:
    """Those about the officials of the agency, whose agency may be another than when it was due."""
    # Of each official by the index: the fence keeps what is missing elsewhere from being read.
    told = (
        select(MISSED)
        .where(
            MISSED.c.ledger == LEDGER,
            MISSED.c.cycle_id == MEMBERS.c.cycle_id,
            MISSED.c.official_id == MEMBERS.c.official_id,
            MISSED.c.paper == word("official_review"),
        )
        .offset(NO_ROWS)
        .correlate(MEMBERS)
        .lateral("told")
    )
    rows = (
        _rows("official_review", told.c, told.c.official_id, NO_ID)
        .select_from(MEMBERS.join(told, true()))
        .where(
            *of_day(MEMBERS),
            MEMBERS.c.cycle_id == CYCLES.c.cycle_id,
            MEMBERS.c.agency == BODIES.c.name,
            MEMBERS.c.reviewed_on.is_(None),
        )
        .correlate(BODIES, CYCLES)
        .lateral("reviews")
    )
    source = BODIES.join(CYCLES, true()).join(rows, true())
    return select(*rows.c).select_from(source).where(*IS_OPEN)


def _of_decider(
    kind: PaperOfCycle,
    official_id: ColumnElement[Any],
    unit_id: ColumnElement[Any],
    came: ColumnElement[bool],
) -> Select[Any]:
    """Those that the body gives which decides in the cycle."""
    rows = (
        _rows(kind, MISSED.c, official_id, unit_id)
        .where(
            MISSED.c.ledger == LEDGER,
            MISSED.c.cycle_id == CYCLES.c.cycle_id,
            MISSED.c.paper == word(kind),
            _is_asked_for(kind),
            ~came,
        )
        .correlate(BODIES, CYCLES)
        .lateral(f"{kind}s")
    )
    source = BODIES.join(CYCLES, true()).join(rows, true())
    return select(*rows.c).select_from(source).where(*IS_OPEN, CYCLES.c.decided_by == BODIES.c.name)


def _is_asked_for(kind: PaperOfCycle) -> ColumnElement[bool]:
    """The official is in the cycle, and no level is proposed; or one of the unit is in it."""
    member = select(MEMBERS.c.cycle_id).where(
        *of_day(MEMBERS), MEMBERS.c.cycle_id == MISSED.c.cycle_id
    )
    if kind == "rating":
        member = member.where(
            MEMBERS.c.official_id == MISSED.c.official_id,
            MEMBERS.c.proposed_to.is_distinct_from(BODIES.c.name),
        )
    else:
        member = member.where(MEMBERS.c.agency == MISSED.c.unit_id)
    return member.correlate(MISSED, BODIES).exists()


def _is_rated() -> ColumnElement[bool]:
    rated = select(RATED.c.official_id).where(
        RATED.c.ledger == LEDGER,
        RATED.c.official_id == MISSED.c.official_id,
        RATED.c.cycle_id == MISSED.c.cycle_id,
        *valid(RATED),
    )
    return rated.correlate(MISSED).exists()


def _has_result() -> ColumnElement[bool]:
    result = select(RESULTS.c.unit_id).where(
        RESULTS.c.ledger == LEDGER,
        RESULTS.c.unit_id == MISSED.c.unit_id,
        RESULTS.c.from_on == CYCLES.c.from_on,
        RESULTS.c.to_on == CYCLES.c.to_on,
        *valid(RESULTS),
    )
    return result.correlate(MISSED, CYCLES).exists()


def _rows(
    kind: PaperOfCycle,
    told: ReadOnlyColumnCollection[str, Any],
    official_id: ColumnElement[Any],
    unit_id: ColumnElement[Any],
) -> Select[Any]:
    """As many as a page takes of those told by the day, in the order of the inbox."""
    named = word(kind).collate("C")
    place = (told.told_on, told.position)
    return (
        select(
            named.label("kind"),
            NO_ID.label("task_id"),
            unit_id.label("unit_id"),
            NO_NUMBER.label("number"),
            NO_NUMBER.label("year"),
            official_id.label("official_id"),
            told.cycle_id.label("cycle_id"),
            told.told_on.label("since_on"),
            told.position.label("opened_position"),
            told.due_on.label("due_on"),
        )
        .where(told.told_on <= AS_OF, *asked(named, NO_ID, told.due_on), after((*place, named)))
        .order_by(*place)
        .limit(LIMIT + 1)
    )
