"""Tenures: who holds which post, from when to when."""

from datetime import date
from functools import lru_cache
from typing import Annotated

from sqlalchemy import ColumnElement, Index, and_, distinct, exists, func, tuple_

from domain.organisation.events import EndCause, TenureEnded, TenureStarted
from projections.days import last_day, running, valid
from projections.filters import Filters, Id, Word, where
from projections.listing import Beside, Listing, ListItem, Shown
from projections.organisation.posts import POSTS
from projections.organisation.posts import TABLE as POSTS_TABLE
from projections.projection import Name, Stretch
from projections.records import begun_and_ended
from projections.statement import Statement, statement


class TenureRow(Stretch):
    """A tenure; `cause` is why it ended."""

    official_id: Name
    post_id: Name
    unit_id: Name
    cause: Name | None


TENURES = begun_and_ended(
    "tenures",
    TenureRow,
    key=("official_id", "post_id"),
    begun=TenureStarted,
    ended=TenureEnded,
    closing=("cause",),
)
TABLE = TENURES.table
Index("tenures_post", TABLE.c.ledger, TABLE.c.post_id, TABLE.c.from_on)
Index("tenures_unit", TABLE.c.ledger, TABLE.c.unit_id, TABLE.c.from_on)

# The post, as it is on the day.
AT_POST = and_(
    POSTS_TABLE.c.ledger == TABLE.c.ledger,
    POSTS_TABLE.c.post_id == TABLE.c.post_id,
    *valid(POSTS_TABLE),
)


def _at_post_of(kind: ColumnElement[str]) -> ColumnElement[bool]:
    return exists().where(AT_POST, POSTS_TABLE.c.kind == kind).correlate(TABLE)


class Tenure(ListItem):
    """An official holds a post from `from_on` to `to_on`, both included."""

    position: int
    official_id: str
    post_id: str
    unit_id: str
    from_on: date
    to_on: Annotated[date | None, Shown(last_day(TABLE.c.until_on))]
    cause: EndCause | None


class TenureFilters(Filters):
    """Which tenures of those that run on the day."""

    official: Id | None = where(TABLE.c.official_id)
    post: Id | None = where(TABLE.c.post_id)
    unit: Id | None = where(TABLE.c.unit_id)
    post_kind: Word | None = where(_at_post_of)


class Headcount(ListItem):
    """Different persons and different posts; null stands for all kinds of posts together."""

    post_kind: str | None
    persons: int
    posts: int


@lru_cache(maxsize=64)
def headcount(filters: frozenset[str]) -> Statement:
    """Persons and posts held on the day, in all (`post_kind` null) and by kind of post (A4, B17).

    Rows of `Headcount`; arguments: ledger, as_of, each filter's.
    """
    kind = POSTS_TABLE.c.kind
    return statement(
        RUNNING_TENURES.rows(filters)
        .with_only_columns(
            kind.label("post_kind"),
            func.count(distinct(TABLE.c.official_id)).label("persons"),
            func.count(distinct(TABLE.c.post_id)).label("posts"),
        )
        .join(POSTS_TABLE, AT_POST, isouter=True)
        .group_by(func.grouping_sets(tuple_(), tuple_(kind)))
        .order_by(func.grouping(kind).desc(), kind)
    )


RUNNING_TENURES = Listing(
    name="tenures",
    tag="posts",
    answers="Who holds which post on a day; persons and posts counted, in all and by kind of post.",
    page="One page of tenures, by post and official; the counts are of all pages together.",
    item=Tenure,
    filters=TenureFilters,
    projections=(TENURES, POSTS),
    table=TABLE,
    holds=running(TABLE),
    order=("post_id", "official_id"),
    beside=(Beside(name="headcount", row=Headcount, statement=headcount, many=True),),
)
