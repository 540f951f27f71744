"""Posts: which exist on any day, in which unit, and who manages their holders."""

from datetime import date
from typing import Annotated, NotRequired, TypedDict

from domain.organisation import events as organisation
from projections.days import last_day, valid
from projections.filters import Filters, Id, Ids, Word, one_of, where
from projections.listing import Listing, ListItem, Shown
from projections.organisation.units import closed
from projections.projection import (
    Name,
    Projection,
    RecordedEvent,
    Rows,
    Version,
    opened,
    read_table,
)


class PostRow(Version):
    """A post."""

    post_id: Name
    unit_id: Name
    title: str
    kind: Name
    managed_by: Name
    heads_unit: bool
    seats: int


TABLE = read_table("posts", PostRow)


class PostData(TypedDict):
    """A post that is created."""

    post_id: str
    unit_id: str
    title: str
    kind: str
    managed_by: str
    heads_unit: NotRequired[bool]
    seats: NotRequired[int]


def post_created(_: PostRow | None, event: RecordedEvent[PostData]) -> Rows[PostRow]:
    data = event.data
    row: PostRow = {
        **opened(event),
        "post_id": data["post_id"],
        "unit_id": data["unit_id"],
        "title": data["title"],
        "kind": data["kind"],
        "managed_by": data["managed_by"],
        "heads_unit": data.get("heads_unit", False),
        "seats": data.get("seats", 1),
    }
    return (row,)


POSTS = Projection(
    table=TABLE,
    row=PostRow,
    key=("post_id",),
    versioned=True,
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

    ids: Ids | None = one_of(TABLE.c.post_id)
    unit: Id | None = where(TABLE.c.unit_id)
    kind: Word | None = where(TABLE.c.kind)
    managed_by: Id | None = where(TABLE.c.managed_by, "Whose holders this body manages.")


EXISTING_POSTS = Listing(
    name="posts",
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
