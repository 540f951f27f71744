"""Standings: where each read model of each ledger stands, and what state it is in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

import asyncpg

from projections.projection import Projection
from service.database.engine import Acquired
from service.read_models import rebuild as rebuilding

STANDINGS = """
WITH heads AS MATERIALIZED (
    SELECT ledger, coalesce(log.head(ledger), 0) AS head FROM log.ledgers
)
SELECT l.ledger, p.projection, coalesce(s.position, 0) AS position, l.head, s.stopped_at, s.error,
    s.moved_at, p.fingerprint
FROM heads l
CROSS JOIN read.projections p
LEFT JOIN read.positions s ON s.ledger = l.ledger AND s.projection = p.projection
WHERE p.projection = ANY ($1::text[])
"""
ALL = f"{STANDINGS} ORDER BY p.projection, l.ledger"
SHORT = f"""
{STANDINGS} AND (
    coalesce(s.position, 0) < l.head OR s.stopped_at IS NOT NULL
    OR p.fingerprint <> ALL ($2::text[])
)
ORDER BY p.projection, l.ledger
"""
WORST = f"""
{STANDINGS}
ORDER BY s.stopped_at IS NULL AND p.fingerprint = ANY ($2::text[]),
    l.head - coalesce(s.position, 0) DESC, p.projection, l.ledger
LIMIT $3
"""

State: TypeAlias = Literal["running", "stopped", "rebuilding", "outdated"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a projection stands in a ledger.

    Attributes:
        position: the last event its rows contain.
        head: the last event of the log.
        state: `outdated` while its table is of another build and waits to be rebuilt.
        stopped_at: the event it cannot fold, if it is stopped; `error` says why.
        moved_at: when its position last changed.
    """

    projection: str
    ledger: str
    position: int
    head: int
    state: State
    stopped_at: int | None
    error: str | None
    moved_at: datetime | None


class Standings:
    """Reads where these projections stand."""

    def __init__(self, projections: Mapping[str, Projection]) -> None:
        self._projections = projections

    async def all(self, connection: Acquired) -> list[Standing]:
        """Every projection in every ledger."""
        return await self._read(connection, ALL)

    async def short(self, connection: Acquired) -> list[Standing]:
        """Those only that lack events, are stopped, or are of another build."""
        return await self._read(connection, SHORT, self._prints)

    async def worst(self, connection: Acquired, most: int) -> list[Standing]:
        """So many at most: first what does not run, then what lacks most events."""
        return await self._read(connection, WORST, self._prints, most)

    @property
    def _prints(self) -> list[str]:
        return [projection.fingerprint for projection in self._projections.values()]

    async def _read(
        self, connection: Acquired, query: str, *arguments: Sequence[str] | int
    ) -> list[Standing]:
        names = list(self._projections)
        under_way = await rebuilding.under_way(connection, names)
        rows = await connection.fetch(query, names, *arguments)
        return [
            Standing(
                row["projection"],
                row["ledger"],
                row["position"],
                row["head"],
                "rebuilding" if row["projection"] in under_way else self._state(row),
                row["stopped_at"],
                row["error"],
                row["moved_at"],
            )
            for row in rows
        ]

    def _state(self, row: asyncpg.Record) -> State:
        if row["fingerprint"] != self._projections[row["projection"]].fingerprint:
            return "outdated"
        return "running" if row["stopped_at"] is None else "stopped"
