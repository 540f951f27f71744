"""Routed: a request about a ledger is answered from the ledger's own database."""

from starlette.types import ASGIApp, Receive, Scope, Send

from service.databases import Databases
from service.http.addresses import path_of

# Of the words of a path: `/v1/LEDGER/…`.
LEDGER_AT = 2


class Routed:
    """Middleware around what answers: the application that it sees is of the ledger's database."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            words = path_of(scope).split("/", LEDGER_AT + 1)
            if len(words) > LEDGER_AT + 1 and words[1] == "v1":
                databases: Databases = scope["app"].state.databases
                scope["app"] = databases.app_of(words[LEDGER_AT])
        await self._app(scope, receive, send)
