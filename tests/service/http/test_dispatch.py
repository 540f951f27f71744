"""Dispatch: each address leads to its own verb or read, as if each route were tried in turn."""

import re
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from starlette.routing import Match, Route

from projections import LISTINGS
from service.http.dispatch import CHOSEN, Dispatch
from tests.service.conftest import ClientOf


@pytest.fixture
def dispatch(app: FastAPI) -> Dispatch:
    [found] = [route for route in app.routes if isinstance(route, Dispatch)]
    return found


def asked(routes: list[Route]) -> Iterator[tuple[str, str]]:
    """Every address with each method, its ids also such as other addresses have for words."""
    words = sorted({word for route in routes for word in route.path.split("/") if "{" not in word})
    for route in routes:
        for id_ in ("an-id", "register", "history", words[len(route.path) % len(words)]):
            path = re.sub(r"{\w+}", id_ or "x", route.path)
            for method in ("GET", "POST", "PUT"):
                yield path, method


def test_the_route_that_is_looked_up_is_the_first_that_matches(dispatch: Dispatch) -> None:
    routes = list(dispatch.routes)
    by_method: set[str] = set()
    for path, method in asked(routes):
        scope = {"type": "http", "path": path, "method": method, "headers": []}
        match, child = dispatch.matches(scope)
        tried = [(route, route.matches(scope)[0]) for route in routes]
        full = [route for route, its in tried if its is Match.FULL]
        partial = [route for route, its in tried if its is Match.PARTIAL]
        if full:
            assert (match, child[CHOSEN]) == (Match.FULL, full[0]), (method, path)
            by_method.add(method)
        else:
            assert match is (Match.PARTIAL if partial else Match.NONE), (method, path)
    assert {"GET", "POST"} <= by_method


def test_every_list_is_served_by_it(dispatch: Dispatch) -> None:
    served = {route.path for route in dispatch.routes}
    assert {f"/v1/{{ledger}}/{listing.path}" for listing in LISTINGS} <= served


async def test_what_is_no_id_is_refused_as_everywhere(
    administrator: httpx.AsyncClient, ledger: str
) -> None:
    for path, name in ((f"/v1/{ledger}/tasks/A_B", "task_id"), ("/v1/A_B/tasks", "ledger")):
        reply = await administrator.get(path)
        assert reply.status_code == 422
        [error] = reply.json()["errors"]
        assert error["parameter"] == name
    for path in (f"/v1/{ledger}/tasks", f"/v1/{ledger}/units/a/history"):
        reply = await administrator.put(path)
        assert reply.status_code == 405
        assert reply.headers["Allow"] == "GET, HEAD, OPTIONS"


async def test_who_may_not_is_refused_before_the_parameters_are_looked_at(
    client_of: ClientOf, ledger: str
) -> None:
    stranger = await client_of(None)
    assert (await stranger.get(f"/v1/{ledger}/tasks?limit=x")).status_code == 401
