"""Ledgers: one log per authority, opened by an administrator."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from domain.values import ID_PATTERN, Line, Value
from service.databases import Databases
from service.http import bodies
from service.http.access import PROTECTED, Caller
from service.http.addresses import address
from service.http.commands import BODY_REFUSALS
from service.http.problems import declared
from service.http.reads.query import described, query_params
from service.http.reads.whole_lists import Counted, WholeList
from service.log.events import LedgerExists, LedgerUnknown

router = APIRouter(tags=["ledgers"])


class NewLedger(Value):
    """The ledger to open: its id in every address, and what the authority is called."""

    ledger: Annotated[str, Field(pattern=ID_PATTERN, examples=["tuyen-quang"])]
    name: Line


class LedgerEntry(NewLedger):
    """A ledger of the service."""

    created_at: datetime


class LedgerList(WholeList):
    """The ledgers the caller may read, by id."""

    items: list[LedgerEntry]


async def new_ledger(request: Request) -> NewLedger:
    """Parse the ledger to open from the body."""
    service = request.app.state.service
    body = await bodies.read(request.scope, request.receive, service.settings.body_limit_bytes)
    return bodies.parse(NewLedger, body)[0]


@router.post(
    "/v1/ledgers",
    operation_id="open_ledger",
    status_code=201,
    responses=declared(*PROTECTED, *BODY_REFUSALS, LedgerUnknown, LedgerExists),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/NewLedger"},
                    "example": {"ledger": "tuyen-quang", "name": "Tỉnh Tuyên Quang"},
                }
            },
        }
    },
)
async def open_ledger(
    request: Request,
    response: Response,
    caller: Caller,
    new: Annotated[NewLedger, Depends(new_ledger)],
) -> NewLedger:
    """Open the log of an authority."""
    caller.require("open_ledger", new.ledger)
    databases: Databases = request.app.state.databases
    await databases.of(new.ledger).log.create_ledger(new.ledger, new.name)
    response.headers["Location"] = address(request.scope, f"/v1/{new.ledger}/tasks")
    return new


@router.get(
    "/v1/ledgers",
    operation_id="list_ledgers",
    responses=declared(*PROTECTED),
    response_model_exclude_unset=True,
    openapi_extra=described(Counted),
)
async def list_ledgers(
    request: Request,
    caller: Caller,
    params: Annotated[Counted, Depends(query_params(Counted))],
) -> LedgerList:
    """The ledgers this token may read."""
    databases: Databases = request.app.state.databases
    found = [one for _, service in databases.named() for one in await service.log.ledgers()]
    items = [
        LedgerEntry(ledger=ledger.ledger, name=ledger.name, created_at=ledger.created_at)
        for ledger in sorted(found)
        if caller.is_for(ledger.ledger)
    ]
    return LedgerList.model_validate({"items": items, **params.totals(len(items))})
