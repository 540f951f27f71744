"""Schemas: rules between the fields of a value, as JSON Schema says them to clients.

What decides are the validators beside them; a rule that JSON Schema cannot say is said in words.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import ConfigDict, GetJsonSchemaHandler
from pydantic_core import CoreSchema

from domain.characters import BLANK, BREAKS, DECEIVING, INVISIBLE, JOINING, NO_TEXT

Json = dict[str, Any]

_NOT_OF_TEXT = NO_TEXT + DECEIVING
_NOT_OF_LINE = NO_TEXT + DECEIVING + BREAKS + INVISIBLE
_UNSHOWN = BLANK + INVISIBLE + JOINING
_OF_TEXT = rf"(?:[^{_NOT_OF_TEXT}]|\r\n)*"
_OF_LINE = rf"[^\t\n{_NOT_OF_LINE}]*"
# Patterns that the validators of `values` check in words of their own.
TEXT_PATTERN = rf"^{_OF_TEXT}[^{_UNSHOWN}{_NOT_OF_TEXT}]{_OF_TEXT}$"
LINE_PATTERN = rf"^{_OF_LINE}[^{_UNSHOWN}{_NOT_OF_LINE}]{_OF_LINE}$"
DAY_PATTERN = r"^(?:19|2[01])[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$"


@dataclass(frozen=True, slots=True)
class Described:
    """Marks a value whose schema says more than pydantic knows of it."""

    more: Callable[[Json], Json]
    answers_too: bool

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> Json:
        schema = handler(core)
        return self.more(schema) if self.answers_too or handler.mode == "validation" else schema


def patterned(pattern: str) -> Described:
    """Text that has such a pattern, which says too that it is not empty."""

    def more(schema: Json) -> Json:
        return {
            **{key: rule for key, rule in schema.items() if key != "minLength"},
            "pattern": pattern,
        }

    return Described(more, answers_too=True)


def exact(digits: int, places: int, *, of: str = "0") -> Described:
    """Numbers of so many digits before the point and places after it; those in text alike.

    Args:
        digits: that the number may have before the point.
        places: that it may have after it.
        of: `0` up to the power of ten with one digit more, `1` more than nothing, `-` of any sign.
    """
    number = _plain(digits, places)
    if of == "-":
        pattern = rf"^[+-]?{number}$"
    else:
        up_to = rf"(?:{number}|0*10{{{digits}}}(?:\.0*)?)"
        nothing = r"-0*(?:0(?:\.0*)?|\.0+)"
        pattern = rf"^(?:\+?{up_to}|{nothing})$" if of == "0" else rf"^(?!\+?[0.]*$)\+?{up_to}$"

    def more(schema: Json) -> Json:
        numbers, text = schema["anyOf"]
        return {
            "anyOf": [
                {**numbers, "multipleOf": 1 / 10**places},
                {**text, "pattern": pattern},
            ]
        }

    return Described(more, answers_too=False)


def _plain(digits: int, places: int) -> str:
    ending = rf"[0-9]{{1,{places}}}0*"
    return rf"0*(?:[0-9]{{1,{digits}}}(?:\.(?:{ending})?)?|\.{ending})"


def left_out(*names: str) -> Json:
    """The condition that none of these is given; null says so too."""
    return {"properties": {name: {"type": "null"} for name in names}}


def given(*names: str) -> Json:
    """The condition that all of these are given."""
    return {
        "required": [*names],
        "properties": {name: {"not": {"type": "null"}} for name in names},
    }


def both(*conditions: Json) -> Json:
    """The condition that all of these conditions are met; they are about different fields."""
    required = [name for condition in conditions for name in condition.get("required", ())]
    fields: Json = {}
    for condition in conditions:
        fields |= condition["properties"]
    return {"properties": fields, **({"required": required} if required else {})}


def where(**rules: Json) -> Json:
    """The condition that these fields are given and are so."""
    return {"required": [*rules], "properties": rules}


def empty(*names: str) -> Json:
    """The condition that these lists are left out or have nothing in them."""
    return {"properties": {name: {"maxItems": 0} for name in names}}


def never(*conditions: Json) -> ConfigDict:
    """The configuration of a model of which none of these conditions may be met."""
    refused: Json = {"anyOf": [*conditions]} if len(conditions) > 1 else conditions[0]
    return ConfigDict(json_schema_extra={"not": refused})
