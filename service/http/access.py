"""Access: the token in a request's Authorization header identifies the caller."""

from typing import Annotated, TypeAlias

from fastapi import Depends, Path, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.types import Scope

from domain.access.authority import RoleForbids
from domain.kernel import Refusal
from domain.values import ID_PATTERN
from service.access.principals import Principal
from service.access.tokens import Tokens
from service.http.faults import (
    DatabaseUnavailable,
    InternalFault,
    NotAuthenticated,
    NotValid,
    TooBusy,
)
from service.log.events import LedgerUnknown

BEARER = HTTPBearer(
    scheme_name="token",
    bearerFormat="gv_ID_SECRET",
    description="An API token, made with `giaoviec token create`.",
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
    RoleForbids,
    NotValid,
    InternalFault,
    TooBusy,
    DatabaseUnavailable,
)
OF_A_LEDGER: tuple[type[Refusal], ...] = (*PROTECTED, LedgerUnknown)


async def authenticated(scope: Scope, tokens: Tokens) -> Principal:
    """Authenticate the caller.

    Raises:
        NotAuthenticated: there is no token, or it is unknown, expired or revoked.
    """
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, text = value.decode("latin-1").partition(" ")
            if scheme.lower() == "bearer":
                principal = await tokens.authenticate(text.strip())
                if principal is not None:
                    return principal
    raise NotAuthenticated


async def permitted(request: Request, ledger: LedgerName, _: Credentials) -> Principal:
    """Require a caller who may do what the route does, and a ledger that exists.

    Raises:
        NotAuthenticated, RoleForbids, LedgerUnknown.
    """
    service = request.app.state.service
    principal = await authenticated(request.scope, service.tokens)
    principal.require(request.scope["route"].operation_id, ledger)
    await service.log.require_ledger(ledger)
    request.state.principal = principal
    return principal


async def caller(request: Request, _: Credentials) -> Principal:
    """Require a caller who may do what the route does, of no ledger or of one in the body.

    Raises:
        NotAuthenticated, RoleForbids.
    """
    principal = await authenticated(request.scope, request.app.state.service.tokens)
    principal.require(request.scope["route"].operation_id)
    return principal


# Who may stands in the table of rules, by the operation of the route.
Reader: TypeAlias = Annotated[Principal, Depends(permitted)]
Decider: TypeAlias = Reader
Caller: TypeAlias = Annotated[Principal, Depends(caller)]
