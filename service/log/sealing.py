"""Sealing: personal data is encrypted with a key per person, and erased by destroying that key.

The cipher is AES-256-GCM. The persons' keys are stored beside the log, wrapped by the service's
master key. The log itself, its positions and its proofs never change (Law 91/2025/QH15).
"""

import asyncio
from base64 import b64decode, b64encode
from collections import OrderedDict
from collections.abc import Iterable
from hashlib import sha256
from secrets import token_bytes
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.kernel import Conflict
from service.database.engine import Pool
from service.log.events import KeysMissing
from service.log.notifications import Notifications

CHANNEL = "giaoviec.keys"
NONCE_BYTES = 12
KEY_BITS = 256
SEPARATOR = "\x1f"
# A process that destroys a key notifies the others. If the notification is lost, a key stays in
# this process's cache for at most so long.
REMEMBERED_S = 60.0
REMEMBERED_KEYS = 10_000

SELECT = """
SELECT subject, wrapped_key FROM log.person_keys WHERE ledger = $1 AND subject = ANY ($2::text[])
"""
# If several processes need a person's first key, one creates it and the others read it.
INSERT = """
INSERT INTO log.person_keys (ledger, subject, wrapped_key) VALUES ($1, $2, $3)
ON CONFLICT (ledger, subject) DO NOTHING
"""
DESTROY = """
INSERT INTO log.person_keys AS k (ledger, subject, destroyed_at) VALUES ($1, $2, now())
ON CONFLICT (ledger, subject) DO UPDATE SET wrapped_key = NULL, destroyed_at = now()
WHERE k.wrapped_key IS NOT NULL
"""


class PersonErased(Conflict):
    """The personal data of official {official_id} was erased for good; nothing new is taken in.

    Dữ liệu cá nhân của cán bộ {official_id} đã bị xóa vĩnh viễn; không nhận thêm dữ liệu mới.
    """


class Seal:
    """One person's key. It seals and opens the fields of one ledger's events about that person.

    Attributes:
        digest: SHA-256 of the key as it is stored; an append requires that it still is.
    """

    __slots__ = ("_cipher", "_ledger", "_subject", "digest")

    def __init__(self, ledger: str, subject: str, key: bytes, digest: bytes = b"") -> None:
        self.digest = digest
        self._ledger = ledger
        self._subject = subject
        self._cipher = AESGCM(key)

    def close(self, kind: str, field: str, text: str) -> str:
        """Encrypt the text, in base64. It opens only as that field of that type of event."""
        return b64encode(_encrypted(self._cipher, text.encode(), self._bound(kind, field))).decode()

    def open(self, kind: str, field: str, sealed: str) -> str:
        """Decrypt the text.

        Raises:
            cryptography.exceptions.InvalidTag: it was sealed for another field, or was altered.
        """
        return _decrypted(self._cipher, b64decode(sealed), self._bound(kind, field)).decode()

    def _bound(self, kind: str, field: str) -> bytes:
        return SEPARATOR.join((self._ledger, self._subject, kind, field)).encode()


class _Remembered(NamedTuple):
    """A cached seal, None if its key was destroyed, and the time until which it is valid."""

    seal: Seal | None
    until: float


class PersonKeys:
    """The persons' keys, cached in this process for a bounded time.

    Args:
        pool: connections in the service's role.
        master_key: 32 bytes; without it every sealed field is lost.
        announcements: the process's notifications, which report keys that others destroy. Without
            them the cache expires after `REMEMBERED_S`.
    """

    def __init__(
        self, pool: Pool, master_key: bytes, notifications: Notifications | None = None
    ) -> None:
        self._pool = pool
        self._master = AESGCM(master_key)
        self._remembered: OrderedDict[tuple[str, str], _Remembered] = OrderedDict()
        if notifications is not None:
            notifications.on(CHANNEL, self._forget)

    async def seal(self, ledger: str, subject: str) -> Seal:
        """Return the person's seal. Create a key if there is none.

        Raises:
            PersonErased: the person's key was destroyed.
            KeysMissing: it cannot be stored now; try again.
        """
        seals = await self.seals(ledger, (subject,))
        if subject not in seals:
            wrapped = _encrypted(
                self._master, AESGCM.generate_key(KEY_BITS), _wrapping(ledger, subject)
            )
            await self._pool.execute(INSERT, ledger, subject, wrapped)
            seals = await self.seals(ledger, (subject,))
            if subject not in seals:  # the database was replaced in between
                raise KeysMissing
        seal = seals[subject]
        if seal is None:
            raise PersonErased(official_id=subject)
        return seal

    async def seals(self, ledger: str, subjects: Iterable[str]) -> dict[str, Seal | None]:
        """Return the existing seals by person; None if the key was destroyed."""
        now = asyncio.get_running_loop().time()
        seals: dict[str, Seal | None] = {}
        unknown: list[str] = []
        for subject in subjects:
            remembered = self._remembered.get((ledger, subject))
            if remembered is not None and remembered.until > now:
                self._remembered.move_to_end((ledger, subject))
                seals[subject] = remembered.seal
            else:
                unknown.append(subject)
        if unknown:
            for subject, wrapped in await self._pool.fetch(SELECT, ledger, unknown):
                seal = None if wrapped is None else self._unwrapped(ledger, subject, wrapped)
                seals[subject] = seal
                self._remember(ledger, subject, _Remembered(seal, now + REMEMBERED_S))
        return seals

    async def destroy(self, ledger: str, subject: str) -> bool:
        """Erase the person: every field sealed for them reads as None, and no more can be sealed.

        Other processes learn of it at once, at the latest after `REMEMBERED_S` seconds. Backups
        of the database contain the key until they expire.

        Returns:
            Whether the person was not erased before.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            done = await connection.execute(DESTROY, ledger, subject)
            await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, f"{ledger} {subject}")
        self._forget(f"{ledger} {subject}")
        return not done.endswith(" 0")

    def forget(self, ledger: str, subjects: Iterable[str]) -> None:
        """Read these persons' keys anew when they are next needed."""
        for subject in subjects:
            self._remembered.pop((ledger, subject), None)

    def forget_all(self) -> None:
        """Read every key anew: the log may be another than that which they were read from."""
        self._remembered.clear()

    def _unwrapped(self, ledger: str, subject: str, wrapped: bytes) -> Seal:
        key = _decrypted(self._master, wrapped, _wrapping(ledger, subject))
        return Seal(ledger, subject, key, sha256(wrapped).digest())

    def _remember(self, ledger: str, subject: str, remembered: _Remembered) -> None:
        self._remembered[ledger, subject] = remembered
        self._remembered.move_to_end((ledger, subject))
        while len(self._remembered) > REMEMBERED_KEYS:
            self._remembered.popitem(last=False)

    def _forget(self, message: str) -> None:
        if message:
            ledger, _, subject = message.partition(" ")
            self.forget(ledger, (subject,))
        else:
            self.forget_all()


def _wrapping(ledger: str, subject: str) -> bytes:
    return SEPARATOR.join((ledger, subject)).encode()


def _encrypted(cipher: AESGCM, plain: bytes, bound: bytes) -> bytes:
    nonce = token_bytes(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, plain, bound)


def _decrypted(cipher: AESGCM, sealed: bytes, bound: bytes) -> bytes:
    return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound)
