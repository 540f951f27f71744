"""What comes before a request is heard: heads, fields, silence; bounded in bytes and in time."""

import json
import socket
from pathlib import Path

import httpx
import pytest

from service.http.connections import Connections
from service.observability.metrics import Metrics
from tests.faults.processes import ServiceProcess, service_process
from tests.hostile.attack import Target, answer, send_until_cut
from tests.hostile.watch import MIB, watched

HOST = b"Host: a\r\n"
CHUNKED = b"POST /v1/a/tasks/b/cancel HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


def problem(answered: bytes) -> tuple[int, str]:
    head, _, body = answered.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)["type"]


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        (b"GET /healthz HTTP/1.1\r\nHost: a\r\nA: ", b"b" * MIB),
        (b"GET /healthz HTTP/1.1\r\nHost: a\r\n", b"a: b\r\n" * 100_000),
        (b"GET /", b"a" * MIB),
        (b"GET /?", b"a=1&" * 250_000),
        (b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nA: ", b"b" * MIB),
        (CHUNKED + b"2\r\n{}\r\n0\r\n", b"a: b\r\n" * 100_000),
        (CHUNKED + b"2\r\n{}\r\n0\r\nA: ", b"b" * MIB),
        (CHUNKED + b"2;", b"b" * MIB),
    ],
    ids=[
        *("one field", "many fields", "the path", "the query", "the second request"),
        *("trailers", "one trailer", "the extension of a chunk"),
    ],
)
def test_what_is_no_body_and_does_not_end_is_cut_off(
    victim: ServiceProcess, target: Target, start: bytes, piece: bytes
) -> None:
    with watched(victim, memory_mib=16), target.connect() as connection:
        connection.sendall(start)
        taken = send_until_cut(connection, piece, 64 * MIB)
    assert taken < 16 * MIB  # what the system's buffers hold


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        (b"A: " + b"b" * 31_000 + b"\r\n", 200),
        (b"A: " + b"b" * 33_000 + b"\r\n", 431),
        (b"a: b\r\n" * 150, 200),
        (b"a: b\r\n" * 250, 431),
    ],
)
def test_the_head_is_bounded_in_bytes_and_in_fields(
    target: Target, fields: bytes, status: int
) -> None:
    with target.connect() as connection:
        connection.sendall(
            b"GET /healthz HTTP/1.1\r\n" + HOST + b"Connection: close\r\n" + fields + b"\r\n"
        )
        answered = answer(connection)
    assert int(answered.split()[1]) == status
    if status != httpx.codes.OK:
        assert problem(answered) == (431, "/problems/headers-too-large")


@pytest.mark.parametrize("hosts", [b"", HOST + HOST, HOST + b"HOST: b\r\n"])
def test_a_request_has_one_host(target: Target, hosts: bytes) -> None:
    with target.connect() as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\n" + hosts + b"\r\n")
        assert problem(answer(connection)) == (400, "/problems/host-not-one")


def test_a_trailer_is_no_field_of_the_request(target: Target) -> None:
    head = target.head("/tasks/x/cancel", "Transfer-Encoding: chunked", "Connection: close")
    without = b"\r\n".join(line for line in head.split(b"\r\n") if b"Bearer" not in line)
    trailer = f"Authorization: Bearer {target.token}\r\n".encode()
    with target.connect() as connection:
        connection.sendall(without + b"2\r\n{}\r\n0\r\n" + trailer + b"\r\n")
        answered = answer(connection)
    assert problem(answered)[0] == 401


def test_connections_are_bounded_by_address_and_in_all() -> None:
    bounds = Connections(3, 2, Metrics())
    assert [bounds.admit(one) for one in ("a", "a", "a", "b", "c")] == [
        *(True, True, False, True, False)
    ]
    bounds.release("a")
    assert bounds.admit("c")
    assert not bounds.admit("b")
    assert dict(bounds._by_address) == {"a": 1, "b": 1, "c": 1}  # noqa: SLF001  nothing is kept of who left


def test_a_flood_of_silent_connections_leaves_room(service_url: str, tmp_path: Path) -> None:
    with service_process(
        tmp_path, service_url, GIAOVIEC_CONNECTIONS="40", GIAOVIEC_CONNECTIONS_PER_ADDRESS="30"
    ) as service:
        silent = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(60)]
        refused = sum(one.recv(12) == b"HTTP/1.1 503" for one in silent[32:])
        assert refused == len(silent[32:])
        for one in silent:
            one.close()
        assert service.wait_ready() < 30
        assert service.metric("giaoviec_http_connections_ended_total") >= refused
