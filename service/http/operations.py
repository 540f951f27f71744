"""Operations: liveness, readiness and metrics."""

import asyncio
from contextlib import suppress
from typing import Literal

import structlog
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from domain.values import Value
from service.components import Service
from service.database.migrate import pending
from service.database.outages import NOT_NOW
from service.http.faults import InternalFault, NotReady
from service.http.problems import declared

TIMEOUT_SECONDS = 5.0

router = APIRouter(tags=["operations"])
log = structlog.get_logger()


class Alive(Value):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Ready(Value):
    """The service can take requests."""

    status: Literal["ready"] = "ready"


@router.get("/healthz", operation_id="is_alive", responses=declared(InternalFault))
async def is_alive() -> Alive:
    """Whether the process answers; restart it if it does not."""
    return Alive()


@router.get("/readyz", operation_id="is_ready", responses=declared(InternalFault, NotReady))
async def is_ready(request: Request) -> Ready:
    """Whether the service can take requests: database, schema, log and read models."""
    faults = await _faults(request.app.state.service)
    if faults:
        log.warning("not_ready", faults=faults)
        raise NotReady(faults=[f"{part}: {what}" for part, what in faults.items()])
    return Ready()


@router.get(
    "/metrics",
    operation_id="read_metrics",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
        **declared(InternalFault),
    },
)
async def read_metrics(request: Request) -> Response:
    """What the service counts, as Prometheus reads it."""
    service: Service = request.app.state.service
    with suppress(*NOT_NOW):
        async with asyncio.timeout(TIMEOUT_SECONDS):
            service.metrics.note_projections(await service.projector.status())
    service.metrics.connections.labels("open").set(service.pool.get_size())
    service.metrics.connections.labels("idle").set(service.pool.get_idle_size())
    return Response(service.metrics.text(), media_type=CONTENT_TYPE_LATEST)


async def _faults(service: Service) -> dict[str, str]:
    """Return the faults by component. Without faults the service is ready."""
    if service.closing.is_set():
        return {"service": "it is stopping"}
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await service.pool.fetchval("select 1")
            missing = await pending(service.database_url)
            standings = [] if missing else await service.projector.status()
    except Exception as error:  # noqa: BLE001  whatever it is, the service is not ready
        return {"database": repr(error)}
    if missing:
        return {"database": f"migrations are pending: {', '.join(missing)}"}
    return {
        f"projection {standing.projection} of {standing.ledger}": standing.state
        if standing.stopped_at is None
        else f"stopped at {standing.stopped_at}: {standing.error}"
        for standing in standings
        if standing.state in {"stopped", "outdated"}
    }
