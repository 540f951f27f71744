"""Requests: every request gets an id and an answer, and is counted and timed."""

import asyncio
import re
import time
from uuid import NAMESPACE_URL, UUID, uuid5

import structlog
from prometheus_client import Counter, Histogram
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils.compat import uuid7

from domain.kernel import Refusal
from service.http.faults import DatabaseUnavailable, OutcomeLost, RouteUnknown
from service.http.intake import Incoming, Intake
from service.http.problems import response, translated
from service.http.security_headers import headers_for, lacking
from service.observability.metrics import Metrics

ACCEPTABLE = re.compile(rb"[!-~]{1,128}")
UNROUTED = "(none)"
# Decoded, it would part an id into two; what stands between may have read it as one.
ENCODED_SLASH = b"%2f"
SERVER_ERROR = 500

log = structlog.get_logger()


class Observed:
    """Middleware around the whole application.

    A request's id is the client's `X-Request-ID` if that is 1 to 128 visible ASCII characters,
    else a new UUID. The response and the log lines carry it. Events carry it as correlation id:
    a UUID unchanged, any other text as its UUIDv5.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, intake: Intake) -> None:
        self._app = app
        self._intake = intake
        self._metrics = metrics
        self._series_by_labels: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id, correlation_id = _identity(scope)
        scope["request_id"], scope["correlation_id"] = request_id, correlation_id
        sent_id = (b"x-request-id", request_id.encode())
        wanted = headers_for(scope)
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                incoming.has_begun = True
                status = message["status"]
                given = message["headers"]
                message["headers"] = [*given, sent_id, *lacking(wanted, given)]
            await send(message)

        began = time.perf_counter()
        # Every request runs in a task with its own context, so there is nothing to unbind.
        structlog.contextvars.bind_contextvars(request_id=request_id)
        incoming = Incoming(self._intake, receive)
        try:
            self._intake.admit(scope)
            _require_plain_path(scope)
            with incoming:
                await self._app(scope, incoming.receive, answer)
        except ClientDisconnect:
            log.debug("client_left")
        except asyncio.CancelledError:
            # The service ends, and this took too long.
            if status:
                raise
            await response(_given_up(scope), scope)(scope, receive, answer)
        except Exception as error:
            if status:
                log.exception("reply_broken_off")
                raise
            refusal = error if isinstance(error, Refusal) else translated(error)
            await response(refusal, scope)(scope, receive, answer)
        finally:
            self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", UNROUTED)
        method = scope["method"] if route != UNROUTED else UNROUTED
        answered, took = self._series(method, route, status)
        answered.inc()
        if "streams" not in scope:
            took.observe(seconds)
        note = log.warning if status >= SERVER_ERROR else log.debug
        note("request", method=method, route=route, status=status, seconds=round(seconds, 6))

    def _series(self, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
        """Return the two time series of such requests, cached: a lookup by labels is slow."""
        key = (method, route, status)
        series = self._series_by_labels.get(key)
        if series is None:
            series = self._series_by_labels[key] = (
                self._metrics.requests.labels(method, route, str(status)),
                self._metrics.latency.labels(method, route),
            )
        return series


def _require_plain_path(scope: Scope) -> None:
    if ENCODED_SLASH in scope.get("raw_path", b"").lower():
        raise RouteUnknown


def _given_up(scope: Scope) -> Refusal:
    """What is said of a request that is broken off: of a command the outcome is not known."""
    return OutcomeLost() if scope["method"] == "POST" else DatabaseUnavailable()


def _identity(scope: Scope) -> tuple[str, UUID]:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and ACCEPTABLE.fullmatch(value):
            text = value.decode("ascii")
            try:
                return text, UUID(text)
            except ValueError:
                return text, uuid5(NAMESPACE_URL, text)
    fresh = uuid7()
    return str(fresh), fresh
