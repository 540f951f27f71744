"""Problems: every refusal is a problem document (RFC 9457). Only here kinds become statuses."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from inspect import cleandoc
from typing import Annotated, Any, TypeAlias

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import Scope

from domain.kernel import Conflict, Forbidden, Invalid, NotFound, Refusal
from domain.values import Value
from service.access.failures import TooManyFailures
from service.access.key_sets import ProviderUnavailable
from service.access.pace import TooManyReads
from service.access.record import AccessNotRecorded
from service.database.outages import NOT_NOW
from service.http import faults
from service.http.noted import noted
from service.language import Language, language_of
from service.log.epochs import EpochEnded
from service.log.events import (
    ClocksDisagree,
    IdempotencyKeyReused,
    LedgerAhead,
    LogBusy,
    OutcomeUnknown,
)
from service.log.pages import PositionMissing
from service.read_models.projector import ProjectionBehind
from service.requests import TooManyWaiting, VersionStale
from service.sent_files import TooManyFiles
from service.slugs import slug
from service.streams import TooManyStreams
from service.validation import message, request_faults

MEDIA_TYPE = "application/problem+json"
PROBLEM_TYPES = "x-problem-types"
RETRY_SECONDS = "1"
# In the scope of a request that is refused: the error that it is refused for.
REFUSED_FOR = "giaoviec.refused_for"
# What the files of a page take: neither the description nor the routes say so.
NOT_DESCRIBED = "GET"
# The extension of a refusal that knows how long to wait.
WAIT = "retry_after_seconds"

STATUSES: Mapping[type[Refusal], int] = {
    Invalid: 422,
    NotFound: 404,
    Forbidden: 403,
    Conflict: 409,
    VersionStale: 412,
    faults.BodyMissing: 400,
    faults.BodyNotJson: 400,
    faults.BodyNotUnicode: 400,
    faults.BodyTooDeep: 400,
    faults.NameRepeated: 400,
    faults.HostNotOne: 400,
    faults.NumberInexact: 400,
    faults.NotAuthenticated: 401,
    faults.RouteUnknown: 404,
    faults.MethodNotAllowed: 405,
    faults.TooSlow: 408,
    EpochEnded: 410,
    faults.BodyTooLarge: 413,
    faults.TooManyValues: 413,
    faults.MediaTypeUnsupported: 415,
    TooManyWaiting: 429,
    TooManyFailures: 429,
    TooManyReads: 429,
    TooManyFiles: 429,
    TooManyStreams: 429,
    faults.HeadersTooLarge: 431,
    faults.InternalFault: 500,
    ProviderUnavailable: 503,
    faults.TooBusy: 503,
    PositionMissing: 500,
    faults.LogFull: 503,
    faults.OutcomeLost: 503,
    faults.ClocksDisagree: 503,
    faults.LedgerAhead: 503,
    faults.DatabaseUnavailable: 503,
    faults.NotReady: 503,
    AccessNotRecorded: 503,
    faults.ReplicaBehind: 503,
    ProjectionBehind: 503,
}
KINDS = frozenset({Refusal, Invalid, NotFound, Forbidden, Conflict})

HEADERS: Mapping[int, Mapping[str, str]] = {
    401: {"WWW-Authenticate": 'Bearer realm="giaoviec"'},
    413: {"Connection": "close"},
    429: {"Retry-After": RETRY_SECONDS},
    503: {"Retry-After": RETRY_SECONDS},
}

TITLES: Mapping[int, str] = {
    400: "Không đọc được yêu cầu",
    401: "Chưa xác thực",
    403: "Không có thẩm quyền",
    404: "Không tìm thấy",
    405: "Phương thức không được hỗ trợ",
    408: "Yêu cầu đến quá chậm",
    409: "Mâu thuẫn với dữ liệu đã ghi nhận",
    410: "Không còn dùng được",
    412: "Phiên bản đã thay đổi",
    413: "Nội dung quá lớn",
    415: "Kiểu nội dung không được hỗ trợ",
    422: "Nội dung không hợp lệ",
    429: "Quá nhiều yêu cầu",
    431: "Phần đầu yêu cầu quá lớn",
    500: "Dịch vụ gặp lỗi",
    503: "Tạm thời chưa phục vụ được",
}

# Of what is not valid; more are counted.
SHOWN_FAULTS = 100

log = structlog.get_logger()
Declared: TypeAlias = dict[int | str, dict[str, Any]]


class LastEvent(Value):
    """The last event of the object concerned: who recorded it, in whose name, and when."""

    position: Annotated[int, Field(ge=1)]
    type: str
    actor: str
    on_behalf_of: str | None
    recorded_at: datetime


class Problem(BaseModel):
    """A problem document (RFC 9457). The facts of the refusal stand beside these members."""

    model_config = ConfigDict(extra="allow", title="Problem")

    type: Annotated[str, Field(description="What kind of problem: the address of its description.")]
    title: Annotated[str, Field(description="The kind in a few words.")]
    status: Annotated[int, Field(ge=400, le=599, description="The HTTP status.")]
    detail: Annotated[str, Field(description="What happened, in the language of Accept-Language.")]
    instance: Annotated[str, Field(description="The request: its id in `X-Request-ID`, as a URN.")]
    last_event: Annotated[
        LastEvent | None,
        Field(description="A conflict: what others did last to the object the command is about."),
    ] = None


def title(refusal: type[Refusal], language: Language = "en") -> str:
    """Return the kind in a few words; in Vietnamese those of its status."""
    if language == "vi":
        return TITLES[status_of(refusal)]
    return slug(refusal).replace("-", " ").capitalize()


def status_of(refusal: type[Refusal]) -> int:
    """Return the HTTP status of a refusal: its own, else its kind's."""
    return next(STATUSES[ancestor] for ancestor in refusal.__mro__ if ancestor in STATUSES)


@cache
def problem_types() -> Mapping[str, type[Refusal]]:
    """Return every problem type of the service, by slug; all are known once it has started."""
    refusals: dict[str, type[Refusal]] = {}
    waiting = [Refusal]
    while waiting:
        refusal = waiting.pop()
        waiting.extend(refusal.__subclasses__())
        ours = refusal.__module__.split(".")[0] in {"domain", "projections", "service"}
        if ours and refusal not in KINDS and any(kind in STATUSES for kind in refusal.__mro__):
            refusals[slug(refusal)] = refusal
    return dict(sorted(refusals.items()))


def paragraphs(refusal: type[Refusal]) -> tuple[str, str]:
    """Return the message in English and in Vietnamese, with the extensions' names in braces."""
    english, vietnamese, *_ = [
        " ".join(paragraph.split()) for paragraph in cleandoc(refusal.__doc__ or "").split("\n\n")
    ]
    return english, vietnamese


def document(refusal: Refusal, language: Language, instance: str) -> dict[str, Any]:
    """Build the problem document of a refusal."""
    kind = type(refusal)
    body: dict[str, Any] = {
        name: _plain(extension) for name, extension in refusal.extensions_in(language).items()
    }
    if isinstance(refusal, faults.NotValid):
        body["errors"] = [
            {fault.where: fault.at, "detail": message(fault, language)}
            for fault in refusal.faults[:SHOWN_FAULTS]
        ]
        if len(refusal.faults) > SHOWN_FAULTS:
            body["errors_in_all"] = len(refusal.faults)
    body |= {
        "type": f"/problems/{slug(kind)}",
        "title": title(kind, language),
        "status": status_of(kind),
        "detail": refusal.detail(language),
        "instance": instance,
    }
    return body


def instance_of(scope: Scope) -> str:
    """Return the URN of a request."""
    return f"urn:giaoviec:request:{scope.get('request_id', '')}"


def response(refusal: Refusal, scope: Scope, headers: Mapping[str, str] | None = None) -> Response:
    """Build the response to a refused request."""
    noted(scope).refusal = type(refusal)
    language = language_of(scope)
    body = document(refusal, language, instance_of(scope))
    return Response(
        json.dumps(body, ensure_ascii=False).encode(errors="replace"),
        status_code=body["status"],
        media_type=MEDIA_TYPE,
        headers={
            "Content-Language": language,
            "Vary": "Accept-Language",
            **HEADERS.get(body["status"], {}),
            **({"Retry-After": str(body[WAIT])} if WAIT in body else {}),
            **(headers or {}),
        },
    )


def declared(*refusals: type[Refusal]) -> Declared:
    """Build the `responses` of a route with these refusals: each status and its problem types."""
    by_status: dict[int, list[type[Refusal]]] = {}
    for refusal in dict.fromkeys(refusals):
        by_status.setdefault(status_of(refusal), []).append(refusal)
    return {status: _declaration(kinds) for status, kinds in sorted(by_status.items())}


def _declaration(kinds: Iterable[type[Refusal]]) -> dict[str, Any]:
    """The problem types of one status; `description` makes a reference of it."""
    return {
        "description": "; ".join(sorted(title(kind) for kind in kinds)),
        PROBLEM_TYPES: sorted(f"/problems/{slug(kind)}" for kind in kinds),
    }


def _plain(extension: object) -> object:
    """Convert an extension to a JSON value."""
    if extension is None or isinstance(extension, bool | int | str):
        return extension
    if isinstance(extension, datetime):
        return instant(extension)
    if isinstance(extension, date | Decimal):
        return str(extension)
    if isinstance(extension, Mapping):
        return {name: _plain(part) for name, part in extension.items()}
    if isinstance(extension, Iterable):
        return [_plain(item) for item in extension]
    return str(extension)


def instant(moment: datetime) -> str:
    """Format an instant as RFC 3339, in UTC."""
    return moment.isoformat().replace("+00:00", "Z")


def translated(error: Exception) -> Refusal:
    """Translate an error of the log, the database or the programme to a refusal."""
    if isinstance(error, IdempotencyKeyReused):
        return faults.KeyUsedOtherwise()
    if isinstance(error, LogBusy):
        return faults.LogFull()
    if isinstance(error, OutcomeUnknown):
        return faults.OutcomeLost()
    if isinstance(error, ClocksDisagree | LedgerAhead):
        return _of_clocks(error)
    if isinstance(error, NOT_NOW):
        log.warning("database_unavailable", error=repr(error))
        return faults.DatabaseUnavailable()
    log.error("internal_fault", exc_info=error)
    return faults.InternalFault()


def of_other_methods(scope: Scope, methods: Sequence[str]) -> Response:
    """Answer a method that the application does not give its meaning to.

    OPTIONS is told what the address takes; any other is refused. HEAD goes wherever GET does.
    """
    head = ("HEAD",) if "GET" in methods else ()
    allow = {"Allow": ", ".join(dict.fromkeys((*methods, *head, "OPTIONS")))}
    if scope["method"] == "OPTIONS":
        return Response(status_code=204, headers=allow)
    return response(faults.MethodNotAllowed(method=scope["method"]), scope, allow)


def _of_clocks(error: ClocksDisagree | LedgerAhead) -> Refusal:
    seconds = round(error.seconds)
    if isinstance(error, LedgerAhead):
        return faults.LedgerAhead(ahead_seconds=seconds, until=error.until)
    return faults.ClocksDisagree(difference_seconds=seconds)


def install(app: FastAPI, described: Sequence[APIRoute]) -> None:
    """Answer every refusal, and every error that FastAPI reports, with a problem document.

    Args:
        app: its routes are complete.
        described: the verbs, which are served without FastAPI's routes.
    """
    taken = _methods([*described, *app.routes])

    async def refused(request: Request, error: Exception) -> Response:
        request.scope[REFUSED_FOR] = error
        refusal = error if isinstance(error, Refusal) else translated(error)
        return response(refusal, request.scope)

    async def not_valid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101  registered for it alone
        return response(faults.not_valid(request_faults(error.errors())), request.scope)

    async def not_served(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101  registered for it alone
        if isinstance(error.__cause__, Refusal):  # while FastAPI read the body
            return response(error.__cause__, request.scope)
        if error.status_code == STATUSES[faults.MethodNotAllowed]:
            path = getattr(request.scope.get("route"), "path", "")
            routed = (error.headers or {}).get("Allow", NOT_DESCRIBED).split(", ")
            return of_other_methods(request.scope, taken.get(path, routed))
        return response(faults.RouteUnknown(), request.scope)

    for kind in (Refusal, IdempotencyKeyReused, *NOT_NOW):
        app.add_exception_handler(kind, refused)
    app.add_exception_handler(RequestValidationError, not_valid)
    app.add_exception_handler(HTTPException, not_served)


def _methods(routes: Sequence[BaseRoute]) -> Mapping[str, Sequence[str]]:
    """The methods that each address in the description takes."""
    methods: dict[str, list[str]] = {}
    for context in iter_route_contexts(routes):
        route = context.original_route
        if isinstance(route, APIRoute) and route.include_in_schema:
            methods.setdefault(route.path, []).extend(sorted(route.methods or ()))
    return methods
