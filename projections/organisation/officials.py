"""Officials: the persons the ledger knows, and when they retire.

Names and contacts of persons stay in the log, sealed; the directory knows at which position. So an
erased person is erased here too, at once.
"""

from datetime import date
from typing import Annotated, TypedDict

from sqlalchemy import Boolean, and_, false, func, literal_column

from domain.organisation import events as organisation
from projections.days import AS_OF, valid
from projections.filters import Filters, Ids, Truth, one_of, where
from projections.history import EVENTS
from projections.listing import Listing, ListItem, Shown
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

ALWAYS = "-infinity"


class OfficialRow(Version):
    """A person; `named_position` is of the event that bears the name."""

    official_id: Name
    named_position: Place
    retires_on: IsoDay | None


TABLE = read_table("officials", OfficialRow)


class OfficialData(TypedDict):
    """Of any event of an official."""

    official_id: str


class RetirementData(OfficialData):
    """The day of retirement."""

    retires_on: str


def official_registered(
    _: OfficialRow | None, event: RecordedEvent[OfficialData]
) -> Rows[OfficialRow]:
    """A person bears the name on every day, not only since the ledger knows of it."""
    row: OfficialRow = {
        **opened(event),
        "valid_from": ALWAYS,
        "official_id": event.data["official_id"],
        "named_position": event.position,
        "retires_on": None,
    }
    return (row,)


def retirement_announced(
    official: OfficialRow | None, event: RecordedEvent[RetirementData]
) -> Rows[OfficialRow]:
    row = require_open_row(official, event)
    return superseded(row, event, {**row, "retires_on": event.data["retires_on"]})


OFFICIALS = Projection(
    table=TABLE,
    row=OfficialRow,
    key=("official_id",),
    versioned=True,
    folds={
        organisation.OfficialRegistered.TYPE: official_registered,
        organisation.RetirementAnnounced.TYPE: retirement_announced,
    },
)

NAMED = and_(EVENTS.c.ledger == TABLE.c.ledger, EVENTS.c.position == TABLE.c.named_position)
PENDING = func.coalesce(TABLE.c.retires_on > AS_OF, false())


class Official(ListItem):
    """A person; name and contact read null once they are `erased`.

    The contact reads null, too, unless it is one's own, or of an official of one's own units or
    managed by one of these.
    They are `unreadable` where they were not erased and cannot be read: tell the operator.
    """

    position: int
    official_id: str
    full_name: Annotated[str | None, Shown(computed=True, vi="Họ và tên")]
    contact: Annotated[str | None, Shown(computed=True, vi="Liên hệ")]
    erased: Annotated[bool, Shown(computed=True)]
    unreadable: Annotated[bool, Shown(computed=True)]
    retires_on: date | None
    pending_retirement: Annotated[bool, Shown(PENDING, vi="Chờ nghỉ chế độ")]


class OfficialFilters(Filters):
    """Which officials."""

    ids: Ids | None = one_of(TABLE.c.official_id)
    pending_retirement: Truth | None = where(
        lambda pending: pending == PENDING,
        "Whether a retirement is announced and yet to come.",
        of=Boolean(),
    )


# Each official is read beside the event that names the person; the service opens its seal.
KNOWN_OFFICIALS = Listing(
    name="officials",
    tag="officials",
    answers="The officials the ledger knows, as of a day.",
    page="One page of officials, by id.",
    item=Official,
    filters=OfficialFilters,
    projections=(OFFICIALS,),
    table=TABLE,
    source=TABLE.join(EVENTS, NAMED),
    holds=valid(TABLE),
    hidden={
        "type": EVENTS.c.type,
        "schema_version": EVENTS.c.schema_version,
        "data": func.convert_from(EVENTS.c.data, literal_column("'UTF8'")),
    },
    order=("official_id",),
)
