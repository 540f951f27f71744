"""Revisions: of each regulation, which text is in force on any day."""

from datetime import date
from typing import Annotated

from sqlalchemy import Text, bindparam

from domain.regulations.events import (
    CellAttendanceRegulated,
    CommuneMonitoringRegulated,
    PolicyAdopted,
)
from domain.regulations.regulations import RegulationUnknown
from projections.days import last_day, valid
from projections.filters import Filters, Id, Truth, where
from projections.listing import Listing, ListItem, Owner, Shown
from projections.projection import Name, Version
from projections.records import revised


class RevisionRow(Version):
    """The whole of a regulation, as it is from a day on."""

    regulation_id: Name
    title: str
    is_sample: bool
    vocabulary: int
    adopted_by: Name
    sha256: Name
    policy: str
    source: str


REVISIONS = revised(
    "regulation_revisions",
    RevisionRow,
    key=("regulation_id",),
    event=PolicyAdopted,
    or_events=(CommuneMonitoringRegulated, CellAttendanceRegulated),
)
TABLE = REVISIONS.table


class RegulationRevision(ListItem):
    """A revision of a regulation, and the days on which it is in force, both included.

    `sha256` is of the text that was adopted. A sample is made up, and no regulation.
    """

    position: int
    regulation_id: Annotated[str, Shown(vi="Mã quy định")]
    title: str
    is_sample: Annotated[bool, Shown(vi="Văn bản mẫu")]
    vocabulary: Annotated[int, Shown(vi="Từ vựng số")]
    adopted_by: Annotated[str, Shown(vi="Cơ quan ban hành")]
    from_on: Annotated[date, Shown(TABLE.c.valid_from)]
    to_on: Annotated[date | None, Shown(last_day(TABLE.c.valid_to))]
    sha256: Annotated[str, Shown(vi="SHA-256 của tệp")]


class RegulationText(RegulationRevision):
    """A revision with the text that was adopted, and what it says as JSON."""

    source: Annotated[str, Shown(vi="Nội dung tệp")]
    policy: Annotated[str, Shown(vi="Nội dung chuẩn hóa")]


class RegulationFilters(Filters):
    """Which regulations."""

    adopted_by: Id | None = where(TABLE.c.adopted_by, "Only what this body adopted.")
    is_sample: Truth | None = where(TABLE.c.is_sample, "Whether it is a sample.")


class RevisionFilters(Filters):
    """Which revisions."""

    adopted_by: Id | None = where(TABLE.c.adopted_by, "Only what this body adopted.")


REGULATIONS_IN_FORCE = Listing(
    name="regulations",
    tag="regulations",
    answers="The regulations, as they are in force on a day.",
    page="One page of regulations, by id.",
    item=RegulationRevision,
    filters=RegulationFilters,
    projections=(REVISIONS,),
    table=TABLE,
    holds=valid(TABLE),
    order=("regulation_id",),
)
REGULATION_REVISIONS = Listing(
    name="regulation-revisions",
    path="regulations/{regulation_id}/revisions",
    tag="regulations",
    answers="Every revision of one regulation: adopted, in force, replaced, or still to come.",
    page="One page of revisions, the earliest first.",
    item=RegulationRevision,
    filters=RevisionFilters,
    projections=(REVISIONS,),
    table=TABLE,
    holds=(TABLE.c.regulation_id == bindparam("regulation", type_=Text()),),
    order=("from_on",),
    owner=Owner(subject="regulation", projection=REVISIONS, unknown=RegulationUnknown),
)
# One of them, with its text: read by its id.
REGULATION_TEXT = Listing(
    name="regulation",
    tag="regulations",
    answers="One regulation as it is in force on a day, with its text.",
    page="One regulation.",
    item=RegulationText,
    projections=(REVISIONS,),
    table=TABLE,
    holds=valid(TABLE),
    order=("regulation_id",),
)
