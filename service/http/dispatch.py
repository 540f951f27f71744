"""Dispatch: an address is looked up by its words, and not tried against one route after another.

Verbs and reads are nearly all that is asked. FastAPI describes the reads; were it to serve them, it
would go through every route and every declared parameter anew at each request.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

from domain.values import ID_PATTERN
from service.http.access import permitted
from service.http.addresses import path_of
from service.http.commands import ID
from service.http.reads.query import QueryParams, query_params

CHOSEN = "giaoviec.route"


class Dispatch(BaseRoute):
    """Many routes as one: of those that have as many words and end alike, the first that matches.

    A route that ends in a word of its own goes before one that ends in an id.

    Args:
        routes: in their order.
    """

    def __init__(self, routes: Sequence[Route]) -> None:
        self.routes = routes
        self._ending: defaultdict[tuple[int, str | None], list[Route]] = defaultdict(list)
        for route in routes:
            words = route.path.split("/")
            last = None if words[-1].startswith("{") else words[-1]
            self._ending[len(words), last].append(route)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """The first route that serves the address; else one that does by another method."""
        found: tuple[Match, Scope] = Match.NONE, {}
        if scope["type"] != "http":
            return found
        for route in self._candidates(path_of(scope).split("/")):
            match, child = route.matches(scope)
            if match is Match.FULL or (match is Match.PARTIAL and found[0] is Match.NONE):
                found = match, {**child, CHOSEN: route}
            if match is Match.FULL:
                break
        return found

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await scope[CHOSEN].handle(scope, receive, send)

    def _candidates(self, words: Sequence[str]) -> Iterator[Route]:
        for last in (words[-1], None):
            yield from self._ending.get((len(words), last), ())


class Read(Route):
    """The route of a read. Other methods are left to FastAPI, which knows what else there is."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, child = super().matches(scope)
        return (match, child) if match is Match.FULL else (Match.NONE, {})


class ReadEndpoint:
    """Serves a read as FastAPI would: who asks, for what; one call, respond."""

    def __init__(self, route: APIRoute, params: type[QueryParams]) -> None:
        self.path = route.path
        self.operation_id = route.operation_id
        self._read = route.endpoint
        self._params = query_params(params)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = self
        request = Request(scope, receive, send)
        ids = dict(scope["path_params"])
        ledger = ids.pop("ledger")
        _require_ids({"ledger": ledger})
        by = await permitted(request, ledger, None)
        params = await self._params(request)
        _require_ids(ids)
        response = await self._read(request, ledger, by, params, **ids)
        await response(scope, receive, send)


def reads(app: FastAPI) -> list[Route]:
    """The routes of the reads that FastAPI describes and that can be served without it."""
    return [
        Read(route.path, ReadEndpoint(route, params), methods=["GET"])
        for route, params in _served(app.routes)
    ]


def _served(routes: Sequence[BaseRoute]) -> Iterator[tuple[APIRoute, type[QueryParams]]]:
    for context in iter_route_contexts(routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            params = getattr(route.endpoint, "params", None)
            if params is not None:
                yield route, params


def _require_ids(ids: Mapping[str, str]) -> None:
    """Require that these are ids.

    Raises:
        RequestValidationError: as FastAPI does.
    """
    slips = [
        {
            "type": "string_pattern_mismatch",
            "loc": ("path", name),
            "msg": f"String should match pattern '{ID_PATTERN}'",
            "input": value,
            "ctx": {"pattern": ID_PATTERN},
        }
        for name, value in ids.items()
        if ID.fullmatch(value) is None
    ]
    if slips:
        raise RequestValidationError(slips)
