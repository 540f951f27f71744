"""Snapshots: what a ledger's read models said when its log had reached a position, under a name.

A snapshot is ordered, made in the background, read, and dropped or expired. It belongs to whoever
holds the lock of its slot: if that process dies, another begins it anew. Nothing of it is read
before it is done.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID, uuid4

from domain.kernel import Conflict, Invalid, NotFound
from service.database.engine import Acquired, Pool
from service.read_models.known import position_at
from service.read_models.projector import PositionNotRecorded
from service.read_models.slots import LOCK_CLASS, build, schema_of

# A slot rests before it is filled again: whoever still reads it finds nothing, never another's.
REST_SECONDS = 60.0
# So often a snapshot is begun before it is given up: it may be what kills the processes.
MOST_ATTEMPTS = 5

State: TypeAlias = Literal["waiting", "running", "done", "failed"]


class SnapshotUnknown(NotFound):
    """There is no snapshot {snapshot} of this ledger; `POST /snapshots` makes one.

    Sổ này không có bản chụp {snapshot}; `POST /snapshots` để lập.
    """


class SnapshotNotReady(Conflict):
    """Snapshot {snapshot} is still being made: {events_done} events are folded so far.

    Bản chụp {snapshot} đang được lập: đã xử lý {events_done} sự kiện.
    """


class SnapshotFailed(Conflict):
    """Snapshot {snapshot} could not be made: {error}.

    Không lập được bản chụp {snapshot}: {error}.
    """


class SnapshotOutdated(Conflict):
    """Snapshot {snapshot} was made by another build of the service: drop it and make it again.

    Bản chụp {snapshot} do phiên bản khác của dịch vụ lập: hãy bỏ đi và lập lại.
    """


class SnapshotNameTaken(Conflict):
    """This ledger has a snapshot {snapshot} already.

    Sổ này đã có bản chụp {snapshot}.
    """


class SnapshotsFull(Conflict):
    """There is no room for another snapshot beside the {most} that are kept: drop one first.

    Không còn chỗ cho bản chụp khác ngoài {most} bản được giữ: hãy bỏ bớt trước.
    """


class InstantAhead(Invalid):
    """{known_at} is still to come: nobody knows what will be known then.

    {known_at} chưa tới: chưa ai biết khi đó đã ghi nhận những gì.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A snapshot, and how far it is.

    Attributes:
        position: up to which events are known.
        build: of the service that made it.
        attempts: how often it was begun.
        events_total: how many events its tables are folded from; None before they are counted.
    """

    id: UUID
    ledger: str
    name: str
    position: int
    slot: int
    state: State
    build: str | None
    made_by: str
    attempts: int
    events_total: int | None
    events_done: int
    error: str | None
    created_at: datetime
    ended_at: datetime | None
    expires_at: datetime

    @property
    def schema(self) -> str:
        """Where its tables are."""
        return schema_of(self.slot)

    @property
    def is_outdated(self) -> bool:
        """Whether its tables were made by another build, and do not fit this one's statements."""
        return self.state == "done" and self.build != build()


COLUMNS = ", ".join(each.name for each in fields(Snapshot))
ONE = f"""
SELECT {COLUMNS} FROM jobs.snapshots WHERE ledger = $1 AND name = $2 AND expires_at > now()
"""  # noqa: S608  constants
AT_POSITION = f"""
SELECT {COLUMNS} FROM jobs.snapshots WHERE ledger = $1 AND position = $2 AND expires_at > now()
ORDER BY (state = 'done' AND build = $3) DESC, state = 'done' DESC, created_at LIMIT 1
"""  # noqa: S608  constants
OF_LEDGER = f"""
SELECT {COLUMNS} FROM jobs.snapshots WHERE ledger = $1 AND expires_at > now() ORDER BY name
"""  # noqa: S608  constants
IN_SLOT = f"SELECT {COLUMNS} FROM jobs.snapshots WHERE slot = $1"  # noqa: S608  constants
EXPIRE = "DELETE FROM jobs.snapshots WHERE expires_at <= now()"
KEPT = "SELECT count(*) FROM jobs.snapshots"
TAKEN = "SELECT EXISTS (SELECT FROM jobs.snapshots WHERE ledger = $1 AND name = $2)"
TAKE_SLOT = """
UPDATE jobs.snapshot_slots SET free_since = NULL
WHERE slot = (
    SELECT slot FROM jobs.snapshot_slots
    WHERE free_since < now() - make_interval(secs => $1)
    ORDER BY free_since, slot LIMIT 1
)
RETURNING slot
"""
INSERT = f"""
INSERT INTO jobs.snapshots (id, ledger, name, slot, position, made_by, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(days => $7))
RETURNING {COLUMNS}
"""  # noqa: S608  constants
DROP = "DELETE FROM jobs.snapshots WHERE ledger = $1 AND name = $2 RETURNING id"
# Slots that hold what nobody keeps, then snapshots to be made; none that a process holds.
TO_DO = """
SELECT s.slot
FROM jobs.snapshot_slots s LEFT JOIN jobs.snapshots t USING (slot)
WHERE s.free_since IS NULL AND (t.slot IS NULL OR t.state IN ('waiting', 'running'))
    AND NOT EXISTS (
        SELECT FROM pg_locks
        WHERE locktype = 'advisory' AND granted AND classid = $1 AND objid = s.slot::oid
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    )
ORDER BY t.created_at NULLS FIRST, s.slot
"""
BEGIN = f"""
UPDATE jobs.snapshots SET state = 'running', attempts = attempts + 1, events_done = 0
WHERE id = $1 RETURNING {COLUMNS}
"""  # noqa: S608  constants
ADVANCE = "UPDATE jobs.snapshots SET events_done = $2, events_total = $3 WHERE id = $1"
DONE = """
UPDATE jobs.snapshots SET state = 'done', build = $2, events_done = $3, events_total = $3,
    ended_at = now()
WHERE id = $1
"""
FAIL = "UPDATE jobs.snapshots SET state = 'failed', error = $2, ended_at = now() WHERE id = $1"
LEAVE = "UPDATE jobs.snapshots SET state = 'waiting', attempts = attempts - 1 WHERE id = $1"
CLEARED = """
UPDATE jobs.snapshot_slots s SET free_since = now()
WHERE slot = $1 AND NOT EXISTS (SELECT FROM jobs.snapshots t WHERE t.slot = s.slot)
"""


async def snapshot_at(pool: Pool, ledger: str, known_at: str | int) -> Snapshot:
    """The snapshot of that name, or of exactly that position; its schema is to be read.

    Between this and the reading it may be dropped: then its tables are not there
    (`asyncpg.UndefinedTableError`), and `SnapshotUnknown` is the answer.

    Raises:
        SnapshotUnknown: there is none, or none any longer.
        SnapshotNotReady: it is being made.
        SnapshotFailed: it could not be made.
        SnapshotOutdated: another build of the service made it.
    """
    if isinstance(known_at, int):
        row = await pool.fetchrow(AT_POSITION, ledger, known_at, build())
    else:
        row = await pool.fetchrow(ONE, ledger, known_at)
    if row is None:
        raise SnapshotUnknown(snapshot=known_at)
    snapshot = Snapshot(**row)
    if snapshot.state == "failed":
        raise SnapshotFailed(snapshot=snapshot.name, error=snapshot.error)
    if snapshot.state != "done":
        raise SnapshotNotReady(
            snapshot=snapshot.name,
            events_done=snapshot.events_done,
            events_total=snapshot.events_total,
        )
    if snapshot.is_outdated:
        raise SnapshotOutdated(snapshot=snapshot.name)
    return snapshot


async def position_of(
    pool: Pool, ledger: str, known_at: int | datetime, head: int, now: datetime
) -> int:
    """The position that a snapshot ordered for this position or instant stands at.

    Raises:
        PositionNotRecorded: the log has not reached it.
        InstantAhead: the instant is still to come.
        NothingRecordedYet: the instant is before the first event.
    """
    if isinstance(known_at, int):
        if known_at > head:
            raise PositionNotRecorded(position=known_at, head=head)
        return known_at
    if known_at > now:
        raise InstantAhead(known_at=known_at)
    return await position_at(pool, ledger, known_at, head)


class Snapshots:
    """The snapshots of all ledgers.

    Args:
        pool: connections in the service's role.
        most: so many are kept at once.
        days: so long each is kept.
    """

    def __init__(self, pool: Pool, *, most: int, days: int) -> None:
        self._pool = pool
        self._most = most
        self._days = days

    async def order(self, ledger: str, name: str, position: int, made_by: str) -> Snapshot:
        """Have one made; the position is one that the log has reached.

        Raises:
            SnapshotNameTaken, SnapshotsFull.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            # One order at a time, so that no two take the last place.
            await connection.execute("SELECT pg_advisory_xact_lock($1, 0)", LOCK_CLASS)
            await connection.execute(EXPIRE)
            if await connection.fetchval(TAKEN, ledger, name):
                raise SnapshotNameTaken(snapshot=name)
            slot = await self._free_slot(connection)
            order = (uuid4(), ledger, name, slot, position, made_by, self._days)
            [row] = await connection.fetch(INSERT, *order)
        return Snapshot(**row)

    async def _free_slot(self, connection: Acquired) -> int:
        kept = await connection.fetchval(KEPT)
        slot = None
        if kept < self._most:
            slot = await connection.fetchval(TAKE_SLOT, REST_SECONDS)
        if slot is None:
            raise SnapshotsFull(most=self._most)
        return int(slot)

    async def find(self, ledger: str, name: str) -> Snapshot:
        """The snapshot of that name, in whatever state.

        Raises:
            SnapshotUnknown.
        """
        row = await self._pool.fetchrow(ONE, ledger, name)
        if row is None:
            raise SnapshotUnknown(snapshot=name)
        return Snapshot(**row)

    async def of_ledger(self, ledger: str) -> list[Snapshot]:
        """Those of the ledger, by name."""
        return [Snapshot(**row) for row in await self._pool.fetch(OF_LEDGER, ledger)]

    async def drop(self, ledger: str, name: str) -> None:
        """Keep it no longer; its tables go as soon as nobody reads them.

        Raises:
            SnapshotUnknown.
        """
        if await self._pool.fetchval(DROP, ledger, name) is None:
            raise SnapshotUnknown(snapshot=name)

    async def expire(self) -> None:
        """Keep no longer what has expired."""
        await self._pool.execute(EXPIRE)

    async def to_do(self) -> list[int]:
        """The slots that are to be cleared or filled and that no process holds."""
        return [slot for (slot,) in await self._pool.fetch(TO_DO, LOCK_CLASS)]

    async def in_slot(self, slot: int) -> Snapshot | None:
        """The snapshot that the slot is for, if it is kept."""
        row = await self._pool.fetchrow(IN_SLOT, slot)
        return None if row is None else Snapshot(**row)

    async def begin(self, snapshot: Snapshot) -> Snapshot | None:
        """Begin to make it; None if it is kept no longer. Whoever begins it holds its slot."""
        row = await self._pool.fetchrow(BEGIN, snapshot.id)
        return None if row is None else Snapshot(**row)

    async def advance(self, snapshot: Snapshot, done: int, total: int) -> bool:
        """Store how far it is; False if it is kept no longer."""
        return await self._update(ADVANCE, snapshot, done, total)

    async def end(self, snapshot: Snapshot, total: int) -> bool:
        """Let it be read; False if it is kept no longer."""
        return await self._update(DONE, snapshot, build(), total)

    async def fail(self, snapshot: Snapshot, error: str) -> None:
        """Say why it cannot be made."""
        await self._update(FAIL, snapshot, error)

    async def leave(self, snapshot: Snapshot) -> None:
        """Leave it to the next process, which begins it anew."""
        await self._update(LEAVE, snapshot)

    async def cleared(self, slot: int) -> None:
        """Let the slot be filled again, after it has rested."""
        await self._pool.execute(CLEARED, slot)

    async def _update(self, statement: str, snapshot: Snapshot, *values: object) -> bool:
        return await self._pool.execute(statement, snapshot.id, *values) != "UPDATE 0"
