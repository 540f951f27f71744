"""Key sets: the public keys of an OIDC provider (JWKS), fetched seldom and kept for long.

A key that is not known, or a set that has grown old, makes the set be fetched again: by one caller
for all, and not sooner than LEAST_INTERVAL_S after the last attempt, so that nobody can make this
service a flood. Where the provider does not answer, the keys that are known go on.
"""

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Any

import httpx
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey, import_key

from domain.kernel import Refusal
from service.addresses import is_safe

LIFETIME_S = 300.0
LEAST_INTERVAL_S = 10.0
# Keys that could not be fetched anew for so long are used no more.
MOST_AGE_S = 86_400.0
FETCH_S = 5.0
MOST_BYTES = 2**18
MOST_KEYS = 64
LEAST_RSA_BITS = 2048
DISCOVERY = "/.well-known/openid-configuration"

Key = RSAKey | ECKey

log = structlog.get_logger()


class ProviderUnavailable(Refusal):
    """The identity provider's keys cannot be fetched at present. Send it again shortly.

    Hiện không lấy được khóa của nhà cung cấp định danh. Hãy gửi lại sau giây lát.
    """


class _Unusable(Exception):
    """What the provider answers cannot be used."""


def fetcher() -> httpx.AsyncClient:
    """What fetches key sets: it checks certificates, and follows nobody elsewhere."""
    return httpx.AsyncClient(timeout=FETCH_S, verify=True, follow_redirects=False)


class KeySource:
    """The keys of one provider.

    Args:
        issuer: whose keys.
        address: of the key set; None: where the issuer's own description says.
        client: fetches, see `fetcher`.
    """

    def __init__(self, issuer: str, address: str | None, client: httpx.AsyncClient) -> None:
        self._issuer = issuer
        self._address = address
        self._client = client
        self._keys: Mapping[str, Key] = {}
        self._fetched_at = self._tried_at = float("-inf")
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, key_id: str) -> Key | None:
        """Return the key of that id; None if the provider has no such key.

        Raises:
            ProviderUnavailable: it is not known, and the last attempt to fetch keys failed.
        """
        age = time.monotonic() - self._fetched_at
        known = self._keys.get(key_id) if age < MOST_AGE_S else None
        if known is not None:
            if age > LIFETIME_S:
                self._refresh()  # nobody waits for it: the known key goes on
            return known
        fetching = self._refresh()
        if fetching is not None:
            await asyncio.shield(fetching)
        if self._fetched_at < self._tried_at:
            raise ProviderUnavailable
        return self._keys.get(key_id)

    async def close(self) -> None:
        """Give up a fetch that is under way."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)

    def _refresh(self) -> asyncio.Task[None] | None:
        """Let the keys be fetched, unless that was tried a moment ago. Return who is fetching."""
        if self._fetching is None and time.monotonic() - self._tried_at >= LEAST_INTERVAL_S:
            self._tried_at = time.monotonic()
            self._fetching = asyncio.create_task(self._fetch())
        return self._fetching

    async def _fetch(self) -> None:
        try:
            async with asyncio.timeout(FETCH_S):
                address = self._address or await self._described_address()
                keys = _usable(await self._document(address))
        except (httpx.HTTPError, _Unusable, TimeoutError) as failure:
            log.warning("provider_unavailable", issuer=self._issuer, error=repr(failure))
        else:
            self._keys, self._fetched_at = keys, time.monotonic()
        finally:
            self._fetching = None

    async def _described_address(self) -> str:
        description = await self._document(f"{self._issuer.rstrip('/')}{DISCOVERY}")
        address = description.get("jwks_uri")
        if description.get("issuer") != self._issuer or not isinstance(address, str):
            raise _Unusable("the description is of another issuer, or names no key set")
        if not is_safe(address):
            raise _Unusable("the key set's address is not https")
        return address

    async def _document(self, address: str) -> Mapping[str, Any]:
        content = bytearray()
        async with self._client.stream("GET", address) as response:
            response.raise_for_status()
            async for piece in response.aiter_bytes():
                content += piece
                if len(content) > MOST_BYTES:
                    raise _Unusable("the answer is too large")
        try:
            document = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise _Unusable("the answer is not JSON") from error
        if not isinstance(document, dict):
            raise _Unusable("the answer is no object")
        return document


def _usable(document: Mapping[str, Any]) -> Mapping[str, Key]:
    """The public keys for signatures, by their ids.

    Raises:
        _Unusable: this is no key set.
    """
    keys = document.get("keys")
    if not isinstance(keys, list) or len(keys) > MOST_KEYS:
        raise _Unusable("this is no key set, or one of too many keys")
    found = ((key["kid"], _key(key)) for key in keys if _is_for_signatures(key))
    return {key_id: key for key_id, key in found if key is not None}


def _is_for_signatures(key: object) -> bool:
    return (
        isinstance(key, dict) and isinstance(key.get("kid"), str) and key.get("use", "sig") == "sig"
    )


def _key(described: dict[str, Any]) -> Key | None:
    """The key if it is of a kind that is used here, and long enough."""
    try:
        key = import_key(described)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    if isinstance(key, RSAKey):
        return key if key.public_key.key_size >= LEAST_RSA_BITS else None
    return key if isinstance(key, ECKey) else None
