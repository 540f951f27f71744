"""Attack: what is sent to a service byte by byte, as no well-meaning client would."""

import socket
import time
from dataclasses import dataclass

import httpx

ANSWER_S = 20


@dataclass(frozen=True)
class Target:
    """Where a service listens, a ledger of its, and a token for it."""

    port: int
    ledger: str
    token: str

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=ANSWER_S)

    def head(self, path: str, *fields: str, method: str = "POST") -> bytes:
        """The head of a request with the token."""
        lines = (
            f"{method} /v1/{self.ledger}{path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            f"Authorization: Bearer {self.token}",
            *fields,
        )
        return "\r\n".join((*lines, "", "")).encode()

    def post(self, path: str, body: bytes) -> httpx.Response:
        """Send a JSON body, whatever it holds."""
        return httpx.post(
            f"{self.address}/v1/{self.ledger}{path}",
            content=body,
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "Accept-Language": "en",
            },
            timeout=60,
        )


def answer(connection: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    pieces = []
    while True:
        try:
            piece = connection.recv(65536)
        except ConnectionResetError:
            break
        if not piece:
            break
        pieces.append(piece)
    return b"".join(pieces)


def send_until_cut(connection: socket.socket, piece: bytes, most: int) -> int:
    """Send the piece again and again, up to `most` bytes. Return how many were taken."""
    sent = 0
    try:
        while sent < most:
            connection.sendall(piece)
            sent += len(piece)
    except OSError:
        return sent
    return sent


def closed_within(connection: socket.socket, seconds: float) -> bool:
    """Whether the other side closes the connection within the time."""
    deadline = time.monotonic() + seconds
    connection.settimeout(seconds)
    try:
        while connection.recv(65536):
            connection.settimeout(max(0.01, deadline - time.monotonic()))
    except TimeoutError:
        return False
    except ConnectionResetError:
        return True
    return True
