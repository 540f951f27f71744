"""Group commit: concurrent appends to a ledger are written together, each with its own outcome."""

import asyncio
from collections import deque
from collections.abc import Callable

import asyncpg

from service.database.engine import Acquired, Pool
from service.log.batch import MOST_REQUESTS, Batch, Request
from service.log.events import (
    AppendConditionFailed,
    Appended,
    IdempotencyKeyReused,
    LedgerUnknown,
    LogBusy,
    LogUnavailable,
    NotStorable,
    OutcomeUnknown,
)
from service.log.wire import APPEND, columns

QUEUE_REQUESTS = 2048
# How many waiting requests are looked at for a batch, where most depend on one another.
MOST_EXAMINED = 4 * MOST_REQUESTS
QUEUE_TIMEOUT_S = 5.0
CONNECT_S = 10.0

# The connection ended, or the server did: what it was doing may have been done.
CONNECTION_LOST = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
# One request's content is at fault: the others of its batch are not.
REFUSED_CONTENT = (
    ValueError,
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.ProgramLimitExceededError,
)


class Writer:
    """The one writer of a ledger in this process. Idle, it costs nothing.

    Args:
        pool: connections; one is taken while there is something to write.
        ledger: whose events.
        written: called with the ledger after each batch that added events.
    """

    def __init__(self, pool: Pool, ledger: str, on_written: Callable[[str], None]) -> None:
        self._pool = pool
        self._ledger = ledger
        self._on_written = on_written
        self._waiting: deque[Request] = deque()
        self._free_places = asyncio.Semaphore(QUEUE_REQUESTS)
        self._task: asyncio.Task[None] | None = None

    async def append(self, request: Request) -> Appended:
        """Wait for room, then for the outcome. A caller that is cancelled meanwhile harms nobody.

        Raises:
            LogBusy, LogUnavailable, NotStorable, LedgerUnknown, AppendConditionFailed,
            IdempotencyKeyReused: nothing was written.
            OutcomeUnknown: the connection was lost.
        """
        if self._free_places.locked():
            try:
                async with asyncio.timeout(QUEUE_TIMEOUT_S):
                    await self._free_places.acquire()
            except TimeoutError:
                raise LogBusy from None
        else:
            await self._free_places.acquire()
        try:
            self._waiting.append(request)
            if self._task is None:
                self._task = asyncio.create_task(self._drain())
            return await request.outcome
        finally:
            self._free_places.release()

    async def close(self) -> None:
        """Wait until everything that was taken in is answered."""
        if self._task is not None:
            await self._task

    async def _drain(self) -> None:
        try:
            while self._waiting:
                await self._drain_while_connected()
        finally:
            self._task = None

    async def _drain_while_connected(self) -> None:
        try:
            async with self._pool.acquire(timeout=CONNECT_S) as connection:
                while self._waiting and not connection.is_closed():
                    await self._write(connection, self._next_batch())
                    # Those just answered may ask again first: full batches serve all sooner.
                    await asyncio.sleep(0)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            # There is no connection to be had, and nothing of this was sent.
            while self._waiting:
                self._waiting.popleft().fail(LogUnavailable(str(error)), error)

    def _next_batch(self) -> list[Request]:
        batch = Batch()
        later: list[Request] = []
        for _ in range(min(len(self._waiting), MOST_EXAMINED)):
            request = self._waiting.popleft()
            if request.answered():
                continue
            if not batch.has_room_for(request):
                self._waiting.appendleft(request)
                break
            if batch.depends(request):
                later.append(request)
            else:
                batch.add(request)
        self._waiting.extendleft(reversed(later))
        return batch.requests

    async def _write(self, connection: Acquired, batch: list[Request]) -> None:
        """Write a batch and answer its callers; no outcome ends the writer."""
        if not batch:
            return
        try:
            outcome = await self._call(connection, batch)
        except REFUSED_CONTENT as error:
            await self._split(connection, batch, error)
        except Exception as error:  # noqa: BLE001  whatever it is, the callers must hear of it
            for request in batch:
                request.fail(self._error_for_caller(error), error)
        else:
            if _resolve(batch, outcome):
                self._on_written(self._ledger)

    async def _split(self, connection: Acquired, batch: list[Request], error: Exception) -> None:
        """Find whose content is refused, by halving; the others are written."""
        if len(batch) == 1:
            batch[0].fail(NotStorable(str(error)), error)
        else:
            await self._write(connection, batch[: len(batch) // 2])
            await self._write(connection, batch[len(batch) // 2 :])

    def _error_for_caller(self, error: Exception) -> Exception:
        """What one caller is told; each has its own, for tracebacks grow on what is raised."""
        if isinstance(error, OutcomeUnknown):
            return OutcomeUnknown()
        if isinstance(error, asyncpg.NoDataFoundError):
            return LedgerUnknown(ledger=self._ledger)
        return LogUnavailable(str(error))

    async def _call(self, connection: Acquired, batch: list[Request]) -> asyncpg.Record:
        """One round trip: the batch is one transaction."""
        try:
            rows = await connection.fetch(
                APPEND, self._ledger, *columns([request.row for request in batch])
            )
        except CONNECTION_LOST as error:
            if isinstance(error, ValueError):  # asyncpg's, of an argument it cannot encode
                raise
            raise OutcomeUnknown from error
        return rows[0]


def _resolve(batch: list[Request], outcome: asyncpg.Record) -> bool:
    """Tell every caller its own outcome; whether anything was appended."""
    position, recorded_at = head, _ = outcome["head_before"], outcome["stamped_at"]
    conflicting = set(outcome["conflicting"])
    replays = _stored_outcomes(outcome)
    for number, request in enumerate(batch, 1):
        if number in replays:
            digest, before = replays[number]
            if request.idempotency is None or request.idempotency.digest != digest:
                request.fail(IdempotencyKeyReused())
            else:
                request.succeed(before)
        elif number in conflicting:
            request.fail(AppendConditionFailed())
        else:
            first, position = position + 1, position + len(request.row.events)
            request.succeed(Appended(first, position, recorded_at, request.reply, replayed=False))
    return bool(position > head)


def _stored_outcomes(outcome: asyncpg.Record) -> dict[int, tuple[bytes, Appended]]:
    """By the request's number: the digest and the outcome stored with its key."""
    if not outcome["known"]:
        return {}
    stored = zip(
        *(outcome[f"known_{name}"] for name in ("digests", "first", "last", "at", "replies")),
        strict=True,
    )
    return {
        number: (digest, Appended(first, last, at, reply, replayed=True))
        for number, (digest, first, last, at, reply) in zip(outcome["known"], stored, strict=True)
    }
