"""Cross origin: what pages of other origins may send and see in a browser (CORS).

Tokens travel in a header that a page sets itself. So no credentials of the browser are allowed.
"""

from collections.abc import Sequence
from typing import Any

METHODS = ("GET", "HEAD", "POST", "DELETE", "OPTIONS")
SENT = (
    "Approver-Authorization",
    "Authorization",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
    "X-Request-ID",
)
SEEN = (
    "Allow",
    "Content-Disposition",
    "ETag",
    "Giaoviec-Epoch",
    "Giaoviec-Position",
    "Idempotency-Replayed",
    "Link",
    "Location",
    "Retry-After",
    "WWW-Authenticate",
    "X-Request-ID",
)


def cross_origin(origins: Sequence[str]) -> dict[str, Any]:
    """The arguments of the middleware that lets these origins in."""
    return {
        "allow_origins": origins,
        "allow_methods": METHODS,
        "allow_headers": SENT,
        "expose_headers": SEEN,
    }
