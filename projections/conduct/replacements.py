"""Replacements: who should not keep which post, as which unit proposed, and what was answered."""

from datetime import date
from typing import Annotated

from sqlalchemy import Boolean, Index

from domain.conduct.events import ReplacementDecided, ReplacementProposed
from projections.days import valid
from projections.filters import Filters, Id, Truth, where
from projections.listing import Listing, ListItem, Shown
from projections.projection import IsoDay, Name, Version
from projections.records import settling


class ReplacementRow(Version):
    """A proposal, until the managing body answers, and from then on."""

    official_id: Name
    number: int
    post_id: Name
    proposed_by: Name
    findings: list[int]
    proposed_on: IsoDay
    decided_on: IsoDay | None
    decided_by: Name | None
    accepted: bool | None


REPLACEMENTS = settling(
    "replacement_proposals",
    ReplacementRow,
    key=("official_id", "number"),
    opened=ReplacementProposed,
    opened_on="proposed_on",
    settled=ReplacementDecided,
    settled_on="decided_on",
    answers=("decided_by", "accepted"),
)
TABLE = REPLACEMENTS.table
# In the order of the list.
Index(
    "replacement_proposals_proposed",
    TABLE.c.ledger,
    TABLE.c.proposed_on,
    TABLE.c.official_id,
    TABLE.c.number,
)


class ProposedForReplacement(ListItem):
    """A proposal beside the answer; the reasons stand in the official's history."""

    official_id: str
    number: int
    post_id: str
    proposed_on: Annotated[date, Shown(vi="Ngày đề xuất")]
    proposed_by: Annotated[str, Shown(vi="Đơn vị đề xuất")]
    findings: Annotated[list[int], Shown(vi="Theo ghi nhận số")]
    decided_on: Annotated[date | None, Shown(vi="Ngày trả lời")]
    decided_by: Annotated[str | None, Shown(vi="Cơ quan trả lời")]
    accepted: Annotated[bool | None, Shown(vi="Được chấp thuận")]
    position: int


class ReplacementFilters(Filters):
    """Which proposals."""

    official: Id | None = where(TABLE.c.official_id, "About this official.")
    post: Id | None = where(TABLE.c.post_id, "About this post.")
    decided: Truth | None = where(
        lambda decided: decided == TABLE.c.decided_on.is_not(None),
        "Whether the body has answered.",
        of=Boolean(),
    )


REPLACEMENTS_PROPOSED = Listing(
    name="replacement-proposals",
    tag="officials",
    answers="Who was proposed for replacement by a day, in which post, and what was answered.",
    page="One page of proposals, the oldest first.",
    item=ProposedForReplacement,
    filters=ReplacementFilters,
    projections=(REPLACEMENTS,),
    table=TABLE,
    holds=valid(TABLE),
    order=("proposed_on", "official_id", "number"),
)
