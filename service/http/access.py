"""Access: the token in a request's Authorization header identifies the caller."""

from typing import Annotated, TypeAlias

import structlog
from fastapi import Depends, Path, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.types import Scope

from domain.access.authority import RoleForbids
from domain.kernel import Refusal
from domain.values import ID_PATTERN
from service.access.authentication import Authentication
from service.access.failures import TooManyFailures
from service.access.key_sets import ProviderUnavailable
from service.access.pace import TooManyReads
from service.access.principals import Principal, ScopeForbids
from service.access.record import AccessNotRecorded
from service.access.tokens import PREFIX
from service.http.faults import (
    AuthorizationRepeated,
    DatabaseUnavailable,
    InternalFault,
    NotAuthenticated,
    NotValid,
    TooBusy,
)
from service.http.noted import note_action, noted
from service.log.events import LedgerUnknown

BEARER = HTTPBearer(
    scheme_name="token",
    bearerFormat="gv_ID_SECRET or JWT",
    description="An API token, made with `giaoviec token create`, or an access token (RFC 9068) of "
    "the OIDC provider for an identity added with `giaoviec identity add`.",
    auto_error=False,
)
LedgerName: TypeAlias = Annotated[
    str,
    Path(
        pattern=ID_PATTERN,
        description="The ledger: one authority's log, such as a province's.",
        examples=["tuyen-quang"],
    ),
]
Credentials: TypeAlias = Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)]

AUTHENTICATED: tuple[type[Refusal], ...] = (
    NotAuthenticated,
    AuthorizationRepeated,
    TooManyFailures,
    ProviderUnavailable,
    RoleForbids,
    ScopeForbids,
    NotValid,
    InternalFault,
    TooBusy,
    DatabaseUnavailable,
    AccessNotRecorded,
)
PROTECTED: tuple[type[Refusal], ...] = (*AUTHENTICATED, TooManyReads)
OF_A_LEDGER: tuple[type[Refusal], ...] = (*PROTECTED, LedgerUnknown)


async def authenticated(scope: Scope, authentication: Authentication) -> Principal:
    """Authenticate the caller.

    Raises:
        NotAuthenticated: there is no token, or it is unknown, expired or revoked.
        AuthorizationRepeated, TooManyFailures, ProviderUnavailable.
    """
    text = bearer(scope, b"authorization")
    principal = None if text is None else await authentication.principal(text, address_of(scope))
    if principal is None:
        raise NotAuthenticated
    note = noted(scope)
    note.by = principal
    structlog.contextvars.bind_contextvars(token_id=principal.token_id)
    if note.callers is not None:
        way = "api_token" if text is not None and text.startswith(PREFIX) else "access_token"
        note.callers.authenticated(principal.token_id, address_of(scope), way)
    return principal


def bearer(scope: Scope, header: bytes) -> str | None:
    """The token in the header, if there is one.

    Raises:
        AuthorizationRepeated: the header is there twice: what stands between might read the other.
    """
    values = [value for name, value in scope["headers"] if name == header]
    if len(values) > 1:
        raise AuthorizationRepeated
    scheme, _, text = values[0].decode("latin-1").partition(" ") if values else ("", "", "")
    return text.strip() if scheme.lower() == "bearer" else None


def address_of(scope: Scope) -> str:
    """The caller's address, as the server has it from the connection or from a trusted proxy."""
    client = scope.get("client")
    return "" if client is None else str(client[0])


async def permitted(request: Request, ledger: LedgerName, _: Credentials) -> Principal:
    """Require a caller who may do what the route does, and a ledger that exists.

    Raises:
        NotAuthenticated, TooManyReads, RoleForbids, ScopeForbids, LedgerUnknown.
    """
    service, action = request.app.state.service, request.scope["route"].operation_id
    note_action(request.scope, action)
    principal = await authenticated(request.scope, service.authentication)
    service.pace.count(principal.token_id)
    principal.require(action, ledger)
    await service.log.require_ledger(ledger)
    request.state.principal = principal
    return principal


async def still_permitted(request: Request, ledger: str) -> Principal:
    """Require that a caller who was permitted still is: a stream outlasts many a right.

    Raises:
        NotAuthenticated, RoleForbids, ScopeForbids, LedgerUnknown, ProviderUnavailable.
    """
    text = bearer(request.scope, b"authorization")
    authentication: Authentication = request.app.state.service.authentication
    principal = None if text is None else await authentication.again(text)
    if principal is None:
        raise NotAuthenticated
    principal.require(request.scope["route"].operation_id, ledger)
    return principal


async def caller(request: Request, _: Credentials) -> Principal:
    """Require a caller who may do what the route does, of no ledger or of one in the body.

    Raises:
        NotAuthenticated, TooManyReads, RoleForbids, ScopeForbids.
    """
    service, action = request.app.state.service, request.scope["route"].operation_id
    note_action(request.scope, action)
    principal = await authenticated(request.scope, service.authentication)
    service.pace.count(principal.token_id)
    principal.require(action)
    return principal


# Who may stands in the table of rules, by the operation of the route.
Reader: TypeAlias = Annotated[Principal, Depends(permitted)]
Decider: TypeAlias = Reader
Caller: TypeAlias = Annotated[Principal, Depends(caller)]
