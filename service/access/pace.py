"""Pace: how often one token may read within a minute. Beyond that it is told when to go on."""

import time
from math import ceil

from domain.kernel import Refusal

MINUTE_S = 60.0


class TooManyReads(Refusal):
    """Your token has read {most} times within a minute. Send again in {retry_after_seconds} s.

    Mã truy cập của bạn đã đọc {most} lần trong một phút. Gửi lại sau {retry_after_seconds} giây.
    """


class Pace:
    """The reads of each token within a minute, in this process.

    Args:
        most: how many a token may have.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._reads: dict[str, int] = {}
        self._ends = 0.0

    def count(self, token_id: str) -> None:
        """Count a read.

        Raises:
            TooManyReads: the token has had as many as it may.
        """
        now = time.monotonic()
        if now >= self._ends:
            self._reads, self._ends = {}, now + MINUTE_S
        reads = self._reads.get(token_id, 0)
        if reads >= self._most:
            raise TooManyReads(most=self._most, retry_after_seconds=max(1, ceil(self._ends - now)))
        self._reads[token_id] = reads + 1
