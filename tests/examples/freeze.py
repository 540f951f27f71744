"""Frozen examples: what the log holds of every event type and version, as it was written then.

`python -m tests.examples.freeze` writes the example of every current version that has none. It
never changes one that is there: the log does not either. Where a made-up example breaks a rule of
the event, it says so, and the example is written by hand.
"""

import importlib
import json
import pkgutil
import re
import sys
from pathlib import Path
from typing import Any

from hypothesis import find
from hypothesis import strategies as st
from pydantic import ValidationError

import domain
from domain.kernel import EVENT_TYPES, Event

EXAMPLES = Path(__file__).parent / "events"


def import_every_event() -> None:
    """Import all of the domain, so that `EVENT_TYPES` is complete."""
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        importlib.import_module(module.name)


def example_path(kind: str, version: int) -> Path:
    return EXAMPLES / f"{kind}.v{version}.json"


def domain_events() -> dict[str, type[Event]]:
    """The registered events that are the domain's, not a test's."""
    import_every_event()
    return {
        kind: event for kind, event in EVENT_TYPES.items() if event.__module__.startswith("domain.")
    }


def made_up(event: type[Event]) -> dict[str, Any]:
    """An example of the event's current version, every field filled in.

    Raises:
        ValidationError: it breaks a rule that the schema does not tell.
    """
    schema = event.model_json_schema(mode="validation")
    raw = _value(schema, schema.get("$defs", {}), "")
    return event.model_validate_json(json.dumps(raw)).model_dump(mode="json")


def _value(schema: dict[str, Any], shared: dict[str, Any], name: str) -> Any:  # noqa: C901, PLR0911, PLR0912  a case per shape of JSON
    match schema:
        case {"$ref": str(reference)}:
            return _value(shared[reference.rpartition("/")[2]], shared, name)
        case {"examples": [first, *_]}:
            return first
        case {"const": only}:
            return only
        case {"enum": [first, *_]}:
            return first
        case {"anyOf": [*options]} | {"oneOf": [*options]} | {"allOf": [*options]}:
            told = [option for option in options if option.get("type") != "null"]
            return _value(told[0], shared, name)
        case {"type": "object", "properties": dict(fields)}:
            return {field: _value(inner, shared, field) for field, inner in fields.items()}
        case {"type": "object"}:
            return {}
        case {"type": "array"}:
            return [_value(schema["items"], shared, name)]
        case {"type": "string", "format": "date"}:
            return "2021-05-31"
        case {"type": "string", "pattern": str(pattern)}:
            return name if re.search(pattern, name) else _matching(pattern)
        case {"type": "string"}:
            return "Ví dụ"
        case {"type": "boolean"}:
            return True
        case {"type": "integer"} | {"type": "number"}:
            return max(1, schema.get("minimum", 1))
    raise TypeError(f"no example for {name}: {schema}")


def _matching(pattern: str) -> str:
    """The simplest text there is of a pattern."""
    return find(st.from_regex(pattern, fullmatch=True), lambda _: True)


def main() -> int:
    """Write what is missing; the number of events that need an example by hand."""
    EXAMPLES.mkdir(exist_ok=True)
    by_hand = 0
    for kind, event in sorted(domain_events().items()):
        path = example_path(kind, event.VERSION)
        if path.exists():
            continue
        try:
            raw = made_up(event)
        except (TypeError, ValidationError) as reason:
            by_hand += 1
            sys.stderr.write(f"{path.name}: write it by hand: {reason}\n")
            continue
        text = json.dumps(raw, ensure_ascii=False, indent=2, sort_keys=True)
        path.write_text(f"{text}\n", encoding="utf-8")
        sys.stdout.write(f"{path.name}: written\n")
    return by_hand


if __name__ == "__main__":
    sys.exit(main())
