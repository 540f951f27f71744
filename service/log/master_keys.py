"""Master keys: they wrap the keys of persons, and are kept apart from the database.

Each has an id that is made from it, and stands beside every key that it wraps. So master keys are
told apart without anybody naming them, and change one after another: the first wraps what is new,
the others open what they wrapped until `giaoviec keys rotate` has wrapped it anew.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from secrets import token_bytes
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
ID_DIGITS = 12


class Wrapped(NamedTuple):
    """A key as it is stored, and the id of the master key that wraps it."""

    key: bytes
    master_key: str | None


class MasterKeys:
    """The master keys that this process has.

    Args:
        keys: of 32 bytes each; the first one wraps.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._ciphers = {key_id(key): AESGCM(key) for key in keys}
        self.current = key_id(keys[0])

    @property
    def ids(self) -> list[str]:
        """Their ids, the current one first."""
        return list(self._ciphers)

    def wrap(self, key: bytes, bound: bytes) -> Wrapped:
        """Wrap a key with the current master key; it unwraps only with what it is bound to."""
        return Wrapped(encrypted(self._ciphers[self.current], key, bound), self.current)

    def unwrap(self, wrapped: Wrapped, bound: bytes) -> bytes:
        """Return the key. One that names no master key is from before they had ids: each is tried.

        Raises:
            InvalidTag: it is damaged, or its master key is not here.
        """
        ids = self.ids if wrapped.master_key is None else [wrapped.master_key]
        for one in ids:
            if one in self._ciphers:
                try:
                    return decrypted(self._ciphers[one], wrapped.key, bound)
                except InvalidTag:
                    continue
        raise InvalidTag

    def lacking(self, ids: Iterable[str | None]) -> list[str]:
        """Return which of these master keys are not here."""
        return sorted({one for one in ids if one is not None} - self._ciphers.keys())


def key_id(key: bytes) -> str:
    """The id of a master key, which tells nothing of it."""
    return sha256(b"giaoviec master key\x1f" + key).hexdigest()[:ID_DIGITS]


def encrypted(cipher: AESGCM, plain: bytes, bound: bytes) -> bytes:
    """Encrypt under a nonce of its own, which stands before the text."""
    nonce = token_bytes(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, plain, bound)


def decrypted(cipher: AESGCM, sealed: bytes, bound: bytes) -> bytes:
    """Decrypt what `encrypted` made.

    Raises:
        InvalidTag: it is damaged, or bound to something else.
    """
    return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound)
