"""Problems: documents of RFC 9457, in the reader's language, each kind described."""

import re
from string import Formatter

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from domain.access.roles import Permission, Relation, Role
from domain.kernel import Refusal
from service.http.problems import paragraphs, problem_types, status_of, translated
from service.language import negotiate
from service.log.events import (
    IdempotencyKeyReused,
    LogBusy,
    LogUnavailable,
    OutcomeUnknown,
    PositionTaken,
)
from service.slugs import slug
from tests.service.province import COMMITTEE, DECISION, POST, PROPOSAL, REPORT, Province

RESERVED = {"type", "title", "status", "detail", "instance", "errors", "last_event"}


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "vi"),
        ("en", "en"),
        ("EN-gb", "en"),
        ("vi, en", "vi"),
        ("en, vi;q=0.9", "en"),
        ("en;q=0.3, vi;q=0.7", "vi"),
        ("fr", "vi"),
        ("fr, *;q=0.1", "vi"),
        ("vi;q=0, *", "en"),
        ("vi;q=0, en;q=0", "vi"),
        ("en;q=x", "vi"),
        (";;,q=,,", "vi"),
    ],
)
def test_the_reader_s_wish_decides_the_language(header: str, language: str) -> None:
    assert negotiate(header) == language


async def test_a_problem_is_told_in_vietnamese_unless_english_is_asked_for(
    administrator: httpx.AsyncClient, ledger: str
) -> None:
    address = f"/v1/{ledger}/tasks/kilns/report-progress"
    in_vietnamese = await administrator.post(address, json=REPORT, headers={"Accept-Language": ""})
    in_english = await administrator.post(address, json=REPORT, headers={"Accept-Language": "en"})
    assert in_vietnamese.json()["detail"] == "Không tìm thấy việc kilns."
    assert in_english.json()["detail"] == "There is no task kilns."
    assert in_vietnamese.headers["Content-Language"] == "vi"
    assert in_english.headers["Content-Language"] == "en"
    assert in_english.headers["Vary"] == "Accept-Language"


async def test_a_problem_carries_its_facts_and_the_request_s_id(
    administrator: httpx.AsyncClient, ledger: str
) -> None:
    reply = await administrator.post(
        f"/v1/{ledger}/tasks/kilns/report-progress", json=REPORT, headers={"X-Request-ID": "r-1"}
    )
    assert reply.json() == {
        "type": "/problems/task-unknown",
        "title": "Task unknown",
        "status": 404,
        "detail": "There is no task kilns.",
        "instance": "urn:giaoviec:request:r-1",
        "task_id": "kilns",
    }


async def test_what_is_wrong_is_told_in_vietnamese_too(
    administrator: httpx.AsyncClient, ledger: str
) -> None:
    reply = await administrator.post(
        f"/v1/{ledger}/tasks/kilns/report-progress",
        json={"share_percent": 101, "values": [{"code": "a", "actual": "x"}]},
        headers={"Accept-Language": "vi"},
    )
    assert {error["pointer"]: error["detail"] for error in reply.json()["errors"]} == {
        "#/narrative": "còn thiếu",
        "#/share_percent": "phải không quá 100",
        "#/values/0/actual": "phải là số",
    }


async def test_what_follows_the_description_and_cannot_be_has_its_own_kind_of_problem(
    administrator: httpx.AsyncClient, ledger: str
) -> None:
    reversed_term = {"kind": "period", "from_on": "2022-01-01", "to_on": "2021-12-31"}
    proposal = {**PROPOSAL, "term": reversed_term}
    contradictory = {"post_id": POST, "official_id": "official-017", "proposal": proposal}
    for body, kind, error in (
        (contradictory, "not-possible", {"#/proposal/term"}),
        ({**contradictory, "post_id": "A"}, "not-valid", {"#/proposal/term", "#/post_id"}),
    ):
        reply = await administrator.post(
            f"/v1/{ledger}/tasks/register", json=body, headers={"Accept-Language": "vi"}
        )
        assert (reply.status_code, reply.json()["type"]) == (422, f"/problems/{kind}")
        details = {told["pointer"]: told["detail"] for told in reply.json()["errors"]}
        assert details.keys() == error
        assert details["#/proposal/term"] == (
            "giai đoạn bị đảo ngược: 31/12/2021 ở trước 01/01/2022"
        )


async def test_what_is_asked_and_cannot_be_has_that_kind_of_problem_too(
    administrator: httpx.AsyncClient, ledger: str
) -> None:
    for query, kind in (
        ("history?recorded_from=2021-02-30T00:00:00Z", "not-possible"),
        ("history?recorded_from=2021-13-30T00:00:00Z", "not-valid"),
        ("history?actor=%E2%80%8B", "not-possible"),
        ("history?actor=%00", "not-valid"),
        ("search?q=...", "not-possible"),
        ("events?types=task.none", "not-valid"),
    ):
        reply = await administrator.get(f"/v1/{ledger}/{query}")
        assert (reply.status_code, reply.json()["type"]) == (422, f"/problems/{kind}"), query


async def test_a_whole_number_may_be_written_as_json_allows(province: Province) -> None:
    task = await province.task_in_progress("kilns")
    opened = {"year": 2022.0, "on_behalf_of": COMMITTEE, "basis": DECISION}
    taken = await province.says(f"/tasks/{task}/open-year?dry_run=true", opened)
    assert taken.json()["type"] == "/problems/task-not-yearly", taken.text
    refused = await province.says(f"/tasks/{task}/open-year", {**opened, "year": 2022.5})
    assert refused.json()["errors"] == [
        {"pointer": "#/year", "detail": "Input should be a valid integer"}
    ]


async def test_what_is_not_there_and_what_is_not_done_are_problems_too(
    stranger: httpx.AsyncClient,
) -> None:
    nothing = await stranger.get("/v2")
    assert (nothing.status_code, nothing.json()["type"]) == (404, "/problems/route-unknown")
    for address, allowed in (
        ("/healthz", "GET, HEAD, OPTIONS"),
        ("/v1/ledgers", "GET, HEAD, POST, OPTIONS"),
        ("/v1/a/tasks/register", "POST, OPTIONS"),
        ("/v1/a/tasks/t/assign", "POST, OPTIONS"),
    ):
        refused = await stranger.delete(address)
        assert (refused.status_code, refused.json()["method"]) == (405, "DELETE")
        assert set(refused.headers["Allow"].split(", ")) == set(allowed.split(", "))


async def test_every_kind_of_problem_has_a_page(stranger: httpx.AsyncClient) -> None:
    listed = (await stranger.get("/problems")).json()["items"]
    assert len(listed) == len(problem_types()) > 50
    for item in listed:
        page = await stranger.get(item["type"], headers={"Accept-Language": "vi"})
        assert page.status_code == 200
        assert page.headers["Content-Language"] == "vi"
    unknown = await stranger.get("/problems/nothing-of-the-kind")
    assert unknown.status_code == 404


def test_every_kind_of_problem_says_the_same_facts_in_both_languages() -> None:
    for refusal in problem_types().values():
        english, vietnamese = (
            {name for _, name, _, _ in Formatter().parse(text) if name}
            for text in paragraphs(refusal)
        )
        assert english == vietnamese, refusal
        assert not english & RESERVED, refusal


def test_no_problem_has_a_word_of_the_programme_in_its_vietnamese_sentence() -> None:
    names = {choice.value for choice in (*Role, *Permission, *Relation)}
    raw = re.compile(rf"[a-z]_[a-z]|[a-z]-[a-z]|\b({'|'.join(sorted(names))})\b")
    for refusal in problem_types().values():
        _, vietnamese = paragraphs(refusal)
        written = re.sub(r"\{\w+\}|`[^`]*`", "", vietnamese)
        assert not raw.search(written), vietnamese


def test_no_two_kinds_of_problem_share_an_address() -> None:
    refusals: dict[str, type[Refusal]] = {}
    waiting = [Refusal]
    while waiting:
        refusal = waiting.pop()
        waiting.extend(refusal.__subclasses__())
        if refusal.__module__.startswith(("domain", "service", "projections")):
            assert refusals.setdefault(slug(refusal), refusal) is refusal
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(refusal))


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (IdempotencyKeyReused(), 422),
        (LogBusy(), 503),
        (LogUnavailable(), 503),
        (OutcomeUnknown(), 503),
        (ConnectionRefusedError(), 503),
        (asyncpg.InterfaceError("closed"), 503),
        (asyncpg.AdminShutdownError(), 503),
        (asyncpg.InternalClientError("got result for unknown protocol state"), 503),
        (asyncpg.InvalidCatalogNameError(), 503),
        (asyncpg.InvalidPasswordError(), 503),
        (asyncpg.InvalidSchemaNameError(), 503),
        (asyncpg.UndefinedTableError(), 503),
        (asyncpg.TooManyConnectionsError(), 503),
        (asyncpg.DiskFullError(), 503),
        (asyncpg.QueryCanceledError(), 503),
        (asyncpg.LockNotAvailableError(), 503),
        (asyncpg.DeadlockDetectedError(), 503),
        (asyncpg.IdleInTransactionSessionTimeoutError(), 503),
        (asyncpg.ReadOnlySQLTransactionError(), 503),
        (TimeoutError(), 503),
        (asyncpg.DataError("invalid input for query argument $1"), 500),
        (asyncpg.UniqueViolationError(), 500),
        (PositionTaken(), 500),
        (KeyError("secret"), 500),
    ],
)
def test_an_error_within_comes_down_to_a_problem(error: Exception, status: int) -> None:
    assert status_of(type(translated(error))) == status


async def test_what_nobody_foresaw_leaks_nothing(app: FastAPI) -> None:
    @app.get("/broken", include_in_schema=False)
    async def broken() -> None:
        raise KeyError("secret")

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://test"
    ) as client:
        reply = await client.get("/broken", headers={"X-Request-ID": "r-2"})
    assert reply.status_code == 500
    assert "secret" not in reply.text
    assert reply.json()["instance"] == "urn:giaoviec:request:r-2"
