"""Addresses: what a path of ours is called from outside, where a proxy serves us below a prefix.

The prefix is the ASGI `root_path`: the setting's, or the server's own. A proxy may strip it from
the requests that it passes on, or leave it there.
"""

from starlette.types import ASGIApp, Receive, Scope, Send


class Below:
    """Middleware: what it serves is below a prefix."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["root_path"] = self._prefix
        await self._app(scope, receive, send)


def prefix_of(scope: Scope) -> str:
    """The prefix below which clients see the service; empty without one."""
    prefix: str = scope.get("root_path", "")
    return prefix.rstrip("/")


def path_of(scope: Scope) -> str:
    """The path of the request below the prefix, the same whether the proxy strips that or not."""
    path: str = scope["path"]
    prefix = prefix_of(scope)
    return path.removeprefix(prefix) if path.startswith(f"{prefix}/") else path


def address(scope: Scope, path: str) -> str:
    """The path as clients ask for it."""
    return f"{prefix_of(scope)}{path}"
