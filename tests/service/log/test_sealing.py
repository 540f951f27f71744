"""The persons' keys: concurrent callers get one key, and a destroyed key is gone everywhere."""

import asyncio

import pytest

from service.database.engine import Pool
from service.log import sealing
from service.log.notifications import Notifications
from service.log.sealing import PersonErased, PersonKeys

MASTER = bytes(range(32))


async def test_a_person_has_one_key_however_many_ask_for_it_at_once(
    pool: Pool, ledger: str
) -> None:
    processes = [PersonKeys(pool, MASTER) for _ in range(5)]
    seals = await asyncio.gather(*(keys.seal(ledger, "a") for keys in processes))
    closed = seals[0].close("t", "f", "Đinh Công")
    assert [seal.open("t", "f", closed) for seal in seals] == ["Đinh Công"] * 5


async def test_a_destroyed_key_is_forgotten_in_other_processes_at_once(
    pool: Pool, ledger: str
) -> None:
    notifications = Notifications(pool)
    elsewhere = PersonKeys(pool, MASTER, notifications)
    notifications.start()
    try:
        await elsewhere.seal(ledger, "a")
        await PersonKeys(pool, MASTER).destroy(ledger, "a")
        async with asyncio.timeout(10):
            while (await elsewhere.seals(ledger, ["a"]))["a"] is not None:  # noqa: ASYNC110  others bring it about
                await asyncio.sleep(0.01)
    finally:
        await notifications.close()


async def test_a_destroyed_key_is_forgotten_after_a_while_even_if_nobody_says_so(
    pool: Pool, ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "REMEMBERED_S", 0.05)
    elsewhere = PersonKeys(pool, MASTER)
    await elsewhere.seal(ledger, "a")
    await PersonKeys(pool, MASTER).destroy(ledger, "a")
    await asyncio.sleep(0.06)
    with pytest.raises(PersonErased):
        await elsewhere.seal(ledger, "a")


async def test_only_so_many_keys_are_remembered(
    pool: Pool, ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "REMEMBERED_KEYS", 2)
    keys = PersonKeys(pool, MASTER)
    for subject in ("a", "b", "c"):
        closed = (await keys.seal(ledger, subject)).close("t", "f", subject)
        assert (await keys.seal(ledger, subject)).open("t", "f", closed) == subject
    assert len(keys._remembered) == 2  # noqa: SLF001  nothing else shows it


async def test_the_stored_key_is_not_the_key(pool: Pool, ledger: str) -> None:
    await PersonKeys(pool, MASTER).seal(ledger, "a")
    await PersonKeys(pool, MASTER).seal(f"{ledger}-2", "a")
    stored = await pool.fetch(
        "SELECT wrapped_key FROM log.person_keys WHERE ledger LIKE $1", f"{ledger}%"
    )
    assert len({row["wrapped_key"] for row in stored}) == 2
    assert {len(row["wrapped_key"]) for row in stored} == {12 + 32 + 16}  # nonce, key, tag
