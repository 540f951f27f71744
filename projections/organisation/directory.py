"""Directory: the units, posts, officials and tenures of any day, under the names of that day.

Names and contacts of persons stay in the log, sealed; the directory knows at which position. So an
erased person is erased here too, at once.
"""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, Text

from domain.organisation import events as organisation
from projections.projection import (
    FOREVER,
    Projection,
    RecordedEvent,
    Row,
    Rows,
    first_version,
    next_version,
    read_table,
    require_open_row,
    text_id,
)

ALWAYS = "-infinity"

UNITS_TABLE = read_table(
    "units",
    text_id("unit_id"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    text_id("kind"),
    text_id("code", nullable=True),
    text_id("parent_id", nullable=True),
)
POSTS_TABLE = read_table(
    "posts",
    text_id("post_id"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    text_id("unit_id"),
    Column("title", Text, nullable=False),
    text_id("kind"),
    text_id("managed_by"),
    Column("heads_unit", Boolean, nullable=False),
    Column("seats", Integer, nullable=False),
)
OFFICIALS_TABLE = read_table(
    "officials",
    text_id("official_id"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("named_position", BigInteger, nullable=False),
    Column("retires_on", Date),
)
TENURES_TABLE = read_table(
    "tenures",
    text_id("official_id"),
    text_id("post_id"),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("position", BigInteger, nullable=False),
    text_id("unit_id"),
    text_id("cause", nullable=True),
)
Index("tenures_post", TENURES_TABLE.c.ledger, TENURES_TABLE.c.post_id, TENURES_TABLE.c.from_on)


def unit_established(_: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    return first_version(
        event,
        {
            "unit_id": data["unit_id"],
            "name": data["name"],
            "kind": data["kind"],
            "code": data.get("code"),
            "parent_id": data.get("parent_id"),
        },
    )


def renamed(unit: Row | None, event: RecordedEvent) -> Rows:
    return next_version(require_open_row(unit, event), event, {"name": event.data["name"]})


def retyped(unit: Row | None, event: RecordedEvent) -> Rows:
    return next_version(require_open_row(unit, event), event, {"kind": event.data["kind"]})


def recoded(unit: Row | None, event: RecordedEvent) -> Rows:
    return next_version(require_open_row(unit, event), event, {"code": event.data["code"]})


def moved(unit: Row | None, event: RecordedEvent) -> Rows:
    return next_version(
        require_open_row(unit, event), event, {"parent_id": event.data["parent_id"]}
    )


def post_created(_: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    return first_version(
        event,
        {
            "post_id": data["post_id"],
            "unit_id": data["unit_id"],
            "title": data["title"],
            "kind": data["kind"],
            "managed_by": data["managed_by"],
            "heads_unit": data.get("heads_unit", False),
            "seats": data.get("seats", 1),
        },
    )


def closed(row: Row | None, event: RecordedEvent) -> Rows:
    """The unit or post, whose last day is the day before."""
    return ({**require_open_row(row, event), "valid_to": event.day, "position": event.position},)


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


def tenure_started(_: Row | None, event: RecordedEvent) -> Rows:
    data = event.data
    return (
        {
            "official_id": data["official_id"],
            "post_id": data["post_id"],
            "from_on": event.day,
            "until_on": FOREVER,
            "position": event.position,
            "unit_id": data["unit_id"],
            "cause": None,
        },
    )


def tenure_ended(tenure: Row | None, event: RecordedEvent) -> Rows:
    changes = {"until_on": event.day, "position": event.position, "cause": event.data["cause"]}
    return ({**require_open_row(tenure, event), **changes},)


UNITS = Projection(
    version=2,
    table=UNITS_TABLE,
    key=("unit_id",),
    since="valid_from",
    until="valid_to",
    folds={
        organisation.UnitEstablished.TYPE: unit_established,
        organisation.UnitRenamed.TYPE: renamed,
        organisation.UnitRetyped.TYPE: retyped,
        organisation.UnitRecoded.TYPE: recoded,
        organisation.UnitMoved.TYPE: moved,
        organisation.UnitClosed.TYPE: closed,
        organisation.UnitMerged.TYPE: closed,
        organisation.UnitSplit.TYPE: closed,
    },
)
POSTS = Projection(
    version=1,
    table=POSTS_TABLE,
    key=("post_id",),
    since="valid_from",
    until="valid_to",
    folds={
        organisation.PostCreated.TYPE: post_created,
        organisation.PostAbolished.TYPE: closed,
    },
)
OFFICIALS = Projection(
    version=1,
    table=OFFICIALS_TABLE,
    key=("official_id",),
    since="valid_from",
    until="valid_to",
    folds={
        organisation.OfficialRegistered.TYPE: official_registered,
        organisation.RetirementAnnounced.TYPE: retirement_announced,
    },
)
TENURES = Projection(
    version=1,
    table=TENURES_TABLE,
    key=("official_id", "post_id"),
    since="from_on",
    until="until_on",
    folds={
        organisation.TenureStarted.TYPE: tenure_started,
        organisation.TenureEnded.TYPE: tenure_ended,
    },
)
