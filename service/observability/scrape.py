"""Scrape: the metrics; what the database is asked for them is as of the last second."""

import asyncio
from contextlib import suppress

from service.clocks import Clocks
from service.database.engine import Pool
from service.database.outages import NOT_NOW
from service.observability.metrics import MOST_PLACES, Metrics
from service.observability.readiness import TIMEOUT_SECONDS, Readiness
from service.observability.short_cache import ShortCache
from service.read_models.projector import Projector
from service.sources import Sources
from service.supervision import Tasks


class Scrape:
    """Brings the metrics up to date that nothing else does, and writes them.

    Args:
        metrics: what was counted.
        readiness: tells which read models stand still.
        projector: whose read models are looked at.
        tasks: the process's background tasks.
        clocks: of the host and of the database.
        sources: from where reads are answered.
        pool: the connections that are counted.
        background: those by which the read models are looked at.
    """

    def __init__(  # noqa: PLR0913, PLR0917  all that is measured
        self,
        metrics: Metrics,
        readiness: Readiness,
        projector: Projector,
        tasks: Tasks,
        clocks: Clocks,
        sources: Sources,
        pool: Pool,
        background: Pool,
    ) -> None:
        self._metrics = metrics
        self._readiness = readiness
        self._projector = projector
        self._tasks = tasks
        self._clocks = clocks
        self._sources = sources
        self._pool = pool
        self._background = background
        self._recent = ShortCache(self._note_projections)

    async def text(self) -> bytes:
        """The metrics in Prometheus' text format."""
        metrics = self._metrics
        await self._recent.value()
        replica = self._sources.replica
        if replica is not None:
            metrics.note_replica(replica.lag, is_read=not replica.is_away)
        metrics.note_tasks(self._tasks.up())
        metrics.clock_difference.set(self._clocks.difference_seconds)
        metrics.connections.labels("open").set(self._pool.get_size())
        metrics.connections.labels("idle").set(self._pool.get_idle_size())
        return metrics.text()

    async def _note_projections(self) -> None:
        """Look where the read models stand; where the database is away, they stay as they were."""
        report = await self._readiness.report()
        if "database" in report.faults:
            return
        with suppress(*NOT_NOW):
            async with asyncio.timeout(TIMEOUT_SECONDS), self._background.acquire() as connection:
                standings = await self._projector.standings.worst(connection, MOST_PLACES)
            self._metrics.note_projections(standings, report.standing_still)
            self._metrics.projections_short.set(report.short)
