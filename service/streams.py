"""Streams: how many readers of live events there are, of one token and in all."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from domain.kernel import Refusal
from service.observability.metrics import Metrics


class TooManyStreams(Refusal):
    """There are {limit} streams open, of your token or in all. End one, or come back later.

    Đang có {limit} luồng sự kiện, của mã truy cập này hoặc của tất cả. Hãy đóng bớt hoặc thử lại
    sau.
    """


class Streams:
    """The streams that are open.

    Args:
        most: at once.
        most_of_one: at once of one token.
        metrics: count them.
    """

    def __init__(self, most: int, most_of_one: int, metrics: Metrics) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._metrics = metrics
        self._by_token: Counter[str] = Counter()

    @contextmanager
    def opened(self, token_id: str) -> Iterator[None]:
        """Count a stream as long as the context lasts.

        Raises:
            TooManyStreams.
        """
        if self._by_token[token_id] >= self._most_of_one:
            raise TooManyStreams(limit=self._most_of_one)
        if self._by_token.total() >= self._most:
            raise TooManyStreams(limit=self._most)
        self._by_token[token_id] += 1
        self._metrics.streams.inc()
        try:
            yield
        finally:
            self._metrics.streams.dec()
            self._by_token[token_id] -= 1
            if not self._by_token[token_id]:
                del self._by_token[token_id]
