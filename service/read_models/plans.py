"""Plan: what is folded into new tables: every ledger's log as it stands, by whom."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from projections.projection import Projection
from service.database.engine import Acquired, Pool
from service.read_models.bulk import Bulk, Loaded, Part, Progress, standing
from service.read_models.events import Counts, folded_by
from service.read_models.late import Standing
from service.read_models.loaders import Loaders
from service.read_models.tables import ReadTable

HEADS = "SELECT ledger, coalesce(log.head(ledger), 0) FROM log.ledgers ORDER BY ledger"

# Where tables stand, by ledger.
Reached: TypeAlias = dict[str, dict[ReadTable, Standing]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is folded into new tables of things of one kind.

    Attributes:
        heads: up to where each ledger's log is.
        recorded: how many events of each type it has.
        total: how many events of all ledgers are folded.
        parts: in which processes fold them, if they do.
    """

    heads: Mapping[str, int]
    recorded: Mapping[str, Counter[str]]
    total: int
    parts: Sequence[Part] | None

    @classmethod
    async def of(
        cls,
        reader: Acquired,
        projections: Sequence[Projection],
        loaders: Loaders | None,
        counts: Counts,
    ) -> "Plan":
        """Of every ledger's log as it stands now.

        Raises:
            LogBroken: a position is missing.
        """
        heads = {row[0]: int(row[1]) for row in await reader.fetch(HEADS)}
        recorded = {
            ledger: await counts.up_to(reader, ledger, head) for ledger, head in heads.items()
        }
        total = sum(folded_by(projections, of_ledger) for of_ledger in recorded.values())
        parts = None
        if loaders is not None:
            parts = await loaders.parts(reader, projections, heads, total)
        return cls(heads, recorded, total, parts)

    async def fold(self, bulk: Bulk, tables: Sequence[ReadTable]) -> Reached:
        """Fold it in this process; where the tables stand then."""
        bulk.total = self.total
        return {
            ledger: dict(
                zip(tables, await bulk.load(ledger, head, self.recorded[ledger]), strict=True)
            )
            for ledger, head in self.heads.items()
        }

    async def have_folded(
        self, loaders: Loaders, pool: Pool, tables: Sequence[ReadTable], progress: Progress | None
    ) -> Reached:
        """Have it folded by others; where the tables stand then."""
        parts = self.parts or ()

        def told(done: int) -> None:
            if progress is not None:
                progress(done, self.total)

        loaded: defaultdict[str, list[list[Loaded]]] = defaultdict(list)
        for part, of_part in zip(parts, await loaders.load(pool, tables, parts, told), strict=True):
            loaded[part.ledger].append(of_part)
        return {
            ledger: {
                table: self._standing(ledger, table, of_table)
                for table, of_table in zip(tables, zip(*loaded[ledger], strict=True), strict=True)
            }
            for ledger in self.heads
        }

    def _standing(self, ledger: str, table: ReadTable, loaded: Sequence[Loaded]) -> Standing:
        expected = folded_by([table.projection], self.recorded[ledger])
        return standing(ledger, self.heads[ledger], expected, loaded)
