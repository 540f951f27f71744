"""Operations: liveness, readiness and metrics; to strangers it is only said whether it is ready.

What is not in order names ledgers, and figures tell how much is recorded: both are for operators,
by their token, or on a port of its own that nobody else reaches.
"""

from typing import Annotated, Literal, TypeAlias

from fastapi import APIRouter, FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import Field

from domain.values import Value
from service.access.callers import Callers
from service.http import problems
from service.http.access import PROTECTED, Caller
from service.http.faults import InternalFault, NotReady
from service.http.intake import Intake
from service.http.problems import declared
from service.http.requests import Observed
from service.observability.operated import Operated
from service.observability.readiness import Report, Status

# Requests and bytes that the port of its own takes in at once.
FOR_OPERATORS = (64, 2**16)
STOPPING = Report({"service": "it is stopping"})

TEXT: TypeAlias = dict[int | str, dict[str, object]]
AS_TEXT: TEXT = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}

router = APIRouter(tags=["operations"])


class Alive(Value):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Ready(Value):
    """The service can take requests."""

    status: Literal["ready"] = "ready"


class Readiness(Value):
    """How things stand: database, schema, clocks, tasks and read models."""

    status: Annotated[
        Status,
        Field(
            description="`degraded` where something of some ledgers does not work; `not_ready` "
            "where no ledger is served."
        ),
    ]
    faults: Annotated[tuple[str, ...], Field(description="What does not work.")] = ()


@router.get("/healthz", operation_id="is_alive", responses=declared(InternalFault))
async def is_alive() -> Alive:
    """Whether the process answers; restart it if it does not."""
    return Alive()


@router.get("/readyz", operation_id="is_ready", responses=declared(InternalFault, NotReady))
async def is_ready(request: Request) -> Ready:
    """Whether the service can take requests; `/readyz/details` tells an operator what is wrong."""
    if (await _report(request)).faults:
        raise NotReady
    return Ready()


@router.get("/readyz/details", operation_id="read_readiness", responses=declared(*PROTECTED))
async def read_readiness(request: Request, _: Caller) -> Readiness:
    """What keeps the service from serving every ledger, and what does not work of some."""
    return await _details(request)


@router.get(
    "/metrics",
    operation_id="read_metrics",
    response_class=Response,
    responses={**AS_TEXT, **declared(*PROTECTED)},
)
async def read_metrics(request: Request, _: Caller) -> Response:
    """What the service counts, as Prometheus reads it; as of the last second."""
    return await _figures(request)


def for_operators(process: Operated) -> FastAPI:
    """The same four addresses without a token, for a port of their own."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.service = process
    app.get("/healthz")(is_alive)
    app.get("/readyz")(is_ready)
    app.get("/readyz/details")(_details)
    app.get("/metrics", response_class=Response)(_figures)
    problems.install(app, ())
    intake, callers = Intake(*FOR_OPERATORS), Callers()
    app.add_middleware(Observed, metrics=process.metrics, intake=intake, callers=callers)
    return app


async def _details(request: Request) -> Readiness:
    report = await _report(request)
    return Readiness(status=report.status, faults=tuple(report.sentences()))


async def _figures(request: Request) -> Response:
    process: Operated = request.app.state.service
    return Response(await process.scrape.text(), media_type=CONTENT_TYPE_LATEST)


async def _report(request: Request) -> Report:
    process: Operated = request.app.state.service
    return STOPPING if process.closing.is_set() else await process.readiness.report()
