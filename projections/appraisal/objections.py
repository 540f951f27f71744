"""Objections: to which step of a rating's explanation an official objects, and what is answered."""

from datetime import date
from typing import Annotated

from sqlalchemy import Boolean

from domain.access.authority import NotRelated
from domain.appraisal.rating_events import ObjectionAnswered, ObjectionRaised
from projections.days import valid
from projections.filters import Filters, Id, Truth, where
from projections.listing import Listing, ListItem, Shown
from projections.projection import IsoDay, Name, Place, Version
from projections.records import settling


class ObjectionRow(Version):
    """An objection, until it is answered, and from then on."""

    official_id: Name
    cycle_id: Name
    number: int
    rating_position: Place
    step: Name
    says: str
    article: str | None
    reason: str
    raised_on: IsoDay
    answered_on: IsoDay | None
    answered_by: Name | None
    upheld: bool | None
    answer: str | None


OBJECTIONS = settling(
    "appraisal_objections",
    ObjectionRow,
    key=("official_id", "cycle_id", "number"),
    opened=ObjectionRaised,
    opened_on="raised_on",
    settled=ObjectionAnswered,
    settled_on="answered_on",
    answers=("answered_by", "upheld", "answer"),
)
TABLE = OBJECTIONS.table


class RatingObjection(ListItem):
    """An objection to a step of a rating, and the answer; an upheld one has the rating reopened."""

    official_id: str
    cycle_id: str
    number: int
    rating_position: Annotated[int, Shown(vi="Quyết định xếp loại")]
    step: Annotated[str, Shown(vi="Bước bị kiến nghị")]
    says: Annotated[str, Shown(vi="Nội dung bước")]
    article: Annotated[str | None, Shown(vi="Điều")]
    reason: str
    raised_on: Annotated[date, Shown(vi="Ngày kiến nghị")]
    answered_on: Annotated[date | None, Shown(vi="Ngày trả lời")]
    answered_by: Annotated[str | None, Shown(vi="Cơ quan trả lời")]
    upheld: Annotated[bool | None, Shown(vi="Chấp nhận kiến nghị")]
    answer: Annotated[str | None, Shown(vi="Nội dung trả lời")]
    position: int


class ObjectionFilters(Filters):
    """Which objections."""

    official: Id | None = where(TABLE.c.official_id, "Of this official.")
    cycle_id: Id | None = where(TABLE.c.cycle_id, "In this cycle.")
    answered: Truth | None = where(
        lambda answered: answered == TABLE.c.answered_on.is_not(None),
        "Whether they are answered.",
        of=Boolean(),
    )


RATING_OBJECTIONS = Listing(
    name="rating-objections",
    path="appraisal/objections",
    tag="appraisal",
    answers="To which steps of their ratings officials object, and what is answered.",
    page="One page of objections, by official and cycle.",
    item=RatingObjection,
    filters=ObjectionFilters,
    projections=(OBJECTIONS,),
    table=TABLE,
    holds=valid(TABLE),
    order=("official_id", "cycle_id", "number"),
    refusals=(NotRelated,),
)
