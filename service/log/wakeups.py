"""Wake-ups: tasks that wait for a ledger to grow are woken."""

import asyncio
from collections import defaultdict
from collections.abc import Callable

CHANNEL = "giaoviec.log"


class Wakeups:
    """Counts the notifications of each ledger, and wakes the tasks that wait for the next one."""

    def __init__(self) -> None:
        self._counts: defaultdict[str, int] = defaultdict(int)
        self._missed = 0
        self._waiting: defaultdict[str, set[asyncio.Future[None]]] = defaultdict(set)
        self._listeners: list[Callable[[str], None]] = []

    def on_notified(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Call back with every ledger that grew; with "" any may have. What is returned ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def notify(self, ledger: str) -> None:
        """Record that the ledger grew; with "" any ledger may have grown."""
        if ledger:
            self._counts[ledger] += 1
            self._wake(ledger)
        else:
            self._missed += 1
            for each in list(self._waiting):
                self._wake(each)
        for listener in self._listeners:
            listener(ledger)

    def count(self, ledger: str) -> int:
        """Return the count. Callers take it before they read the ledger, so they miss no growth."""
        return self._counts.get(ledger, 0) + self._missed

    async def wait(self, ledger: str, count: int, timeout: float) -> None:  # noqa: ASYNC109  it ends the wait, without an error
        """Wait until the count exceeds `count`, at most `timeout` seconds."""
        if self.count(ledger) != count:
            return
        woken = asyncio.get_running_loop().create_future()
        waiting = self._waiting[ledger]
        waiting.add(woken)
        try:
            await asyncio.wait([woken], timeout=timeout)
        finally:
            waiting.discard(woken)
            if not waiting:
                self._waiting.pop(ledger, None)

    def _wake(self, ledger: str) -> None:
        for woken in self._waiting.pop(ledger, ()):
            if not woken.done():
                woken.set_result(None)
