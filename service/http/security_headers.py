"""Security headers: what every answer asks of browsers, and of caches on the way.

As OWASP's REST Security Cheat Sheet and ASVS 5.0 (3.4) have them. Whoever answers may set one of
them otherwise, as the page of the API's description does; it is not set twice then.
"""

from collections.abc import Sequence
from typing import TypeAlias

from starlette.types import Scope

from service.http.addresses import path_of

Headers: TypeAlias = Sequence[tuple[bytes, bytes]]

# Nothing is loaded, framed or run by an answer of the API.
CLOSED = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
ALWAYS: Headers = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", CLOSED),
)
# What is said in a ledger names people: it is kept nowhere on the way, nor by a browser.
UNKEPT = (b"cache-control", b"no-store")
# What describes the API is the same for all; a cache asks whether it still is.
KEPT = (b"cache-control", b"no-cache")
DESCRIBING = ("/docs", "/openapi.json", "/problems")
# A browser that came by TLS comes by TLS for a year.
BY_TLS = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


def headers_for(scope: Scope) -> Headers:
    """Those that an answer to this request is to have."""
    caching = KEPT if path_of(scope).startswith(DESCRIBING) else UNKEPT
    return (*ALWAYS, caching, BY_TLS) if scope.get("scheme") == "https" else (*ALWAYS, caching)


def lacking(wanted: Headers, given: Headers) -> list[tuple[bytes, bytes]]:
    """Those of the wanted that are not given."""
    names = {name for name, _ in given}
    return [header for header in wanted if header[0] not in names]
