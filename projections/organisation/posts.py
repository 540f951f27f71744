"""Posts: which exist on any day, in which unit, and who manages their holders."""

from datetime import date
from typing import Annotated

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, Text

from domain.organisation import events as organisation
from projections.days import last_day, valid
from projections.filters import Filters, Id, Word, where
from projections.listing import Listing, ListItem, Shown
from projections.organisation.units import closed
from projections.projection import (
    Projection,
    RecordedEvent,
    Row,
    Rows,
    first_version,
    read_table,
    text_id,
)

TABLE = read_table(
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


POSTS = Projection(
    version=1,
    table=TABLE,
    key=("post_id",),
    since="valid_from",
    until="valid_to",
    folds={
        organisation.PostCreated.TYPE: post_created,
        organisation.PostAbolished.TYPE: closed,
    },
)


class Post(ListItem):
    """A post, and the days of its existence, both included."""

    position: int
    post_id: str
    unit_id: str
    title: str
    kind: str
    managed_by: str
    heads_unit: Annotated[bool, Shown(vi="Đứng đầu đơn vị")]
    seats: Annotated[int, Shown(vi="Số lượng")]
    from_on: Annotated[date, Shown(TABLE.c.valid_from)]
    to_on: Annotated[date | None, Shown(last_day(TABLE.c.valid_to))]


class PostFilters(Filters):
    """Which posts."""

    unit: Id | None = where(TABLE.c.unit_id)
    kind: Word | None = where(TABLE.c.kind)
    managed_by: Id | None = where(TABLE.c.managed_by, "Whose holders this body manages.")


EXISTING_POSTS = Listing(
    name="posts",
    path="posts",
    operation="list_posts",
    tag="posts",
    answers="The posts that exist on a day.",
    page="One page of posts, by id.",
    item=Post,
    filters=PostFilters,
    projections=(POSTS,),
    table=TABLE,
    holds=valid(TABLE),
    order=("post_id",),
)
