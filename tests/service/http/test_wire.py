"""On the wire: what no well-meaning client sends gets an answer too, and never a 500."""

import asyncio

import httpx
import pytest

from service.components import Service
from service.http import connections
from tests.service.province import Province

REQUESTS = {
    "a path that is not ASCII": b"GET /v1/\xff\xfe/events HTTP/1.1\r\nHost: a\r\n\r\n",
    "a NUL in the path": b"GET /v1/\x00/events HTTP/1.1\r\nHost: a\r\n\r\n",
    "an escaped NUL": b"GET /v1/%00/events HTTP/1.1\r\nHost: a\r\n\r\n",
    "a broken escape": b"GET /v1/%zz%/events?after=%f HTTP/1.1\r\nHost: a\r\n\r\n",
    "a surrogate in the query": b"GET /v1/a/events?tags=%ed%a0%80 HTTP/1.1\r\nHost: a\r\n\r\n",
    "a NUL in a header": b"GET /healthz HTTP/1.1\r\nHost: a\r\nAccept-Language: \x00\r\n\r\n",
    "a header of 100,000 bytes": b"GET /healthz HTTP/1.1\r\nA: " + b"b" * 100_000 + b"\r\n\r\n",
    "an unknown method": b"BREW /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "a length that is no number": b"POST /v1/ledgers HTTP/1.1\r\nContent-Length: x\r\n\r\n",
    "a negative length": b"POST /v1/ledgers HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
    "a length beside chunks": b"POST /v1/ledgers HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
    "two encodings": b"POST /v1/ledgers HTTP/1.1\r\nHost: a\r\n"
    b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "lines without a return": b"GET /healthz HTTP/1.1\nHost: a\n\n",
    "a folded field": b"GET /healthz HTTP/1.1\r\nHost: a\r\nA: b\r\n c\r\n\r\n",
    "a trace": b"TRACE /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
    "two lengths": b"POST /v1/ledgers HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a language that is no text": b"GET /v2 HTTP/1.1\r\nHost: a\r\nAccept-Language: \xff\r\n\r\n",
    "a token that is no text": b"GET /v1/ledgers HTTP/1.1\r\nAuthorization: Bearer \xff\r\n\r\n",
}


@pytest.mark.parametrize("request_bytes", REQUESTS.values(), ids=REQUESTS)
async def test_whatever_comes_over_the_wire_is_answered_or_cut_off(
    address: str, request_bytes: bytes
) -> None:
    host, _, port = address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request_bytes)
    writer.write_eof()
    status = await asyncio.wait_for(reader.readline(), 60)
    writer.close()
    assert status == b"" or status.split()[1].startswith((b"2", b"4")), status


@pytest.mark.parametrize(
    ("what", "status"),
    [
        ("a length beside chunks", b"400"),
        ("two encodings", b"400"),
        ("two lengths", b"400"),
        ("lines without a return", b"400"),
        ("a folded field", b"400"),
        ("a trace", b"405"),
    ],
)
async def test_what_two_readers_could_read_in_two_ways_is_refused(
    address: str, what: str, status: bytes
) -> None:
    host, _, port = address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(REQUESTS[what])
    writer.write_eof()
    answered = await asyncio.wait_for(reader.read(), 60)
    writer.close()
    assert answered.startswith(b"HTTP/1.1 " + status)
    assert answered.count(b"HTTP/1.1 ") == 1


async def test_a_body_too_large_ends_before_it_is_all_sent(
    address: str, province: Province
) -> None:
    host, _, port = address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = (
        f"POST /v1/{province.ledger}/tasks/kilns/assign HTTP/1.1\r\nHost: {host}\r\n"
        f"Authorization: {province.client.headers['Authorization']}\r\n"
        "Content-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n"
    )
    writer.write(head.encode() + b"{" * 1000)
    status = await asyncio.wait_for(reader.readline(), 60)
    writer.close()
    assert status.split()[1] == b"413"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine an answer that comes at once takes a part of these."""
    for name in ("HEAD_S", "PIECE_S", "READ_S"):
        monkeypatch.setattr(connections, name, 2.0)


# More than fits into any buffer on the way.
REQUESTED = 100


async def until_cut_off(reader: asyncio.StreamReader) -> bytes:
    """All that comes until the server closes or resets the connection."""
    pieces = []
    try:
        while piece := await asyncio.wait_for(reader.read(2**20), 60):
            pieces.append(piece)
    except ConnectionResetError:
        pass
    return b"".join(pieces)


# What a client sends before it falls silent, and what it gets before it is cut off.
UNFINISHED = {
    "nothing": (b"", b""),
    "half a head": (b"GET /healthz HTT", b"HTTP/1.1 408"),
    "half a second head": (
        b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET /",
        b"HTTP/1.1 200",
    ),
    "half a body that nobody reads": (
        b"POST /v1/x/tasks/y/cancel HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{",
        b"HTTP/1.1 401",
    ),
}


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("what", UNFINISHED)
async def test_who_takes_too_long_is_let_go(address: str, what: str) -> None:
    sent, begins = UNFINISHED[what]
    host, _, port = address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(sent)
    answered = await until_cut_off(reader)
    writer.close()
    assert answered.startswith(begins)
    assert bool(answered) == bool(begins)


@pytest.mark.usefixtures("impatient")
async def test_half_a_body_that_is_read_is_let_go(address: str, province: Province) -> None:
    host, _, port = address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = (
        f"POST /v1/{province.ledger}/tasks/kilns/assign HTTP/1.1\r\nHost: {host}\r\n"
        f"Authorization: {province.client.headers['Authorization']}\r\n"
        "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    )
    writer.write(head.encode())
    assert await until_cut_off(reader) == b""
    writer.close()


@pytest.mark.usefixtures("impatient")
async def test_who_does_not_read_is_let_go(address: str, service: Service) -> None:
    host, _, port = address.removeprefix("http://").partition(":")
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        assert (await client.get("/openapi.json")).is_success  # it is made once
    reader, writer = await asyncio.open_connection(host, int(port), limit=1024)
    let_go = service.metrics.connections_ended.labels("does_not_read")._value  # noqa: SLF001  its reader
    before = let_go.get()
    for _ in range(REQUESTED):
        writer.write(b"GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n")
    async with asyncio.timeout(60):
        while let_go.get() == before:  # noqa: ASYNC110  a metric wakes nobody
            await asyncio.sleep(0.05)
    assert (await until_cut_off(reader)).count(b"HTTP/1.1 200 OK") < REQUESTED
    writer.close()
