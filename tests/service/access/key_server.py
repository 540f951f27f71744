"""A provider on loopback that signs whatever it is told, and counts who asks for its keys."""

import asyncio
import json
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

AUDIENCE = "urn:giaoviec"
KEY_ID = "k1"


class KeyServer:
    """Its key set and its description, at an address of its own.

    Attributes:
        keys: what its key set holds.
        asked: how often the key set was asked for.
        answers: whether it answers; otherwise it ends the connection.
        moved_to: where it sends whoever asks, if it does.
    """

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": KEY_ID, "use": "sig"})
        self.keys: list[dict[str, Any]] = [self.key.as_dict(private=False)]
        self.asked = 0
        self.answers = True
        self.filler = ""
        self.issuer = ""
        self.described_issuer: str | None = None
        self.moved_to: str | None = None

    def claims(self, **other: object) -> dict[str, Any]:
        """What an access token for this service claims; None leaves a claim out."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": "u-017",
            "client_id": "portal",
            "jti": "1",
            "iat": now,
            "exp": now + 300,
            **other,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def token(
        self,
        key: RSAKey | ECKey | OctKey | None = None,
        header: dict[str, Any] | None = None,
        **claims: object,
    ) -> str:
        """A token, signed with the server's key unless another is given."""
        head = {"alg": "RS256", "typ": "at+jwt", "kid": KEY_ID, **(header or {})}
        head = {name: value for name, value in head.items() if value is not None}
        return jwt.encode(
            head, self.claims(**claims), key or self.key, algorithms=[str(head["alg"])]
        )

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1]
        if path == b"/jwks":
            self.asked += 1
        if self.moved_to is not None:
            head = f"HTTP/1.1 302 Found\r\nLocation: {self.moved_to}{path.decode()}\r\n"
            writer.write(f"{head}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
        elif self.answers:
            document = (
                {"keys": self.keys, "filler": self.filler}
                if path == b"/jwks"
                else {
                    "issuer": self.described_issuer or self.issuer,
                    "jwks_uri": f"{self.issuer}/jwks",
                }
            )
            body = json.dumps(document).encode()
            head = f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def key_server(tls: ssl.SSLContext | None = None) -> AsyncIterator[KeyServer]:
    """A server that runs."""
    server = KeyServer()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls)
    scheme = "http" if tls is None else "https"
    server.issuer = f"{scheme}://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    async with listening:
        yield server
