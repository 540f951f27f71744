"""Sealing: personal data is encrypted with a key per person, and erased by destroying that key.

The cipher is AES-256-GCM. The persons' keys are stored beside the log, wrapped by a master key. The
log itself, its positions and its proofs never change (Law 91/2025/QH15). A key is destroyed by the
event that says so, in the same transaction; a key that is missing otherwise is a fault.
"""

import hmac
from base64 import b64decode, b64encode
from collections import OrderedDict
from collections.abc import Callable, Iterable
from hashlib import sha256

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.kernel import Conflict
from service.database.engine import Pool
from service.log.events import KeysMissing
from service.log.master_keys import MasterKeys, Wrapped, decrypted, encrypted
from service.log.notifications import Notifications

CHANNEL = "giaoviec.keys"
KEY_BITS = 256
SEPARATOR = "\x1f"
# No person is called so: `$` begins no id. It is the key of a ledger's requests that name nobody.
OF_REQUESTS = "$requests"
REMEMBERED_KEYS = 10_000

# The number of destroyed keys and the keys themselves are of one instant.
SELECT = """
SELECT d.number, k.subject, k.wrapped_key, k.master_key
FROM log.destroyed_keys d
LEFT JOIN log.person_keys k ON k.ledger = $1 AND k.subject = ANY ($2::text[])
"""
# If several processes need a person's first key, one creates it and the others read it.
INSERT = """
INSERT INTO log.person_keys (ledger, subject, wrapped_key, master_key) VALUES ($1, $2, $3, $4)
ON CONFLICT (ledger, subject) DO NOTHING
"""

log = structlog.get_logger()


class PersonErased(Conflict):
    """The personal data of official {official_id} was erased for good; nothing new is taken in.

    Dữ liệu cá nhân của cán bộ {official_id} đã bị xóa vĩnh viễn; không nhận thêm dữ liệu mới.
    """


class KeyUnreadable(Exception):
    """A stored key cannot be opened: it is damaged, or its master key is not here."""


class Seal:
    """One person's key. It seals and opens the fields of one ledger's events about that person.

    Attributes:
        digest: SHA-256 of the key as it is stored; an append requires that it still is.
    """

    __slots__ = ("_cipher", "_ledger", "_requests", "_subject", "digest")

    def __init__(self, ledger: str, subject: str, key: bytes, digest: bytes = b"") -> None:
        self.digest = digest
        self._ledger = ledger
        self._subject = subject
        self._cipher = AESGCM(key)
        self._requests = hmac.digest(key, b"digests of requests", sha256)

    def close(self, kind: str, field: str, text: str) -> str:
        """Encrypt the text, in base64. It opens only as that field of that type of event."""
        return b64encode(encrypted(self._cipher, text.encode(), self._bound(kind, field))).decode()

    def open(self, kind: str, field: str, sealed: str) -> str:
        """Decrypt the text.

        Raises:
            cryptography.exceptions.InvalidTag: it was sealed for another field, or was altered.
        """
        return decrypted(self._cipher, b64decode(sealed), self._bound(kind, field)).decode()

    def close_bytes(self, kind: str, field: str, data: bytes) -> bytes:
        """Encrypt the bytes, as they are."""
        return encrypted(self._cipher, data, self._bound(kind, field))

    def open_bytes(self, kind: str, field: str, sealed: bytes) -> bytes:
        """Decrypt what `close_bytes` made.

        Raises:
            cryptography.exceptions.InvalidTag: as `open`.
        """
        return decrypted(self._cipher, sealed, self._bound(kind, field))

    def digest_of(self, request: bytes) -> bytes:
        """A digest that nobody without the key can compare with a guess (HMAC-SHA-256)."""
        return hmac.digest(self._requests, request, sha256)

    def _bound(self, kind: str, field: str) -> bytes:
        return SEPARATOR.join((self._ledger, self._subject, kind, field)).encode()


class PersonKeys:
    """The persons' keys. What this process keeps of them holds until any key is destroyed.

    Args:
        pool: connections in the service's role.
        master_keys: without them every sealed field is lost; 32 bytes are the only one.
        notifications: the process's notifications, which report keys that others destroy, so that
            a process that reads nothing drops them too.
    """

    def __init__(
        self,
        pool: Pool,
        master_keys: MasterKeys | bytes,
        notifications: Notifications | None = None,
    ) -> None:
        self._pool = pool
        self._master = MasterKeys([master_keys]) if isinstance(master_keys, bytes) else master_keys
        self._kept: OrderedDict[tuple[str, str], Seal] = OrderedDict()
        self._of_requests: dict[str, Seal] = {}
        self._destroyed = 0
        self._on_destroyed: list[Callable[[], None]] = []
        if notifications is not None:
            notifications.on(CHANNEL, self._notified)

    def on_destroyed(self, forget: Callable[[], None]) -> None:
        """Have this called when keys were destroyed: whoever keeps opened data drops it."""
        self._on_destroyed.append(forget)

    async def seal(self, ledger: str, subject: str) -> Seal:
        """Return the person's seal. Create a key if there is none.

        Raises:
            PersonErased: the person's key was destroyed.
            KeyUnreadable: it is stored, and cannot be opened.
            KeysMissing: it cannot be stored now; try again.
        """
        seals = await self.seals(ledger, (subject,))
        if subject not in seals:
            wrapped = self._master.wrap(AESGCM.generate_key(KEY_BITS), wrapping(ledger, subject))
            status = await self._pool.execute(INSERT, ledger, subject, *wrapped)
            seals = await self.seals(ledger, (subject,))
            if subject not in seals:
                if status.endswith(" 0"):
                    raise KeyUnreadable(f"the key of {subject} in {ledger} cannot be opened")
                raise KeysMissing  # the database was replaced in between
        seal = seals[subject]
        if seal is None:
            raise PersonErased(official_id=subject)
        return seal

    async def seals(self, ledger: str, subjects: Iterable[str]) -> dict[str, Seal | None]:
        """Return the seals by person; None if the key was destroyed.

        Of a person whose key is missing, or cannot be opened, nothing is returned.
        """
        wanted = list(dict.fromkeys(subjects))
        unknown = [subject for subject in wanted if (ledger, subject) not in self._kept]
        rows = await self._pool.fetch(SELECT, ledger, unknown)
        if rows[0]["number"] != self._destroyed:
            self._drop_all(rows[0]["number"])
            if len(unknown) < len(wanted):
                unknown = wanted
                rows = await self._pool.fetch(SELECT, ledger, unknown)
        seals: dict[str, Seal | None] = {}
        for subject in wanted:
            kept = self._kept.get((ledger, subject))
            if kept is not None:
                self._kept.move_to_end((ledger, subject))
                seals[subject] = kept
        for _, subject, wrapped, master_key in rows:
            if subject is not None and wrapped is None:
                seals[subject] = None
            elif subject is not None:
                seal = self._unwrapped(ledger, subject, Wrapped(wrapped, master_key))
                if seal is not None:
                    seals[subject] = seal
                    self._keep(ledger, subject, seal)
        return seals

    async def digest(self, ledger: str, request: bytes, subject: str | None = None) -> bytes:
        """The digest of a request, which is compared and cannot be guessed.

        Args:
            ledger: one that exists.
            request: what makes it another request.
            subject: whose personal data it holds: once the person is erased, it tells nothing.

        Raises:
            PersonErased, KeyUnreadable, KeysMissing: as `seal`.
        """
        if subject is not None:
            return (await self.seal(ledger, subject)).digest_of(request)
        seal = self._of_requests.get(ledger)
        if seal is None:
            seal = self._of_requests[ledger] = await self.seal(ledger, OF_REQUESTS)
        return seal.digest_of(request)

    def forget(self, ledger: str, subjects: Iterable[str]) -> None:
        """Read these persons' keys anew when they are next needed."""
        for subject in subjects:
            self._kept.pop((ledger, subject), None)

    def forget_all(self) -> None:
        """Read every key anew: the log may be another than that which they were read from."""
        self._kept.clear()
        self._of_requests.clear()

    def _unwrapped(self, ledger: str, subject: str, wrapped: Wrapped) -> Seal | None:
        """The seal; one that cannot be opened is told, and its person's data cannot be read."""
        try:
            key = self._master.unwrap(wrapped, wrapping(ledger, subject))
        except InvalidTag:
            log.error(  # noqa: TRY400  where it was found out tells nothing
                "key_unreadable", ledger=ledger, subject=subject, master_key=wrapped.master_key
            )
            return None
        return Seal(ledger, subject, key, sha256(wrapped.key).digest())

    def _keep(self, ledger: str, subject: str, seal: Seal) -> None:
        self._kept[ledger, subject] = seal
        while len(self._kept) > REMEMBERED_KEYS:
            self._kept.popitem(last=False)

    def _drop_all(self, destroyed: int) -> None:
        self._destroyed = destroyed
        self._kept.clear()
        for forget in self._on_destroyed:
            forget()

    def _notified(self, message: str) -> None:
        """Drop what is kept; without a message notifications may have been missed."""
        if message:
            ledger, _, subject = message.partition(" ")
            self.forget(ledger, (subject,))
        else:
            self.forget_all()
        for forget in self._on_destroyed:
            forget()


def wrapping(ledger: str, subject: str) -> bytes:
    """What a person's wrapped key is bound to."""
    return SEPARATOR.join((ledger, subject)).encode()
