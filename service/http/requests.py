"""Requests: every request gets an id and an answer, and is counted and timed."""

import asyncio
import re
import time
from uuid import NAMESPACE_URL, UUID, uuid5

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils.compat import uuid7

from domain.kernel import Refusal
from service.access.callers import Callers
from service.http.access import address_of
from service.http.faults import DatabaseUnavailable, OutcomeLost, RouteUnknown, TooBusy
from service.http.intake import Incoming, Intake
from service.http.noted import NOTED, Noted
from service.http.problems import response, translated
from service.http.security_headers import headers_for, lacking
from service.observability.metrics import Metrics
from service.slugs import slug

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

    def __init__(self, app: ASGIApp, metrics: Metrics, intake: Intake, callers: Callers) -> None:
        self._app = app
        self._callers = callers
        self._intake = intake
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id, correlation_id = _identity(scope)
        scope["request_id"], scope["correlation_id"] = request_id, correlation_id
        noted = scope[NOTED] = Noted(callers=self._callers)
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
            _require_plain_path(scope)
            # What is counted in is counted out by the context: nothing may come between.
            self._intake.admit(scope)
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
            if noted.refusal is not None:
                self._tell(scope, noted, status)
            self._note(scope, status, time.perf_counter() - began)

    def _tell(self, scope: Scope, noted: Noted, status: int) -> None:
        """Tell who was refused, unless that is the service's own fault."""
        refusal = noted.refusal
        if refusal is not None and (status < SERVER_ERROR or refusal is TooBusy):
            token_id = None if noted.by is None else noted.by.token_id
            self._callers.refused(token_id, address_of(scope), slug(refusal))

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", UNROUTED)
        method = scope["method"] if route != UNROUTED else UNROUTED
        took = None if "streams" in scope else seconds
        self._metrics.note_answer(method, route, status, took)
        note = log.warning if status >= SERVER_ERROR else log.debug
        note("request", method=method, route=route, status=status, seconds=round(seconds, 6))


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
