"""Listing 50 active tasks of 100,000: as the service does it, and through a response model.

Both are routes of one application on one server: the same token, the same parameters, the same
rows by the same index; the load comes from a process of its own.
"""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any

import asyncpg
from fastapi import Depends, FastAPI, Request
from pydantic import SecretStr
from sqlalchemy import func

from bench import sample_log
from bench.command import PER_SECOND, Load
from bench.harness import Contender, Result, Rounds
from bench.load import Shot
from projections.days import ENDLESS
from projections.statement import LIMIT, reached, statement
from projections.tasks.task_lists import ACTIVE_TASKS
from projections.tasks.tasks import TABLE as TASKS
from projections.tasks.tasks import TASKS as TASKS_PROJECTION
from service.access.roles import Role
from service.app import create_app
from service.database.engine import create_pool
from service.handle import today
from service.http.access import LedgerName, Reader
from service.http.reads.lists import ListParams, page_of, params_of
from service.http.reads.query import query_params
from service.observability import logs
from service.read_models.rebuild import prepare, rebuild
from service.server import Server, listening, settle_memory
from service.settings import Settings

ACTIVE = 100_000
# Registered, approved, assigned, one report: under way.
EVENTS_EACH = 4
LEDGER = "bench"
CONNECTIONS = 32
SECONDS = 3.0
ROWS = statement(
    ACTIVE_TASKS.rows(frozenset(), today=True)
    .order_by(func.coalesce(TASKS.c.due_on, ENDLESS), TASKS.c.task_id)
    .limit(LIMIT)
)
POSITION = reached(TASKS_PROJECTION)


def with_model(app: FastAPI) -> None:
    """Add the route that does it as FastAPI's own manual does: rows, validated and serialised."""

    @app.get(
        "/model/{ledger}/active-tasks",
        operation_id="list_active_tasks",
        response_model=page_of(ACTIVE_TASKS),
    )
    async def list_through_model(
        request: Request,
        ledger: LedgerName,
        _: Reader,
        params: Annotated[ListParams, Depends(query_params(params_of(ACTIVE_TASKS)))],
    ) -> dict[str, Any]:
        service = request.app.state.service
        as_of = today(service.clock)
        values = {"ledger": ledger, "as_of": as_of, "limit": params.limit}
        rows = await service.pool.fetch(ROWS.sql, *ROWS.arguments(values))
        items = [{**row, "indicators": json.loads(row["indicators"])} for row in rows]
        position = await service.pool.fetchval(POSITION.sql, *POSITION.arguments(values))
        return {"items": items, "position": position, "as_of": as_of, "next_cursor": None}


@asynccontextmanager
async def serving(
    url: str,
    beside: Callable[[FastAPI], None] = with_model,
    role: Role = Role.INSPECTOR,
    units: Sequence[str] = ("*",),
) -> AsyncIterator[tuple[str, int, str]]:
    """The service with the other route beside it: its host and port, and a token."""
    settings = Settings(
        database_url=url,
        port=0,
        master_key=SecretStr(b64encode(bytes(32)).decode()),
        projector=False,
        missed_report_days=0,
    )
    logs.configure("warning", "console")
    app = create_app(settings)
    beside(app)
    async with app.router.lifespan_context(app):
        socket = listening(settings)
        server = Server(app, settings)
        settle_memory()
        task = asyncio.create_task(server.serve([socket]))
        _, token = await app.state.service.tokens.create(f"bench-{role.value}", role, units=units)
        yield settings.host, socket.getsockname()[1], token
        server.should_exit = True
        await task


async def fill(url: str) -> None:
    """Tasks under way, and the read model of them."""
    owner = await asyncpg.connect(url)
    await sample_log.write(owner, LEDGER, ACTIVE, EVENTS_EACH)
    await owner.close()
    async with await create_pool(url, size=4) as pool:
        await prepare(pool, TASKS_PROJECTION)
        await rebuild(pool, TASKS_PROJECTION)


async def run(url: str) -> list[Result]:
    """Requests per second of both, in turns."""
    await fill(url)
    async with serving(url) as (host, port, token):
        load = await Load.start()

        def fired(path: str) -> Contender:
            return load.firing(Shot(host, port, [path], token, "", CONNECTIONS, SECONDS))

        turns = await Rounds(
            {
                "ours": fired(f"/v1/{LEDGER}/active-tasks?limit=50"),
                "response model": fired(f"/model/{LEDGER}/active-tasks?limit=50"),
            }
        ).run()
        await load.end()
    return [turns.ratio("list_vs_model", "ours", "response model", PER_SECOND, target=3)]
