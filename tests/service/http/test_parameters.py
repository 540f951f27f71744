"""Parameters: their bounds are described, and what is wrong with one is said in Vietnamese too."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import httpx
import pytest
from fastapi import FastAPI

from service.access.roles import Role
from tests.service.conftest import ClientOf

NOT_EXPLAINED = "không hợp lệ: "
# What some reads cannot do without.
NEEDED: Mapping[str, Mapping[str, str]] = {
    "search": {"q": "h"},
    "changes": {"from": "early"},
    "inbox": {"for": "unit:any"},
}


class Parameter(NamedTuple):
    """A parameter of an address, as it is described."""

    method: str
    path: str
    name: str
    schema: Mapping[str, Any]


@pytest.fixture
def parameters(app: FastAPI) -> list[Parameter]:
    return list(described(app.openapi()))


def described(document: Mapping[str, Any]) -> Iterator[Parameter]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "query":
                    yield Parameter(method, path, parameter["name"], parameter["schema"])


def wrong(schema: Mapping[str, Any]) -> Iterator[str]:
    """Values that the schema does not allow, each in a way of its own."""
    if schema["type"] == "array":
        yield from wrong(schema["items"])
    elif schema["type"] == "integer":
        yield from ("1_0", "+1", "1.0", "", str(schema["maximum"] + 1))
        if schema["minimum"] > 0:
            yield str(schema["minimum"] - 1)
    elif schema["type"] == "boolean":
        yield from ("yes", "1", "")
    elif schema.get("format") == "date":
        yield from ("2021-02-30", "2021-2-3", "1612310400", "1899-12-31", "")
    else:
        yield from ("\x1b", "")
        if "maxLength" in schema:
            yield "a" * (schema["maxLength"] + 1)


def test_every_whole_number_is_described_with_its_least_and_its_greatest(
    parameters: list[Parameter],
) -> None:
    whole = [parameter for parameter in parameters if parameter.schema.get("type") == "integer"]
    assert {"limit", "min_position", "year", "days_open_min", "wait"} <= {
        parameter.name for parameter in whole
    }
    for parameter in whole:
        assert parameter.schema["minimum"] < parameter.schema["maximum"], parameter
    for parameter in parameters:
        assert not {"ge", "le"} & parameter.schema.keys(), parameter


async def test_what_is_wrong_with_a_parameter_is_said_in_vietnamese(
    parameters: list[Parameter],
    administrator: httpx.AsyncClient,
    client_of: ClientOf,
    ledger: str,
) -> None:
    inspector = await client_of(Role.INSPECTOR)
    of_reads = [one for one in parameters if one.method == "get"]
    for parameter in {(one.name, str(one.schema)): one for one in of_reads}.values():
        client = inspector if parameter.path.endswith("/access-record") else administrator
        for value in wrong(parameter.schema):
            asked = f"{parameter.name}={value}"
            english = await faults(client, ledger, parameter, value, "en")
            vietnamese = await faults(client, ledger, parameter, value, "vi")
            assert english.keys() == vietnamese.keys() == {parameter.name}, asked
            assert vietnamese[parameter.name] != english[parameter.name], asked
            assert not vietnamese[parameter.name].startswith(NOT_EXPLAINED), asked


@pytest.mark.parametrize(
    ("asked", "named"), [("limit=1&limit=2", "limit"), ("colour=red", "colour")]
)
async def test_what_is_repeated_or_unknown_is_refused_in_vietnamese(
    administrator: httpx.AsyncClient, ledger: str, asked: str, named: str
) -> None:
    reply = await administrator.get(
        f"/v1/{ledger}/tasks?{asked}", headers={"Accept-Language": "vi"}
    )
    [error] = reply.json()["errors"]
    assert error["parameter"] == named
    assert not error["detail"].startswith(NOT_EXPLAINED)


async def test_a_question_without_a_letter_is_refused_in_vietnamese(
    administrator: httpx.AsyncClient, ledger: str
) -> None:
    reply = await administrator.get(
        f"/v1/{ledger}/search", params={"q": "…"}, headers={"Accept-Language": "vi"}
    )
    [error] = reply.json()["errors"]
    assert error == {"parameter": "q", "detail": "phải có chữ cái hoặc chữ số"}


async def test_a_list_is_given_by_repeating_its_name(
    administrator: httpx.AsyncClient, ledger: str
) -> None:
    asked = "types=task.assigned&types=task.scored&tags=unit:yen-son"
    reply = await administrator.get(f"/v1/{ledger}/events?{asked}")
    assert (reply.status_code, reply.json()["events"]) == (200, [])


async def faults(
    client: httpx.AsyncClient, ledger: str, parameter: Parameter, value: str, language: str
) -> dict[str, str]:
    """What is said of a value, by the parameter named."""
    path = parameter.path.format_map(_Names(ledger=ledger))
    needed = NEEDED.get(path.rpartition("/")[2], {})
    reply = await client.get(
        path,
        params={**needed, parameter.name: value},
        headers={"Accept-Language": language},
    )
    assert reply.status_code == 422, (path, parameter.name, value)
    return {error["parameter"]: error["detail"] for error in reply.json()["errors"]}


class _Names(dict[str, str]):
    """Any id does: the parameters of the address are read before anything is looked up."""

    def __missing__(self, name: str) -> str:
        return "00000000-0000-0000-0000-000000000000" if name == "name" else "any"
