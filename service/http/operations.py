"""Operations: liveness, readiness and metrics."""

import asyncio
from contextlib import suppress
from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import Field

from domain.values import Value
from service.components import Service
from service.database.outages import NOT_NOW
from service.http.faults import InternalFault, NotReady
from service.http.problems import declared
from service.observability.readiness import TIMEOUT_SECONDS, Reasons

router = APIRouter(tags=["operations"])


class Alive(Value):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Ready(Value):
    """The service can take requests."""

    status: Annotated[
        Literal["ready", "degraded"],
        Field(description="`degraded` where something of a ledger does not work; see `faults`."),
    ] = "ready"
    faults: tuple[str, ...] = ()


@router.get("/healthz", operation_id="is_alive", responses=declared(InternalFault))
async def is_alive() -> Alive:
    """Whether the process answers; restart it if it does not."""
    return Alive()


@router.get("/readyz", operation_id="is_ready", responses=declared(InternalFault, NotReady))
async def is_ready(request: Request) -> Ready:
    """Whether the service can take requests: database, schema, clocks, tasks and read models.

    What keeps it from serving every ledger is answered with 503. What does not work of some
    ledgers only is named in the answer.
    """
    service: Service = request.app.state.service
    if service.closing.is_set():
        raise NotReady(faults=["service: it is stopping"])
    report = await service.readiness.report()
    if report.faults:
        raise NotReady(faults=_sentences(report.faults))
    degraded = _sentences(report.degraded)
    return Ready(status="degraded" if degraded else "ready", faults=tuple(degraded))


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
    metrics, pool = service.metrics, service.pool
    report = await service.readiness.report()
    if "database" not in report.faults:
        with suppress(*NOT_NOW):
            async with asyncio.timeout(TIMEOUT_SECONDS):
                standings = await service.projector.status()
                metrics.note_projections(standings, report.standing_still)
    replica = service.sources.replica
    if replica is not None:
        metrics.note_replica(replica.lag, is_read=not replica.is_away)
    metrics.note_tasks(service.tasks.up())
    metrics.clock_difference.set(service.clocks.difference_seconds)
    metrics.connections.labels("open").set(pool.get_size())
    metrics.connections.labels("idle").set(pool.get_idle_size())
    return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)


def _sentences(reasons: Reasons) -> list[str]:
    return [f"{part}: {what}" for part, what in reasons.items()]
