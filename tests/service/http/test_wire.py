"""On the wire: what no well-meaning client sends gets an answer too, and never a 500."""

import asyncio

import pytest

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
    status = await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    assert status == b"" or status.split()[1].startswith((b"2", b"4")), status


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
    status = await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    assert status.split()[1] == b"413"
