"""Fuzzing: requests made from the description, of honest values and of the worst there are."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from hypothesis import strategies as st

from tests.service.province import COMMITTEE, DISTRICT, POST

Schema: TypeAlias = Mapping[str, Any]
JSON = "application/json"
# A stream does not end; what waits for an event waits.
LEFT_OUT = frozenset({"stream_events"})
WAITS = frozenset({"wait", "min_position"})
METHODS = ("get", "post", "put", "patch", "delete")
# Within so many levels a schema may name itself.
DEPTH = 6
RARE = {"cursor": 16, "known_at": 16, "sort": 8}
# Of so many values one is of the worst. A cursor that was not given is as rare.
ONE_IN = 16

KNOWN = ("kilns", "official-017", "official-018", POST, DISTRICT, COMMITTEE)
HONEST = (
    *KNOWN,
    *("2021-06-30", "2021-06", "2021-06-30T17:00:00Z", "2021", "5", "1", "17"),
    *("Chấm dứt lò gạch thủ công", "environment", "backlog", "30-QĐ/TU"),
)
WORST_TEXTS = (
    *("", " ", "\x00", "\x1b[2J", "\u202e", "\ufffe", "\ufeff", "\u2028", "é" * 300, "👨‍👩‍👧"),
    *("../../etc/passwd", "%2f", "%00", "=1+1", "' OR 1=1 --", "$(id)", "{{7*7}}", "%s%n"),
    *("9999-12-31", "0000-01-01", "2021-02-30", "9" * 400, "-1", "1e400", "NaN", "null"),
    *("a" * 4_000, "[" * 1_500, "W10=", "eyJhIjogMX0=", "*", "a.b.c:d"),
)
WORST: tuple[Any, ...] = (
    *WORST_TEXTS,
    *(None, True, 0, -1, 2**63, 10**40, 0.1, 1e308, [], {}, [[]], [None], {"": None}),
    *("a" * 100_000, [0] * 5_000, ["x"] * 5_000, {f"n{n}": n for n in range(2_000)}),
)


class Operation(NamedTuple):
    """One of the operations that are described."""

    method: str
    path: str
    described: Schema


class Request(NamedTuple):
    """A request, without a token."""

    method: str
    path: str
    query: Sequence[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes


def operations(document: Schema) -> Iterator[Operation]:
    """Those that end."""
    for path, methods in document["paths"].items():
        for method in METHODS:
            described = methods.get(method)
            if described is not None and described["operationId"] not in LEFT_OUT:
                yield Operation(method.upper(), path, described)


@st.composite
def requests(draw: st.DrawFn, document: Schema, operation: Operation, ledger: str) -> Request:
    """Requests of this operation."""
    path, query, headers = operation.path, [], {"Accept-Language": draw(_languages)}
    for parameter in operation.described.get("parameters", ()):
        name, place = parameter["name"], parameter["in"]
        if name in WAITS:
            continue
        if place == "path":
            value = ledger if name == "ledger" else draw(_texts(document, parameter["schema"]))
            path = path.replace(f"{{{name}}}", _encoded(value))
        elif parameter.get("required") or draw(st.integers(1, RARE.get(name, 4))) == 1:
            value = draw(_texts(document, parameter["schema"]))
            if place == "query":
                query.append((name, value))
            elif value.isascii() and value.isprintable() and value.strip() == value != "":
                headers[name] = value
    body = b""
    if "requestBody" in operation.described:
        contents = operation.described["requestBody"]["content"]
        kind = draw(st.sampled_from(sorted(contents)))
        headers["Content-Type"] = kind
        body = draw(_bodies(document, contents[kind], kind))
    return Request(operation.method, path, tuple(query), headers, body)


_languages = st.sampled_from(["en", "vi", "*", "x" * 2_000, "vi;q=0.1,en;q=9"])


def _encoded(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text[:500].encode("utf-8", "replace")) or "%20"


def _texts(document: Schema, schema: Schema) -> st.SearchStrategy[str]:
    """Values as they stand in an address or a header."""
    return _values(document, schema, st.sampled_from(WORST_TEXTS), DEPTH).map(
        lambda value: value if isinstance(value, str) else json.dumps(value)
    )


@st.composite
def _bodies(draw: st.DrawFn, document: Schema, content: Schema, kind: str) -> bytes:
    """Bodies, some of them cut off or with something after them; or the example, partly changed."""
    if kind == JSON:
        value = draw(_values(document, content["schema"], st.sampled_from(WORST), DEPTH))
        example = content.get("example")
        if isinstance(value, dict) and isinstance(example, dict) and draw(st.booleans()):
            changed = draw(st.sampled_from([None, *value]))
            value = {**example, **{name: value[name] for name in value if name == changed}}
        body = json.dumps(value).encode()
    else:
        rows = draw(st.lists(st.lists(st.sampled_from(HONEST + WORST_TEXTS), max_size=5)))
        body = "\n".join(";".join(row) for row in rows).encode("utf-8", "replace")
    match draw(st.integers(0, 20)):
        case 0:
            return body[: draw(st.integers(0, len(body)))]
        case 1:
            return body + draw(st.binary(max_size=20))
    return body


def _values(
    document: Schema, schema: Schema, worst: st.SearchStrategy[Any], depth: int
) -> st.SearchStrategy[Any]:
    """Values of the schema, one in some of which is of the worst."""
    honest = st.deferred(lambda: _honest(document, schema, worst, depth))
    return st.integers(1, ONE_IN).flatmap(lambda drawn: worst if drawn == 1 else honest)


def _honest(  # noqa: PLR0911  a schema is one of so many things
    document: Schema, schema: Schema, worst: st.SearchStrategy[Any], depth: int
) -> st.SearchStrategy[Any]:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _honest(document, document["components"]["schemas"][name], worst, depth)
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    choices = schema.get("anyOf") or schema.get("oneOf")
    if choices:
        return st.one_of([_values(document, one, worst, depth) for one in choices])
    match schema.get("type"):
        case "object" if depth:
            return _objects(document, schema, worst, depth - 1)
        case "array" if depth:
            items = _values(document, schema.get("items", {}), worst, depth - 1)
            return st.lists(items, max_size=3)
        case "integer":
            least = schema.get("minimum", 0)
            return st.integers(least, schema.get("maximum", least + 30))
        case "number":
            return st.integers(0, 100)
        case "boolean":
            return st.booleans()
    return st.sampled_from(_fitting(schema.get("pattern", ""), schema.get("format", "")))


@cache
def _fitting(pattern: str, form: str) -> tuple[str, ...]:
    """The honest texts that the pattern allows, all of them where it allows none."""
    if form == "date":
        pattern = r"^\d{4}-\d{2}-\d{2}$"
    return tuple(text for text in HONEST if re.search(pattern, text)) or HONEST


def _objects(
    document: Schema, schema: Schema, worst: st.SearchStrategy[Any], depth: int
) -> st.SearchStrategy[Any]:
    properties = schema.get("properties", {})
    made = {name: _values(document, one, worst, depth) for name, one in properties.items()}
    required = [name for name in schema.get("required", ()) if name in made]
    return st.fixed_dictionaries(
        {name: made[name] for name in required},
        optional={name: one for name, one in made.items() if name not in required},
    )
