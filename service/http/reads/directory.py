"""Directory, read: units, posts, officials and tenures, as of any day."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias

import asyncpg
from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from domain.organisation.events import EndCause, OfficialRegistered, UnitKind
from domain.organisation.organisation import OfficialUnknown, PostUnknown, UnitUnknown
from domain.values import ID_PATTERN
from projections.directory import OFFICIALS, POSTS, TENURES, UNITS
from projections.directory_listing import LISTINGS, entries, headcount, officials
from service.http.access import LedgerName, Reader
from service.http.reads import asking
from service.http.reads.asking import LONGEST_PAGE, CursorUnusable, Id, InPages, OfDay, Truth, Word
from service.http.reads.reading import Reading, text_value

router = APIRouter()

UnitName: TypeAlias = Annotated[str, Path(pattern=ID_PATTERN, description="The unit's id.")]
PostName: TypeAlias = Annotated[str, Path(pattern=ID_PATTERN, description="The post's id.")]
OfficialName: TypeAlias = Annotated[str, Path(pattern=ID_PATTERN, description="The official's id.")]


class UnitFilters(OfDay, InPages):
    """Which units."""

    kind: UnitKind | None = None
    code: Annotated[str | None, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$")] = None
    parent: Annotated[Id | None, Field(description="Directly under this unit.")] = None


class PostFilters(OfDay, InPages):
    """Which posts."""

    unit: Id | None = None
    kind: Word | None = None
    managed_by: Annotated[Id | None, Field(description="Whose holders this body manages.")] = None


class OfficialFilters(OfDay, InPages):
    """Which officials."""

    pending_retirement: Annotated[
        Truth | None, Field(description="Whether a retirement is announced and yet to come.")
    ] = None


class TenureFilters(OfDay, InPages):
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


class Official(Entry):
    """A person; name and contact read null once they are `erased`."""

    official_id: str
    full_name: str | None
    contact: str | None
    erased: bool
    retires_on: date | None
    pending_retirement: bool


class PostWithHolders(Post):
    """A post and who holds it on the day."""

    holders: list[Tenure]


class OfficialWithTenures(Official):
    """An official and the posts held on the day."""

    tenures: list[Tenure]


class Headcount(BaseModel):
    """Different persons and different posts; null stands for all kinds of posts together."""

    model_config = ConfigDict(extra="forbid")

    post_kind: str | None
    persons: int
    posts: int


class UnitPage(asking.Page):
    """One page of units, by id."""

    items: list[Unit]


class PostPage(asking.Page):
    """One page of posts, by id."""

    items: list[Post]


class OfficialPage(asking.Page):
    """One page of officials, by id."""

    items: list[Official]


class TenurePage(asking.Page):
    """One page of tenures, by post and official; the counts are of all pages together."""

    items: list[Tenure]
    headcount: list[Headcount]


class UnitReply(asking.Single):
    """One unit."""

    item: Unit


class PostReply(asking.Single):
    """One post."""

    item: PostWithHolders


class OfficialReply(asking.Single):
    """One official."""

    item: OfficialWithTenures


class StoredName(NamedTuple):
    """The event that names an official, as the codec takes it."""

    type: str
    schema_version: int
    data: bytes


@router.get(
    "/v1/{ledger}/units",
    operation_id="list_units",
    tags=["units"],
    response_model=UnitPage,
    responses=asking.refusals(CursorUnusable),
)
async def list_units(
    request: Request, ledger: LedgerName, _: Reader, asked: Annotated[UnitFilters, Query()]
) -> Response:
    """The units that exist on a day."""
    return await _list(await _reading(request, ledger, "units", asked), "units", asked)


@router.get(
    "/v1/{ledger}/units/{unit_id}",
    operation_id="read_unit",
    tags=["units"],
    response_model=UnitReply,
    responses=asking.refusals(UnitUnknown),
)
async def read_unit(
    request: Request,
    ledger: LedgerName,
    unit_id: UnitName,
    _: Reader,
    asked: Annotated[OfDay, Query()],
) -> Response:
    """One unit as of a day."""
    reading = await Reading.of_day(request, ledger, asked, (UNITS,))
    found, position = await _entries(reading, "units", unit=unit_id)
    if not found:
        raise UnitUnknown(unit_id=unit_id)
    return _single(reading, found[0], position)


@router.get(
    "/v1/{ledger}/posts",
    operation_id="list_posts",
    tags=["posts"],
    response_model=PostPage,
    responses=asking.refusals(CursorUnusable),
)
async def list_posts(
    request: Request, ledger: LedgerName, _: Reader, asked: Annotated[PostFilters, Query()]
) -> Response:
    """The posts that exist on a day."""
    return await _list(await _reading(request, ledger, "posts", asked), "posts", asked)


@router.get(
    "/v1/{ledger}/posts/{post_id}",
    operation_id="read_post",
    tags=["posts"],
    response_model=PostReply,
    responses=asking.refusals(PostUnknown),
)
async def read_post(
    request: Request,
    ledger: LedgerName,
    post_id: PostName,
    _: Reader,
    asked: Annotated[OfDay, Query()],
) -> Response:
    """One post as of a day, and who holds it then."""
    reading = await Reading.of_day(request, ledger, asked, (POSTS, TENURES))
    found, position = await _entries(reading, "posts", post=post_id)
    if not found:
        raise PostUnknown(post_id=post_id)
    holders, standing = await _entries(reading, "tenures", post=post_id)
    return _single(reading, {**found[0], "holders": holders}, min(position, standing))


@router.get(
    "/v1/{ledger}/tenures",
    operation_id="list_tenures",
    tags=["posts"],
    response_model=TenurePage,
    responses=asking.refusals(CursorUnusable),
)
async def list_tenures(
    request: Request, ledger: LedgerName, _: Reader, asked: Annotated[TenureFilters, Query()]
) -> Response:
    """Who holds which post on a day; persons and posts counted, in all and by kind of post."""
    reading = await _reading(request, ledger, "tenures", asked)
    filters = asked.filters(LISTINGS["tenures"].filters)
    rows = await reading.rows(headcount(frozenset(filters)), **filters)
    counts = json.dumps([dict(row) for row in rows])
    return await _list(reading, "tenures", asked, f',"headcount":{counts}')


@router.get(
    "/v1/{ledger}/officials",
    operation_id="list_officials",
    tags=["officials"],
    response_model=OfficialPage,
    responses=asking.refusals(CursorUnusable),
)
async def list_officials(
    request: Request, ledger: LedgerName, _: Reader, asked: Annotated[OfficialFilters, Query()]
) -> Response:
    """The officials the ledger knows, as of a day."""
    reading = await Reading.of_day(request, ledger, asked, (OFFICIALS,))
    reading = reading.at("officials", asked, asked.as_of, (text_value,))
    filters = asked.filters(("pending_retirement",))
    statement = officials(frozenset(filters), continued=bool(reading.mark))
    filters["limit"] = asked.limit
    if reading.mark:
        [filters["after_0"]] = reading.mark
    rows = await reading.rows(statement, **filters)
    items = await _persons(reading, rows[: asked.limit])
    position = rows[0]["standing"] if rows else await reading.position(OFFICIALS)
    mark = (items[-1]["official_id"],) if len(rows) > asked.limit else None
    return reading.reply(json.dumps(items, ensure_ascii=False), position, mark)


@router.get(
    "/v1/{ledger}/officials/{official_id}",
    operation_id="read_official",
    tags=["officials"],
    response_model=OfficialReply,
    responses=asking.refusals(OfficialUnknown),
)
async def read_official(
    request: Request,
    ledger: LedgerName,
    official_id: OfficialName,
    _: Reader,
    asked: Annotated[OfDay, Query()],
) -> Response:
    """One official as of a day, and the posts held then."""
    reading = await Reading.of_day(request, ledger, asked, (OFFICIALS, TENURES))
    statement = officials(frozenset({"official"}), continued=False)
    rows = await reading.rows(statement, official=official_id, limit=1)
    if not rows:
        raise OfficialUnknown(official_id=official_id)
    [person] = await _persons(reading, rows)
    tenures, standing = await _entries(reading, "tenures", official=official_id)
    return _single(reading, {**person, "tenures": tenures}, min(rows[0]["standing"], standing))


Listed: TypeAlias = Literal["units", "posts", "tenures"]
Listing: TypeAlias = UnitFilters | PostFilters | TenureFilters


async def _reading(request: Request, ledger: str, kind: Listed, asked: Listing) -> Reading:
    listing = LISTINGS[kind]
    reading = await Reading.of_day(request, ledger, asked, listing.projections)
    return reading.at(kind, asked, asked.as_of, [text_value] * len(listing.marks))


async def _list(reading: Reading, kind: Listed, asked: Listing, further: str = "") -> Response:
    filters = asked.filters(LISTINGS[kind].filters)
    statement = entries(kind, frozenset(filters), continued=bool(reading.mark))
    filters["limit"] = asked.limit
    for number, value in enumerate(reading.mark):
        filters[f"after_{number}"] = value
    marks = LISTINGS[kind].marks
    return await reading.page(statement, filters, lambda item: [item[m] for m in marks], further)


async def _entries(
    reading: Reading, kind: Listed, **filters: str
) -> tuple[list[dict[str, Any]], int]:
    """The entry of that id, or all of a post or an official; and where they stand."""
    statement = entries(kind, frozenset(filters), continued=False)
    rows = await reading.rows(statement, limit=LONGEST_PAGE, **filters)
    return [json.loads(row["item"]) for row in rows if row["item"]], rows[0]["position"]


def _single(reading: Reading, item: Mapping[str, Any], position: int) -> Response:
    return reading.single(json.dumps(item, ensure_ascii=False), position, item["position"])


async def _persons(reading: Reading, rows: Sequence[asyncpg.Record]) -> list[dict[str, Any]]:
    """The officials, named by what the log still tells of them."""
    stored = [StoredName(row["type"], row["schema_version"], row["data"]) for row in rows]
    named = await reading.service.codec.decode_all(reading.ledger, stored)
    return [
        {
            "official_id": row["official_id"],
            "full_name": event.full_name,
            "contact": event.contact,
            "erased": event.full_name is None,
            "retires_on": None if row["retires_on"] is None else row["retires_on"].isoformat(),
            "pending_retirement": row["pending_retirement"],
            "position": row["position"],
        }
        for row, event in zip(rows, named, strict=True)
        if isinstance(event, OfficialRegistered)
    ]
