"""Headers of the caller: what two readers could read in two ways is refused, not chosen from."""

import asyncio
from urllib.parse import urlsplit

import httpx
import pytest

from service.access.principals import EVERY_UNIT
from service.access.roles import Role
from service.components import Service
from tests.service.conftest import ClientOf
from tests.service.province import Province

GUESS = b"Bearer gv_0123456789abcdef_" + b"0" * 64


@pytest.mark.parametrize("order", [1, -1])
async def test_two_authorization_headers_are_refused(
    administrator: httpx.AsyncClient, stranger: httpx.AsyncClient, ledger: str, order: int
) -> None:
    valid = administrator.headers["Authorization"].encode()
    headers = [(b"Authorization", valid), (b"authorization", GUESS)][::order]
    for reply in (
        await stranger.get(f"/v1/{ledger}/events", headers=headers),
        await stranger.post(f"/v1/{ledger}/units/establish", headers=headers, json={}),
        await stranger.get("/v1/ledgers", headers=headers),
    ):
        assert reply.status_code == 401
        assert reply.json()["type"] == "/problems/authorization-repeated"


async def test_two_headers_of_an_approver_are_refused(
    administrator: httpx.AsyncClient, ledger: str
) -> None:
    valid = administrator.headers["Authorization"].encode()
    reply = await administrator.post(
        f"/v1/{ledger}/imports/tasks",
        headers=[(b"Approver-Authorization", valid), (b"Approver-Authorization", GUESS)],
        content=b"x",
    )
    assert reply.json()["type"] == "/problems/authorization-repeated"


async def answer(address: str, request: bytes) -> bytes:
    """The status line that the bytes of a request get."""
    parts = urlsplit(address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(request)
    line = await asyncio.wait_for(reader.readline(), 60)
    writer.close()
    await writer.wait_closed()
    return line


async def test_a_token_in_a_trailer_is_not_read(
    address: str, administrator: httpx.AsyncClient, ledger: str
) -> None:
    token = f"Authorization: {administrator.headers['Authorization']}".encode()
    head = f"GET /v1/{ledger}/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n".encode()
    body = b"\r\n0\r\n"
    in_header = await answer(address, head + token + b"\r\nTrailer: x\r\n" + body + b"\r\n")
    in_trailer = await answer(
        address, head + b"Trailer: Authorization\r\n" + body + token + b"\r\n\r\n"
    )
    assert b" 200 " in in_header
    assert b" 401 " in in_trailer


@pytest.mark.parametrize("slash", ["%2f", "%2F"])
async def test_an_encoded_slash_is_refused(
    administrator: httpx.AsyncClient, ledger: str, slash: str
) -> None:
    plain = await administrator.get(f"/v1/{ledger}/events")
    for path in (
        f"/v1/{ledger}{slash}events",
        f"/v1{slash}{ledger}/events",
        f"/v1/x{slash}y/events",
    ):
        refused = await administrator.get(path)
        assert refused.status_code == 404
        assert refused.json()["type"] == "/problems/route-unknown"
    assert plain.status_code == 200


async def test_another_ledger_is_not_found_as_one_that_there_is_not(
    client_of: ClientOf, administrator: httpx.AsyncClient, operator: httpx.AsyncClient, ledger: str
) -> None:
    there = f"{ledger}-there"
    opened = await operator.post("/v1/ledgers", json={"ledger": there, "name": "x"})
    assert opened.status_code == 201
    await Province(administrator, ledger).establish()
    client = await client_of(Role.AUTHORITY, ledgers=[ledger], units=[EVERY_UNIT])
    paths = (
        "events",
        "events/stream",
        "units",
        "units/yen-son",
        "tasks/x/history",
        "snapshots",
        "imports",
        "imports/01a21a9b-8304-71a8-82de-3a7602b98e7a",
        "search?q=x",
    )
    for path in paths:
        replies = [await client.get(f"/v1/{name}/{path}") for name in (there, f"{ledger}-nowhere")]
        shown = [
            {
                **reply.json(),
                "instance": "",
                "ledger": "",
                "detail": "",
                "status": reply.status_code,
            }
            for reply in replies
        ]
        assert shown[0] == shown[1], path
        assert shown[0]["type"] == "/problems/ledger-unknown", path
        assert replies[0].headers.keys() == replies[1].headers.keys()


async def test_a_stream_ends_when_its_token_does(
    service: Service, address: str, province: Province
) -> None:
    token, text = await service.tokens.create("streams", Role.INSPECTOR, units=[EVERY_UNIT])
    headers = {"Authorization": f"Bearer {text}"}
    stream = f"{address}/v1/{province.ledger}/events/stream"
    async with (
        httpx.AsyncClient(headers=headers, timeout=60) as client,
        client.stream("GET", stream) as reply,
    ):
        lines = reply.aiter_lines()
        assert (await anext(lines)).startswith(":")
        await service.tokens.revoke(token.id)
        await province.does("/officials/register", official_id="o-1", full_name="Cán bộ 1")
        rest = [line async for line in lines]
    assert any(line == "event: problem" for line in rest)
    assert "/problems/not-authenticated" in rest[-2]
