"""Directory, read: one unit and one post as of any day."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Depends, Path, Request, Response

from domain.organisation.organisation import PostUnknown, UnitUnknown
from domain.values import ID_PATTERN
from projections.organisation.posts import EXISTING_POSTS, POSTS, Post
from projections.organisation.tenures import RUNNING_TENURES, TENURES, Tenure
from projections.organisation.units import EXISTING_UNITS, UNITS, Unit
from service.http.access import LedgerName, Reader
from service.http.reads import query
from service.http.reads.lists import items_of
from service.http.reads.query import OfDay, described, query_params
from service.http.reads.reading import Reading

router = APIRouter()

UnitName: TypeAlias = Annotated[str, Path(pattern=ID_PATTERN, description="The unit's id.")]
PostName: TypeAlias = Annotated[str, Path(pattern=ID_PATTERN, description="The post's id.")]


class PostWithHolders(Post):
    """A post and who holds it on the day."""

    holders: list[Tenure]


class UnitReply(query.Single):
    """One unit."""

    item: Unit


class PostReply(query.Single):
    """One post."""

    item: PostWithHolders


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
    units, position = await items_of(reading, EXISTING_UNITS, unit_id=unit_id)
    if not units:
        raise UnitUnknown(unit_id=unit_id)
    return entry_reply(reading, units[0], position)


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
    posts, position = await items_of(reading, EXISTING_POSTS, post_id=post_id)
    if not posts:
        raise PostUnknown(post_id=post_id)
    holders, standing = await items_of(reading, RUNNING_TENURES, post=post_id)
    return entry_reply(reading, {**posts[0], "holders": holders}, min(position, standing))


def entry_reply(reading: Reading, item: Mapping[str, Any], position: int) -> Response:
    return reading.single(json.dumps(item, ensure_ascii=False), position, item["position"])
