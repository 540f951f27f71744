"""Sent files: lists that were written into files and stand on the disk while clients read them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.kernel import Refusal

CHUNK_BYTES = 2**16
# Lists that are written into files at once; others wait for their turn.
WRITTEN_AT_ONCE = 2


class TooManyFiles(Refusal):
    """Lists as files take {limit_bytes} bytes until their readers have them. Come back later.

    Các danh sách dạng tệp đang được tải đã chiếm hết {limit_bytes} byte. Hãy thử lại sau.
    """


class SentFiles:
    """The files that are written and sent.

    A client may read as slowly as the server lets it: until it has read all, the file stays.

    Args:
        most_bytes: of all files that stand at once.

    Attributes:
        writing: turns of those that are written.
    """

    def __init__(self, most_bytes: int) -> None:
        self.writing = asyncio.Semaphore(WRITTEN_AT_ONCE)
        self._most_bytes = most_bytes
        self._bytes = 0

    def require_room(self, size: int) -> None:
        """Require that a file of that size may stand beside the others; alone each may.

        Raises:
            TooManyFiles.
        """
        if self._bytes and self._bytes + size > self._most_bytes:
            raise TooManyFiles(limit_bytes=self._most_bytes)

    async def chunks(
        self, file: Path, size: int, folder: TemporaryDirectory[str]
    ) -> AsyncIterator[bytes]:
        """The file piece by piece; its folder goes with the last, or with the client."""
        self._bytes += size
        try:
            with folder, file.open("rb") as source:
                while chunk := await asyncio.to_thread(source.read, CHUNK_BYTES):
                    yield chunk
        finally:
            self._bytes -= size
