"""Schemas: rules between the fields of a value, as JSON Schema says them to clients.

What decides are the validators beside them; a rule that JSON Schema cannot say is said in words.
"""

from typing import Any

from pydantic import ConfigDict

Json = dict[str, Any]


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
