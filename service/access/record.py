"""The access record: who was refused, and who read or took away what is about persons.

It stands beside the log, in months that go when their time is over: what it records is about the
record, and no part of it. What must be recorded is written before it is given, in one batch with
what others wait for; refusals are written soon after. While nothing can be written, nothing is
given that must be recorded.
"""

import asyncio
from collections import deque
from typing import NamedTuple

import structlog

from domain.kernel import Refusal
from service.access.entries import EXTEND, Entry, encoded, write
from service.access.refusals import Refusals
from service.database.engine import Pool
from service.database.outages import NOT_NOW
from service.supervision import Supervised, Tasks

# So many bytes wait to be written at most; once so many are together, they are written.
MOST_BYTES = 8_000_000
BATCH_BYTES = 500_000
# Counted refusals are written once their minute is over; it is looked for so often.
PAUSE_SECONDS = 5.0
DAY_SECONDS = 86_400.0
# How long the end of the service waits for the last of it.
LAST_SECONDS = 5.0
EXPIRE = "SELECT access.expire_record($1)"

log = structlog.get_logger()


class AccessNotRecorded(Refusal):
    """Who reads this must be recorded, and cannot be now: nothing was given. Send it again later.

    Việc đọc nội dung này phải được ghi nhật ký nhưng hiện chưa ghi được; hãy gửi lại sau.
    """


class Waiting(NamedTuple):
    """An entry as it is written, and who waits for that, if somebody does."""

    entry: bytes
    written: asyncio.Future[None] | None = None


class AccessRecord:
    """The access record, as this process keeps it.

    Args:
        pool: the database.
        tasks: the background tasks of the process.
        days: how long a month is kept after its end.
        most: how many bytes may wait to be written.
    """

    def __init__(self, pool: Pool, tasks: Tasks, days: int, most: int = MOST_BYTES) -> None:
        self._pool = pool
        self._tasks = tasks
        self._days = days
        self._most = most
        self._waiting: deque[Waiting] = deque()
        self._bytes = 0
        self._refusals = Refusals()
        self._is_written = True
        self._writing: Supervised | None = None
        # One batch at a time, and none is given up half written at the end.
        self._turn = asyncio.Lock()

    async def start(self) -> None:
        """Make the months that are missing, and begin to write."""
        await self._pool.execute(EXTEND)
        self._writing = self._tasks.repeat("access_record", self.write_some, PAUSE_SECONDS)
        self._tasks.repeat("access_record_months", self.keep_months, DAY_SECONDS)

    async def accept(self, *entries: Entry) -> None:
        """Write what must be recorded before anything is given.

        Raises:
            AccessNotRecorded: it cannot be written.
        """
        if not self._is_written or self._writing is None or self._bytes >= self._most:
            raise AccessNotRecorded
        written = asyncio.get_running_loop().create_future()
        *others, last = map(encoded, entries)
        for one in others:
            self._take(Waiting(one))
        self._take(Waiting(last, written))
        await written

    def done(self, entry: Entry) -> None:
        """Take what was done, and is told by the log as well."""
        self._take(Waiting(encoded(entry)))

    def refused(self, entry: Entry) -> None:
        """Take a refusal. Where there are too many alike, they are counted by the minute."""
        if self._refusals.is_single(entry) and self._bytes < self._most:
            self._take(Waiting(encoded(entry)))
        else:
            self._refusals.count(entry)

    async def write_some(self) -> bool:
        """Write what waits, as much as is written at once; whether there is more."""
        async with self._turn:
            return await self._write_some()

    async def _write_some(self) -> bool:
        for counted in self._refusals.over():
            self._take(Waiting(encoded(counted)))
        if not self._is_written:
            await self._pool.execute(EXTEND)
            self._is_written = True
        batch = self._batch()
        if not batch:
            return False
        try:
            await write(self._pool, [one.entry for one in batch])
        except BaseException as error:
            self._put_back(batch)
            self._is_written = isinstance(error, asyncio.CancelledError)
            raise
        for one in batch:
            if one.written is not None and not one.written.done():
                one.written.set_result(None)
        return bool(self._waiting)

    async def write_all(self) -> None:
        """Write all of it, also what was counted in a minute that is not over."""
        for counted in self._refusals.all():
            self._take(Waiting(encoded(counted)))
        while await self.write_some():
            pass

    async def close(self) -> None:
        """Write the last of it; nothing is given any more that must be recorded.

        It comes before the tasks are stopped, and again after that for what they refused.
        """
        self._writing = None
        try:
            async with asyncio.timeout(LAST_SECONDS):
                await self.write_all()
        except NOT_NOW:
            log.exception("access_record_incomplete", lost=len(self._waiting))

    async def keep_months(self) -> None:
        """Make the months to come, and drop those whose time is over."""
        await self._pool.execute(EXTEND)
        dropped = await self._pool.fetchval(EXPIRE, self._days)
        if dropped:
            log.info("access_record_expired", months=dropped)

    def _take(self, one: Waiting) -> None:
        self._waiting.append(one)
        self._bytes += len(one.entry)
        if self._writing is not None:
            self._writing.wake()

    def _batch(self) -> list[Waiting]:
        batch: list[Waiting] = []
        size = 0
        while self._waiting and size < BATCH_BYTES:
            batch.append(self._waiting.popleft())
            size += len(batch[-1].entry)
        self._bytes -= size
        return batch

    def _put_back(self, batch: list[Waiting]) -> None:
        """What nobody waits for is written later; whoever waits is told that it was not written."""
        waiting = [*batch, *self._waiting]
        self._waiting = deque(one for one in waiting if one.written is None)
        self._bytes = sum(len(one.entry) for one in self._waiting)
        for one in waiting:
            if one.written is not None and not one.written.done():
                one.written.set_exception(AccessNotRecorded())
