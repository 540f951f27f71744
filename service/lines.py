"""Lines: commands that keep one another from being recorded are tried one by one.

They line up by what their boundaries share. Whoever conflicts waits for its turn with every tag
that it depends on and records, and newcomers that depend on one of these line up behind it. So
what does not contradict succeeds, however many are sent at once.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from weakref import WeakValueDictionary

from eventsourcing.dcb.domain import Selector


class Lines:
    """The lines of a process: one for each tag of a ledger for which anybody waits."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    def __bool__(self) -> bool:
        """Whether there is any line."""
        return bool(self._locks)

    def of(self, ledger: str, tags: Iterable[str]) -> frozenset[str]:
        """For which of the tags there is a line."""
        return frozenset(tag for tag in tags if (ledger, tag) in self._locks)

    @asynccontextmanager
    async def turn(self, ledger: str, tags: Iterable[str]) -> AsyncIterator[None]:
        """Wait until nobody before has one of the tags, and keep them meanwhile.

        Everybody takes the tags in the same order: nobody waits for somebody who waits for them.
        """
        async with AsyncExitStack() as taken:
            for tag in sorted(set(tags)):
                lock = self._locks.setdefault((ledger, tag), asyncio.Lock())
                await taken.enter_async_context(lock)
            yield


def tags_of(selectors: Iterable[Selector]) -> frozenset[str]:
    """All tags of a boundary."""
    return frozenset(tag for selector in selectors for tag in selector.tags)
