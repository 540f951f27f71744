"""Parts: events and tags are divided by ranges of positions; the next one is there in time."""

from collections.abc import Sequence

from service.database.engine import Pool
from service.settings import Misconfigured

# It is looked for so often whether a ledger is half through the last part.
PERIOD_SECONDS = 3600.0
EXTEND = "SELECT log.extend_log()"
# Positions that no part holds, though a later one is there.
GAPS = r"""
SELECT whole, last + 1 AS first, first - 1 AS last
FROM (
    SELECT whole, first,
        lag(next - 1, 1, 0::bigint) OVER (PARTITION BY whole ORDER BY first) AS last
    FROM unnest(ARRAY['log.events', 'log.tagged']) AS whole
    JOIN pg_inherits i ON i.inhparent = whole::regclass AND NOT i.inhdetachpending
    JOIN pg_class c ON c.oid = i.inhrelid
    CROSS JOIN pg_get_expr(c.relpartbound, c.oid) AS bounds
    CROSS JOIN LATERAL (
        SELECT substring(bounds FROM 'FROM \(''?(\d+)')::bigint AS first,
            substring(bounds FROM 'TO \(''?(\d+)')::bigint AS next
    ) part
) parts
WHERE first <> last + 1
ORDER BY whole, first
"""
# Parts that are there and joined to nothing: also the last, behind which there is no gap.
DETACHED = r"""
SELECT c.oid::regclass::text
FROM pg_class c
WHERE c.relnamespace = 'log'::regnamespace AND c.relkind = 'r'
    AND c.relname ~ '^(events|tagged)_from_\d+$'
    AND NOT EXISTS (
        SELECT FROM pg_inherits i
        WHERE i.inhrelid = c.oid AND NOT i.inhdetachpending
            AND i.inhparent = ANY (ARRAY['log.events', 'log.tagged']::regclass[])
    )
ORDER BY 1
"""


class Parts:
    """Makes the next part of the log before positions reach it.

    Args:
        pool: the database.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def extend(self) -> None:
        """Make the part that is needed next, if a ledger is half through the last one."""
        await self._pool.execute(EXTEND)


async def missing_parts(pool: Pool) -> Sequence[str]:
    """Which positions of which table no part holds, and which parts are detached, in words."""
    lacking = [
        f"{row['whole']} lacks the part of positions {row['first']} to {row['last']}"
        for row in await pool.fetch(GAPS)
    ]
    return [*lacking, *(f"{part} is detached" for (part,) in await pool.fetch(DETACHED))]


async def require_all_parts(pool: Pool) -> None:
    """Refuse to serve a log of which a part is detached: decisions would not see what it holds.

    Raises:
        Misconfigured: the message says which.
    """
    missing = await missing_parts(pool)
    if missing:
        raise Misconfigured(
            f"{'; '.join(missing)}: attach it again (docs/how-to/scale.md, parts of the log)."
        )
