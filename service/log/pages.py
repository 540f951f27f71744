"""Pages: what a reader of a ledger gets at once: complete up to a position, and without gaps."""

from collections.abc import Sequence
from typing import NamedTuple

import structlog
from eventsourcing.dcb.api import DCBQuery

from domain.kernel import Refusal
from service.database.engine import Pool
from service.log.events import LedgerUnknown, LogUnavailable, RecordedEvent
from service.log.read import ALL, MATCHING, items_of, recorded

# All is of one instant. Every row carries the place: the epoch, the head, up to where the page is
# complete, and how many events stand up to there. Without events one row remains.
PAGE = """
WITH events AS MATERIALIZED ({events}),
page AS MATERIALIZED (
    SELECT
        log.head($1::text) AS head,
        CASE
            WHEN (SELECT count(*) FROM events) = $3::bigint THEN (SELECT max(position) FROM events)
            ELSE greatest(log.head($1), $2::bigint)
        END AS upto
)
SELECT
    (
        SELECT ROW (
            (SELECT o.epoch FROM log.epochs o ORDER BY o.number DESC LIMIT 1),
            page.head, page.upto, {standing}
        )
        FROM page
    ) AS place,
    events.*
FROM (SELECT) AS once
LEFT JOIN events ON true
ORDER BY events.position
"""
EVERYTHING = PAGE.format(events=ALL, standing="(SELECT count(*) FROM events)")
SELECTED = PAGE.format(
    events=MATCHING,
    standing="""(
        SELECT count(*) FROM log.events s
        WHERE s.ledger = $1 AND s.position > $2 AND s.position <= page.upto
    )""",
)
FIRST_MISSING = """
SELECT p.position
FROM generate_series($2::bigint + 1, $3::bigint) AS p (position)
WHERE NOT EXISTS (
    SELECT FROM log.events e WHERE e.ledger = $1::text AND e.position = p.position
)
LIMIT 1
"""

log = structlog.get_logger()


class PositionMissing(Refusal):
    """Position {position} is missing from the log; nothing beyond it is delivered until it is back.

    Sổ thiếu vị trí {position}; không gửi gì sau vị trí này cho đến khi khôi phục.
    """


class Page(NamedTuple):
    """Events in order.

    Attributes:
        events: those selected.
        upto: up to which the page holds all that is selected.
        head: the ledger's last position.
        epoch: the log's.
    """

    events: Sequence[RecordedEvent]
    upto: int
    head: int
    epoch: str


async def page(pool: Pool, ledger: str, query: DCBQuery | None, *, after: int, limit: int) -> Page:
    """Read the next events after a position, at most up to one that is missing.

    Raises:
        LedgerUnknown: there is no such ledger.
        PositionMissing: the next position is missing.
    """
    if query is None:
        rows = await pool.fetch(EVERYTHING, ledger, after, limit)
    else:
        rows = await pool.fetch(SELECTED, ledger, after, limit, *items_of(query))
    epoch, head, upto, standing = rows[0]["place"]
    if head is None:
        raise LedgerUnknown(ledger=ledger)
    events = [] if rows[0]["position"] is None else [*map(recorded, rows)]
    if standing < upto - after:
        missing = await _first_missing(pool, ledger, after, upto)
        log.error("position_missing", ledger=ledger, position=missing)
        if missing == after + 1:
            raise PositionMissing(position=missing)
        events, upto = [each for each in events if each.position < missing], missing - 1
    return Page(events, upto, head, epoch)


async def _first_missing(pool: Pool, ledger: str, after: int, upto: int) -> int:
    missing = await pool.fetchval(FIRST_MISSING, ledger, after, upto)
    if missing is None:
        raise LogUnavailable("the log was replaced while it was read")
    return int(missing)
