"""Lists over HTTP: a `Listing` is served as it is declared: route, parameters, pages, files."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from functools import cache, partial
from typing import Annotated, Any, TypeAlias

from eventsourcing.dcb.domain import Selector
from fastapi import APIRouter, Depends, Request, Response
from pydantic import create_model

from domain.kernel import Event
from domain.regulations.regulations import Regulations
from domain.timeline import timeline
from projections.listing import Arguments, Beside, Described, Item, Listing, page, total
from projections.statement import known
from service.http.access import LedgerName, Reader
from service.http.reads.exporting import Exported, list_or_file, listed
from service.http.reads.query import (
    LONGEST_PAGE,
    CursorUnusable,
    OfDay,
    Page,
    described,
    query_params,
    with_ids,
)
from service.http.reads.reading import Parser, Reading, Reply, as_items
from service.read_set import query


class ListParams(OfDay, Exported):
    """A list of a day, to read or to take away."""


Params: TypeAlias = Any  # those of the list's own filters and `ListParams`, made by `params_of`

# Reads a page: of the ledger, by these parameters, and of the owner whose list it is, if any.
ReadPage: TypeAlias = Callable[[Request, str, Params, str], Awaitable[Reply]]

# Filters that leave of a list what is about one subject, and the prefix of its tag.
SUBJECTS = {"task": "task", "official": "official", "post": "post", "commune": "unit"}

# Passes if the parameters name only what there is.
Require: TypeAlias = Callable[[Reading, Params], Awaitable[None]]

# Adds to the items of a page what no one statement gives.
Complete: TypeAlias = Callable[[Reading, Sequence[Item], Params], Awaitable[Sequence[Item]]]


@cache
def params_of(listing: Described) -> type[ListParams]:
    """The query parameters of the list: its filters, and those of every list."""
    filters = listing.filters
    bases: tuple[type[Any], ...] = (filters, ListParams)
    return create_model(filters.__name__, __base__=bases, __doc__=filters.__doc__)


@cache
def page_of(listing: Described) -> type[Page]:
    """What OpenAPI says of a page of the list."""
    beside: dict[str, Any] = {
        one.name: (list[one.row] if one.many else one.row, ...)  # type: ignore[name-defined]  # a model made at run time
        for one in listing.beside
    }
    name = listing.operation.removeprefix("list_").removeprefix("read_")
    return create_model(
        f"{name.title().replace('_', '')}Page",
        __base__=Page,
        __doc__=listing.page,
        items=(list[listing.item], ...),  # type: ignore[name-defined]  # a model made at run time
        **beside,
    )


def serve(
    router: APIRouter,
    listing: Listing,
    complete: Complete | None = None,
    require: Require | None = None,
) -> None:
    """Add the list's route; `complete` and `require` as for `read_page`."""
    read = partial(read_page, listing, complete=complete, require=require)
    serve_pages(router, listing, params_of(listing), read)


def serve_pages(router: APIRouter, of: Described, params: type[Exported], read: ReadPage) -> None:
    """Add the route of a list that `read` reads, whatever it reads it from."""
    unknown = () if of.owner is None else (of.owner.unknown,)
    router.add_api_route(
        f"/v1/{{ledger}}/{of.path}",
        _endpoint(of, params, read),
        methods=["GET"],
        operation_id=of.operation,
        name=of.operation,
        description=of.answers,
        tags=[of.tag],
        response_model=page_of(of),
        responses=listed(*unknown, CursorUnusable, *of.refusals),
        openapi_extra=described(params),
    )


def _endpoint(of: Described, model: type[Exported], read: ReadPage) -> Any:  # noqa: ANN401  what FastAPI takes
    owner, row = of.owner, of.row or of.item

    async def endpoint(
        request: Request,
        ledger: LedgerName,
        _: Reader,
        params: Annotated[Params, Depends(query_params(model))],
        **path: str,
    ) -> Response:
        owned = path[owner.id_name] if owner else ""

        async def page(params: Params) -> Reply:
            return await read(request, ledger, params, owned)

        return await list_or_file(request, ledger, params, row, of.name, page, rows=of.rows_of)

    return with_ids(endpoint, model, *(() if owner is None else (owner.subject,)))


async def read_page(  # noqa: PLR0913  a list has so many sides
    listing: Listing,
    request: Request,
    ledger: str,
    params: Params,
    of: str = "",
    *,
    complete: Complete | None = None,
    require: Require | None = None,
) -> Reply:
    """The page of the list that these parameters ask for.

    Args:
        listing: of which it is a page.
        request: whose service is read.
        ledger: that is read.
        params: which page.
        of: the id of the list's owner.
        complete: adds to its items what no one statement gives.
        require: refuses what the parameters name and is not there.
    """
    by: str = getattr(params, "sort", "") or getattr(params, "group_by", "")
    filters = params.given(listing.where)
    names = frozenset(filters)
    projections = listing.reads(names)
    if listing.owner is not None:
        projections = tuple(dict.fromkeys((*projections, listing.owner.projection)))
    subject = _subject(listing, of, filters)
    reading = await Reading.of_day(request, ledger, params, projections, subject)
    arguments = {name: listing.where[name].argument(filters[name]) for name in names}
    if listing.owner is not None:
        if not (await reading.row(known(listing.owner.projection), id=of))[0]:
            raise listing.owner.unknown(**{listing.owner.id_name: of})
        arguments[listing.owner.subject] = of
    label = f"{listing.name} of {of}" if of else listing.name
    reading = reading.at(label, params, params.as_of, _parsers(listing, by))
    if require is not None:
        await require(reading, params)
    arguments |= {"as_of": reading.as_of, **await _own_arguments(reading, listing, params)}
    further = "".join([await _counted(reading, one, names, arguments) for one in listing.beside])
    if params.count:
        counting = total(listing, names, by=by, today=reading.is_current)
        further += await reading.total(counting, **arguments)
    statement = page(
        listing,
        names,
        by=by,
        continued=bool(reading.mark),
        today=reading.is_current,
        kept=not reading.is_of_rows,
    )
    arguments |= {f"after_{at}": value for at, value in enumerate(reading.mark)}
    rows = await reading.rows(statement, **arguments, limit=params.limit)
    items: list[bytes] = [row[1] for row in rows if row[1] is not None]
    mark = None
    if len(items) > params.limit:  # one more says that another page follows
        items.pop()
        mark = listing.mark(json.loads(items[-1]), by)
    finished = b",".join(items)
    if complete is not None:
        finished = as_items(await complete(reading, _parsed(items), params))
    elif listing.finish is not None:
        finished = as_items(listing.finish(_parsed(items), arguments))
    return reading.reply(finished, rows[0][0], mark, further)


async def items_of(reading: Reading, listing: Listing, **given: str) -> tuple[list[Item], int]:
    """Those items of the day of which all this holds, as far as a page goes; where they stand."""
    statement = page(
        listing, frozenset(given), today=reading.is_current, kept=not reading.is_of_rows
    )
    rows = await reading.rows(statement, limit=LONGEST_PAGE, **given)
    return _parsed([row[1] for row in rows if row[1] is not None]), rows[0][0]


@cache
def _parsers(listing: Listing, by: str) -> Sequence[Parser]:
    return listing.parsers(by)


def _parsed(items: Sequence[bytes]) -> list[Item]:
    return [json.loads(item) for item in items]


async def _own_arguments(reading: Reading, listing: Listing, params: Params) -> Arguments:
    if listing.arguments is None:
        return {}
    regulated = None
    if listing.regulated:
        regulated = await regulations(reading)
    return listing.arguments(params, reading.as_of, regulated)


async def _counted(
    reading: Reading, beside: Beside, filters: frozenset[str], arguments: Arguments
) -> str:
    """The member beside the items, as JSON after a comma."""
    statement = beside.statement(filters - beside.ignores)
    rows = await reading.rows(statement, **arguments)
    counts: list[Item] = [{name: row[name] for name in beside.row.model_fields} for row in rows]
    value = counts if beside.many else counts[0]
    return f',"{beside.name}":{json.dumps(value, ensure_ascii=False, default=date.isoformat)}'


async def regulations(reading: Reading) -> Regulations:
    """What has been regulated, as far as is known: from the log itself, for there is little."""
    return await reading.service.regulations.of(reading.source, reading.ledger, reading.until)


async def happened(reading: Reading, *selectors: Selector) -> list[Event]:
    """The timeline of what these select, as far as is known."""
    read = await reading.source.boundary(reading.ledger, query(selectors))
    stored = [event for event in read.events if event.position <= reading.until]
    decoded = await reading.service.codec.decode_all(reading.ledger, stored)
    recorded = {one.position: event for one, event in zip(stored, decoded, strict=True)}
    return [entry.event for entry in timeline(recorded)]


def _subject(listing: Listing, of: str, filters: Mapping[str, object]) -> str:
    """The tag of the one subject that the list is about; empty where it is about more."""
    if listing.owner is not None:
        return f"{listing.owner.subject}:{of}"
    for name, prefix in SUBJECTS.items():
        if name in filters:
            return f"{prefix}:{filters[name]}"
    return ""
