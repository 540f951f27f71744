"""Directory, read: units, posts and tenures, as of any day."""

import json
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal, TypeAlias

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from domain.organisation.events import EndCause, UnitKind
from domain.organisation.organisation import PostUnknown, UnitUnknown
from domain.values import ID_PATTERN
from projections.filters import (
    Id,
    Word,
)
from projections.organisation.listing import LISTINGS, entries, headcount
from projections.organisation.posts import POSTS
from projections.organisation.tenures import TENURES
from projections.organisation.units import UNITS
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.exporting import Exported, list_or_file, listed
from service.http.reads.query import (
    LONGEST_PAGE,
    CursorUnusable,
    OfDay,
    described,
    query_params,
)
from service.http.reads.reading import Reading, text_value

router = APIRouter()

UnitName: TypeAlias = Annotated[str, Path(pattern=ID_PATTERN, description="The unit's id.")]
PostName: TypeAlias = Annotated[str, Path(pattern=ID_PATTERN, description="The post's id.")]


class UnitFilters(OfDay, Exported):
    """Which units."""

    kind: UnitKind | None = None
    code: Annotated[str | None, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$")] = None
    parent: Annotated[Id | None, Field(description="Directly under this unit.")] = None


class PostFilters(OfDay, Exported):
    """Which posts."""

    unit: Id | None = None
    kind: Word | None = None
    managed_by: Annotated[Id | None, Field(description="Whose holders this body manages.")] = None


class TenureFilters(OfDay, Exported):
    """Which tenures of those that run on the day."""

    official: Id | None = None
    post: Id | None = None
    unit: Id | None = None
    post_kind: Word | None = None


class Entry(BaseModel):
    """An entry of the directory; `position` is the last event that changed it."""

    model_config = ConfigDict(extra="forbid")

    position: int


class Unit(Entry):
    """A unit under its name of the day, and the days of its existence, both included."""

    unit_id: str
    name: str
    kind: UnitKind
    code: str | None
    parent_id: str | None
    from_on: date
    to_on: date | None


class Post(Entry):
    """A post, and the days of its existence, both included."""

    post_id: str
    unit_id: str
    title: str
    kind: str
    managed_by: str
    heads_unit: bool
    seats: int
    from_on: date
    to_on: date | None


class Tenure(Entry):
    """An official holds a post from `from_on` to `to_on`, both included."""

    official_id: str
    post_id: str
    unit_id: str
    from_on: date
    to_on: date | None
    cause: EndCause | None


class PostWithHolders(Post):
    """A post and who holds it on the day."""

    holders: list[Tenure]


class Headcount(BaseModel):
    """Different persons and different posts; null stands for all kinds of posts together."""

    model_config = ConfigDict(extra="forbid")

    post_kind: str | None
    persons: int
    posts: int


class UnitPage(query.Page):
    """One page of units, by id."""

    items: list[Unit]


class PostPage(query.Page):
    """One page of posts, by id."""

    items: list[Post]


class TenurePage(query.Page):
    """One page of tenures, by post and official; the counts are of all pages together."""

    items: list[Tenure]
    headcount: list[Headcount]


class UnitReply(query.Single):
    """One unit."""

    item: Unit


class PostReply(query.Single):
    """One post."""

    item: PostWithHolders


@router.get(
    "/v1/{ledger}/units",
    operation_id="list_units",
    tags=["units"],
    response_model=UnitPage,
    responses=listed(CursorUnusable),
    openapi_extra=described(UnitFilters),
)
async def list_units(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[UnitFilters, Depends(query_params(UnitFilters))],
) -> Response:
    """The units that exist on a day."""
    page = partial(_list, request, ledger, "units")
    return await list_or_file(request, params, Unit, "units", page)


@router.get(
    "/v1/{ledger}/units/{unit_id}",
    operation_id="read_unit",
    tags=["units"],
    response_model=UnitReply,
    responses=query.refusals(UnitUnknown),
    openapi_extra=described(OfDay),
)
async def read_unit(
    request: Request,
    ledger: LedgerName,
    unit_id: UnitName,
    _: Reader,
    params: Annotated[OfDay, Depends(query_params(OfDay))],
) -> Response:
    """One unit as of a day."""
    reading = await Reading.of_day(request, ledger, params, (UNITS,))
    found, position = await found_entries(reading, "units", unit=unit_id)
    if not found:
        raise UnitUnknown(unit_id=unit_id)
    return entry_reply(reading, found[0], position)


@router.get(
    "/v1/{ledger}/posts",
    operation_id="list_posts",
    tags=["posts"],
    response_model=PostPage,
    responses=listed(CursorUnusable),
    openapi_extra=described(PostFilters),
)
async def list_posts(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[PostFilters, Depends(query_params(PostFilters))],
) -> Response:
    """The posts that exist on a day."""
    page = partial(_list, request, ledger, "posts")
    return await list_or_file(request, params, Post, "posts", page)


@router.get(
    "/v1/{ledger}/posts/{post_id}",
    operation_id="read_post",
    tags=["posts"],
    response_model=PostReply,
    responses=query.refusals(PostUnknown),
    openapi_extra=described(OfDay),
)
async def read_post(
    request: Request,
    ledger: LedgerName,
    post_id: PostName,
    _: Reader,
    params: Annotated[OfDay, Depends(query_params(OfDay))],
) -> Response:
    """One post as of a day, and who holds it then."""
    reading = await Reading.of_day(request, ledger, params, (POSTS, TENURES))
    found, position = await found_entries(reading, "posts", post=post_id)
    if not found:
        raise PostUnknown(post_id=post_id)
    holders, standing = await found_entries(reading, "tenures", post=post_id)
    return entry_reply(reading, {**found[0], "holders": holders}, min(position, standing))


@router.get(
    "/v1/{ledger}/tenures",
    operation_id="list_tenures",
    tags=["posts"],
    response_model=TenurePage,
    responses=listed(CursorUnusable),
    openapi_extra=described(TenureFilters),
)
async def list_tenures(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    params: Annotated[TenureFilters, Depends(query_params(TenureFilters))],
) -> Response:
    """Who holds which post on a day; persons and posts counted, in all and by kind of post."""
    page = partial(_list, request, ledger, "tenures")
    return await list_or_file(request, params, Tenure, "tenures", page)


Listed: TypeAlias = Literal["units", "posts", "tenures"]
Listing: TypeAlias = UnitFilters | PostFilters | TenureFilters


async def _reading(request: Request, ledger: str, kind: Listed, params: Listing) -> Reading:
    listing = LISTINGS[kind]
    reading = await Reading.of_day(request, ledger, params, listing.projections)
    return reading.at(kind, params, params.as_of, [text_value] * len(listing.marks))


async def _list(request: Request, ledger: str, kind: Listed, params: Listing) -> Response:
    reading = await _reading(request, ledger, kind, params)
    filters = params.given(LISTINGS[kind].filters)
    further = ""
    if kind == "tenures":
        rows = await reading.rows(headcount(frozenset(filters)), **filters)
        further = f',"headcount":{json.dumps([dict(row) for row in rows])}'
    statement = entries(kind, frozenset(filters), continued=bool(reading.mark))
    filters["limit"] = params.limit
    for number, value in enumerate(reading.mark):
        filters[f"after_{number}"] = value
    marks = LISTINGS[kind].marks
    return await reading.page(statement, filters, lambda item: [item[m] for m in marks], further)


async def found_entries(
    reading: Reading, kind: Listed, **filters: str
) -> tuple[list[dict[str, Any]], int]:
    """The entry of that id, or all of a post or an official; and where they stand."""
    statement = entries(kind, frozenset(filters), continued=False)
    rows = await reading.rows(statement, limit=LONGEST_PAGE, **filters)
    return [json.loads(row["item"]) for row in rows if row["item"]], rows[0]["position"]


def entry_reply(reading: Reading, item: Mapping[str, Any], position: int) -> Response:
    return reading.single(json.dumps(item, ensure_ascii=False), position, item["position"])
