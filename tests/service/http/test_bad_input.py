"""Whatever is sent, the answer is a problem that says what and where, and nothing is recorded."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from service.components import Service
from tests.service.province import REPORT, Province

JSON = {"Content-Type": "application/json"}

MALFORMED = {
    "empty": (b"", "body-missing"),
    "blank": (b"  ", "body-not-json"),
    "cut off": (b'{"narrative": "', "body-not-json"),
    "two values": (b"{} {}", "body-not-json"),
    "a word": (b"hello", "body-not-json"),
    "not UTF-8": (b'{"narrative": "\xff\xfe"}', "body-not-unicode"),
    "Latin-1": ('{"narrative": "é"}'.encode("latin-1"), "body-not-unicode"),
    "UTF-16": ('{"narrative": "a"}'.encode("utf-16"), "body-not-unicode"),
    "a byte order mark": (b'\xef\xbb\xbf{"narrative": "a"}', "body-not-unicode"),
    "a lone surrogate": (rb'{"narrative": "\ud800"}', "body-not-unicode"),
    "a lone surrogate as a name": (rb'{"\ud800": 1}', "body-not-unicode"),
    "a raw line feed": (b'{"narrative": "a\nb"}', "body-not-json"),
    "a raw NUL": (b'{"narrative": "a\x00b"}', "body-not-json"),
    "a name twice": (b'{"narrative": "a", "narrative": "b"}', "name-repeated"),
    "a surrogate twice": (rb'{"\ud800": 1, "\ud800": 2}', "name-repeated"),
    "10,000 levels": (b'{"narrative": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", "body-too-deep"),
    "10,000 open levels": (b"[" * 10_000, "body-too-deep"),
    "300 levels": (b'{"narrative": ' + b"[" * 300 + b"]" * 300 + b"}", "body-too-deep"),
    "NaN": (b'{"share_percent": NaN}', "number-inexact"),
    "infinity": (b'{"share_percent": -Infinity}', "number-inexact"),
    "an exponent out of range": (b'{"share_percent": 1e400}', "number-inexact"),
    "more digits than a float has": (
        b'{"values": [{"code": "a", "actual": 12345678901234.12345678}]}',
        "number-inexact",
    ),
    "an integer of 5,000 digits": (b'{"share_percent": ' + b"9" * 5000 + b"}", "number-inexact"),
}


@pytest.mark.parametrize(("body", "slug"), MALFORMED.values(), ids=MALFORMED)
async def test_a_body_that_is_not_json_everywhere_is_refused(
    administrator: httpx.AsyncClient, ledger: str, body: bytes, slug: str
) -> None:
    reply = await administrator.post(
        f"/v1/{ledger}/tasks/kilns/report-progress", content=body, headers=JSON
    )
    assert reply.status_code == 400, reply.text
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.json()["type"] == f"/problems/{slug}"


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a text that is a number": ({"narrative": 5}, "#/narrative"),
    "a truth as a number": ({"share_percent": True}, "#/share_percent"),
    "a blank text": ({"narrative": " \n"}, "#/narrative"),
    "a NUL in a text": ({"narrative": "a\x00b"}, "#/narrative"),
    "a control character": ({"narrative": "a\x1bb"}, "#/narrative"),
    "a text too long": ({"narrative": "a" * 20_001}, "#/narrative"),
    "a percentage too large": ({"share_percent": 101}, "#/share_percent"),
    "a percentage too exact": ({"share_percent": "1.005"}, "#/share_percent"),
    "a number with underscores": ({"share_percent": "1_0"}, "#/share_percent"),
    "a number in other digits": ({"share_percent": "５"}, "#/share_percent"),
    "a number with spaces": ({"share_percent": " 5 "}, "#/share_percent"),
    "a number of letters": ({"share_percent": "NaN"}, "#/share_percent"),
    "a day that never was": ({"effective_on": "2021-02-30"}, "#/effective_on"),
    "an instant for a day": ({"effective_on": "2021-02-03T00:00:00Z"}, "#/effective_on"),
    "seconds for a day": ({"effective_on": 1612310400}, "#/effective_on"),
    "a day in other digits": ({"effective_on": "２０２１-０２-０３"}, "#/effective_on"),
    "seconds for a day, as a text": ({"effective_on": "1612310400"}, "#/effective_on"),
    "an unknown name": ({"narative": "a"}, "#/narative"),
    "a name that needs escaping": ({"a/b~c": 1}, "#/a~1b~0c"),
    "a wrong id": ({"on_behalf_of": "Ban Thường vụ"}, "#/on_behalf_of"),
    "an id with a line feed": ({"on_behalf_of": "committee\n"}, "#/on_behalf_of"),
    "something within": ({"values": [{"code": "a", "actual": "x"}]}, "#/values/0/actual"),
    "something missing within": ({"values": [{"code": "a"}]}, "#/values/0/actual"),
}


@pytest.mark.parametrize(("change", "pointer"), WRONG.values(), ids=WRONG)
async def test_what_is_wrong_is_pointed_at(
    administrator: httpx.AsyncClient, ledger: str, change: dict[str, Any], pointer: str
) -> None:
    reply = await administrator.post(
        f"/v1/{ledger}/tasks/kilns/report-progress", json={**REPORT, **change}
    )
    assert reply.status_code == 422, reply.text
    assert pointer in {error["pointer"] for error in reply.json()["errors"]}


async def test_a_fault_in_one_kind_of_term_points_into_what_was_sent(province: Province) -> None:
    for term, pointer in (
        ({"kind": "period", "from_on": "2021-01-01", "to_on": "2021"}, "#/proposal/term/to_on"),
        ({"kind": "period", "from_on": "2021-01-01"}, "#/proposal/term/to_on"),
        ({"kind": "decade"}, "#/proposal/term"),
        ({"kind": "period", "from_on": "2021-01-01", "to_on": "2015-12-31"}, "#/proposal/term"),
    ):
        reply = await province.says("/tasks/register", {"proposal": {"term": term}})
        pointers = [error["pointer"] for error in reply.json()["errors"]]
        assert pointer in pointers, pointers


async def test_a_body_too_large_is_refused_announced_or_not(
    administrator: httpx.AsyncClient, ledger: str
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 100_000

    for content in (b" " * 2_000_000, pieces()):
        reply = await administrator.post(
            f"/v1/{ledger}/tasks/kilns/report-progress", content=content, headers=JSON
        )
        assert reply.status_code == 413
        assert reply.json()["limit_bytes"] == 2**20


@pytest.mark.parametrize(
    "media_type",
    ["", "text/plain", "application/xml", "application/json; charset=utf-16", "application/jsonx"],
)
async def test_only_json_in_utf_8_is_read(
    administrator: httpx.AsyncClient, ledger: str, media_type: str
) -> None:
    reply = await administrator.post(
        f"/v1/{ledger}/tasks/kilns/report-progress",
        content=json.dumps(REPORT),
        headers={"Content-Type": media_type},
    )
    assert reply.status_code == 415


async def test_json_may_say_that_it_is_utf_8(administrator: httpx.AsyncClient, ledger: str) -> None:
    reply = await administrator.post(
        f"/v1/{ledger}/tasks/kilns/report-progress",
        content=json.dumps(REPORT),
        headers={"Content-Type": 'Application/JSON; charset="UTF-8"'},
    )
    assert reply.json()["type"] == "/problems/task-unknown"


@pytest.mark.parametrize("task_id", ["%00", "A", "a%0A", "%ff", "a%20b", "%F0%9F%98%80", "a" * 65])
async def test_an_address_that_no_task_can_have_is_refused(
    administrator: httpx.AsyncClient, ledger: str, task_id: str
) -> None:
    reply = await administrator.post(f"/v1/{ledger}/tasks/{task_id}/report-progress", json=REPORT)
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["parameter"] == "task_id"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Idempotency-Key", b""),
        ("Idempotency-Key", b"a b"),
        ("Idempotency-Key", b"k" * 256),
        ("Idempotency-Key", b"\x01"),
        ("Idempotency-Key", "khóa".encode()),
        ("If-Match", b"12"),
        ("If-Match", b'"12'),
        ("If-Match", b'"1\x002"'),
    ],
)
async def test_a_header_that_says_nothing_is_refused(
    administrator: httpx.AsyncClient, ledger: str, name: str, value: bytes
) -> None:
    reply = await administrator.post(
        f"/v1/{ledger}/tasks/kilns/report-progress",
        json=REPORT,
        headers=[(name.encode(), value)],
    )
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["header"] == name


async def test_nothing_of_a_refused_command_is_recorded(
    province: Province, service: Service
) -> None:
    before = await service.log.head(province.ledger)
    await province.says("/tasks/none/report-progress", REPORT)
    await province.says("/units/establish", {"unit_id": "yen-son", "name": "x", "kind": "town"})
    assert await service.log.head(province.ledger) == before
