"""Addresses: what a path of ours is called from outside, where a proxy serves us below a prefix.

The prefix is the ASGI `root_path`: the setting's, or the server's own. A proxy may strip it from
the requests that it passes on, or leave it there.
"""

from starlette.types import Scope


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
