"""Proposed levels: what is proposed in cycles that are open, and awaits the body that decides.

A proposal awaits the body to which the event says it is addressed, until that body decides on the
rating. A later one is in its place, and awaits the body from its own day on. Once the cycle is
closed, a level is decided anew only after the rating was reopened, which is a matter of its own.
"""

from typing import Any

from sqlalchemy import Select, select, true, tuple_

from projections.appraisal.cycle_rows import CYCLE_TABLE as CYCLES
from projections.appraisal.cycle_rows import MEMBER_TABLE as MEMBERS
from projections.appraisal.ratings import TABLE as RATED
from projections.days import of_day, valid
from projections.inbox.matters import MatterKind
from projections.inbox.papers import NO_DAY, NO_ID, NO_NUMBER
from projections.inbox.waiting import BODIES, after, asked
from projections.statement import LEDGER, LIMIT, word

KIND: MatterKind = "proposed_level"


def proposed_levels() -> Select[Any]:
    """Of each body as many as a page takes of each cycle, as rows of the inbox."""
    kind = word(KIND).collate("C")
    place = (MEMBERS.c.proposed_on, MEMBERS.c.proposed_position)
    decided = (
        select(RATED.c.decided_position)
        .where(
            RATED.c.ledger == LEDGER,
            RATED.c.official_id == MEMBERS.c.official_id,
            RATED.c.cycle_id == MEMBERS.c.cycle_id,
            *valid(RATED),
            tuple_(RATED.c.decided_on, RATED.c.decided_position) > tuple_(*place),
        )
        .correlate(MEMBERS)
        .exists()
    )
    proposed = (
        select(
            kind.label("kind"),
            NO_ID.label("task_id"),
            NO_ID.label("unit_id"),
            NO_NUMBER.label("number"),
            NO_NUMBER.label("year"),
            MEMBERS.c.official_id,
            MEMBERS.c.cycle_id,
            MEMBERS.c.proposed_on.label("since_on"),
            MEMBERS.c.proposed_position.label("opened_position"),
            NO_DAY.label("due_on"),
        )
        .where(
            *of_day(MEMBERS),
            MEMBERS.c.cycle_id == CYCLES.c.cycle_id,
            MEMBERS.c.proposed_to == BODIES.c.name,
            *asked(kind, NO_ID, NO_DAY),
            after((*place, kind)),
            ~decided,
        )
        .order_by(*place)
        .limit(LIMIT + 1)
        .correlate(BODIES, CYCLES)
        .lateral("proposed")
    )
    is_open = (CYCLES.c.ledger == LEDGER, *valid(CYCLES), CYCLES.c.closed_on.is_(None))
    source = BODIES.join(CYCLES, true()).join(proposed, true())
    return select(*proposed.c).select_from(source).where(*is_open)
