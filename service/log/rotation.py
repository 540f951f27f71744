"""Rotation of master keys: every stored key is wrapped anew, part by part, while the service runs.

What is wrapped by the current master key is done: an interrupted rotation goes on where it was.
"""

from collections.abc import AsyncIterator, Mapping
from typing import NamedTuple

from cryptography.exceptions import InvalidTag

from service.database.engine import Pool
from service.log.master_keys import MasterKeys, Wrapped
from service.log.sealing import wrapping
from service.settings import Misconfigured

BATCH = 500

# Beside the persons' keys stand those of requests and of files that were imported.
COUNTED = """
SELECT master_key, count(*) AS keys FROM log.person_keys
WHERE wrapped_key IS NOT NULL GROUP BY master_key ORDER BY master_key NULLS FIRST
"""
NEXT = """
SELECT ledger, subject, wrapped_key, master_key FROM log.person_keys
WHERE (ledger, subject) > ($2, $3) AND wrapped_key IS NOT NULL AND master_key IS DISTINCT FROM $1
ORDER BY ledger, subject
LIMIT $4
"""
# Whatever was destroyed or wrapped anew meanwhile stays as it is.
WRAP = """
UPDATE log.person_keys k SET wrapped_key = n.anew, master_key = $1
FROM unnest($2::text[], $3::text[], $4::bytea[], $5::bytea[]) AS n (ledger, subject, before, anew)
WHERE k.ledger = n.ledger AND k.subject = n.subject AND k.wrapped_key = n.before
"""
SAMPLE = """
SELECT ledger, subject, wrapped_key FROM log.person_keys
WHERE wrapped_key IS NOT NULL AND master_key IS NULL
LIMIT 1
"""


class Progress(NamedTuple):
    """How far a rotation is: how many keys it wrapped anew, and which it could not open."""

    wrapped: int
    unreadable: list[tuple[str, str]]


async def counted(pool: Pool) -> Mapping[str | None, int]:
    """How many keys each master key wraps; those from before master keys had ids under None."""
    return {row["master_key"]: row["keys"] for row in await pool.fetch(COUNTED)}


async def require_master_keys(pool: Pool, master_keys: MasterKeys) -> None:
    """Pass if every master key that wraps a stored key is here.

    Raises:
        Misconfigured: one is not; names sealed under it could not be read.
    """
    lacking = master_keys.lacking(await counted(pool))
    if lacking:
        raise Misconfigured(
            f"Personal data is sealed under the master keys {', '.join(lacking)}, which are not "
            f"here; here are {', '.join(master_keys.ids)}. Add them behind the current one in "
            "GIAOVIEC_MASTER_KEY, until `giaoviec keys rotate` has wrapped all anew."
        )
    sample = await pool.fetchrow(SAMPLE)
    if sample is not None:
        wrapped = Wrapped(sample["wrapped_key"], None)
        try:
            master_keys.unwrap(wrapped, wrapping(sample["ledger"], sample["subject"]))
        except InvalidTag:
            raise Misconfigured(
                "The master key does not open the keys of persons in this database. Set the one "
                "that it was written with; without it no name can be read."
            ) from None


async def rotate(pool: Pool, master_keys: MasterKeys) -> AsyncIterator[Progress]:
    """Wrap every key with the current master key, part by part; tell of each part."""
    ledger = subject = ""
    while rows := await pool.fetch(NEXT, master_keys.current, ledger, subject, BATCH):
        ledger, subject = rows[-1]["ledger"], rows[-1]["subject"]
        anew: list[tuple[str, str, bytes, bytes]] = []
        unreadable: list[tuple[str, str]] = []
        for row in rows:
            bound = wrapping(row["ledger"], row["subject"])
            try:
                key = master_keys.unwrap(Wrapped(row["wrapped_key"], row["master_key"]), bound)
            except InvalidTag:
                unreadable.append((row["ledger"], row["subject"]))
                continue
            wrapped = master_keys.wrap(key, bound).key
            anew.append((row["ledger"], row["subject"], row["wrapped_key"], wrapped))
        if anew:
            await pool.execute(WRAP, master_keys.current, *map(list, zip(*anew, strict=True)))
        yield Progress(len(anew), unreadable)
