"""Known at: what the service would have answered when the log stood at an earlier position.

Of one subject it is folded at once, from its own events; of a whole ledger a snapshot answers.
"""

from dataclasses import dataclass
from datetime import date

from service.components import Service
from service.database.engine import Pool
from service.handle import VIETNAM
from service.http.reads.query import SnapshotRequired, instant
from service.read_models.known import KnownRows, NothingRecordedYet, position_at, recorded_at
from service.read_models.projector import PositionNotRecorded
from service.read_models.snapshots import InstantAhead, Snapshot, SnapshotUnknown, snapshot_at


@dataclass(frozen=True, slots=True)
class Known:
    """What a read knows.

    Attributes:
        position: up to which events are known.
        on: the day on which that was so.
        rows: of the one subject asked about, if it is one.
        schema: of the snapshot that answers, else.
    """

    position: int
    on: date
    rows: KnownRows | None = None
    schema: str = ""


async def known_at(service: Service, ledger: str, text: str, subject: str, *, whole: bool) -> Known:
    """What was known at a position, an instant, or by the snapshot of that name.

    Args:
        service: whose log is read.
        ledger: whose log.
        text: a position, or an RFC 3339 instant, or the name of a snapshot.
        subject: the tag of the one subject asked about; empty where it is more.
        whole: whether the read models of the whole ledger are asked.

    Raises:
        PositionNotRecorded, NothingRecordedYet, InstantAhead, SnapshotRequired.
        SnapshotUnknown, SnapshotNotReady, SnapshotFailed, SnapshotOutdated.
    """
    pool, head = service.pool, await service.log.head(ledger)
    at = None if text.isdigit() else instant(text)
    if text.isdigit():
        position = int(text)
        if position > head:
            raise PositionNotRecorded(position=position, head=head)
        if position == 0:
            first = await recorded_at(pool, ledger, 1) if head else None
            raise NothingRecordedYet(first=first)
    elif at is None:
        named = await snapshot_at(pool, ledger, text)
        return await _of(pool, named)
    elif at > service.clock():
        raise InstantAhead(known_at=text)
    else:
        position = await position_at(pool, ledger, at, head)
    if whole and not subject:
        try:
            return await _of(pool, await snapshot_at(pool, ledger, position))
        except SnapshotUnknown:
            raise SnapshotRequired(position=position) from None
    on = (at or await recorded_at(pool, ledger, position)).astimezone(VIETNAM).date()
    return Known(position, on, KnownRows(pool, ledger, subject, position))


async def _of(pool: Pool, snapshot: Snapshot) -> Known:
    at = await recorded_at(pool, snapshot.ledger, snapshot.position)
    return Known(snapshot.position, at.astimezone(VIETNAM).date(), schema=snapshot.schema)
