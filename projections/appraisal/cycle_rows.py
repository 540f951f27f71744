"""Cycle rows: the cycles as they were opened and closed, and each official in them."""

from sqlalchemy import Index, text

from domain.appraisal.cycle_events import (
    CycleClosed,
    CycleOpened,
    FormerAgencyReported,
    LevelProposed,
    OfficialEnrolled,
    ScoresGiven,
    SelfAssessed,
)
from projections.projection import (
    IsoDay,
    Name,
    Place,
    Projection,
    RecordedEvent,
    Rows,
    Version,
    opened,
    read_table,
    require_open_row,
    superseded,
)


class CycleRow(Version):
    """A cycle, open, and from its closing on."""

    cycle_id: Name
    regulation: Name
    regulation_sha256: Name
    cycle: Name
    cohort: Name
    from_on: IsoDay
    to_on: IsoDay
    decided_by: Name
    opened_on: IsoDay
    closed_on: IsoDay | None
    closed_position: Place | None


CYCLE_TABLE = read_table("appraisal_cycles", CycleRow)
# By which regulation, and for which days.
Index(
    "appraisal_cycles_by",
    CYCLE_TABLE.c.ledger,
    CYCLE_TABLE.c.regulation,
    CYCLE_TABLE.c.cycle,
    CYCLE_TABLE.c.to_on,
)
# Which are open on a day.
Index(
    "appraisal_cycles_not_closed",
    CYCLE_TABLE.c.ledger,
    CYCLE_TABLE.c.valid_to,
    postgresql_where=text("closed_on IS NULL"),
)


def begin(_: CycleRow | None, event: RecordedEvent) -> Rows[CycleRow]:
    """The cycle is opened."""
    data = event.data
    row: CycleRow = {
        "cycle_id": data["cycle_id"],
        "regulation": data["regulation"],
        "regulation_sha256": data["regulation_sha256"],
        "cycle": data["cycle"],
        "cohort": data["cohort"],
        "from_on": data["from_on"],
        "to_on": data["to_on"],
        "decided_by": data["decided_by"],
        "opened_on": event.day,
        "closed_on": None,
        "closed_position": None,
        **opened(event),
    }
    return (row,)


def close(before: CycleRow | None, event: RecordedEvent) -> Rows[CycleRow]:
    """The cycle is closed on what was known by then."""
    row = require_open_row(before, event)
    later: CycleRow = {**row, "closed_on": event.day, "closed_position": event.position}
    return superseded(row, event, later)


CYCLES = Projection(
    table=CYCLE_TABLE,
    row=CycleRow,
    key=("cycle_id",),
    folds={CycleOpened.TYPE: begin, CycleClosed.TYPE: close},
)


class MemberRow(Version):
    """An official in a cycle, and what was said before the body decides."""

    cycle_id: Name
    official_id: Name
    agency: Name
    duty_group: str | None
    block: str | None
    assessed_on: IsoDay | None
    claimed: Name | None
    assessment: str | None
    former_agency: Name | None
    scored: bool
    reviewed_on: IsoDay | None
    proposed: Name | None
    proposed_by: Name | None
    proposed_to: Name | None
    proposed_on: IsoDay | None
    proposed_position: Place | None


MEMBER_TABLE = read_table("appraisal_cycle_officials", MemberRow)
# With the ratings of the cycle.
Index("appraisal_cycle_officials_of", MEMBER_TABLE.c.ledger, MEMBER_TABLE.c.official_id)
# Of which agency, in a cycle.
Index(
    "appraisal_cycle_officials_agency",
    MEMBER_TABLE.c.ledger,
    MEMBER_TABLE.c.cycle_id,
    MEMBER_TABLE.c.agency,
)
# What is proposed to a body in a cycle, in the order of its inbox.
Index(
    "appraisal_cycle_officials_proposed",
    MEMBER_TABLE.c.ledger,
    MEMBER_TABLE.c.cycle_id,
    MEMBER_TABLE.c.proposed_to,
    MEMBER_TABLE.c.proposed_on,
    MEMBER_TABLE.c.proposed_position,
    postgresql_where=text("proposed_to IS NOT NULL"),
)


def enrol(before: MemberRow | None, event: RecordedEvent) -> Rows[MemberRow]:
    """The official is in the cycle, in these groups."""
    data = event.data
    if before is not None:
        changed: MemberRow = {
            **before,
            "agency": data["agency"],
            "duty_group": data["duty_group"],
            "block": data["block"],
        }
        return superseded(before, event, changed)
    row: MemberRow = {
        "cycle_id": data["cycle_id"],
        "official_id": data["official_id"],
        "agency": data["agency"],
        "duty_group": data["duty_group"],
        "block": data["block"],
        "assessed_on": None,
        "claimed": None,
        "assessment": None,
        "former_agency": None,
        "scored": False,
        "reviewed_on": None,
        "proposed": None,
        "proposed_by": None,
        "proposed_to": None,
        "proposed_on": None,
        "proposed_position": None,
        **opened(event),
    }
    return (row,)


def assess(before: MemberRow | None, event: RecordedEvent) -> Rows[MemberRow]:
    """What the official claims."""
    row = require_open_row(before, event)
    data = event.data
    later: MemberRow = {
        **row,
        "assessed_on": row["assessed_on"] or event.day,
        "claimed": data["claimed"],
        "assessment": data["text"],
    }
    return superseded(row, event, later)


def report(before: MemberRow | None, event: RecordedEvent) -> Rows[MemberRow]:
    """What the former agency sends."""
    row = require_open_row(before, event)
    later: MemberRow = {**row, "former_agency": event.data["former_agency"]}
    return superseded(row, event, later)


def score(before: MemberRow | None, event: RecordedEvent) -> Rows[MemberRow]:
    """What the council gives."""
    row = require_open_row(before, event)
    reviewed_on = row["reviewed_on"] or event.day
    later: MemberRow = {**row, "scored": True, "reviewed_on": reviewed_on}
    return superseded(row, event, later)


def propose(before: MemberRow | None, event: RecordedEvent) -> Rows[MemberRow]:
    """What is proposed, and which body is to decide on it since when."""
    row = require_open_row(before, event)
    data = event.data
    later: MemberRow = {
        **row,
        "reviewed_on": row["reviewed_on"] or event.day,
        "proposed": data["level"],
        "proposed_by": data["proposed_by"],
        "proposed_to": data["addressed_to"],
        "proposed_on": event.day,
        "proposed_position": event.position,
    }
    return superseded(row, event, later)


MEMBERS = Projection(
    table=MEMBER_TABLE,
    row=MemberRow,
    key=("cycle_id", "official_id"),
    folds={
        OfficialEnrolled.TYPE: enrol,
        SelfAssessed.TYPE: assess,
        FormerAgencyReported.TYPE: report,
        ScoresGiven.TYPE: score,
        LevelProposed.TYPE: propose,
    },
)
