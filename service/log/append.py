"""Group commit: concurrent appends to a ledger are written in one batch, each with its outcome."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import asyncpg
import structlog

from service.database.engine import Acquired, Pool
from service.log.batch import MOST_REQUESTS, Batch, Request
from service.log.events import (
    AppendConditionFailed,
    Appended,
    ClocksDisagree,
    IdempotencyKeyReused,
    KeysMissing,
    LedgerUnknown,
    LogBroken,
    LogBusy,
    LogSetBack,
    LogUnavailable,
    NotStorable,
    OutcomeUnknown,
)
from service.log.wakeups import CHANNEL
from service.log.wire import APPEND, Sender, columns

QUEUE_REQUESTS = 2048
# How many waiting requests are examined for one batch if most depend on one another.
MOST_EXAMINED = 4 * MOST_REQUESTS
QUEUE_TIMEOUT_S = 5.0
CONNECT_S = 10.0
# How far the clocks of this host and of the database may be apart.
MOST_SKEW = timedelta(seconds=60)

# The connection or the server ended: the statement may have been committed.
CONNECTION_LOST = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
# What `log.append` refuses by itself.
CLOCKS_DISAGREE, LOG_SET_BACK = "GV001", "GV003"
# The content of one request is at fault; the others of its batch are not.
REFUSED_CONTENT = (
    ValueError,
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.ProgramLimitExceededError,
)

log = structlog.get_logger()


class Writer:
    """The one writer of a ledger in this process. It uses no connection while idle.

    Args:
        pool: connections; one is taken while there is something to write.
        ledger: the ledger to write to.
        on_written: called with the ledger after each batch that added events.
        most_skew: how far the clocks of host and database may be apart.
    """

    def __init__(
        self,
        pool: Pool,
        ledger: str,
        on_written: Callable[[str], None],
        most_skew: timedelta = MOST_SKEW,
    ) -> None:
        self._pool = pool
        self._ledger = ledger
        self._on_written = on_written
        self._most_skew = most_skew
        self._waiting: deque[Request] = deque()
        self._free_places = asyncio.Semaphore(QUEUE_REQUESTS)
        self._task: asyncio.Task[None] | None = None

    async def append(self, request: Request) -> Appended:
        """Wait for a place in the queue, then for the outcome. A cancelled caller affects no other.

        Raises:
            LogBusy, LogUnavailable, ClocksDisagree, LogSetBack, LogBroken, NotStorable,
            LedgerUnknown, AppendConditionFailed, KeysMissing, IdempotencyKeyReused: nothing was
            written.
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
        """Wait until every accepted request has its outcome."""
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
                    # Callers just answered may append again first: full batches are faster for all.
                    await asyncio.sleep(0)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            # No connection is available, and none of these requests was sent.
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
        """Write a batch and answer its callers. No error ends the writer."""
        if not batch:
            return
        try:
            outcome = await self._call(connection, batch)
        except asyncpg.UniqueViolationError as error:
            # Keys of requests were looked up under the lock: only the log's own rows can clash.
            log.exception("log_broken", ledger=self._ledger, constraint=error.constraint_name)
            for request in batch:
                request.fail(LogBroken(str(error)), error)
        except REFUSED_CONTENT as error:
            await self._split(connection, batch, error)
        except Exception as error:  # noqa: BLE001  the callers must learn of every error
            for request in batch:
                request.fail(self._error_for_caller(error), error)
        else:
            if _resolve(batch, outcome):
                self._on_written(self._ledger)
                await self._notify(connection)

    async def _split(self, connection: Acquired, batch: list[Request], error: Exception) -> None:
        """Find the refused request by halving the batch. The others are written."""
        if len(batch) == 1:
            batch[0].fail(NotStorable(str(error)), error)
        else:
            await self._write(connection, batch[: len(batch) // 2])
            await self._write(connection, batch[len(batch) // 2 :])

    def _error_for_caller(self, error: Exception) -> Exception:
        """Create one caller's own error: a shared one would collect every caller's traceback."""
        if isinstance(error, OutcomeUnknown):
            return OutcomeUnknown()
        if isinstance(error, asyncpg.NoDataFoundError):
            return LedgerUnknown(ledger=self._ledger)
        if not isinstance(error, asyncpg.PostgresError):
            return LogUnavailable(str(error))
        if error.sqlstate == CLOCKS_DISAGREE:
            return ClocksDisagree(float(error.detail or 0))
        return (LogSetBack if error.sqlstate == LOG_SET_BACK else LogUnavailable)(str(error))

    async def _call(self, connection: Acquired, batch: list[Request]) -> asyncpg.Record:
        """Append the batch in one round trip and one transaction."""
        try:
            rows = await connection.fetch(
                APPEND,
                self._ledger,
                *Sender(datetime.now(UTC), self._most_skew),
                *columns([request.row for request in batch]),
            )
        except CONNECTION_LOST as error:
            if isinstance(error, ValueError):  # asyncpg cannot encode an argument
                raise
            raise OutcomeUnknown from error
        return rows[0]

    async def _notify(self, connection: Acquired) -> None:
        """Wake the other processes, which poll besides."""
        with suppress(*CONNECTION_LOST, asyncpg.PostgresError):
            await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, self._ledger)


def _resolve(batch: list[Request], outcome: asyncpg.Record) -> bool:
    """Give every caller its outcome. Return whether anything was appended."""
    position, recorded_at = head, _ = outcome["head_before"], outcome["stamped_at"]
    conflicting, keyless = set(outcome["conflicting"]), set(outcome["keyless"])
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
        elif number in keyless:
            request.fail(KeysMissing())
        else:
            first, position = position + 1, position + len(request.row.events)
            request.succeed(Appended(first, position, recorded_at, request.reply, replayed=False))
    return bool(position > head)


def _stored_outcomes(outcome: asyncpg.Record) -> dict[int, tuple[bytes, Appended]]:
    """Return the digest and the outcome stored with each known key, by the request's number."""
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
