"""Failures: how often an address may fail to authenticate. Beyond that it is not even looked up."""

import time
from ipaddress import IPv6Address, ip_address
from math import ceil

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from domain.kernel import Refusal

# Beyond so many addresses that failed within a minute, further ones share one count.
MOST_ADDRESSES = 10_000
OTHERS = "others"
# What one subscriber of IPv6 has.
SUBSCRIBER = 64


class TooManyFailures(Refusal):
    """Too many tokens from your address were not valid. Send again in {retry_after_seconds} s.

    Quá nhiều mã truy cập không hợp lệ từ địa chỉ của bạn. Gửi lại sau {retry_after_seconds} giây.
    """


class Failures:
    """The failures of each address within a minute, in this process.

    Args:
        per_minute: how many an address may have.
    """

    def __init__(self, per_minute: int) -> None:
        self._limit = RateLimitItemPerMinute(per_minute)
        self._storage = MemoryStorage()
        self._window = FixedWindowRateLimiter(self._storage)

    def __len__(self) -> int:
        """How many addresses are counted."""
        return len(self._storage.storage)

    def require_few(self, address: str) -> None:
        """Require that the address has not failed too often.

        Raises:
            TooManyFailures.
        """
        counted = self._counted_as(address)
        if not self._window.test(self._limit, counted):
            ends = self._window.get_window_stats(self._limit, counted).reset_time
            raise TooManyFailures(retry_after_seconds=max(1, ceil(ends - time.time())))

    def count(self, address: str) -> None:
        """Count a failure of the address."""
        self._window.hit(self._limit, self._counted_as(address))

    def _counted_as(self, address: str) -> str:
        counted = _network(address)
        if len(self) < MOST_ADDRESSES or self._limit.key_for(counted) in self._storage.storage:
            return counted
        return OTHERS


def _network(address: str) -> str:
    """The address, or of IPv6 the network of its subscriber."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or int(parsed) >> (parsed.max_prefixlen - SUBSCRIBER))
    return str(parsed)
