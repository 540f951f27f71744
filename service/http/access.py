"""Access: the token in a request's Authorization header identifies the caller."""

from typing import Annotated, TypeAlias

from fastapi import Depends, Path, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.types import Scope

from domain.access.authority import RoleForbids
from domain.kernel import Refusal
from domain.values import ID_PATTERN
from service.access.authentication import Authentication
from service.access.failures import TooManyFailures
from service.access.key_sets import ProviderUnavailable
from service.access.principals import Principal
from service.http.faults import (
    AuthorizationRepeated,
    DatabaseUnavailable,
    InternalFault,
    NotAuthenticated,
    NotValid,
    TooBusy,
)
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

PROTECTED: tuple[type[Refusal], ...] = (
    NotAuthenticated,
    AuthorizationRepeated,
    TooManyFailures,
    ProviderUnavailable,
    RoleForbids,
    NotValid,
    InternalFault,
    TooBusy,
    DatabaseUnavailable,
)
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
        NotAuthenticated, RoleForbids, LedgerUnknown.
    """
    principal = await may_read(request, ledger)
    request.state.principal = principal
    return principal


async def may_read(request: Request, ledger: str) -> Principal:
    """Require that the caller may do what the route does: a stream outlasts many a right.

    Raises:
        NotAuthenticated, RoleForbids, LedgerUnknown.
    """
    service = request.app.state.service
    principal = await authenticated(request.scope, service.authentication)
    principal.require(request.scope["route"].operation_id, ledger)
    await service.log.require_ledger(ledger)
    return principal


async def caller(request: Request, _: Credentials) -> Principal:
    """Require a caller who may do what the route does, of no ledger or of one in the body.

    Raises:
        NotAuthenticated, RoleForbids.
    """
    service = request.app.state.service
    principal = await authenticated(request.scope, service.authentication)
    principal.require(request.scope["route"].operation_id)
    return principal


# Who may stands in the table of rules, by the operation of the route.
Reader: TypeAlias = Annotated[Principal, Depends(permitted)]
Decider: TypeAlias = Reader
Caller: TypeAlias = Annotated[Principal, Depends(caller)]
