"""Messages: what a stream of server-sent events consists of, as bytes (WHATWG HTML, 9.2)."""

import json

from domain.kernel import Raw
from service.listening.cursors import Cursor

RECONNECT_MILLISECONDS = 2000
# A comment, which readers pass over: it shows that the stream is alive.
HEARTBEAT = b": ping\n\n"


def beginning(epoch: str) -> bytes:
    """The first message: the epoch, and how soon a reader comes back whose stream was cut off."""
    return b": epoch %b\nretry: %d\n\n" % (epoch.encode(), RECONNECT_MILLISECONDS)


def message(epoch: str, position: int, event: bytes) -> bytes:
    """An event, which is JSON without line breaks, under its cursor."""
    return b"id: %b\ndata: %b\n\n" % (str(Cursor(position, epoch)).encode(), event)


def problem(document: Raw) -> bytes:
    """The last message of a stream that is refused to go on."""
    return b"event: problem\ndata: %b\n\n" % json.dumps(document, ensure_ascii=False).encode()
