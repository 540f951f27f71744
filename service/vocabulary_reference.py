"""Vocabulary reference: what a regulation's file may say, from the shapes that read it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from inspect import cleandoc
from typing import Any

from pydantic import BaseModel

from domain.regulations.vocabulary_1.capping import DENOMINATOR_WORDS, GROUPING_WORDS
from domain.regulations.vocabulary_1.measuring import COUNTED_WORDS, OCCURRENCE_WORDS
from domain.regulations.vocabulary_1.organising import CYCLE_WORDS, MATTER_WORDS, PAPER_WORDS
from domain.regulations.vocabulary_1.policy import Policy
from domain.regulations.vocabulary_1.shapes import (
    CONDITION_WORDS,
    GIVER_WORDS,
    LEVEL_WORDS,
    Shape,
)

Json = dict[str, Any]
Table = Callable[[tuple[str, ...], Iterable[tuple[str, ...]]], str]
# The shapes that another module gives, and that other pages describe.
ELSEWHERE = frozenset({"Basis"})
WORDS: Mapping[str, Mapping[str, str]] = {
    "Levels, the best first": LEVEL_WORDS,
    "What is counted": COUNTED_WORDS,
    "What is deducted for": OCCURRENCE_WORDS,
    "Who gives points or grades": GIVER_WORDS,
    "Conditions": CONDITION_WORDS,
    "What a cap is a share of": DENOMINATOR_WORDS,
    "Groups within which a cap counts": GROUPING_WORDS,
    "Cycles": CYCLE_WORDS,
    "Papers": PAPER_WORDS,
    "Matters": MATTER_WORDS,
}


def vocabulary(table: Table) -> str:
    """The keys of a file, the shapes of what stands under them, and the words of choices."""
    schema = Policy.model_json_schema()
    shapes = {shape.__name__: shape for shape in _shapes(Shape)}
    definitions = {
        name: one
        for name, one in schema["$defs"].items()
        if name not in ELSEWHERE and "properties" in one
    }
    sections = [_section("The file", Policy, schema, table)]
    sections += (_section(name, shapes[name], one, table) for name, one in definitions.items())
    sections += (
        f"## {heading}\n\n"
        + table(("Word", "Tiếng Việt"), ((f"`{word}`", said) for word, said in words.items()))
        for heading, words in WORDS.items()
    )
    return "\n\n".join(sections)


def _shapes(shape: type[Shape]) -> Iterator[type[Shape]]:
    yield shape
    for narrower in shape.__subclasses__():
        yield from _shapes(narrower)


def _section(heading: str, shape: type[Shape], schema: Json, table: Table) -> str:
    unit = f"\n\nCounted in: {shape.UNIT}." if shape.UNIT and shape is not Policy else ""
    required = schema.get("required", ())
    rows = (
        (f"`{name}`", _kind(one), "yes" if name in required else "no")
        for name, one in schema["properties"].items()
    )
    return f"## {heading}\n\n{_said(shape)}{unit}\n\n{table(('Key', 'Value', 'Required'), rows)}"


def _said(shape: type[BaseModel]) -> str:
    return cleandoc(shape.__doc__ or "")


def _kind(schema: Json) -> str:
    """What may stand under a key, in a word or two."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return name if name in ELSEWHERE else f"[{name}](#{name.lower()})"
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        kinds = (_kind(one) for one in options if one.get("type") != "null")
        return " or ".join(dict.fromkeys(kinds))
    values = schema.get("enum") or ([schema["const"]] if "const" in schema else ())
    return ", ".join(f"`{value}`" for value in values) or _of_type(schema)


def _of_type(schema: Json) -> str:
    match schema.get("type"):
        case "array":
            return f"list of {_kind(schema['items'])}"
        case "object":
            (named,) = schema["patternProperties"].values()
            return f"{_kind(named)} by name"
        case "integer":
            return "whole number"
        case "boolean":
            return "`true`, `false`"
        case _:
            return _text(schema)


def _text(schema: Json) -> str:
    if schema.get("examples"):
        return f"such as `{schema['examples'][0]}`"
    if schema.get("format") == "date":
        return "day, such as `2026-01-15`"
    return "name, such as `on_time`" if schema.get("pattern", "").startswith("^[a-z]") else "text"
