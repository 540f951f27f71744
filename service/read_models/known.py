"""Known: what the read models said of one subject when the log had reached an earlier position.

The subject's events name the things that its answers show; those are folded from their own events
up to there. They are few: nothing is stored.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from pydantic_core import to_json

from domain.kernel import Invalid
from projections import PROJECTIONS
from projections.lives import rows_of_all
from projections.projection import Projection, RecordedEvent, Row
from service.database.engine import Pool
from service.off_loop import off_loop
from service.read_models.events import lives_of

BY_TABLE = {projection.name: projection for projection in PROJECTIONS}

TAGS_BESIDE = """
SELECT DISTINCT beside.tag
FROM log.tagged t
JOIN log.events e ON e.ledger = $1 AND e.position = t.position
CROSS JOIN LATERAL unnest(e.tags) AS beside (tag)
WHERE t.tag = (SELECT id FROM log.words WHERE ledger = $1 AND word = $2)
    AND t.position <= $3::bigint
    AND t.type = ANY (
        ARRAY(SELECT id FROM log.words WHERE ledger = $1 AND word = ANY ($4::text[]))
    )
"""
POSITION_BY = "SELECT log.position_before($1, $2::timestamptz + interval '1 microsecond')"
RECORDED_AT = "SELECT recorded_at FROM log.events WHERE ledger = $1 AND position = $2"


class NothingRecordedYet(Invalid):
    """Nothing was recorded in this ledger by then: its first event is of {first}.

    Khi đó sổ này chưa ghi nhận gì: sự kiện đầu tiên ghi nhận lúc {first}.
    """


class KnownRows:
    """The rows of read models that concern a subject, as of a position of the log.

    Args:
        pool: reads the log.
        ledger: whose log.
        subject: the tag of the subject, such as `task:ID`.
        position: up to which events are known.
    """

    def __init__(self, pool: Pool, ledger: str, subject: str, position: int) -> None:
        self.position = position
        self._pool = pool
        self._ledger = ledger
        self._subject = subject
        self._folded: dict[str, str] = {}

    async def of(self, tables: Sequence[str]) -> dict[str, str]:
        """The rows of these tables, as JSON arrays, by table."""
        lacking = [table for table in tables if table not in self._folded]
        if lacking:
            self._folded |= await self._fold([BY_TABLE[table] for table in lacking])
        return {table: self._folded[table] for table in tables}

    async def _fold(self, projections: Sequence[Projection]) -> dict[str, str]:
        types = sorted({kind for projection in projections for kind in projection.types})
        async with self._pool.acquire() as connection:
            tags = await connection.fetch(
                TAGS_BESIDE, self._ledger, self._subject, self.position, types
            )
            named = sorted({self._subject, *(tag for (tag,) in tags)})
            own = {
                projection: [tag for tag in named if tag.startswith(projection.tag_prefix)]
                for projection in projections
            }
            lives = await lives_of(connection, self._ledger, own, self.position)
        events = sum(map(len, lives.values()))
        return await off_loop(events * len(own), self._folds, own, lives)

    def _folds(
        self, own: Mapping[Projection, Sequence[str]], lives: Mapping[str, Sequence[RecordedEvent]]
    ) -> dict[str, str]:
        return {
            projection.name: _as_json(
                self._ledger,
                rows_of_all(projection, [lives[tag] for tag in tags], self.position),
            )
            for projection, tags in own.items()
        }


def _as_json(ledger: str, rows: Iterable[Row]) -> str:
    return to_json([{"ledger": ledger, **row} for row in rows]).decode()


async def recorded_at(pool: Pool, ledger: str, position: int) -> datetime:
    """When the event at that position was recorded; there is one."""
    at: datetime = await pool.fetchval(RECORDED_AT, ledger, position)
    return at


async def position_at(pool: Pool, ledger: str, instant: datetime, head: int) -> int:
    """The last position recorded by that instant: positions are in the order of recording.

    Raises:
        NothingRecordedYet.
    """
    position: int = await pool.fetchval(POSITION_BY, ledger, instant)
    if position == 0:
        first = await recorded_at(pool, ledger, 1) if head else None
        raise NothingRecordedYet(first=first)
    return min(position, head)
