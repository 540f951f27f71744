"""Reference: the pages of docs/reference, written from the code that they describe.

Each page opens in words of its own; `make reference` writes what stands below its marker.
"""

from collections.abc import Iterable, Iterator, Sequence
from inspect import cleandoc
from pathlib import Path
from typing import Any

from pydantic_core import PydanticUndefined

from domain.access.operations import OPERATIONS
from domain.access.roles import Relation, Role
from domain.access.rule import Rule
from domain.access.rules import called, rule_of
from domain.access.verbs import VERBS as RULES
from domain.kernel import EVENT_TYPES, Event, Refusal
from domain.wording import RELATIONS
from service.app import VERBS, create_app
from service.bounds import met_beyond
from service.http.commands import EVERY_VERB, Verb
from service.http.problems import paragraphs, problem_types, status_of
from service.imports.file_kinds import LAYOUTS, FileKind
from service.imports.layout import Layout
from service.settings import Settings, variable
from service.slugs import slug
from service.vocabulary_reference import vocabulary

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
RENEW = "make reference"
MARKER = f"<!-- From here on written by `{RENEW}` from the code: change the code instead. -->"

# Described once, where the page of questions opens.
OF_MOST_QUESTIONS = ("as_of", "min_position", "limit", "cursor", "count", "format", "bom")
FORMATS = {
    "application/json": "JSON",
    "text/csv": "CSV",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "application/jsonl": "JSON Lines",
    "text/event-stream": "server-sent events",
    "text/plain": "text",
    "text/html": "HTML",
}

Json = dict[str, Any]


def pages() -> dict[Path, str]:
    """Every page of the reference, as it should read.

    Raises:
        ValueError: a page has no marker.
    """
    written = {
        "configuration": settings_tables(),
        "verbs": verbs_table(),
        "permissions": permissions(),
        "questions": questions(create_app(Settings.model_construct()).openapi()),
        "events": events(),
        "problems": problems_table(),
        "imports": columns(),
        "vocabulary": vocabulary(_table),
    }
    return {
        FOLDER / f"{name}.md": _renewed(FOLDER / f"{name}.md", text)
        for name, text in written.items()
    }


def _renewed(path: Path, written: str) -> str:
    opening, marker, _ = path.read_text(encoding="utf-8").partition(MARKER)
    if not marker:
        raise ValueError(f"{path.name} has no line {MARKER}")
    return f"{opening}{marker}\n\n{written}\n"


def settings_tables() -> str:
    """What an operator may choose; apart from the rest what bounds something."""
    rows = {
        name: (f"`{variable(name)}`", _default(field.default), field.description or "")
        for name, field in Settings.model_fields.items()
    }
    met = met_beyond()
    others = _table(
        ("Variable", "Default", "Meaning"), (row for name, row in rows.items() if name not in met)
    )
    bounds = _table(
        ("Variable", "Default", "Bounds", "Beyond it"),
        ((*rows[name], answer) for name, answer in met.items()),
    )
    return f"{others}\n\n## Bounds\n\n{bounds}"


def verbs_table() -> str:
    """The commands: who may give them, and what may refuse them beside what every verb shares."""
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
        ", ".join(_roles(verb)),
        ", ".join(f"`{slug(refusal)}`" for refusal in dict.fromkeys(own)),
    )


def _roles(verb: Verb) -> Iterator[str]:
    return (role.value for role in Role if rule_of(verb.command).relations(role))


def permissions() -> str:
    """The table of rules: who may do what, by which relation."""
    relations = ((f"`{one.value}`", RELATIONS[one.value]) for one in Relation)
    roles = [role for role in Role if any(rule.relations(role) for rule in RULES.values())]
    return "\n\n".join(
        (
            "## Relations",
            _table(("Relation", "Tiếng Việt"), relations),
            "## Commands",
            _table(
                (
                    "Action",
                    "Class",
                    *(f"`{role}`" for role in roles),
                    "Apart from",
                    "In the name of",
                    "By oneself",
                    "Recorded",
                ),
                (_rule_row(called(action), rule, roles) for action, rule in RULES.items()),
            ),
            "## Everything else",
            _table(
                ("Operation", "Class", "Roles", "Recorded"),
                (
                    (
                        f"`{name}`",
                        rule.permission.value,
                        _roles_of(rule),
                        "yes" if rule.recorded else "",
                    )
                    for name, rule in OPERATIONS.items()
                ),
            ),
        )
    )


def _bodies(rule: Rule) -> str:
    """In the name of which bodies, where it is not any."""
    kinds = " or ".join(f"`{kind}`" for kind in sorted(rule.kinds))
    return f"{kinds}, above communes" if rule.above_communes else kinds


def _roles_of(rule: Rule) -> str:
    """The roles that may; what needs no token is not a matter of roles."""
    if all(granted == {Relation.ANYONE} for granted in rule.may.values()):
        return "anyone, without a token"
    return ", ".join(f"`{role}`" for role in rule.may)


def _rule_row(action: str, rule: Rule, roles: Sequence[Role]) -> tuple[str, ...]:
    return (
        f"`{action}`",
        rule.permission.value,
        *(", ".join(sorted(rule.relations(role))) for role in roles),
        ", ".join(f"`{event.TYPE}`" for event in rule.apart_from),
        _bodies(rule),
        "yes" if rule.by_oneself else "no",
        "yes" if rule.recorded else "",
    )


def questions(document: Json) -> str:
    """The reads by their tag: what each answers, what narrows it, and its formats."""
    reads = [
        (path, operation["get"])
        for path, operation in sorted(document["paths"].items())
        if "get" in operation
    ]
    sections = (
        "\n\n".join(
            (
                f"## {tag['name']}\n\n{tag['description']}",
                *(
                    _question(document, path, read)
                    for path, read in reads
                    if tag["name"] in read["tags"]
                ),
            )
        )
        for tag in document["tags"]
        if any(tag["name"] in read["tags"] for _, read in reads)
    )
    return "\n\n".join(sections)


def _question(document: Json, path: str, read: Json) -> str:
    params = [param for param in read.get("parameters", ()) if param["in"] != "path"]
    own = [param for param in params if param["name"] not in OF_MOST_QUESTIONS]
    names = {param["name"] for param in params}
    shared = [f"`{name}`" for name in OF_MOST_QUESTIONS if name in names]
    media = next(iter(read["responses"].values())).get("content", {})
    formats = [words for media_type, words in FORMATS.items() if media_type in media]
    further = f" Also takes {', '.join(shared)}." if shared else ""
    lines = (
        f"### `{path}`",
        # A description may go on in paragraphs of its own.
        read.get("description") or f"{read['summary']}.",
        "\n".join(_parameter(document, param) for param in own),
        f"Formats: {', '.join(formats)}.{further}",
    )
    return "\n\n".join(line for line in lines if line)


def _parameter(document: Json, param: Json) -> str:
    schema = param["schema"]
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    described = f": {param['description']}" if "description" in param else ""
    required = ", required" if param.get("required") else ""
    return f"- `{param['name']}` ({_shape(schema)}{required}){described}"


def columns() -> str:
    """The columns of every kind of file, by the headings that name them."""
    return "\n\n".join(_kind(kind, layouts) for kind, layouts in LAYOUTS.items())


def _kind(kind: FileKind, layouts: tuple[Layout, ...]) -> str:
    parts = [f"## `{kind.value}`"]
    for layout in layouts:
        if layout.name != kind.value:
            parts.append(f"### {layout.name.replace('_', ' ').capitalize()}")
        rows = (
            (
                f"`{column.name}`",
                column.headings[0],
                ", ".join(column.headings[1:]),
                "yes" if column.required else "no",
            )
            for column in layout.columns
        )
        parts.append(_table(("Column", "Heading", "Other headings", "Required"), rows))
    return "\n\n".join(parts)


def events() -> str:
    """Every type of event: what it says and its fields."""
    return "\n\n".join(_event(EVENT_TYPES[name]) for name in sorted(EVENT_TYPES) if _ours(name))


def _ours(name: str) -> bool:
    return EVENT_TYPES[name].__module__.startswith("domain.")


def _event(event: type[Event]) -> str:
    described = cleandoc(event.__doc__ or "") if "__doc__" in event.__dict__ else ""
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
                    *(
                        f"its {inner} personal, sealed"
                        for inner in event.PERSONAL_WITHIN.get(name, ())
                    ),
                ]
            ),
        )
        for name in event.model_fields
    )
    heading = f"## `{event.TYPE}` (version {event.VERSION})"
    called = f"*{event.VIETNAMESE.capitalize()}.*"
    table = _table(("Field", "Shape", "Always", "Note"), rows)
    return "\n\n".join(part for part in (heading, called, described, table) if part)


def _shape(schema: dict[str, Any]) -> str:
    """A field's JSON in a word or two."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_shape(option) for option in schema["anyOf"]))
    if schema.get("type") == "array":
        return f"list of {_shape(schema.get('items', {}))}"
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    return str(schema.get("format") or schema.get("type", "any"))


def problems_table() -> str:
    """Every problem the service answers with."""
    rows = (_problem_row(name, refusal) for name, refusal in problem_types().items())
    return _table(("Name", "Status", "English", "Tiếng Việt"), rows)


def _problem_row(name: str, refusal: type[Refusal]) -> tuple[str, str, str, str]:
    return (f"`{name}`", str(status_of(refusal)), *paragraphs(refusal))


def _default(value: object) -> str:
    if value in {None, (), ""} or value is PydanticUndefined:
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines
    )


def main() -> None:
    """Renew the pages."""
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
