"""Officials: the persons the ledger knows, and when they retire.

Names and contacts of persons stay in the log, sealed; the directory knows at which position. So an
erased person is erased here too, at once.
"""

from sqlalchemy import BigInteger, Column, Date

from domain.organisation import events as organisation
from projections.projection import (
    FOREVER,
    Projection,
    RecordedEvent,
    Row,
    Rows,
    next_version,
    read_table,
    require_open_row,
    text_id,
)

ALWAYS = "-infinity"

TABLE = read_table(
    "officials",
    text_id("official_id"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("named_position", BigInteger, nullable=False),
    Column("retires_on", Date),
)


def official_registered(_: Row | None, event: RecordedEvent) -> Rows:
    """A person bears the name on every day, not only since the ledger knows of it."""
    return (
        {
            "official_id": event.data["official_id"],
            "valid_from": ALWAYS,
            "valid_to": FOREVER,
            "position": event.position,
            "named_position": event.position,
            "retires_on": None,
        },
    )


def retirement_announced(official: Row | None, event: RecordedEvent) -> Rows:
    """The last announcement counts, also where it counts from a day before an earlier one's."""
    row = require_open_row(official, event)
    changes = {"retires_on": event.data["retires_on"]}
    if event.day < row["valid_from"]:
        return ({**row, **changes, "position": event.position},)
    return next_version(row, event, changes)


OFFICIALS = Projection(
    version=1,
    table=TABLE,
    key=("official_id",),
    since="valid_from",
    until="valid_to",
    folds={
        organisation.OfficialRegistered.TYPE: official_registered,
        organisation.RetirementAnnounced.TYPE: retirement_announced,
    },
)
