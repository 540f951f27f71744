"""Reference: the documentation's tables, generated from the code that they describe.

`make reference` writes them into README.md between their markers, and into docs/.
"""

import re
from collections.abc import Iterable, Iterator
from inspect import cleandoc
from pathlib import Path
from typing import Any

from pydantic_core import PydanticUndefined

from domain.kernel import EVENT_TYPES, Event, Refusal
from service.access.roles import ALLOWED, Permission
from service.app import VERBS
from service.http.commands import EVERY_VERB, Verb
from service.http.problems import paragraphs, problem_types, slug, status_of
from service.settings import Settings, variable

ROOT = Path(__file__).parent.parent
RENEW = "make reference"


def pages() -> dict[Path, str]:
    """Return the README and every generated page with their current content."""
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    for name, table in (("settings", settings_table()), ("verbs", verbs_table())):
        text = _between(text, name, table)
    return {
        readme: text,
        ROOT / "docs" / "events.md": events_page(),
        ROOT / "docs" / "problems.md": problems_page(),
    }


def settings_table() -> str:
    """Build the table of settings."""
    return _table(
        ("Variable", "Default", "Meaning"),
        (
            (f"`{variable(name)}`", _default(field.default), field.description or "")
            for name, field in Settings.model_fields.items()
        ),
    )


def verbs_table() -> str:
    """Build the table of verbs: their roles, and their refusals beside those every verb shares."""
    return _table(
        ("Verb", "`POST /v1/{ledger}…`", "Roles", "Refused with"),
        (_verb_row(verb) for verbs in VERBS for verb in verbs),
    )


def _verb_row(verb: Verb) -> tuple[str, str, str, str]:
    own = [refusal for refusal in verb.command.REFUSALS if refusal not in EVERY_VERB]
    name = verb.path.rpartition("/")[2].replace("-", " ")
    return (
        f"{name} ({verb.fixed_id or verb.subject})",
        f"`{verb.path}`",
        ", ".join(_roles(verb.permission)),
        ", ".join(f"`{slug(refusal)}`" for refusal in dict.fromkeys(own)),
    )


def _roles(permission: Permission) -> Iterator[str]:
    return (role.value for role, allowed in ALLOWED.items() if permission in allowed)


def events_page() -> str:
    """Build the page of event types with their meaning and fields."""
    opening = (
        f"Written by `{RENEW}` from the code. Every event has `effective_on`, the day from which\n"
        "it counts; who recorded it, when, in whose name and on what basis stand beside the data."
    )
    parts = ["# Events", opening]
    parts += [_event(EVENT_TYPES[name]) for name in sorted(EVENT_TYPES) if _ours(name)]
    return "\n\n".join(parts) + "\n"


def _ours(name: str) -> bool:
    return EVENT_TYPES[name].__module__.startswith("domain.")


def _event(event: type[Event]) -> str:
    description = cleandoc(event.__doc__ or "") if "__doc__" in event.__dict__ else ""
    schema = event.model_json_schema()
    tags = dict(event.TAGGED)
    rows = (
        (
            f"`{name}`",
            _shape(schema["properties"][name]),
            "yes" if name in schema.get("required", ()) else "no",
            ", ".join(
                [
                    *([f"tag `{tags[name]}:`"] if name in tags else []),
                    *(["personal, sealed"] if name in event.PERSONAL else []),
                ]
            ),
        )
        for name in event.model_fields
    )
    heading = f"## `{event.TYPE}` (version {event.VERSION})"
    table = _table(("Field", "Shape", "Always", "Note"), rows)
    return "\n\n".join(part for part in (heading, description, table) if part)


def _shape(schema: dict[str, Any]) -> str:
    """Describe a field's JSON in a word or two."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_shape(option) for option in schema["anyOf"]))
    if schema.get("type") == "array":
        return f"list of {_shape(schema.get('items', {}))}"
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    return str(schema.get("format") or schema.get("type", "any"))


def problems_page() -> str:
    """Build the page of problem types."""
    rows = (_problem_row(name, refusal) for name, refusal in problem_types().items())
    return (
        "# Problems\n\n"
        f"Written by `{RENEW}` from the code. A problem is an RFC 9457 document; its `type` is\n"
        "`/problems/` and the name. Names in braces are the facts of the case, which stand in the\n"
        "document too.\n\n" + _table(("Name", "Status", "English", "Tiếng Việt"), rows) + "\n"
    )


def _problem_row(name: str, refusal: type[Refusal]) -> tuple[str, str, str, str]:
    return (f"`{name}`", str(status_of(refusal)), *paragraphs(refusal))


def _default(value: object) -> str:
    if value is None or value is PydanticUndefined:
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines
    )


def _between(text: str, name: str, table: str) -> str:
    """Put the table between the markers of that name."""
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if not pattern.search(text):
        raise ValueError(f"README.md has no place for the table of {name}")
    return pattern.sub(lambda match: f"{match[1]}\n{table}\n\n{match[2]}", text)


def main() -> None:
    """Write the pages."""
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
