"""Description: what FastAPI writes of the API, made such that generators and linters can use it.

Every problem body is one schema; what an operation may refuse stands beside it, in
`x-problem-types`. Nothing is said twice, and nothing that only the house understands.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from importlib.resources import files
from typing import Any

from pydantic import BaseModel

from service.http.problems import HEADERS, MEDIA_TYPE, PROBLEM_TYPES

Json = dict[str, Any]

SCHEMA = "#/components/schemas"
RESPONSE = "#/components/responses"
# How our requirements are cited in the code, such as (B8, A2).
REQUIREMENTS = re.compile(r"\s*\((?:requirement )?[A-Z]\d{1,2}(?:, [A-Z]\d{1,2})*\)")
NOT_HTTP, NOT_MODIFIED = "NotHttp", "NotModified"


def finish(document: Json, models: Iterable[type[BaseModel]], examples: Mapping[str, Json]) -> None:
    """Change FastAPI's document to ours.

    Args:
        document: is changed.
        models: of bodies that FastAPI does not see, for they are referred to by name.
        examples: of bodies, by the id of their operation.
    """
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    components["responses"] = {}
    for model in models:
        schema = model.model_json_schema(ref_template=f"{SCHEMA}/{{model}}")
        schemas |= schema.pop("$defs", {})
        schemas[model.__name__] = schema
    for method, operation in _operations(document):
        operation.setdefault("security", [])
        operation.setdefault("description", operation["summary"])
        if method == "get" and "text/event-stream" not in operation["responses"]["200"]["content"]:
            _describe_tags(operation, components["responses"])
        for parameter in operation.get("parameters", ()):
            _say_once(parameter)
        _refer_to_problems(operation, components["responses"])
        if operation["operationId"] in examples:
            content = operation["requestBody"]["content"]["application/json"]
            content["example"] = examples[operation["operationId"]]
    _describe_properties(schemas)
    _name_schemas(document)
    _reword(document)


def examples_of_bodies() -> dict[str, Json]:
    """Return the bodies that the journey through every verb sends, by the verb's path."""
    text = files("service.http").joinpath("examples.json").read_text(encoding="utf-8")
    examples: dict[str, Json] = json.loads(text)
    return examples


def _operations(document: Json) -> Iterator[tuple[str, Json]]:
    for methods in document["paths"].values():
        yield from methods.items()


def _describe_tags(operation: Json, shared: Json) -> None:
    """What is read has an entity tag, and is not sent again to who names it.

    The header `If-None-Match` is no parameter: it is for whatever keeps answers for the client.
    """
    tag = {"description": HEADER_TEXTS["ETag"], "schema": {"type": "string"}}
    operation["responses"]["200"].setdefault("headers", {})["ETag"] = tag
    operation["responses"]["304"] = {"$ref": f"{RESPONSE}/{NOT_MODIFIED}"}
    shared[NOT_MODIFIED] = {
        "description": "The answer is one whose `ETag` the header `If-None-Match` names.",
        "headers": {"ETag": {**tag, "required": True}},
    }


def _say_once(parameter: Json) -> None:
    """A parameter is left out or has a value; its description stands beside its schema."""
    schema = parameter["schema"]
    options = [option for option in schema.get("anyOf", ()) if option.get("type") != "null"]
    if len(options) == 1:
        del schema["anyOf"]
        schema |= options[0]
    schema.pop("description", None)
    if parameter["name"] in PARAMETERS:
        parameter.setdefault("description", PARAMETERS[parameter["name"]])


def _refer_to_problems(operation: Json, shared: Json) -> None:
    types: dict[str, list[str]] = {}
    responses = operation["responses"]
    for status in list(responses):
        if PROBLEM_TYPES not in responses[status]:
            continue
        types[status] = responses[status][PROBLEM_TYPES]
        name = HTTPStatus(int(status)).phrase.replace(" ", "").replace("-", "")
        shared.setdefault(name, _problem_response(int(status)))
        responses[status] = {"$ref": f"{RESPONSE}/{name}"}
    operation[PROBLEM_TYPES] = types
    if not any(status.startswith("4") for status in responses):
        responses["400"] = {"$ref": f"{RESPONSE}/{NOT_HTTP}"}
        shared[NOT_HTTP] = {
            "description": "What was sent is not HTTP.",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        }


def _problem_response(status: int) -> Json:
    names = ("Content-Language", *HEADERS.get(status, {}))
    return {
        "description": f"{HTTPStatus(status).phrase}: a problem document, of one of the types "
        f"that the operation lists in `{PROBLEM_TYPES}`.",
        "headers": {
            name: {"description": HEADER_TEXTS[name], "schema": {"type": "string"}}
            for name in names
        },
        "content": {MEDIA_TYPE: {"schema": {"$ref": f"{SCHEMA}/Problem"}}},
    }


# What most lists are narrowed by, where the list itself says no more of it.
PARAMETERS = {
    "agency": "Only of this agency.",
    "assigned_by": "Only what this body assigned.",
    "cause": "Only for this cause.",
    "cell": "Only of this cell of the Party.",
    "code": "Only the one with this code.",
    "commune": "Only of this commune.",
    "differs": "Only those where the figure reported is, or is not, another than the recomputed.",
    "field": "Only of this field of work.",
    "kind": "Only of this kind.",
    "Last-Event-ID": "The id of the last event read, as readers of such streams send it.",
    "level": "Only of this level.",
    "measure": "Only of this measure.",
    "official": "Only of this official.",
    "origin": "Only tasks that began so.",
    "post": "Only of this post.",
    "post_kind": "Only of posts of this kind.",
    "slug": "The last part of a problem's `type`.",
    "state": "Only in this state.",
    "task": "Only of this task.",
    "term": "Only of this term, by its label.",
    "term_kind": "Only of terms of this kind.",
    "unit": "Only of this unit.",
    "year": "Only of this year.",
}
HEADER_TEXTS = {
    "Content-Language": "The language of `detail`: `vi` or `en`.",
    "Connection": "`close`: the rest of the body is not read.",
    "ETag": "The entity tag of this very body, for `If-None-Match`; of one thing it begins with "
    "the version, for `If-Match`. A file that is made anew has none.",
    "Retry-After": "After how many seconds to send the request again.",
    "WWW-Authenticate": "How to authenticate.",
}


def property_descriptions() -> dict[str, str]:
    """Return what a property is: by its name, or by its schema's name and its own."""
    text = files("service.http").joinpath("properties.csv").read_text(encoding="utf-8")
    return {row["property"]: row["description"] for row in csv.DictReader(text.splitlines())}


def _describe_properties(schemas: Json) -> None:
    descriptions = property_descriptions()
    for name, schema in schemas.items():
        of_schema = re.sub(r"-(Input|Output)$", "", name)
        for property_name, field in schema.get("properties", {}).items():
            found = descriptions.get(f"{of_schema}.{property_name}") or descriptions.get(
                property_name
            )
            if found is not None:
                field.setdefault("description", found)
            if "default" in field:
                # Some generators require what has a default.
                default = json.dumps(field.pop("default"))
                field["description"] = f"{field['description']} If left out: `{default}`."


def _name_schemas(document: Json) -> None:
    """Give every schema a name of its own, which its title repeats: generators take either."""
    schemas = document["components"]["schemas"]
    names = {name: _plain_name(name) for name in schemas}
    assert len(set(names.values())) == len(names)  # noqa: S101  a test builds the document
    document["components"]["schemas"] = {
        names[name]: {**schema, "title": names[name]} for name, schema in schemas.items()
    }
    addresses = {f"{SCHEMA}/{old}": f"{SCHEMA}/{new}" for old, new in names.items()}
    _readdress(document, addresses)


def _plain_name(name: str) -> str:
    """`Proposal-Input` is ProposalInput, `domain__monitoring__events__Level` MonitoringLevel."""
    *folders, own = name.split("__")
    folded = "_".join(folder.title() for folder in folders[1:-1])
    return re.sub(r"[-_]+(\w?)", lambda found: found[1].upper(), f"{folded}{own}")


def _readdress(part: object, addresses: Mapping[str, str]) -> None:
    if isinstance(part, dict):
        for key, value in part.items():
            if isinstance(value, str):
                part[key] = addresses.get(value, value)
            else:
                _readdress(value, addresses)
    elif isinstance(part, list):
        for item in part:
            _readdress(item, addresses)


def _reword(part: object) -> None:
    """Strip the requirements that summaries and descriptions cite."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key in {"summary", "description"} and isinstance(value, str):
                part[key] = REQUIREMENTS.sub("", value)
            else:
                _reword(value)
    elif isinstance(part, list):
        for item in part:
            _reword(item)
