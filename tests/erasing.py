"""Erasing: a person's key is destroyed as the log does it, without an event that says so."""

from service.database.engine import Pool


async def destroy(owner: Pool, ledger: str, official_id: str) -> None:
    await owner.execute("SELECT log.destroy_keys($1, $2)", ledger, official_id)
