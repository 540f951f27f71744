"""Lists over HTTP: a `Listing` is served as it is declared: route, parameters, pages, files."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from inspect import Parameter, signature
from typing import Annotated, Any, TypeAlias

from eventsourcing.dcb.api import DCBQuery, DCBQueryItem
from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import create_model

from domain.regulations.events import CellAttendanceRegulated, CommuneMonitoringRegulated
from domain.regulations.regulations import Regulations
from domain.values import ID_PATTERN
from projections.listing import Beside, Item, Listing, Owner, page
from projections.statement import known
from service.components import Service
from service.http.access import LedgerName, Reader
from service.http.reads.exporting import Exported, list_or_file, listed
from service.http.reads.query import CursorUnusable, OfDay, Page, described, query_params
from service.http.reads.reading import Reading, as_items


class ListParams(OfDay, Exported):
    """A list of a day, to read or to take away."""


Params: TypeAlias = Any  # those of the list's own filters and `ListParams`, made by `params_of`


def params_of(listing: Listing) -> type[ListParams]:
    """The query parameters of the list: its filters, and those of every list."""
    filters = listing.filters
    bases: tuple[type[Any], ...] = (filters, ListParams)
    return create_model(filters.__name__, __base__=bases, __doc__=filters.__doc__)


def page_of(listing: Listing) -> type[Page]:
    """What OpenAPI says of a page of the list."""
    beside: dict[str, Any] = {
        one.name: (list[one.row] if one.many else one.row, ...)  # type: ignore[name-defined]  # a model made at run time
        for one in listing.beside
    }
    return create_model(
        f"{listing.item.__name__}Page",
        __base__=Page,
        __doc__=listing.page,
        items=(list[listing.item], ...),  # type: ignore[name-defined]  # a model made at run time
        **beside,
    )


def serve(router: APIRouter, listing: Listing) -> None:
    """Add the list's route."""
    params = params_of(listing)
    unknown = () if listing.owner is None else (listing.owner.unknown,)
    router.add_api_route(
        f"/v1/{{ledger}}/{listing.path}",
        _endpoint(listing, params),
        methods=["GET"],
        operation_id=listing.operation,
        name=listing.operation,
        description=listing.answers,
        tags=[listing.tag],
        response_model=page_of(listing),
        responses=listed(*unknown, CursorUnusable, *listing.refusals),
        openapi_extra=described(params),
    )


def _endpoint(listing: Listing, model: type[ListParams]) -> Any:  # noqa: ANN401  what FastAPI takes
    given = Depends(query_params(model))

    async def endpoint(
        request: Request,
        ledger: LedgerName,
        _: Reader,
        params: Annotated[Params, given],
        **path: str,
    ) -> Response:
        of = path[listing.owner.id_name] if listing.owner else ""
        read = partial(read_page, request, ledger, listing, of=of)
        return await list_or_file(request, params, listing.item, listing.name, read)

    declared = [one for one in signature(endpoint).parameters.values() if one.name != "path"]
    if listing.owner is not None:
        declared.append(_owner_parameter(listing.owner))
    endpoint.__signature__ = signature(endpoint).replace(parameters=declared)  # type: ignore[attr-defined]  # what FastAPI reads
    return endpoint


def _owner_parameter(owner: Owner) -> Parameter:
    """The id in the path, under the name that it has there."""
    path = Path(pattern=ID_PATTERN, description=owner.description)
    return Parameter(owner.id_name, Parameter.KEYWORD_ONLY, annotation=Annotated[str, path])


async def read_page(
    request: Request, ledger: str, listing: Listing, params: Params, *, of: str = ""
) -> Response:
    """The page of the list that these parameters ask for; `of` is the id of its owner."""
    sort: str = getattr(params, listing.sorted_by, "")
    filters = params.given(listing.where)
    names = frozenset(filters)
    projections = listing.reads(names)
    if listing.owner is not None:
        projections = (*projections, listing.owner.projection)
    reading = await Reading.of_day(request, ledger, params, projections)
    arguments: dict[str, object] = {name: _argument(listing, name, filters[name]) for name in names}
    if listing.owner is not None:
        if not (await reading.row(known(listing.owner.projection), id=of))[0]:
            raise listing.owner.unknown(**{listing.owner.id_name: of})
        arguments[listing.owner.argument] = of
    label = f"{listing.name} by {sort}" if sort else listing.name
    reading = reading.at(label, params, params.as_of, listing.parsers(sort))
    arguments |= await _own_arguments(reading, listing, params)
    further = "".join([await _counted(reading, one, names, arguments) for one in listing.beside])
    statement = page(
        listing, names, sort=sort, continued=bool(reading.mark), today=reading.is_current
    )
    arguments |= {f"after_{at}": value for at, value in enumerate(reading.mark)}
    rows = await reading.rows(statement, **arguments, limit=params.limit)
    items: list[bytes] = [row[1] for row in rows if row[1] is not None]
    mark = None
    if len(items) > params.limit:  # one more says that another page follows
        items.pop()
        mark = listing.mark(json.loads(items[-1]), sort)
    return reading.reply(_finished(listing, items, reading.as_of), rows[0][0], mark, further)


def _finished(listing: Listing, items: Sequence[bytes], as_of: date) -> bytes:
    """The items as JSON with commas between."""
    if listing.finish is None:
        return b",".join(items)
    return as_items(listing.finish([json.loads(item) for item in items], as_of))


def _argument(listing: Listing, name: str, value: object) -> object:
    made = listing.where[name].argument
    return value if made is None else made(value)


async def _own_arguments(
    reading: Reading, listing: Listing, params: Params
) -> Mapping[str, object]:
    if listing.arguments is None:
        return {}
    regulated = None
    if listing.regulated:
        regulated = await regulations(reading.service, reading.ledger)
    return listing.arguments(params, reading.as_of, regulated)


async def _counted(
    reading: Reading, beside: Beside, filters: frozenset[str], arguments: Mapping[str, object]
) -> str:
    """The member beside the items, as JSON after a comma."""
    statement = beside.statement(filters - beside.ignores)
    rows = await reading.rows(statement, **arguments)
    counts: list[Item] = [{name: row[name] for name in beside.row.model_fields} for row in rows]
    value = counts if beside.many else counts[0]
    return f',"{beside.name}":{json.dumps(value, ensure_ascii=False, default=date.isoformat)}'


async def regulations(service: Service, ledger: str) -> Regulations:
    """What has been regulated so far, from the log itself: there is little of it."""
    types = [CommuneMonitoringRegulated.TYPE, CellAttendanceRegulated.TYPE]
    selected = DCBQuery(items=[DCBQueryItem(types=types, tags=[])])
    events = (await service.log.boundary(ledger, selected)).events
    regulated = Regulations()
    for event in await service.codec.decode_all(ledger, events):
        regulated.evolve(event)
    return regulated
