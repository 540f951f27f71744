"""Short cache: what costs a look is looked at once, for all who ask within a second."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Generic, TypeVar

SECONDS = 1.0

Value = TypeVar("Value")


class ShortCache(Generic[Value]):
    """What was seen in the last second; who asks while it is looked at waits for that look.

    Args:
        look: what costs.
    """

    def __init__(self, look: Callable[[], Awaitable[Value]]) -> None:
        self._look = look
        self._looking: asyncio.Task[Value] | None = None
        self._ended_at = 0.0

    async def value(self) -> Value:
        """What was seen. Whoever waits no more does not end the look."""
        looking = self._looking
        if looking is None or (looking.done() and not self._is_recent(looking)):
            looking = self._looking = asyncio.create_task(self._timed())
        return await asyncio.shield(looking)

    def _is_recent(self, looking: "asyncio.Task[Value]") -> bool:
        failed = looking.cancelled() or looking.exception() is not None
        return not failed and monotonic() - self._ended_at < SECONDS

    async def _timed(self) -> Value:
        seen = await self._look()
        self._ended_at = monotonic()
        return seen
