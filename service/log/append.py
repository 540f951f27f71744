"""Group commit: concurrent appends to a ledger are written in one batch, each with its outcome."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

import asyncpg
import structlog

from service.database.engine import Acquired
from service.database.outages import NOT_NOW
from service.log.ahead import ahead_of
from service.log.batch import MOST_REQUESTS, Batch, Request
from service.log.epochs import Epochs, Place
from service.log.events import (
    AppendConditionFailed,
    Appended,
    ClocksDisagree,
    IdempotencyKeyReused,
    KeysMissing,
    LedgerAhead,
    LedgerUnknown,
    LogBusy,
    LogSetBack,
    LogUnavailable,
    NotStorable,
    OutcomeUnknown,
    PositionTaken,
)
from service.log.lanes import Lane, Lanes, is_open
from service.log.room import Room
from service.log.settle import look_up
from service.log.wire import APPEND, Sender, columns

QUEUE_REQUESTS = 2048
QUEUE_BYTES = 16 * 2**20
# How many waiting requests are examined for one batch if most depend on one another.
MOST_EXAMINED = 4 * MOST_REQUESTS
QUEUE_TIMEOUT_S = 5.0
# How long a request waits to be written, and how long an unknown outcome is looked for.
PATIENCE_S = 10.0
# Between two attempts after an outage.
PAUSE_S = 0.1
# A ledger that was found locked stays in the patient lane for so long.
SLOW_S = 5.0
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
        lanes: the connections; one is taken while there is something to write.
        ledger: the ledger to write to.
        head: a position that the ledger has reached.
        on_written: called with the ledger after each batch that added events.
        epochs: what this process has seen of the log, which must still hold it.
        patience_s: how long a request waits to be written.
        most_skew: how far the clocks of host and database may be apart.
    """

    def __init__(  # noqa: PLR0913  what a writer needs, each by its name
        self,
        lanes: Lanes,
        ledger: str,
        *,
        head: int,
        on_written: Callable[[str], None],
        epochs: Epochs,
        patience_s: float = PATIENCE_S,
        most_skew: timedelta = MOST_SKEW,
    ) -> None:
        self._lanes = lanes
        self._ledger = ledger
        self._head = head
        self._on_written = on_written
        self._epochs = epochs
        self._patience_s = patience_s
        self._most_skew = most_skew
        self._waiting: deque[Request] = deque()
        self._room = Room(QUEUE_REQUESTS, QUEUE_BYTES, QUEUE_TIMEOUT_S)
        self._unanswered: dict[Request, None] = {}  # in the order of their expiry
        self._expiry: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._clock = asyncio.get_running_loop().time
        self._slow_until = 0.0
        self._hindrance: Exception | None = None

    async def append(self, request: Request) -> Appended:
        """Wait for a place in the queue, then for the outcome. A cancelled caller affects no other.

        Raises:
            LogBusy, LogUnavailable, ClocksDisagree, LogSetBack, NotStorable, LedgerUnknown,
            AppendConditionFailed, KeysMissing, IdempotencyKeyReused: nothing was written.
            OutcomeUnknown: the connection was lost, and what became of it could not be found out.
        """
        if not self._room.admits(request.bytes):
            await self._room.enter(request.bytes)
        try:
            request.expires_at = self._clock() + self._patience_s
            self._unanswered[request] = None
            if self._expiry is None:
                self._look_at(request.expires_at)
            self._waiting.append(request)
            if self._task is None:
                self._task = asyncio.create_task(self._drain())
            return await request.outcome
        finally:
            self._unanswered.pop(request, None)
            self._room.leave(request.bytes)

    def forget_head(self) -> None:
        """Take no position for reached: the ledger may be shorter in a new epoch."""
        self._head = 0

    async def close(self, seconds: float) -> None:
        """Wait until every accepted request has its outcome, at most so long; then refuse it."""
        if self._task is not None:
            task = self._task
            await asyncio.wait([task], timeout=seconds)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        _fail(self._waiting, LogUnavailable, self._hindrance)
        self._waiting.clear()
        if self._expiry is not None:
            self._expiry.cancel()

    def _look_at(self, instant: float) -> None:
        self._expiry = asyncio.get_running_loop().call_at(instant, self._expire)

    def _expire(self) -> None:
        """Refuse what was not written in time, unless its outcome is on the way."""
        self._expiry = None
        now = self._clock()
        for request in self._unanswered:
            if request.expires_at > now:
                self._look_at(request.expires_at)
                return
            request.is_late = True
            if not request.is_sent:
                request.fail(self._refusal(), self._hindrance)

    def _refusal(self) -> Exception:
        if self._hindrance is None or self._is_slow():
            return LogBusy("it was not written in time")
        return LogUnavailable(str(self._hindrance))

    def _is_slow(self) -> bool:
        return self._clock() < self._slow_until

    async def _drain(self) -> None:
        try:
            while self._waiting:
                await self._take_turn()
        finally:
            self._task = None

    async def _take_turn(self) -> None:
        """Write as much as there is, but only one batch if other ledgers wait for the lane."""
        lane = self._lanes.patient if self._is_slow() else self._lanes.usual
        try:
            async with lane.turn() as connection:
                while self._waiting and is_open(connection):
                    if not await self._write(lane, connection, self._next_batch()):
                        return
                    # Callers just answered may append again first: full batches are faster for all.
                    await asyncio.sleep(0)
                    if lane.is_wanted:
                        return
        except asyncpg.LockNotAvailableError as error:
            # Others hold the ledger: it waits for its lock where it holds up nobody.
            self._hindrance = error
            self._slow_until = self._clock() + SLOW_S
        except NOT_NOW as error:
            self._hindrance = error
            await asyncio.sleep(PAUSE_S)
        except Exception as error:  # the callers who wait are served by the next turn
            log.exception("writer_failed", ledger=self._ledger)
            self._hindrance = error
            await asyncio.sleep(PAUSE_S)

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

    async def _write(self, lane: Lane, connection: Acquired, batch: list[Request]) -> bool:
        """Write a batch and answer its callers. Return whether the connection is still there.

        Raises:
            Exception: of NOT_NOW; nothing was written, and the batch waits again.
        """
        if not batch:
            return True
        session = connection.get_server_pid()
        try:
            outcome = await self._call(lane, connection, batch)
        except REFUSED_CONTENT as error:
            return await self._split(lane, connection, batch, error)
        except CONNECTION_LOST as error:
            await self._settle(batch, session, error)
            return False
        except asyncio.CancelledError as closing:
            _fail(batch, OutcomeUnknown, closing)
            raise
        except NOT_NOW:
            self._put_back(batch)
            raise
        except Exception as error:  # noqa: BLE001  the callers must learn of every error
            is_of_clocks = getattr(error, "sqlstate", None) == CLOCKS_DISAGREE
            bound = self._most_skew
            ahead = await ahead_of(connection, self._ledger, bound) if is_of_clocks else None
            for request in batch:
                request.fail(
                    self._error_for_caller(error) if ahead is None else LedgerAhead(*ahead), error
                )
        else:
            self._hindrance = None
            last = _resolve(batch, outcome)
            self._head = outcome["head_before"] if last is None else last.position
            if last is not None:
                self._epochs.saw(self._ledger, *last)
                self._on_written(self._ledger)
        return True

    def _put_back(self, batch: Sequence[Request]) -> None:
        """Let requests that were not written wait again, before all others."""
        for request in reversed(batch):
            request.is_sent = False
            if request.is_late:
                request.fail(self._refusal(), self._hindrance)
            elif not request.answered():
                self._waiting.appendleft(request)

    async def _split(
        self, lane: Lane, connection: Acquired, batch: list[Request], error: Exception
    ) -> bool:
        """Find the refused request by halving the batch. The others are written."""
        if isinstance(error, asyncpg.UniqueViolationError):
            log.error("log_position_taken", ledger=self._ledger, error=str(error))
            _fail(batch, PositionTaken, error)
            return True
        if len(batch) == 1:
            batch[0].fail(NotStorable(str(error)), error)
            return True
        first, second = batch[: len(batch) // 2], batch[len(batch) // 2 :]
        is_connected = False
        try:
            is_connected = await self._write(lane, connection, first)
        finally:
            if not is_connected:
                self._put_back(second)
        return is_connected and await self._write(lane, connection, second)

    async def _settle(self, batch: list[Request], session: int, lost: Exception) -> None:
        """Find out what became of a batch whose connection was lost, as long as there is time.

        What was not recorded waits again, where it cannot be recorded twice: its key forbids that,
        or its session has ended.
        """
        end = self._clock() + self._patience_s
        unknown = batch
        while unknown and self._clock() < end:
            try:
                async with asyncio.timeout_at(end), self._lanes.patient.turn() as connection:
                    found = await look_up(
                        connection, self._ledger, unknown, after=self._head, session=session
                    )
            except NOT_NOW:
                await asyncio.sleep(PAUSE_S)
                continue
            again: list[Request] = []
            left: list[Request] = []
            for request in unknown:
                row = found.events.get(request.row.events[0][0])
                if row is not None:
                    request.succeed(_as_recorded(request, row))
                elif found.is_final or (request.idempotency and not request.is_late):
                    again.append(request)
                else:
                    left.append(request)
            if found.events:
                self._on_written(self._ledger)
            self._put_back(again)
            unknown = left
            if unknown:
                await asyncio.sleep(PAUSE_S)
        _fail(unknown, OutcomeUnknown, lost)

    def _error_for_caller(self, error: Exception) -> Exception:
        if isinstance(error, asyncpg.NoDataFoundError):
            return LedgerUnknown(ledger=self._ledger)
        if not isinstance(error, asyncpg.PostgresError):
            return LogUnavailable(str(error))
        if error.sqlstate == CLOCKS_DISAGREE:
            return ClocksDisagree(float(error.detail or 0))
        return (LogSetBack if error.sqlstate == LOG_SET_BACK else LogUnavailable)(str(error))

    async def _call(self, lane: Lane, connection: Acquired, batch: list[Request]) -> asyncpg.Record:
        """Append the batch in one round trip and one transaction.

        A connection that does not answer in time is ended: a cancelled commit could stand.
        """
        for request in batch:
            request.is_sent = True
        sender = Sender(datetime.now(UTC), self._most_skew, *self._epochs.seen(self._ledger))
        arguments = columns([request.row for request in batch])
        end = None
        if lane.answer_s is not None:
            end = asyncio.get_running_loop().call_later(lane.answer_s, connection.terminate)
        try:
            rows = await connection.fetch(APPEND, self._ledger, *sender, *arguments)
        finally:
            if end is not None:
                end.cancel()
        return rows[0]


def _fail(batch: Iterable[Request], reason: type[Exception], cause: BaseException | None) -> None:
    """Give each caller an error of its own: a shared one would collect every caller's traceback."""
    for request in batch:
        request.fail(reason(), cause)


def _as_recorded(request: Request, first: asyncpg.Record) -> Appended:
    last = first["position"] + len(request.row.events) - 1
    return Appended(first["position"], last, first["recorded_at"], request.reply, replayed=False)


def _resolve(batch: list[Request], outcome: asyncpg.Record) -> Place | None:
    """Give every caller its outcome. Return the last event that was appended."""
    position, recorded_at = outcome["head_before"], outcome["stamped_at"]
    conflicting, keyless = set(outcome["conflicting"]), set(outcome["keyless"])
    last = None
    replays = _stored_outcomes(outcome)
    for number, request in enumerate(batch, 1):
        if number in replays:
            digest, before = replays[number]
            if request.idempotency is None or not request.idempotency.is_of(digest):
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
            last = Place(position, request.row.events[-1][0])
    return last


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
