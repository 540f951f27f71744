"""Representations: tags and what is not sent again, HEAD and OPTIONS, what is compressed."""

import asyncio
import gzip
import json
from secrets import token_bytes
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from service.http.representations import Represented, prefers_gzip
from tests.service.http.lists import LISTS, addressed
from tests.service.http.yen_son import Reader
from tests.service.province import DISTRICT, POST, REPORT, Province, version_in

PLAIN, GZIP = {"Accept-Encoding": "identity"}, {"Accept-Encoding": "gzip"}
THINGS = (f"/units/{DISTRICT}", f"/posts/{POST}", "/officials/official-017", "/tasks/kilns")
# GETs that are no list of a ledger and no thing in it.
OTHERS = ("/healthz", "/v1/ledgers", "/problems", "/problems/task-unknown", "/docs")
PARAMETERS = {
    "ledger": "a",
    "slug": "task-unknown",
    "name": "00000000-0000-0000-0000-000000000000",
    "kind": "units",
}


async def read(reader: Reader, path: str, headers: dict[str, str], **asked: str) -> httpx.Response:
    return await reader.client.get(
        f"/v1/{reader.ledger}{path}",
        params={"min_position": reader.position, **asked},
        headers=headers,
    )


@pytest.fixture
async def kilns(province: Province) -> Reader:
    await province.task_in_progress("kilns")
    done = await province.does("/tasks/kilns/report-progress", **REPORT)
    return Reader(province, done["position"])


@pytest.mark.parametrize("path", THINGS)
async def test_no_two_bodies_of_a_thing_share_a_tag(kilns: Reader, path: str) -> None:
    """The body says of which day and position it is, and so must the tag."""
    days = [await read(kilns, path, PLAIN, as_of=day) for day in ("2021-05-01", "2021-05-02")]
    moved = Province(kilns.client, kilns.ledger)
    kilns.position = (await moved.does("/units/establish", name="Tỉnh", kind="province"))[
        "position"
    ]
    later = await read(kilns, path, PLAIN, as_of="2021-05-02")
    coded = await read(kilns, path, GZIP, as_of="2021-05-02")
    replies = [*days, later]
    assert len({reply.content for reply in replies}) == len(replies)
    assert len({reply.headers["ETag"] for reply in replies}) == len(replies)
    assert {version_in(reply.headers["ETag"]) for reply in replies} == {
        version_in(days[0].headers["ETag"])
    }
    if "Content-Encoding" in coded.headers:
        assert coded.headers["ETag"] == f'{later.headers["ETag"][:-1]}-gzip"'


@pytest.mark.parametrize("path", THINGS)
@pytest.mark.parametrize("coding", [PLAIN, GZIP], ids=["plain", "gzip"])
async def test_what_the_client_has_is_not_sent_again(
    kilns: Reader, path: str, coding: dict[str, str]
) -> None:
    first = await read(kilns, path, coding)
    tag = first.headers["ETag"]
    for sent in (tag, f"W/{tag}", "*", f'"other", W/"x,y",{tag}'):
        reply = await read(kilns, path, {**coding, "If-None-Match": sent})
        assert (reply.status_code, reply.content) == (304, b""), sent
        assert reply.headers["ETag"] == tag
        assert "Content-Length" not in reply.headers
        assert "Content-Type" not in reply.headers
        assert reply.headers.get("Vary") == first.headers.get("Vary")
    for sent in ('"other"', version_in(tag), tag.strip('"'), ""):
        reply = await read(kilns, path, {**coding, "If-None-Match": sent})
        assert (reply.status_code, reply.content) == (200, first.content), sent


async def test_a_tag_in_a_second_line_counts_too(kilns: Reader) -> None:
    address = f"/v1/{kilns.ledger}/tasks/kilns"
    tag = (await read(kilns, "/tasks/kilns", {})).headers["ETag"]
    lines = [("If-None-Match", '"other"'), ("If-None-Match", tag)]
    assert (await kilns.client.get(address, headers=lines)).status_code == 304


async def test_of_something_else_the_client_has_everything_is_sent(kilns: Reader) -> None:
    tag = (await read(kilns, "/tasks/kilns", PLAIN)).headers["ETag"]
    done = await Province(kilns.client, kilns.ledger).does("/tasks/kilns/report-progress", **REPORT)
    kilns.position = done["position"]
    reply = await read(kilns, "/tasks/kilns", {"If-None-Match": tag})
    assert reply.status_code == 200
    assert version_in(reply.headers["ETag"]) == f'"{kilns.position}"'


async def test_a_refusal_is_no_match(kilns: Reader) -> None:
    reply = await read(kilns, "/tasks/none", {"If-None-Match": "*"})
    assert reply.status_code == 404
    assert "ETag" not in reply.headers


@pytest.mark.parametrize("path", LISTS)
async def test_a_page_of_a_list_that_the_client_has_is_not_sent_again(
    busy_ledger: Reader, path: str
) -> None:
    first = await read(busy_ledger, addressed(path), {}, **LISTS[path])
    known = {"If-None-Match": first.headers["ETag"]}
    reply = await read(busy_ledger, addressed(path), known, **LISTS[path])
    assert (reply.status_code, reply.content) == (304, b"")
    one = await read(busy_ledger, addressed(path), known, **LISTS[path], limit="1")
    assert one.status_code == 200
    assert one.headers["ETag"] != first.headers["ETag"]


async def test_if_match_takes_the_tag_of_any_coding(kilns: Reader) -> None:
    province = Province(kilns.client, kilns.ledger)
    dossier = await read(kilns, "/tasks/kilns/dossier", GZIP)
    assert dossier.headers["Content-Encoding"] == "gzip"
    assert dossier.headers["ETag"].endswith('-gzip"')
    verb, tag = "/tasks/kilns/report-progress", dossier.headers["ETag"]
    for known in (tag, version_in(tag), f'"1,2", {tag}'):
        shown = await province.says(f"{verb}?dry_run=true", REPORT, {"If-Match": known})
        assert shown.status_code == 200, known
    weak = await province.says(verb, REPORT, {"If-Match": f"W/{tag}"})
    assert (weak.status_code, weak.json()["type"]) == (412, "/problems/version-weak")
    assert (weak.json()["sent"], weak.json()["current"]) == (f"W/{tag}", tag)
    both = await province.says(verb, REPORT, {"If-Match": f"W/{tag}, {tag}"})
    assert both.status_code == 200
    stale = await province.says(verb, REPORT, {"If-Match": tag})
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/version-stale")


async def test_if_match_in_two_lines_is_one_list(kilns: Reader) -> None:
    tag = (await read(kilns, "/tasks/kilns", PLAIN)).headers["ETag"]
    address = f"/v1/{kilns.ledger}/tasks/kilns/report-progress"
    for lines in ((tag, '"1"'), ('"1"', tag), ('"1,"', f'"a,b",{tag}')):
        reply = await kilns.client.post(
            f"{address}?dry_run=true", json=REPORT, headers=[("If-Match", line) for line in lines]
        )
        assert reply.status_code == 200, lines
    mixed = await kilns.client.post(
        address, json=REPORT, headers=[("If-Match", "*"), ("If-Match", tag)]
    )
    assert (mixed.status_code, mixed.json()["errors"][0]["header"]) == (422, "If-Match")


async def test_a_replay_has_the_tag_of_the_first_reply_and_a_dry_run_another(
    kilns: Reader,
) -> None:
    province, key = Province(kilns.client, kilns.ledger), {"Idempotency-Key": kilns.ledger}
    shown = await province.says("/tasks/kilns/report-progress?dry_run=true", REPORT)
    first, again = [
        await province.says("/tasks/kilns/report-progress", REPORT, key) for _ in range(2)
    ]
    assert first.headers["ETag"] == again.headers["ETag"] != shown.headers["ETag"]
    assert "Idempotency-Replayed" in again.headers


def shown_headers(reply: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in reply.headers.items() if name != "x-request-id"}


@pytest.mark.parametrize("coding", [PLAIN, GZIP], ids=["plain", "gzip"])
async def test_head_gives_the_headers_of_get_and_no_body(
    kilns: Reader, coding: dict[str, str]
) -> None:
    position = f"min_position={kilns.position}"
    up_to_date = (*THINGS, "/tasks/kilns/dossier", "/units", "/unit-kinds", "/commune-coverage")
    further = ("/tasks/kilns/history", "/events", "/tasks/none", "/snapshots", "/imports")
    of_ledger = (*(f"{path}?{position}" for path in up_to_date), *further, "/units?colour=red")
    paths = [f"/v1/{kilns.ledger}{path}" for path in of_ledger]
    for path in (*paths, *OTHERS, "/openapi.json", "/docs/assets/swagger-ui.css", "/", "/none"):
        whole = await kilns.client.get(path, headers=coding)
        head = await kilns.client.head(path, headers=coding)
        assert (head.status_code, head.content) == (whole.status_code, b""), path
        assert shown_headers(head) == shown_headers(whole), path
        if whole.status_code == 200 and "ETag" in whole.headers:
            known = {**coding, "If-None-Match": whole.headers["ETag"]}
            assert (await kilns.client.head(path, headers=known)).status_code == 304, path


async def test_the_head_of_a_stream_ends(kilns: Reader) -> None:
    address = f"/v1/{kilns.ledger}/events/stream"
    head = await kilns.client.head(address, timeout=60)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Type"].startswith("text/event-stream")
    assert "Content-Encoding" not in head.headers
    refused = await kilns.client.head(address, params={"after": 10**9})
    assert refused.status_code == 422


async def test_the_head_of_a_file_is_that_of_the_file(kilns: Reader) -> None:
    for form in ("csv", "jsonl"):
        address = f"/v1/{kilns.ledger}/units?format={form}&min_position={kilns.position}"
        whole = await kilns.client.get(address, headers=PLAIN)
        head = await kilns.client.head(address, headers=PLAIN)
        assert shown_headers(head) == shown_headers(whole)
        assert head.content == b""


async def test_options_tells_what_each_address_takes(
    app: FastAPI, stranger: httpx.AsyncClient
) -> None:
    for path, operations in app.openapi()["paths"].items():
        address = path.format_map(_Given())
        allowed = {name.upper() for name in operations} | {"OPTIONS"}
        if "GET" in allowed:
            allowed.add("HEAD")
        told = await stranger.options(address)
        assert (told.status_code, told.content) == (204, b""), path
        assert set(told.headers["Allow"].split(", ")) == allowed, path
        refused = await stranger.put(address)
        assert refused.status_code == 405, path
        assert refused.headers["Allow"] == told.headers["Allow"], path
    for address in ("/", "/docs", "/openapi.json", "/docs/assets/swagger-ui.css"):
        told = await stranger.options(address)
        assert (told.status_code, set(told.headers["Allow"].split(", "))) == (
            204,
            {"GET", "HEAD", "OPTIONS"},
        ), address
    assert (await stranger.options("/v2")).status_code == 404


class _Given(dict[str, str]):
    """Any id does."""

    def __missing__(self, name: str) -> str:
        return PARAMETERS.get(name, "any")


async def test_a_long_answer_is_compressed_for_who_takes_it(busy_ledger: Reader) -> None:
    plain, coded = [
        await read(busy_ledger, "/units/yen-son/history", coding) for coding in (PLAIN, GZIP)
    ]
    assert "Content-Encoding" not in plain.headers
    assert coded.headers["Content-Encoding"] == "gzip"
    assert int(coded.headers["Content-Length"]) < int(plain.headers["Content-Length"])
    assert coded.json() == plain.json()
    for reply in (plain, coded):
        assert reply.headers["Vary"] == "Accept, Accept-Encoding"
    known = {**PLAIN, "If-None-Match": coded.headers["ETag"]}
    other = await read(busy_ledger, "/units/yen-son/history", known)
    assert other.status_code == 200


async def test_a_short_answer_a_workbook_and_a_stream_are_not_compressed(
    busy_ledger: Reader, stranger: httpx.AsyncClient
) -> None:
    assert "Content-Encoding" not in (await stranger.get("/healthz", headers=GZIP)).headers
    workbook = await read(busy_ledger, "/units", GZIP, format="xlsx")
    assert workbook.content.startswith(b"PK")
    assert "Content-Encoding" not in workbook.headers


async def test_a_file_is_compressed_piece_by_piece(busy_ledger: Reader) -> None:
    for form in ("csv", "jsonl"):
        plain, coded = [
            await read(busy_ledger, "/backdated", coding, format=form) for coding in (PLAIN, GZIP)
        ]
        assert coded.headers["Content-Encoding"] == "gzip"
        assert "Content-Length" not in coded.headers
        assert "Accept-Encoding" in coded.headers["Vary"]
        assert coded.content == plain.content


async def test_a_long_answer_is_the_same_through_a_real_server(
    busy_ledger: Reader, address: str
) -> None:
    headers = {"Authorization": busy_ledger.client.headers["Authorization"], **GZIP}
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=60) as client:
        path = f"/v1/{busy_ledger.ledger}/units/yen-son/history"
        async with client.stream("GET", path) as reply:
            body = b"".join([part async for part in reply.aiter_raw()])
        page: Any = json.loads(gzip.decompress(body))
        assert page["items"]
        head = await client.head(path)
        assert head.headers["Content-Length"] == str(len(body))
        known = await client.get(path, headers={"If-None-Match": reply.headers["ETag"]})
        assert (known.status_code, known.content) == (304, b"")
        stream = await client.head(f"/v1/{busy_ledger.ledger}/events/stream", timeout=60)
        assert stream.status_code == 200
        assert (await client.options(path)).status_code == 204


async def test_others_are_answered_while_a_large_answer_is_compressed() -> None:
    large = token_bytes(30_000_000)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await Response(large, media_type="application/json")(scope, receive, send)

    turns = 0

    async def take_turns() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0.005)
            turns += 1

    others = asyncio.create_task(take_turns())
    transport = httpx.ASGITransport(Represented(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        reply = await client.get("/", headers=GZIP)
    others.cancel()
    assert reply.headers["Content-Encoding"] == "gzip"
    assert reply.content == large
    assert turns > 10


@pytest.mark.parametrize(
    ("header", "is_wanted"),
    [
        ("", False),
        ("gzip", True),
        ("GZIP;q=0.5", True),
        ("deflate, x-gzip", True),
        ("gzip;q=0", False),
        ("*", True),
        ("*;q=0", False),
        ("identity", False),
        ("gzip;q=0.2, identity;q=0.5", False),
        ("br, gzip;q=0.8, *;q=0", True),
        ("notgzip", False),
    ],
)
def test_what_accept_encoding_says_of_gzip(header: str, is_wanted: bool) -> None:  # noqa: FBT001  a case
    assert prefers_gzip(header) is is_wanted
