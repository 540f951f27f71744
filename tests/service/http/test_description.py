"""The description holds, for every operation and schema, what generators and linters rely on."""

import re
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import pytest
from fastapi import FastAPI

from service.app import VERBS
from service.http.description import property_descriptions

TOKEN: list[dict[str, list[str]]] = [{"token": []}]
OPEN = {"is_alive", "is_ready", "list_problem_types", "describe_problem_type"}
# What JSON Schema 2020-12 and OpenAPI 3.1 know.
KEYWORDS = """
    $ref additionalProperties allOf anyOf const default dependentRequired description discriminator
    else enum example examples exclusiveMaximum exclusiveMinimum format if items maxItems maxLength
    maximum minItems minLength minimum multipleOf not
    oneOf pattern properties propertyNames required then
    title type uniqueItems
"""
KNOWN = frozenset(KEYWORDS.split())
REQUIREMENT = re.compile(r"\((?:requirement )?[A-Z]\d{1,2}\b")


@pytest.fixture(scope="module")
def document(app: FastAPI) -> dict[str, Any]:
    return app.openapi()


@pytest.fixture(scope="module")
def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for methods in document["paths"].values() for one in methods.values()]


def schemas_in(part: object) -> Iterator[dict[str, Any]]:
    """Every schema within, however deep."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "schema":
                yield from nested(value)
            elif key == "schemas":
                for schema in value.values():
                    yield from nested(schema)
            elif key not in {"example", "examples"}:
                yield from schemas_in(value)
    elif isinstance(part, list):
        for item in part:
            yield from schemas_in(item)


def nested(schema: object) -> Iterator[dict[str, Any]]:
    if not isinstance(schema, dict):
        return
    yield schema
    for key in ("items", "not", "if", "then", "else", "additionalProperties", "propertyNames"):
        yield from nested(schema.get(key))
    for key in ("anyOf", "oneOf", "allOf"):
        for option in schema.get(key, ()):
            yield from nested(option)
    for field in schema.get("properties", {}).values():
        yield from nested(field)


def texts(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key in {"summary", "description"} and isinstance(value, str):
                yield value
            else:
                yield from texts(value)
    elif isinstance(part, list):
        for item in part:
            yield from texts(item)


def test_the_title_makes_the_name_of_a_package(document: dict[str, Any]) -> None:
    assert re.fullmatch("[A-Za-z]+", document["info"]["title"])


def test_the_version_is_that_of_the_package(document: dict[str, Any]) -> None:
    assert document["info"]["version"] == version("giaoviec")


def test_schemas_say_nothing_that_json_schema_does_not_know(document: dict[str, Any]) -> None:
    assert {key for schema in schemas_in(document) for key in schema} <= KNOWN


def test_more_than_nothing_is_an_exclusive_minimum(document: dict[str, Any]) -> None:
    weight = document["components"]["schemas"]["Part"]["properties"]["weight_percent"]
    assert any(option.get("exclusiveMinimum") == 0 for option in nested(weight))


def test_all_problems_have_one_schema(
    document: dict[str, Any], operations: list[dict[str, Any]]
) -> None:
    shared = document["components"]["responses"]
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for operation in operations:
        types = operation["x-problem-types"]
        for status, response in operation["responses"].items():
            if status < "400":
                continue
            assert set(response) == {"$ref"}, operation["operationId"]
            name = response["$ref"].removeprefix("#/components/responses/")
            if status in types:
                assert shared[name]["content"] == {"application/problem+json": problem}
                assert all(re.fullmatch("/problems/[a-z-]+", kind) for kind in types[status])
        assert set(types) <= set(operation["responses"])


def test_no_schema_stands_within_an_operation_that_has_properties(
    operations: list[dict[str, Any]],
) -> None:
    for operation in operations:
        for schema in schemas_in([operation.get("requestBody"), operation["responses"]]):
            assert "properties" not in schema, operation["operationId"]


def test_every_schema_has_a_plain_name_that_is_its_title(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        assert re.fullmatch("[A-Z][A-Za-z0-9]*", name)
        assert schema["title"] == name


def test_every_property_is_described(document: dict[str, Any]) -> None:
    described = document["components"]["schemas"].items()
    fields = {
        (name, field): schema
        for name, whole in described
        for field, schema in whole.get("properties", {}).items()
    }
    assert [where for where, schema in fields.items() if not schema.get("description")] == []
    used = {field for _, field in fields}
    assert {name.rpartition(".")[2] for name in property_descriptions()} <= used


def test_no_property_has_a_default_that_generators_take_for_required(
    document: dict[str, Any],
) -> None:
    for name, schema in document["components"]["schemas"].items():
        for field in schema.get("properties", {}).values():
            assert "default" not in field, name


def test_every_parameter_is_described_and_never_null(operations: list[dict[str, Any]]) -> None:
    for operation in operations:
        for parameter in operation.get("parameters", ()):
            assert parameter["description"], (operation["operationId"], parameter["name"])
            kinds = {schema.get("type") for schema in nested(parameter["schema"])}
            assert "null" not in kinds, (operation["operationId"], parameter["name"])


def test_a_thing_has_one_name_in_every_path(document: dict[str, Any]) -> None:
    """What comes after `/tasks/` is the `task_id`, whatever is asked of it."""
    names: dict[str, set[str]] = {}
    for path in document["paths"]:
        for folder, name in re.findall(r"/([a-z-]+)/\{(\w+)\}", path):
            names.setdefault(folder, set()).add(name)
    assert {folder: found for folder, found in names.items() if len(found) > 1} == {}
    assert "subject_id" not in set().union(*names.values())


def test_only_what_the_command_needs_is_required(document: dict[str, Any]) -> None:
    for verb in (verb for table in VERBS for verb in table):
        operation = document["paths"][f"/v1/{{ledger}}{verb.path}"]["post"]
        reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        schema = document["components"]["schemas"][reference.rpartition("/")[2]]
        fields = verb.command.PARAMETERS.model_fields
        needed = {name for name, field in fields.items() if field.is_required()}
        assert set(schema.get("required", ())) == needed, verb.path


def test_every_operation_says_who_may_call_it(operations: list[dict[str, Any]]) -> None:
    for operation in operations:
        expected: list[dict[str, list[str]]] = (
            [] if operation["operationId"] in OPEN else [{"token": []}]
        )
        assert operation["security"] == expected, operation["operationId"]


def test_no_requirement_of_ours_is_cited(document: dict[str, Any]) -> None:
    assert [text for text in texts(document) if REQUIREMENT.search(text)] == []


def test_every_operation_is_described_and_may_refuse(operations: list[dict[str, Any]]) -> None:
    for operation in operations:
        assert operation["description"], operation["operationId"]
        assert any(status.startswith("4") for status in operation["responses"])


def test_the_stream_is_described_as_what_it_is(document: dict[str, Any]) -> None:
    stream = document["paths"]["/v1/{ledger}/events/stream"]["get"]["responses"]["200"]
    assert set(stream["content"]) == {"text/event-stream"}
