"""The persons' keys: concurrent callers get one key, and a destroyed key is gone everywhere."""

import asyncio
from base64 import b64decode
from hashlib import sha256

import asyncpg
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from service.database.engine import Pool
from service.log import sealing
from service.log.master_keys import MasterKeys, key_id
from service.log.notifications import Notifications
from service.log.rotation import require_master_keys, rotate
from service.log.sealing import KeyUnreadable, PersonErased, PersonKeys, Seal
from service.settings import Misconfigured
from tests.erasing import destroy

MASTER = bytes(32)
OTHER = bytes(range(32))
NEXT = bytes(range(1, 33))


def test_the_cipher_is_aes_256_in_gcm() -> None:
    def opened(sealed: bytes, bound: bytes) -> bytes:
        nonce, text, tag = sealed[:12], sealed[12:-16], sealed[-16:]
        cipher = Cipher(algorithms.AES256(OTHER), modes.GCM(nonce, tag)).decryptor()
        cipher.authenticate_additional_data(bound)
        return cipher.update(text) + cipher.finalize()

    seal = Seal("a-ledger", "a", OTHER)
    sealed = b64decode(seal.close("t", "f", "Đinh Công"))
    assert opened(sealed, b"a-ledger\x1fa\x1ft\x1ff").decode() == "Đinh Công"
    assert opened(seal.close_bytes("t", "f", b"file"), b"a-ledger\x1fa\x1ft\x1ff") == b"file"
    assert opened(MasterKeys([OTHER, NEXT]).wrap(MASTER, b"bound").key, b"bound") == MASTER


async def test_a_person_has_one_key_however_many_ask_for_it_at_once(
    pool: Pool, ledger: str
) -> None:
    processes = [PersonKeys(pool, MASTER) for _ in range(5)]
    seals = await asyncio.gather(*(keys.seal(ledger, "a") for keys in processes))
    closed = seals[0].close("t", "f", "Đinh Công")
    assert [seal.open("t", "f", closed) for seal in seals] == ["Đinh Công"] * 5


async def test_a_destroyed_key_is_dropped_by_processes_that_read_nothing(
    pool: Pool, owner_pool: Pool, ledger: str
) -> None:
    notifications = Notifications(pool)
    elsewhere = PersonKeys(pool, MASTER, notifications)
    notifications.start()
    try:
        await elsewhere.seal(ledger, "a")
        await destroy(owner_pool, ledger, "a")
        async with asyncio.timeout(60):
            while elsewhere._kept:  # noqa: ASYNC110, SLF001  others bring it about, and nothing else shows it
                await asyncio.sleep(0.01)
    finally:
        await notifications.close()


async def test_no_process_uses_a_destroyed_key_even_if_nobody_says_so(
    pool: Pool, owner_pool: Pool, ledger: str
) -> None:
    elsewhere = PersonKeys(pool, MASTER)
    await elsewhere.seal(ledger, "a")
    await elsewhere.seal(ledger, "b")
    await destroy(owner_pool, ledger, "a")
    seals = await elsewhere.seals(ledger, ["a", "b", "c"])
    assert (set(seals), seals["a"]) == ({"a", "b"}, None)
    with pytest.raises(PersonErased):
        await elsewhere.seal(ledger, "a")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE log.person_keys SET wrapped_key = 'x', destroyed_at = NULL, master_key = 'other'",
        "UPDATE log.person_keys SET destroyed_at = now()",
        "DELETE FROM log.person_keys",
    ],
)
async def test_a_destroyed_key_is_never_set_again(
    pool: Pool, owner_pool: Pool, ledger: str, change: str
) -> None:
    await PersonKeys(pool, MASTER).seal(ledger, "a")
    await destroy(owner_pool, ledger, "a")
    with pytest.raises(asyncpg.RestrictViolationError):
        await owner_pool.execute(f"{change} WHERE ledger = $1", ledger)
    assert await PersonKeys(pool, MASTER).seals(ledger, ["a"]) == {"a": None}


async def test_the_service_destroys_no_key_by_itself(pool: Pool, ledger: str) -> None:
    await PersonKeys(pool, MASTER).seal(ledger, "a")
    for attempt in (
        "UPDATE log.person_keys SET wrapped_key = NULL, destroyed_at = now() WHERE ledger = $1",
        "SELECT log.destroy_keys($1, 'a')",
        "DELETE FROM log.person_keys WHERE ledger = $1",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(attempt, ledger)


async def test_a_key_that_cannot_be_opened_is_neither_erased_nor_made_anew(
    pool: Pool, ledger: str
) -> None:
    await PersonKeys(pool, MASTER).seal(ledger, "a")
    assert await PersonKeys(pool, OTHER).seals(ledger, ["a"]) == {}
    with pytest.raises(KeyUnreadable):
        await PersonKeys(pool, OTHER).seal(ledger, "a")


async def test_keys_are_wrapped_anew_by_the_next_master_key(own_pool: Pool) -> None:
    pool, ledger = own_pool, "a"
    keys = PersonKeys(pool, MASTER)
    closed = {name: (await keys.seal(ledger, name)).close("t", "f", name) for name in "abc"}
    both = MasterKeys([NEXT, MASTER])
    wrapped = [part.wrapped async for part in rotate(pool, both)]
    assert wrapped == [3]
    assert [part.wrapped async for part in rotate(pool, both)] == []
    opened = await PersonKeys(pool, NEXT).seals(ledger, "abc")
    for name, seal in opened.items():
        assert seal is not None
        assert seal.open("t", "f", closed[name]) == name
    with pytest.raises(Misconfigured, match=key_id(NEXT)):
        await require_master_keys(pool, MasterKeys([MASTER]))


async def test_a_digest_of_a_request_cannot_be_guessed(pool: Pool, ledger: str) -> None:
    keys, request = PersonKeys(pool, MASTER), sha256(b"Nguyen Van A").digest()
    digests = {
        await keys.digest(ledger, request),
        await keys.digest(ledger, request, "a"),
        await keys.digest(ledger, request, "b"),
        request,
    }
    assert len(digests) == 4
    assert await PersonKeys(pool, MASTER).digest(ledger, request, "a") in digests


async def test_only_so_many_keys_are_remembered(
    pool: Pool, ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "REMEMBERED_KEYS", 2)
    keys = PersonKeys(pool, MASTER)
    for subject in ("a", "b", "c"):
        closed = (await keys.seal(ledger, subject)).close("t", "f", subject)
        assert (await keys.seal(ledger, subject)).open("t", "f", closed) == subject
    assert len(keys._kept) == 2  # noqa: SLF001  nothing else shows it


async def test_the_stored_key_is_not_the_key(pool: Pool, ledger: str) -> None:
    await PersonKeys(pool, MASTER).seal(ledger, "a")
    await PersonKeys(pool, MASTER).seal(f"{ledger}-2", "a")
    stored = await pool.fetch(
        "SELECT wrapped_key FROM log.person_keys WHERE ledger LIKE $1", f"{ledger}%"
    )
    assert len({row["wrapped_key"] for row in stored}) == 2
    assert {len(row["wrapped_key"]) for row in stored} == {12 + 32 + 16}  # nonce, key, tag
