"""Connections: what a client may send and hold before a request of its is heard.

The server's parser bounds neither what comes before a body nor how long a client takes. Here both
are bounded, and how many connections there are, of one address and in all (RFC 9110, 15.5;
RFC 6585, 5; RFC 9112, 3.2 and 7.1.2).
"""

import asyncio
import json
import resource
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import structlog
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from domain.kernel import Refusal
from service.access.callers import Callers
from service.http.faults import HeadersTooLarge, HostNotOne, TooBusy, TooSlow
from service.http.problems import HEADERS, MEDIA_TYPE, document, status_of
from service.language import DEFAULT
from service.observability.metrics import Metrics
from service.slugs import slug

# The request line and all header fields, in bytes, and the fields in number.
HEAD_BYTES = 32 * 1024
FIELDS = 200
# How long a client may take for the head of a request; for a piece of a body of so many bytes; to
# read what it has been sent, of which so much waits.
HEAD_S = 30.0
PIECE_S, PIECE_BYTES = 20.0, 16 * 1024
READ_S = 60.0
# Descriptors that are not for clients: the database, files, children.
KEPT_DESCRIPTORS = 160

Field: TypeAlias = tuple[bytes, bytes]

log = structlog.get_logger()


class NoFields(list[Field]):
    """The fields of a trailer, which nobody reads: none is kept."""

    def append(self, field: Field, /) -> None:
        """Keep nothing of it."""


TRAILER = NoFields()


@dataclass(slots=True)
class Connections:
    """The connections of clients.

    Attributes:
        most: at once.
        most_of_one: at once from one address.
        metrics: count those that are refused or ended.
        callers: tell whose they were.
    """

    most: int
    most_of_one: int
    metrics: Metrics
    callers: Callers = field(default_factory=Callers)
    _open: int = 0
    _by_address: Counter[str] = field(default_factory=Counter)

    def admit(self, address: str) -> bool:
        """Count a connection in; False if there are too many."""
        if self._open >= self.most or (address and self._by_address[address] >= self.most_of_one):
            self.metrics.connections_ended.labels("too_many").inc()
            return False
        self._open += 1
        self._by_address[address] += 1
        return True

    def release(self, address: str) -> None:
        """Count a connection out that was admitted."""
        self._open -= 1
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address]


def most_connections() -> int:
    """How many connections the limit of open files of this process leaves room for."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = soft == resource.RLIM_INFINITY
    return 2**16 if unlimited else max(16, min(soft - KEPT_DESCRIPTORS, 2**16))


class BoundedProtocol(HttpToolsProtocol):
    """One connection, whose requests are heard when their heads are complete and small enough."""

    def __init__(self, connections: Connections, **uvicorns: Any) -> None:  # noqa: ANN401  passed on
        super().__init__(**uvicorns)
        self._among = connections
        self._address: str | None = None
        self._head_bytes = 0
        self._in_head = True
        self._in_body = False
        self._is_refused = False
        self._waiting: asyncio.TimerHandle | None = None
        self._waiting_for_head = True
        self._sending: asyncio.TimerHandle | None = None
        self._arrived = 0
        self._has_body = False
        self._beside_body = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        address = self.client[0] if self.client else ""
        if self._among.admit(address):
            self._address = address
            self._wait(HEAD_S, self._head_is_late)
        else:
            self._refuse(TooBusy())

    def connection_lost(self, exc: Exception | None) -> None:
        if self._address is not None:
            self._among.release(self._address)
            self._address = None
        for timer in (self._waiting, self._sending):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        while data and not self._is_refused:
            was_in_head = self._in_head
            room = HEAD_BYTES + 1 - self._head_bytes if was_in_head else len(data)
            piece, data = data[:room], data[room:]
            super().data_received(piece)
            self._arrived += len(piece)
            if self._in_body:
                self._count_beside_body(len(piece))
            if self._in_head and was_in_head:
                self._head_bytes += len(piece)
                if self._head_bytes > HEAD_BYTES:
                    self._refuse(HeadersTooLarge(limit_bytes=HEAD_BYTES, limit_fields=FIELDS))
        self._wait_for_the_rest()

    def _count_beside_body(self, size: int) -> None:
        """Bound what comes with a body and is none: sizes of chunks, extensions and trailers."""
        self._beside_body = 0 if self._has_body else self._beside_body + size
        self._has_body = False
        if self._beside_body > HEAD_BYTES:
            self._is_refused = True
            self._end("beside_body")

    def on_message_begin(self) -> None:
        self._in_head, self._head_bytes = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head, self._in_body = False, True
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        hosts = sum(name == b"host" for name, _ in self.headers)
        if size > HEAD_BYTES or len(self.headers) > FIELDS:
            self._refuse(HeadersTooLarge(limit_bytes=HEAD_BYTES, limit_fields=FIELDS))
        elif hosts > 1 or (not hosts and self.parser.get_http_version() == "1.1"):
            self._refuse(HostNotOne())
        if not self._is_refused:
            super().on_headers_complete()
        # What comes after a body is a trailer, and no field of the request.
        self.headers = TRAILER

    def on_body(self, body: bytes) -> None:
        self._has_body = True
        if not self._is_refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._in_body = False
        if not self._is_refused:
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        if not self._is_refused:
            super().send_400_response(msg)

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._sending is None:
            self._sending = self.loop.call_later(READ_S, self._client_does_not_read)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._sending is not None:
            self._sending.cancel()
            self._sending = None

    def _wait_for_the_rest(self) -> None:
        """Bound the time of what is incomplete; the usual request is complete by now."""
        if self._is_refused or self.transport.is_closing():
            return
        if self._in_head:
            if self._waiting is None or not self._waiting_for_head:
                self._wait(HEAD_S, self._head_is_late)
        elif self._in_body:
            if self._waiting is None or self._waiting_for_head:
                self._wait_for_a_piece()
        elif self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _wait(self, seconds: float, late: Callable[[], None]) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting_for_head = late == self._head_is_late
        self._waiting = self.loop.call_later(seconds, late)

    def _wait_for_a_piece(self) -> None:
        self._arrived = 0
        self._wait(PIECE_S, self._piece_is_late)

    def _head_is_late(self) -> None:
        self._waiting = None
        if self.scope is None:
            self._end("silent")
        else:
            self._refuse(TooSlow())

    def _piece_is_late(self) -> None:
        self._waiting = None
        waits_for_us = self.flow.read_paused or self.cycle.waiting_for_100_continue
        if self._arrived >= PIECE_BYTES or waits_for_us:
            self._wait_for_a_piece()
        else:
            self._end("slow_body")

    def _client_does_not_read(self) -> None:
        self._sending = None
        self._end("does_not_read")

    def _end(self, why: str) -> None:
        self._among.metrics.connections_ended.labels(why).inc()
        self._tell(why)
        self.transport.abort()

    def _tell(self, why: str) -> None:
        self._among.callers.refused(None, self.client[0] if self.client else "", why)

    def _refuse(self, refusal: Refusal) -> None:
        """Answer with the problem, and hear no more."""
        self._is_refused = True
        self._tell(slug(type(refusal)))
        status = status_of(type(refusal))
        body = json.dumps(document(refusal, DEFAULT, "urn:giaoviec:request:"), ensure_ascii=False)
        encoded = body.encode()
        fields = {
            "content-type": MEDIA_TYPE,
            "content-language": DEFAULT,
            "content-length": str(len(encoded)),
            "connection": "close",
            **{name.lower(): value for name, value in HEADERS.get(status, {}).items()},
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self.transport.write(STATUS_LINE[status] + head.encode() + b"\r\n" + encoded)
        self.transport.close()
