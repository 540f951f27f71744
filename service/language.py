"""Language: Vietnamese or English, negotiated by Accept-Language (RFC 9110, 12.5.4)."""

from functools import lru_cache
from typing import Literal, TypeAlias

from starlette.types import Scope

Language: TypeAlias = Literal["vi", "en"]

DEFAULT: Language = "vi"
OFFERED: tuple[Language, ...] = ("vi", "en")
# A longer header is read anew each time: what is remembered is bounded in bytes.
REMEMBERED_LENGTH = 200


def language_of(scope: Scope) -> Language:
    """Return the language of the response to this request."""
    for name, value in scope["headers"]:
        if name == b"accept-language":
            header = value.decode("latin-1")
            return _remembered(header) if len(header) <= REMEMBERED_LENGTH else negotiate(header)
    return DEFAULT


def negotiate(header: str) -> Language:
    """Return the offered language with the highest weight. Vietnamese wins a tie."""
    weights: dict[str, float] = {}
    for item in header.split(","):
        tag, _, parameter = item.strip().partition(";")
        weights.setdefault(tag.strip().lower().split("-")[0], weight(parameter))
    rest = weights.get("*", 0.0)
    best = max(OFFERED, key=lambda offered: weights.get(offered, rest))
    return best if weights.get(best, rest) > 0 else DEFAULT


_remembered = lru_cache(maxsize=256)(negotiate)


def weight(parameter: str) -> float:
    """Return the weight that a parameter such as `q=0.5` gives what stands before it; 1 without."""
    name, _, value = parameter.partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
