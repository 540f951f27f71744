"""Bodies: request bodies are parsed into parameters. Faults are refused; nothing is coerced."""

import json
import re
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

from service.http.faults import (
    BodyMissing,
    BodyNotJson,
    BodyNotUnicode,
    BodyTooDeep,
    BodyTooLarge,
    MediaTypeUnsupported,
    NameRepeated,
    NumberInexact,
    TooManyValues,
    not_valid,
)
from service.validation import body_faults, made_whole

Model = TypeVar("Model", bound=BaseModel)
SHOWN_DIGITS = 40
# Pydantic and our answer cost a multiple of what each value is in bytes.
MOST_VALUES = 20_000
STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"')


async def read(scope: Scope, receive: Receive, limit: int) -> bytes:
    """Read a JSON body of `limit` bytes at most.

    Raises:
        MediaTypeUnsupported: the header does not declare JSON in UTF-8.
        BodyTooLarge: the body is larger, or the header declares it larger.
        BodyMissing: the body is empty.
    """
    media_type = b""
    for name, value in scope["headers"]:
        if name == b"content-type":
            media_type = value
        elif name == b"content-length" and _declared_length(value) > limit:
            raise BodyTooLarge(limit_bytes=limit)
    message = await receive()
    body: bytes = message.get("body", b"")
    if message.get("more_body", False):
        body = await _rest(body, receive, limit)
    if len(body) > limit:
        raise BodyTooLarge(limit_bytes=limit)
    if not body:
        raise BodyMissing
    if media_type != b"application/json" and not _is_json(media_type):
        raise MediaTypeUnsupported
    return body


async def _rest(start: bytes, receive: Receive, limit: int) -> bytes:
    """Read the rest of a chunked body. Stop when it is too large."""
    pieces, size = [start], len(start)
    while size <= limit:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
        if not message.get("more_body", False):
            break
    return b"".join(pieces)


def _declared_length(value: bytes) -> int:
    return int(value) if value.isdigit() else 0


def _is_json(media_type: bytes) -> bool:
    essence, _, parameters = media_type.decode("latin-1").lower().partition(";")
    charset = parameters.replace(" ", "").replace('"', "")
    return essence.strip() == "application/json" and charset in {"", "charset=utf-8"}


def parse(model: type[Model], body: bytes) -> tuple[Model, Any]:
    """Parse the parameters. Return them with the JSON value they were read from.

    The body is parsed twice: once to refuse what pydantic accepts (a repeated name, a number that
    would be rounded), once by pydantic. Both take microseconds.

    Raises:
        TooManyValues: the body has too many values.
        BodyNotJson, BodyNotUnicode, BodyTooDeep, NameRepeated, NumberInexact: the body is
            not JSON that every parser reads alike.
        NotValid: the body does not follow the model.
        NotPossible: it does, and its fields contradict one another.
    """
    if _values(body) > MOST_VALUES:
        raise TooManyValues(limit=MOST_VALUES)
    document = _document(body)
    try:
        return model.model_validate_json(body), document
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False, include_input=False)
    if errors[0]["type"] == "json_invalid":
        raise BodyTooDeep if "recursion" in errors[0]["msg"] else BodyNotUnicode
    of_whole = [error["loc"] for error in errors if error["type"] == "int_type"]
    if sum(made_whole(document, path) for path in of_whole):
        return parse(model, json.dumps(document).encode())
    raise not_valid(body_faults(errors, document))


def _values(body: bytes) -> int:
    """How many values a body has: each but the first follows a comma that is in no string."""
    if body.count(b",") < MOST_VALUES:
        return body.count(b",")
    return STRING.sub(b"", body).count(b",")


def _document(body: bytes) -> Any:  # noqa: ANN401  JSON
    try:
        return _DECODER.decode(body.decode())
    except UnicodeDecodeError:
        raise BodyNotUnicode from None
    except json.JSONDecodeError as malformed:
        if body.startswith(b"\xef\xbb\xbf"):
            raise BodyNotUnicode from None
        raise BodyNotJson(line=malformed.lineno, column=malformed.colno) from None
    except RecursionError:
        raise BodyTooDeep from None
    except ValueError:
        # Python converts no integer of more than 4,300 digits.
        raise NumberInexact(literal="…") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise NameRepeated(name=name)
            seen.add(name)
    return members


def _number(literal: str) -> float:
    """Parse a number that every JSON parser reads without rounding."""
    value = float(literal)
    try:
        is_exact = Decimal(repr(value)) == Decimal(literal)
    except ArithmeticError:  # the exponent has too many digits
        is_exact = False
    if not is_exact:
        raise NumberInexact(literal=literal[:SHOWN_DIGITS])
    return value


def _refuse_constant(literal: str) -> float:
    raise NumberInexact(literal=literal)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_number, parse_constant=_refuse_constant
)
