"""Rules: every route has its row, and every role meets it as the row says."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import httpx
import pytest
from fastapi import FastAPI

from domain.access.operations import OPERATIONS
from domain.access.roles import Permission, Relation, Role
from domain.access.rule import Rule
from domain.access.rules import rule_of
from domain.access.verbs import VERBS
from domain.kernel import Command, Parameters
from service.app import VERBS as SERVED
from service.app import create_app
from service.settings import Settings
from tests.service.conftest import ClientOf
from tests.service.province import COMMITTEE, DISTRICT, POST, Province

WRITING = {"post", "put", "patch", "delete"}
OFFICIAL = "official-017"
EXISTING = {"task_id": "kilns", "unit_id": DISTRICT, "post_id": POST, "official_id": OFFICIAL}


class Route(NamedTuple):
    """What is served: how it is called, and the row for it."""

    method: str
    path: str
    operation: str
    rule: Rule | None


def routes() -> list[Route]:
    """All that is served, as the interface describes it."""
    verbs = {verb.operation_id: verb.command for table in SERVED for verb in table}
    paths = create_app(Settings.model_construct()).openapi()["paths"]
    return [
        Route(
            method,
            path,
            operation["operationId"],
            VERBS.get(verbs[operation["operationId"]])
            if operation["operationId"] in verbs
            else OPERATIONS.get(operation["operationId"]),
        )
        for path, methods in paths.items()
        for method, operation in methods.items()
    ]


ROUTES = routes()


def test_every_route_has_its_row_and_every_row_its_route() -> None:
    assert [route.operation for route in ROUTES if route.rule is None] == []
    served = {route.operation for route in ROUTES}
    assert set(OPERATIONS) <= served
    assert set(VERBS) == {verb.command for table in SERVED for verb in table}


def test_a_route_that_writes_names_an_action_that_writes() -> None:
    for route in ROUTES:
        assert route.rule is not None
        writes = route.rule.permission is not Permission.READ
        assert writes == (route.method in WRITING), route.operation


def test_what_has_no_row_is_granted_to_nobody() -> None:
    class Unlisted(Command[Parameters]):
        pass

    for action in (Unlisted, "no_such_operation"):
        assert not any(rule_of(action).relations(role) for role in Role)


def test_nobody_but_a_body_decides() -> None:
    for route in ROUTES:
        assert route.rule is not None
        if route.rule.permission is Permission.DECIDE and "{ledger}" in route.path:
            deciding = {role for role in Role if route.rule.relations(role)}
            assert Role.OPERATOR not in deciding
            if "snapshots" not in route.path:
                assert deciding == {Role.AUTHORITY}, route.operation


def test_a_role_that_has_no_units_asks_for_no_relation_by_units() -> None:
    by_units = {Relation.OWN_UNIT, Relation.MANAGING_BODY, Relation.OWN_NAME, Relation.OWN_AGENCY}
    for rule in (*VERBS.values(), *OPERATIONS.values()):
        for role in (Role.OFFICIAL, Role.INTEGRATOR, Role.OPERATOR):
            assert rule.relations(role).isdisjoint(by_units)


def _holders() -> Iterator[tuple[Role, dict[str, object]]]:
    yield Role.INSPECTOR, {}
    yield Role.OFFICIAL, {"official_id": OFFICIAL}
    yield Role.OFFICIAL, {"official_id": "official-018"}
    for role in (Role.AUTHORITY, Role.ADMINISTRATOR):
        yield role, {}
        yield role, {"units": [COMMITTEE]}
        yield role, {"units": ["elsewhere"]}
    yield Role.INTEGRATOR, {}
    yield Role.OPERATOR, {}


@pytest.mark.parametrize(("role", "holder"), list(_holders()))
async def test_a_role_is_stopped_at_every_route_that_its_row_does_not_grant(
    client_of: ClientOf, province: Province, role: Role, holder: dict[str, object]
) -> None:
    await province.task_in_progress("kilns")
    client = await client_of(role, **holder)
    for route in ROUTES:
        assert route.rule is not None
        if route.operation == "stream_events" and route.rule.relations(role):
            continue  # it does not end
        for exists in (True, False):
            reply = await _sent(client, province.ledger, route, exists=exists)
            stopped = reply.status_code == 403 and reply.json()["type"] == "/problems/role-forbids"
            granted = bool(route.rule.relations(role))
            assert stopped != granted, (route.operation, exists, reply.text)


async def _sent(
    client: httpx.AsyncClient, ledger: str, route: Route, *, exists: bool
) -> httpx.Response:
    """An empty request to the route, about something that exists or does not."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name == "ledger":
            return ledger
        if route.operation == "send_import":
            return "units"
        return EXISTING.get(name, "nothing") if exists else "nothing"

    path = re.sub(r"{(\w+)}", value, route.path)
    return await client.request(route.method, path, json={} if route.method == "post" else None)


async def test_the_app_serves_no_route_beside_those_described(app: FastAPI) -> None:
    described = {route.path for route in ROUTES}
    routes = [*app.routes, *(each for one in app.routes for each in getattr(one, "routes", ()))]
    served = {getattr(route, "path", "") for route in routes}
    unlisted = {path for path in served - described if path.startswith("/v1")}
    assert unlisted == set()
