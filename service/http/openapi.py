"""OpenAPI: the document describes FastAPI's routes and the verbs, which are served without them."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from service.http.derivation import DerivationQuestion
from service.http.description import examples_of_bodies, finish
from service.http.ledgers import NewLedger
from service.http.problems import Problem
from service.http.regulations import RegulationDraft
from service.http.snapshots import NewSnapshot
from service.http.trial import RegulationTrial

# Generators name their packages by it.
TITLE = "Giaoviec"
PATH = "/openapi.json"
TAGS = [
    {"name": "tasks", "description": "Breakthrough tasks, from registration to score."},
    {"name": "units", "description": "Units of the administration and of the Party."},
    {
        "name": "unit_kinds",
        "description": "Which kinds of units there are, of which level, from which day.",
    },
    {"name": "posts", "description": "Posts (chức danh) and who is appointed to them."},
    {"name": "officials", "description": "Officials: persons, apart from their posts."},
    {"name": "monitoring", "description": "Who monitors which commune, and where nobody does."},
    {"name": "regulations", "description": "What is regulated, and from which day."},
    {"name": "appraisal", "description": "How officials are rated, and what ratings stand on."},
    {"name": "cycles", "description": "Cycles: the days for which officials are rated together."},
    {"name": "reports", "description": "Answers across tasks, as of any day."},
    {"name": "search", "description": "Finding things by their words, with or without marks."},
    {"name": "events", "description": "The ordered feed of everything that happened."},
    {
        "name": "record",
        "description": "The record itself: what is put right, late or ahead, and what was known.",
    },
    {"name": "periods", "description": "What a body has closed."},
    {"name": "imports", "description": "Files of units, posts, officials and tasks."},
    {"name": "ledgers", "description": "One log per authority."},
    {"name": "operations", "description": "For whoever runs the service."},
]
DESCRIPTION = """
Everything is one append-only log per authority, a *ledger*. Commands are POSTs named by the
business verb; a reply gives the position of the last event, which reads take as `min_position`.
Send `Idempotency-Key` to make a retry safe, and `If-Match` with an `ETag` to act only on what you
know; `If-None-Match` saves reading what did not change. HEAD goes wherever GET does. Everything
refused is a problem document (RFC 9457), in Vietnamese or English by `Accept-Language`; its `type`
is described under `/problems`, and is the same at every service, whatever prefix it has. Only what
does not follow this description is `/problems/not-valid`; what follows it and breaks a rule has the
type of that rule, and what cannot be, such as a period that ends before it begins, `not-possible`.
"""


class Served:
    """The document as it is sent. It is made when it is first asked for, and kept.

    Making it takes seconds: a thread does, and other requests are answered meanwhile.
    """

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._made: asyncio.Task[bytes] | None = None

    async def answer(self, _: Request) -> Response:
        """Answer with the document; who asks while it is made waits for it."""
        if self._made is None or (self._made.done() and self._made.exception() is not None):
            self._made = asyncio.create_task(asyncio.to_thread(self._make))
        return Response(await asyncio.shield(self._made), media_type="application/json")

    def _make(self) -> bytes:
        document = json.dumps(self._app.openapi(), ensure_ascii=False).encode()
        # The bytes are kept, and not the hundred thousand parts that they were made of.
        self._app.openapi_schema = None
        return document


def install(app: FastAPI, described: Sequence[APIRoute], server: str) -> None:
    """Install the OpenAPI document.

    Args:
        app: of which it is.
        described: the verbs.
        server: below which clients find all paths.
    """

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            routes: list[BaseRoute] = [*described, *app.routes]
            app.openapi_schema = _document(app, routes, server)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way
    app.router.routes.append(Route(PATH, Served(app).answer))


def _document(app: FastAPI, routes: Sequence[BaseRoute], server: str) -> dict[str, Any]:
    document = get_openapi(
        title=TITLE,
        version=app.version,
        summary=app.summary,
        description=DESCRIPTION.strip(),
        routes=routes,
        tags=TAGS,
        servers=[{"url": server, "description": "This service"}],
        contact={"name": "Whoever runs this service"},
        license_info={"name": "Apache 2.0", "identifier": "Apache-2.0"},
    )
    bodies = examples_of_bodies()
    finish(
        document,
        (Problem, NewLedger, NewSnapshot, RegulationDraft, DerivationQuestion, RegulationTrial),
        {
            route.operation_id: bodies[route.path]
            for route in routes
            if isinstance(route, APIRoute) and route.operation_id and route.path in bodies
        },
    )
    return document
