"""Turns: the commands of a ledger are worked on a few at a time, and its clients take turns.

A client that sends hundreds at once waits behind its own commands, not before everybody else's.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from service.log.events import LogBusy
from service.requests import TooManyWaiting

# So many commands fill a batch; more of them only wait for one another.
AT_WORK = 64


class Turns:
    """The lines of all ledgers.

    Args:
        per_client: how many commands of one client wait in one ledger.
        seconds: how long one waits.
        at_work: how many commands of a ledger are worked on at once.
    """

    def __init__(self, per_client: int, seconds: float, at_work: int = AT_WORK) -> None:
        self._per_client = per_client
        self._seconds = seconds
        self._at_work = at_work
        self._lines: dict[str, _Line] = {}

    @property
    def is_idle(self) -> bool:
        """Whether no command is worked on."""
        return not self._lines

    @asynccontextmanager
    async def turn(self, ledger: str, client: str) -> AsyncIterator[None]:
        """Wait for the client's turn in the ledger; the next one's comes afterwards.

        Raises:
            TooManyWaiting: the client has too many commands waiting.
            LogBusy: its turn did not come in time.
        """
        line = self._lines.get(ledger)
        if line is None:
            line = self._lines[ledger] = _Line()
        if line.at_work < self._at_work and not line.waiting:
            line.at_work += 1
        else:
            await self._wait(line, client)
        try:
            yield
        finally:
            line.at_work -= 1
            self._call_next(line)
            if not line.at_work:
                self._lines.pop(ledger, None)

    async def _wait(self, line: "_Line", client: str) -> None:
        own = line.waiting.setdefault(client, deque())
        if len(own) >= self._per_client:
            raise TooManyWaiting(limit=self._per_client)
        called = asyncio.get_running_loop().create_future()
        own.append(called)
        try:
            async with asyncio.timeout(self._seconds):
                await called
        except (TimeoutError, asyncio.CancelledError) as ended:
            if not called.cancelled():  # it was called at the last moment
                line.at_work -= 1
                self._call_next(line)
            if isinstance(ended, TimeoutError):
                raise LogBusy from None
            raise

    def _call_next(self, line: "_Line") -> None:
        """Call one command of the client whose turn it is, and put the client last."""
        while line.waiting and line.at_work < self._at_work:
            client, own = line.waiting.popitem(last=False)
            called = own.popleft()
            if own:
                line.waiting[client] = own
            if not called.done():
                line.at_work += 1
                called.set_result(None)


class _Line:
    """A ledger's line.

    Attributes:
        at_work: how many commands are worked on.
        waiting: the waiting commands of each client, in the order of the clients' turns.
    """

    def __init__(self) -> None:
        self.at_work = 0
        self.waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()
