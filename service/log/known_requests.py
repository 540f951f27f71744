"""Known requests: idempotency keys and what came of them, kept by year until their time is over.

A year is dropped as a whole once it ended so many days ago. A request with one of its keys is then
a new one.
"""

import asyncpg
import structlog

from service.database.engine import Pool

# It is looked for so often whether a year begins soon, and whether one is over.
PERIOD_SECONDS = 3600.0
# Makes the years that are missing, so that there is one to record in.
EXTEND = "SELECT log.extend_requests()"
EXPIRE = "SELECT log.expire_requests($1)"

log = structlog.get_logger()


class KnownRequests:
    """Makes the years of requests to come, and drops those whose time is over.

    Args:
        pool: the database.
        days: how long a year is kept after its end.
    """

    def __init__(self, pool: Pool, days: int) -> None:
        self._pool = pool
        self._days = days

    async def keep(self) -> None:
        """Make the year that begins soon, and drop what is over, unless it is being read."""
        await self._pool.execute(EXTEND)
        try:
            dropped = await self._pool.fetchval(EXPIRE, self._days)
        except asyncpg.LockNotAvailableError:
            log.info("requests_not_expired", why="they are being read: it is tried again")
            return
        if dropped:
            log.info("requests_expired", years=dropped)
