"""Tokens: `gv_ID_SECRET`. The secret is shown once; the database keeps its SHA-256 only."""

import hmac
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_hex

import asyncpg

from domain.kernel import Actor, Conflict, Forbidden, Invalid, NotFound
from domain.values import ID_PATTERN
from service.access.roles import ALLOWED, Permission, Role
from service.database.engine import Pool

CACHE_SECONDS = 5.0
CACHED_TOKENS = 10_000
TOUCH_INTERVAL = timedelta(minutes=1)
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
PATTERN = re.compile(r"gv_([0-9a-f]{16})_([0-9a-f]{64})")


class RoleForbids(Forbidden):
    """A token of role {role} may not {permission} here.

    Mã truy cập vai trò “{role}” không được {permission} ở đây.
    """


class LedgerForbidden(Forbidden):
    """This token is not for ledger {ledger}.

    Mã truy cập này không dùng cho sổ {ledger}.
    """


class TokenUnknown(NotFound):
    """There is no token {token_id}.

    Không tìm thấy mã truy cập {token_id}.
    """


class TokenNameTaken(Conflict):
    """A valid token is already named {name}.

    Đã có mã truy cập còn hiệu lực mang tên {name}.
    """


class TokenMisdescribed(Invalid):
    """A token needs a name like `portal-1`, and one of role official the id of its official.

    Mã truy cập cần tên dạng `portal-1`; mã vai trò official cần mã cán bộ.
    """


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller: what the token says, and the actor that events will name."""

    token_id: str
    name: str
    role: Role
    actor: Actor
    ledgers: frozenset[str] | None

    def require(self, permission: Permission, ledger: str | None = None) -> None:
        """Require the permission, and access to the ledger if one is given.

        Raises:
            RoleForbids: the role does not hold the permission.
            LedgerForbidden: the token is not for the ledger.
        """
        if permission not in ALLOWED[self.role]:
            raise RoleForbids(role=self.role.value, permission=permission.value)
        if ledger is not None and self.ledgers is not None and ledger not in self.ledgers:
            raise LedgerForbidden(ledger=ledger)


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is listed, without its secret."""

    id: str
    name: str
    role: Role
    official_id: str | None
    ledgers: tuple[str, ...] | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    @property
    def prefix(self) -> str:
        """The token up to the secret, by which its holder recognises it."""
        return f"gv_{self.id}_"

    @property
    def actor(self) -> Actor:
        return Actor(f"official:{self.official_id}" if self.official_id else f"client:{self.name}")


@dataclass(frozen=True, slots=True)
class _CachedToken:
    """A cached token, valid until the monotonic clock reads `until`."""

    secret_hash: bytes
    principal: Principal
    expires_at: datetime | None
    until: float

    def has_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= datetime.now(UTC)


class Tokens:
    """The tokens of the service.

    A verified token is cached for CACHE_SECONDS. Every process sees a revocation within that time;
    the process that revokes sees it at once.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._cache: dict[str, _CachedToken] = {}

    async def authenticate(self, text: str) -> Principal | None:
        """Return the token's principal; None if the token is unknown, expired or revoked."""
        match = PATTERN.fullmatch(text)
        if match is None:
            return None
        token_id, secret = match.groups()
        cached = self._cache.get(token_id)
        if cached is None or cached.until < time.monotonic():
            cached = await self._load(token_id)
        if cached is None or not hmac.compare_digest(cached.secret_hash, _digest(secret)):
            return None
        return None if cached.has_expired() else cached.principal

    async def principal(self, token_id: str) -> Principal | None:
        """Return the principal of the token with that id, for background work, or None."""
        cached = await self._load(token_id)
        return None if cached is None or cached.has_expired() else cached.principal

    async def create(
        self,
        name: str,
        role: Role,
        *,
        official_id: str | None = None,
        ledgers: Sequence[str] | None = None,
        expires_at: datetime | None = None,
    ) -> tuple[Token, str]:
        """Create a token. Return it with its text, which is never shown again.

        Raises:
            TokenMisdescribed: the name is malformed, or a token of role official names no official.
            TokenNameTaken: a token that is not revoked has the name.
        """
        named = NAME.fullmatch(name) is not None
        official = official_id is None or re.fullmatch(ID_PATTERN, official_id) is not None
        if not named or not official or (role is Role.OFFICIAL and official_id is None):
            raise TokenMisdescribed
        token_id, secret = token_hex(8), token_hex(32)
        try:
            row = await self._pool.fetchrow(
                """insert into access.tokens
                    (id, name, secret_hash, role, official_id, ledgers, expires_at)
                    values ($1, $2, $3, $4, $5, $6, $7) returning *""",
                token_id,
                name,
                _digest(secret),
                role.value,
                official_id,
                None if ledgers is None else list(ledgers),
                expires_at,
            )
        except asyncpg.UniqueViolationError as taken:
            raise TokenNameTaken(name=name) from taken
        assert row is not None  # noqa: S101  an insert that returns gives its row
        return _token(row), f"gv_{token_id}_{secret}"

    async def list(self) -> list[Token]:
        """List every token, oldest first, the revoked ones included."""
        rows = await self._pool.fetch("select * from access.tokens order by created_at, id")
        return [_token(row) for row in rows]

    async def revoke(self, token_id: str) -> Token:
        """Revoke a token. To revoke it again changes nothing.

        Raises:
            TokenUnknown: no token has that id.
        """
        row = await self._pool.fetchrow(
            """update access.tokens set revoked_at = coalesce(revoked_at, now())
                where id = $1 returning *""",
            token_id,
        )
        if row is None:
            raise TokenUnknown(token_id=token_id)
        self._cache.pop(token_id, None)
        return _token(row)

    async def _load(self, token_id: str) -> _CachedToken | None:
        """Load the token into the cache. Its last use is recorded at most once a minute."""
        self._cache.pop(token_id, None)
        row = await self._pool.fetchrow(
            "select * from access.tokens where id = $1 and revoked_at is null",
            token_id,
        )
        if row is None:
            return None
        if row["last_used_at"] is None or row["last_used_at"] + TOUCH_INTERVAL < datetime.now(UTC):
            await self._pool.execute(
                "update access.tokens set last_used_at = now() where id = $1", token_id
            )
        if len(self._cache) >= CACHED_TOKENS:
            self._cache.clear()
        token = _token(row)
        cached = _CachedToken(
            secret_hash=row["secret_hash"],
            principal=Principal(
                token_id=token.id,
                name=token.name,
                role=token.role,
                actor=token.actor,
                ledgers=None if token.ledgers is None else frozenset(token.ledgers),
            ),
            expires_at=token.expires_at,
            until=time.monotonic() + CACHE_SECONDS,
        )
        self._cache[token_id] = cached
        return cached


def _digest(secret: str) -> bytes:
    """Hash the secret. A plain hash is enough: it is 256 random bits, not a password."""
    return sha256(secret.encode()).digest()


def _token(row: asyncpg.Record) -> Token:
    return Token(
        id=row["id"],
        name=row["name"],
        role=Role(row["role"]),
        official_id=row["official_id"],
        ledgers=None if row["ledgers"] is None else tuple(row["ledgers"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
        last_used_at=row["last_used_at"],
    )
