"""Examples: the description's bodies are what the journey through every verb sends."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from openapi_schema_validator import OAS31Validator

from service.app import VERBS
from tests.journeys.every_verb import ORGANISATION
from tests.journeys.examples import FILE, OF_THE_RECORD, examples, written

BODIES = {"post", "put", "patch"}


def bodies(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What is said of every request body, by the operation's id."""
    return {
        operation["operationId"]: operation["requestBody"]["content"]
        for methods in document["paths"].values()
        for method, operation in methods.items()
        if method in BODIES and "requestBody" in operation
    }


def test_every_verb_s_example_is_a_step_of_the_journey() -> None:
    """`python -m tests.journeys.examples` writes them anew; the journey proves that they work."""
    assert FILE.read_text(encoding="utf-8") == written()
    assert {f"/v1/{{ledger}}{verb.path}" for table in VERBS for verb in table} == set(examples())


def test_every_body_has_an_example_that_follows_its_schema(app: FastAPI) -> None:
    document = app.openapi()
    for operation, contents in bodies(document).items():
        for media_type, content in contents.items():
            if media_type.endswith("spreadsheetml.sheet"):
                continue  # a workbook is not text
            schema = {**content["schema"], "components": document["components"]}
            faults = list(OAS31Validator(schema).iter_errors(content["example"]))
            assert faults == [], operation


@pytest.fixture
async def organised(administrator: httpx.AsyncClient, ledger: str) -> str:
    """A ledger that holds the organisation of the journey only."""
    for step in ORGANISATION:
        reply = await administrator.post(f"/v1/{ledger}{step.path}", json=step.said)
        assert reply.is_success, reply.text
    return ledger


async def test_the_examples_about_the_record_work(
    administrator: httpx.AsyncClient, organised: str, app: FastAPI
) -> None:
    said = bodies(app.openapi())
    for verb in OF_THE_RECORD:
        operation = app.openapi()["paths"][f"/v1/{{ledger}}{verb}"]["post"]["operationId"]
        example = said[operation]["application/json"]["example"]
        reply = await administrator.post(f"/v1/{organised}{verb}", json=example)
        assert reply.is_success, reply.text


async def test_the_examples_beside_the_verbs_work(
    administrator: httpx.AsyncClient, operator: httpx.AsyncClient, organised: str, app: FastAPI
) -> None:
    said = bodies(app.openapi())
    opened = await operator.post(
        "/v1/ledgers", json=said["open_ledger"]["application/json"]["example"]
    )
    assert opened.status_code == 201, opened.text
    kept = await administrator.post(
        f"/v1/{organised}/snapshots", json=said["make_snapshot"]["application/json"]["example"]
    )
    assert kept.status_code == 202, kept.text
    for media_type, content in said["send_import"].items():
        if "example" not in content:
            continue
        sent = await administrator.post(
            f"/v1/{organised}/imports/units",
            content=content["example"].encode(),
            headers={"Content-Type": media_type},
            params={"dry_run": "true"},
        )
        assert sent.status_code == 202, sent.text
