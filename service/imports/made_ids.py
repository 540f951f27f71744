"""Made ids: from which text the id of a category was made, in this file or in one before it."""

from service.database.engine import Pool

KEPT = "SELECT category, made_id, written FROM jobs.made_ids WHERE ledger = $1"
KEEP = """
INSERT INTO jobs.made_ids (ledger, category, made_id, written) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING
"""


class MadeIds:
    """The texts that a ledger's files wrote where the record has only the ids made from them.

    Args:
        pool: of the database that keeps them; without one, those of this file are known.
        records: whether they are kept for the files to come; a dry run keeps nothing.
    """

    def __init__(self, pool: Pool | None = None, *, records: bool = True) -> None:
        self._pool = pool
        self._records = records
        self._texts: dict[tuple[str, str], str] = {}
        self._kept: set[tuple[str, str]] = set()

    async def load(self, ledger: str) -> None:
        """Read those of earlier files, before the first row: what comes first in a file counts."""
        if self._pool is None:
            return
        for category, made_id, written in await self._pool.fetch(KEPT, ledger):
            self._texts[category, made_id] = written
            self._kept.add((category, made_id))

    def text_of(self, category: str, made_id: str, written: str) -> str:
        """The text that the id stands for: the one written, if it stood for none before."""
        return self._texts.setdefault((category, made_id), written)

    async def keep(self, ledger: str, category: str, made_id: str) -> None:
        """Keep the text of an id that is recorded now."""
        key = category, made_id
        if key in self._texts and key not in self._kept and self._pool is not None:
            self._kept.add(key)
            if self._records:
                await self._pool.execute(KEEP, ledger, category, made_id, self._texts[key])
