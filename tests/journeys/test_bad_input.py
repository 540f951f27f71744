"""Bad input: a problem document says what is wrong and where; nothing is half written."""

import json
from typing import Any, NamedTuple

import httpx
import pytest

from tests.giaoviec import Giaoviec, Served
from tests.service.province import version_in

COMMITTEE = "ban-thuong-vu"
DECISION = {
    "on_behalf_of": COMMITTEE,
    "basis": {"number": "12-QĐ/HU", "issued_on": "2021-02-15", "issuing_body": "Ban Thường vụ"},
}
PROPOSAL = {
    "title": "Xóa bỏ lò gạch thủ công",
    "goal": "Không còn lò gạch thủ công",
    "indicators": [{"code": "kilns", "name": "Lò đã tháo dỡ", "target": 92, "measure": "lò"}],
    "roadmap": [{"title": "Vận động từng hộ", "due_on": "2021-06-30"}],
    "kinds": ["backlog"],
    "field": "environment",
    "term": {"kind": "year", "year": 2021},
}
TASK: dict[str, Any] = {
    "official_id": "can-bo-017",
    "post_id": "bi-thu",
    "effective_on": "2021-02-01",
    "proposal": PROPOSAL,
}
REPORT = {"narrative": "Đã dỡ 46 lò.", "effective_on": "2021-05-15"}


class Office(NamedTuple):
    """The clients of a ledger with one task, `lo-gach`, in progress."""

    registrar: httpx.Client
    office: httpx.Client

    def head(self) -> int:
        head: int = self.office.get("/v1/xau/events").json()["head"]
        return head


@pytest.fixture(scope="module")
def office(giaoviec: Giaoviec, served: Served) -> Office:
    giaoviec.done("ledger", "create", "xau", "Huyện Thử")
    tokens = [
        giaoviec.new_token(name, *units)
        for name, units in (("xau-registrar", ()), ("xau-office", (COMMITTEE,)))
    ]
    registrar, clerk = (served.client(token) for token in tokens)
    office = Office(registrar, clerk)
    since = {"effective_on": "2021-01-04"}
    unit = {"unit_id": COMMITTEE, "name": "Ban Thường vụ", "kind": "standing_committee"}
    commune = {"unit_id": "xa-mau", "name": "Xã Mẫu", "kind": "commune"}
    post = {
        "post_id": "bi-thu",
        "unit_id": "xa-mau",
        "title": "Bí thư",
        "kind": "secretary",
        "managed_by": COMMITTEE,
    }
    done(registrar, "units/establish", {**unit, **since})
    done(registrar, "units/establish", {**commune, **since})
    done(registrar, "posts/create", {**post, **since})
    done(
        registrar,
        "officials/register",
        {"official_id": "can-bo-017", "full_name": "Cán bộ 017"},
    )
    done(registrar, "posts/bi-thu/appoint", {"official_id": "can-bo-017", **since})
    done(registrar, "tasks/register", {**TASK, "task_id": "lo-gach"})
    done(clerk, "tasks/lo-gach/approve", {**DECISION, "effective_on": "2021-02-15"})
    done(clerk, "tasks/lo-gach/assign", {**DECISION, "effective_on": "2021-03-01"})
    return office


def done(client: httpx.Client, path: str, said: dict[str, Any]) -> None:
    reply = client.post(f"/v1/xau/{path}", json=said)
    assert reply.is_success, reply.text


def problem(reply: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    """The problem document, which is of that type."""
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = reply.json()
    assert found["type"] == f"/problems/{slug}"
    assert found["detail"]
    return found


def task(**changes: object) -> dict[str, Any]:
    return {**TASK, "proposal": {**PROPOSAL, **changes}}


UNKNOWN = [
    ("/v1/nowhere/tasks/register", 404, "ledger-unknown"),
    ("/v1/xau/tasks/no-such-task/cancel", 404, "task-unknown"),
    ("/v1/xau/tasks/lo-gach/no-such-verb", 404, "route-unknown"),
]


@pytest.mark.parametrize(("path", "status", "slug"), UNKNOWN)
def test_what_is_not_known_is_named(office: Office, path: str, status: int, slug: str) -> None:
    said = {"reason": "x", **DECISION} if path.endswith("cancel") else TASK
    problem(office.office.post(path, json=said), status, slug)


def test_an_unknown_post_is_named(office: Office) -> None:
    found = problem(
        office.office.post("/v1/xau/tasks/register", json={**TASK, "post_id": "no-such-post"}),
        404,
        "post-unknown",
    )
    assert found["post_id"] == "no-such-post"


def test_an_unknown_task_is_not_read(office: Office) -> None:
    problem(office.office.get("/v1/xau/tasks/no-such-task"), 404, "task-unknown")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({**TASK, "effective_on": "2021-02-30"}, "#/effective_on"),
    ({**TASK, "effective_on": "01/02/2021"}, "#/effective_on"),
    ({**TASK, "effective_on": 1612137600}, "#/effective_on"),
    ({**TASK, "official_id": "Cán bộ 17"}, "#/official_id"),
    ({**TASK, "no_such_field": 1}, "#/no_such_field"),
    (task(term={"kind": "year", "year": 99999}), "#/proposal/term/year"),
    (task(title="Một\u0000hai"), "#/proposal/title"),
    (task(title="Một\u0007hai"), "#/proposal/title"),
    (task(title=" "), "#/proposal/title"),
    (task(kinds=[]), "#/proposal/kinds"),
    (
        task(indicators=[{**PROPOSAL["indicators"][0], "target": 10**30}]),  # type: ignore[index]  # a literal
        "#/proposal/indicators/0/target",
    ),
]


@pytest.mark.parametrize(("said", "where"), WRONG)
def test_what_cannot_be_is_refused_where_it_stands(
    office: Office, said: dict[str, Any], where: str
) -> None:
    before = office.head()
    found = problem(office.office.post("/v1/xau/tasks/register", json=said), 422, "not-valid")
    assert found["errors"][0]["pointer"].startswith(where)
    assert office.head() == before


def test_what_contradicts_itself_is_told_apart_from_what_is_not_described(office: Office) -> None:
    said = task(term={"kind": "period", "from_on": "2021-01-01", "to_on": "2015-12-31"})
    before = office.head()
    found = problem(office.office.post("/v1/xau/tasks/register", json=said), 422, "not-possible")
    assert [fault["pointer"] for fault in found["errors"]] == ["#/proposal/term"]
    assert office.head() == before


RAW = [
    (b"", "body-missing", 400),
    (b'{"official_id": ', "body-not-json", 400),
    (b'{"narrative": "\xff\xfe"}', "body-not-unicode", 400),
    ('{"narrative": "x"}'.encode("utf-16"), "body-not-unicode", 400),
    (b'\xef\xbb\xbf{"narrative": "x"}', "body-not-unicode", 400),
    (b'{"narrative": "\\ud800"}', "body-not-unicode", 400),
    (b'{"narrative": "x", "narrative": "y"}', "name-repeated", 400),
    (b"[" * 10_000 + b"]" * 10_000, "body-too-deep", 400),
    (b'{"narrative": ' + b'{"a":' * 10_000 + b"1" + b"}" * 10_001, "body-too-deep", 400),
    (b'{"narrative": "' + b"x" * 2_000_000 + b'"}', "body-too-large", 413),
    (b'{"narrative": "x", "share_percent": NaN}', "number-inexact", 400),
]


@pytest.mark.parametrize(("body", "slug", "status"), RAW, ids=[f"{r[1]}-{len(r[0])}" for r in RAW])
def test_a_body_that_is_no_json_is_refused(
    office: Office, body: bytes, slug: str, status: int
) -> None:
    before = office.head()
    reply = office.office.post(
        "/v1/xau/tasks/lo-gach/report-progress",
        content=body,
        headers={"Content-Type": "application/json"},
    )
    problem(reply, status, slug)
    assert office.head() == before


def test_a_body_of_another_kind_is_refused(office: Office) -> None:
    reply = office.office.post("/v1/xau/tasks/lo-gach/report-progress", data={"narrative": "x"})
    problem(reply, 415, "media-type-unsupported")


def test_a_repeated_request_with_a_key_is_carried_out_once(office: Office) -> None:
    def send(said: dict[str, Any]) -> httpx.Response:
        return office.office.post(
            "/v1/xau/tasks/lo-gach/report-progress",
            json=said,
            headers={"Idempotency-Key": "report-of-may"},
        )

    first, again = send(REPORT), send(REPORT)
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    head = office.head()
    problem(send({**REPORT, "narrative": "Khác."}), 422, "key-used-otherwise")
    assert office.head() == head


def test_a_task_is_not_registered_twice(office: Office) -> None:
    said = {**TASK, "task_id": "lo-gach"}
    problem(office.office.post("/v1/xau/tasks/register", json=said), 409, "task-exists")


def test_a_stale_version_is_refused_and_the_current_one_named(office: Office) -> None:
    reply = office.office.post(
        "/v1/xau/tasks/lo-gach/report-progress", json=REPORT, headers={"If-Match": '"1"'}
    )
    found = problem(reply, 412, "version-stale")
    recorded = {"min_position": office.head()}
    tag = office.office.get("/v1/xau/tasks/lo-gach", params=recorded).headers["etag"]
    assert found["current"] == version_in(tag)


def test_a_day_in_the_future_is_refused(office: Office) -> None:
    said = {**REPORT, "effective_on": "2199-01-01"}
    reply = office.office.post("/v1/xau/tasks/lo-gach/report-progress", json=said)
    problem(reply, 422, "effective-in-the-future")


def test_a_day_before_the_task_begins_is_refused(office: Office) -> None:
    said = {**REPORT, "effective_on": "2020-01-31"}
    reply = office.office.post("/v1/xau/tasks/lo-gach/report-progress", json=said)
    problem(reply, 409, "task-not-begun")


@pytest.mark.parametrize(
    "query", ["as_of=2021-02-30", "limit=0", "limit=many", "no_such=1", "sort=colour", "cursor=!"]
)
def test_a_question_that_makes_no_sense_names_its_parameter(office: Office, query: str) -> None:
    found = problem(office.office.get(f"/v1/xau/tasks?{query}"), 422, "not-valid")
    assert found["errors"][0]["parameter"] == query.partition("=")[0]


def test_without_a_token_nothing_is_said(served: Served) -> None:
    reply = httpx.get(f"{served.address}/v1/xau/tasks", timeout=60)
    problem(reply, 401, "not-authenticated")
    assert reply.headers["www-authenticate"].startswith("Bearer")


def test_a_refusal_is_said_in_vietnamese_unless_english_is_asked_for(office: Office) -> None:
    reply = office.office.get("/v1/xau/tasks/khong-co", headers={"Accept-Language": "vi"})
    assert problem(reply, 404, "task-unknown")["detail"] == "Không tìm thấy việc khong-co."
    assert reply.headers["content-language"] == "vi"


def test_after_all_this_the_ledger_is_whole(office: Office, giaoviec: Giaoviec) -> None:
    events = office.office.get("/v1/xau/events", params={"limit": 1000}).json()["events"]
    assert [event["position"] for event in events] == list(range(1, office.head() + 1))
    assert all(row["equal"] for row in json.loads(giaoviec.done("projections", "verify", "--json")))
