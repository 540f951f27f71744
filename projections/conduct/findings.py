"""Findings: what inspectors found of officials by which manifestation, and what these replied."""

from datetime import date
from typing import Annotated, Any

from sqlalchemy import Boolean, Index

from domain.conduct.events import FindingRecorded, FindingReplied
from domain.tasks.proposal import Evidence
from projections.days import valid
from projections.filters import Filters, Id, Truth, where
from projections.listing import Listing, ListItem, Shown
from projections.projection import IsoDay, Name, Version
from projections.records import settling


class FindingRow(Version):
    """A finding, until the person replies, and from then on."""

    official_id: Name
    number: int
    inspected_by: Name
    regulation_id: Name
    manifestation: Name
    finding: str
    evidence: list[dict[str, Any]]
    found_on: IsoDay
    replied_on: IsoDay | None
    reply: str | None


CONDUCT_FINDINGS = settling(
    "conduct_findings",
    FindingRow,
    key=("official_id", "number"),
    opened=FindingRecorded,
    opened_on="found_on",
    settled=FindingReplied,
    settled_on="replied_on",
    answers=("reply",),
)
TABLE = CONDUCT_FINDINGS.table
# In the order of the list.
Index(
    "conduct_findings_found",
    TABLE.c.ledger,
    TABLE.c.found_on,
    TABLE.c.official_id,
    TABLE.c.number,
)


class ConductFinding(ListItem):
    """A finding beside the reply to it; a manifestation is a hint, not an offence."""

    official_id: str
    number: int
    found_on: Annotated[date, Shown(vi="Ngày ghi nhận")]
    inspected_by: Annotated[str, Shown(vi="Đơn vị kiểm tra")]
    regulation_id: Annotated[str, Shown(vi="Mã quy định")]
    manifestation: Annotated[str, Shown(vi="Mã biểu hiện")]
    finding: Annotated[str, Shown(vi="Nội dung ghi nhận")]
    evidence: Annotated[list[Evidence], Shown(vi="Tài liệu kèm theo")]
    replied_on: Annotated[date | None, Shown(vi="Ngày giải trình")]
    reply: Annotated[str | None, Shown(vi="Nội dung giải trình")]
    position: int


class ConductFindingFilters(Filters):
    """Which findings."""

    official: Id | None = where(TABLE.c.official_id, "Of this official.")
    inspected_by: Id | None = where(TABLE.c.inspected_by, "Found by this unit.")
    regulation: Id | None = where(TABLE.c.regulation_id, "By the catalogue of this regulation.")
    replied: Truth | None = where(
        lambda replied: replied == TABLE.c.replied_on.is_not(None),
        "Whether the official has replied.",
        of=Boolean(),
    )


FINDINGS_OF_CONDUCT = Listing(
    name="conduct-findings",
    tag="officials",
    answers="What inspectors found of officials by a day, and what these replied.",
    page="One page of findings, the oldest first.",
    item=ConductFinding,
    filters=ConductFindingFilters,
    projections=(CONDUCT_FINDINGS,),
    table=TABLE,
    holds=valid(TABLE),
    order=("found_on", "official_id", "number"),
)
