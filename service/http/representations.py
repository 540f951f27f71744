"""Representations: how an answer goes out: tagged, compressed, or not at all if it is known.

Every answer to a GET whose body is there at once has an entity tag, and is left out (304) where
`If-None-Match` names it. HEAD is answered as GET is, without the body. Long bodies are compressed
for who accepts gzip; a stream of events never is.
"""

import asyncio
import zlib
from functools import lru_cache

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.entity_tags import field, found, of_body, strong
from service.language import weight

# In the scope of a request that asks for the head of the answer only.
HEAD_ONLY = "giaoviec.head_only"
# Shorter bodies fit into a packet anyway.
SHORTEST_COMPRESSED = 1024
# Longer pieces are compressed in a thread: others are answered meanwhile.
LONGEST_AT_ONCE = 2**14
LEVEL = 4
GZIP_FORMAT = 16 + zlib.MAX_WBITS
ENDING = "-gzip"
COMPRESSED = ("application/json", "application/jsonl", "application/problem+json", "text/")
EVENT_STREAM = "text/event-stream"
OK, NOT_MODIFIED = 200, 304
# What the parts that answer note for those around them.
NOTED = ("route", "streams")
REMEMBERED_LENGTH = 200


class Represented:
    """Middleware around everything that answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        outgoing = Outgoing(scope, send)
        if scope["method"] != "HEAD":
            await self._app(scope, receive, outgoing.send)
            return
        as_get: Scope = {**scope, "method": "GET", HEAD_ONLY: True}
        try:
            await self._app(as_get, receive, outgoing.send)
        finally:
            scope.update({name: as_get[name] for name in NOTED if name in as_get})


class Outgoing:
    """One answer on its way out. Its head waits for the first piece of its body."""

    __slots__ = ("_compressor", "_ends_here", "_scope", "_send", "_start")

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._start: Message | None = None
        self._compressor: zlib._Compress | None = None
        self._ends_here = False

    async def send(self, message: Message) -> None:
        """Send what the application sends, as the client wants it."""
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] != "http.response.body":
            await self._send(message)
        elif self._start is not None:
            start, self._start = self._start, None
            await self._begin(start, message)
        elif not self._ends_here:
            await self._send(await self._coded(message))

    async def _begin(self, start: Message, first: Message) -> None:
        headers = MutableHeaders(raw=start["headers"])
        body, is_whole = first.get("body", b""), not first.get("more_body", False)
        is_compressed = self._negotiated(headers, len(body) if is_whole else None)
        self._tag(start, headers, body if is_whole else None, ENDING if is_compressed else "")
        if self._is_known(start, headers):
            await self._end({**start, "status": NOT_MODIFIED, "headers": _of_no_body(headers)})
            return
        if is_compressed:
            headers["Content-Encoding"] = "gzip"
            self._compressor = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP_FORMAT)
            first = await self._coded(first)
            if is_whole:
                headers["Content-Length"] = str(len(first["body"]))
            else:
                del headers["Content-Length"]
        if self._scope["method"] == "HEAD":
            await self._end(start)
            return
        await self._send(start)
        await self._send(first)

    async def _end(self, start: Message) -> None:
        """Send the head alone."""
        self._ends_here = True
        await self._send(start)
        await self._send({"type": "http.response.body", "body": b""})

    def _negotiated(self, headers: MutableHeaders, length: int | None) -> bool:
        """Whether the body is compressed. Caches are told that it depends on the client."""
        media_type = headers.get("content-type", "")
        if length is None:
            length = int(headers.get("content-length", SHORTEST_COMPRESSED))
        if (
            length < SHORTEST_COMPRESSED
            or not media_type.startswith(COMPRESSED)
            or media_type.startswith(EVENT_STREAM)
            or "content-encoding" in headers
        ):
            return False
        headers.add_vary_header("Accept-Encoding")
        accepted = field(self._scope["headers"], b"accept-encoding") or ""
        if len(accepted) > REMEMBERED_LENGTH:
            return prefers_gzip(accepted)
        return _remembered(accepted)

    def _tag(
        self, start: Message, headers: MutableHeaders, body: bytes | None, ending: str
    ) -> None:
        """Complete the version that the application gave, or give a tag of the body alone.

        Of a body that comes piece by piece there is no digest.
        """
        version = headers.get("etag", "")
        if body is None:
            if version and ending:
                headers["ETag"] = f'{version[:-1]}{ending}"'
        elif version or (start["status"] == OK and self._is_read):
            headers["ETag"] = of_body(body, version, ending)

    @property
    def _is_read(self) -> bool:
        return self._scope["method"] in {"GET", "HEAD"}

    def _is_known(self, start: Message, headers: MutableHeaders) -> bool:
        """Whether the client has this very answer (RFC 9110, 13.1.2: weak comparison)."""
        if start["status"] != OK or not self._is_read:
            return False
        sent = field(self._scope["headers"], b"if-none-match")
        if sent is None or "etag" not in headers:
            return False
        return sent.strip() == "*" or headers["etag"] in {strong(one) for one in found(sent)}

    async def _coded(self, message: Message) -> Message:
        if self._compressor is None:
            return message
        body, more = message.get("body", b""), message.get("more_body", False)
        if len(body) > LONGEST_AT_ONCE:
            coded = await asyncio.to_thread(_compressed, self._compressor, body, more)
        else:
            coded = _compressed(self._compressor, body, more)
        return {**message, "body": coded}


def _compressed(compressor: "zlib._Compress", body: bytes, more: bool) -> bytes:  # noqa: FBT001  as the message has it
    coded = compressor.compress(body)
    return coded if more else coded + compressor.flush()


def _of_no_body(headers: MutableHeaders) -> list[tuple[bytes, bytes]]:
    """What says nothing of a body."""
    return [(name, value) for name, value in headers.raw if not name.startswith(b"content-")]


def prefers_gzip(header: str) -> bool:
    """Whether Accept-Encoding likes gzip, and no less than what is not coded (RFC 9110, 12.5.3)."""
    weights: dict[str, float] = {}
    for item in header.lower().split(","):
        coding, _, parameter = item.partition(";")
        weights.setdefault(coding.strip(), weight(parameter))
    gzip = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0)))
    return gzip > 0 and gzip >= weights.get("identity", 0.0)


_remembered = lru_cache(maxsize=256)(prefers_gzip)
