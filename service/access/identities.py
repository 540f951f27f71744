"""Identities: persons and programs that an OIDC provider knows, by issuer and subject.

An identity is a token without a secret: it belongs to a holder, names units and ledgers, and ends.
"""

import time
from collections.abc import Sequence
from datetime import timedelta

import asyncpg

from domain.kernel import Invalid
from service.access.principals import Principal
from service.access.roles import Role
from service.access.tokens import (
    CACHE_SECONDS,
    LIFETIME,
    Expires,
    Expiry,
    Token,
    Tokens,
    Verified,
    keep,
)
from service.database.engine import Pool

LONGEST = 500


class IdentityMisdescribed(Invalid):
    """An identity needs its provider's issuer, an address, and its subject there.

    Định danh cần địa chỉ của nhà cung cấp (issuer) và mã chủ thể (subject) tại đó.
    """


def may_be_subject(text: str) -> bool:
    """Whether the text may name a user; the database cannot hold every character."""
    return 0 < len(text) <= LONGEST and text.isprintable()


class Identities:
    """The identities of the service. What was found of one is cached for CACHE_SECONDS.

    Args:
        pool: the database.
        lifetime: how long an identity is valid if nothing else is said.
    """

    def __init__(self, pool: Pool, *, lifetime: timedelta = LIFETIME) -> None:
        self._pool = pool
        self._tokens = Tokens(pool, lifetime=lifetime)
        self._found: dict[tuple[str, str], Verified] = {}

    async def add(  # noqa: PLR0913  what an identity says, each by its name
        self,
        issuer: str,
        subject: str,
        name: str,
        role: Role,
        *,
        official_id: str | None = None,
        units: Sequence[str] = (),
        ledgers: Sequence[str] | None = None,
        expires_at: Expires = Expiry.USUAL,
    ) -> Token:
        """Add an identity.

        Raises:
            IdentityMisdescribed: the issuer is no address, or the subject is empty or too long.
            TokenMisdescribed, HolderMisdescribed: as for a token.
            TokenNameTaken: the name or the identity is taken.
        """
        is_address = issuer.startswith(("https://", "http://")) and len(issuer) <= LONGEST
        if not is_address or not may_be_subject(subject):
            raise IdentityMisdescribed
        return await self._tokens.insert(
            name,
            role,
            official_id=official_id,
            units=units,
            ledgers=ledgers,
            expires_at=expires_at,
            known_by=(None, issuer, subject),
        )

    async def principal(self, issuer: str, subject: str) -> Principal | None:
        """Return the principal of the identity; None if it is unknown, expired or revoked."""
        key = issuer, subject
        found = self._found.get(key)
        if found is None or found.until < time.monotonic():
            self._found.pop(key, None)
            row = await self._row(issuer, subject)
            if row is None:
                return None
            token = await self._tokens.used(row)
            found = Verified(token, token.principal, time.monotonic() + CACHE_SECONDS)
            keep(self._found, key, found)
        return None if found.token.has_expired() else found.principal

    async def list(self) -> list[Token]:
        """List every identity, oldest first, the revoked ones included."""
        return await self._tokens.list(identities=True)

    async def revoke(self, identity_id: str) -> Token:
        """Revoke an identity. To revoke it again changes nothing.

        Raises:
            TokenUnknown: none has that id.
        """
        revoked = await self._tokens.revoke(identity_id)
        self._found.clear()
        return revoked

    async def _row(self, issuer: str, subject: str) -> asyncpg.Record | None:
        return await self._pool.fetchrow(
            """select * from access.tokens
                where issuer = $1 and subject = $2 and revoked_at is null""",
            issuer,
            subject,
        )
