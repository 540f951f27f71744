"""Tokens: `gv_ID_SECRET`. The secret is shown once; the database keeps its SHA-256 only."""

import hmac
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from hashlib import sha256
from secrets import token_hex
from typing import Literal, TypeAlias, TypeVar

import asyncpg

from domain.kernel import Actor, Conflict, Invalid, NotFound
from domain.values import ID_PATTERN
from service.access.entries import EXTEND, of_token, operator
from service.access.principals import EVERY_UNIT, KINDS, NAMES_UNITS, Holder, HolderKind, Principal
from service.access.roles import Role
from service.database.engine import Pool

CACHE_SECONDS = 3.0
CACHED_TOKENS = 10_000
TOUCH_INTERVAL = timedelta(minutes=1)
LIFETIME = timedelta(days=90)
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
PREFIX = "gv_"
PATTERN = re.compile(r"gv_([0-9a-f]{16})_([0-9a-f]{64})")
# Compared with where no token has the id, so that this takes as long.
NO_HASH = bytes(32)
INSERT = f"""
with changed as (
    insert into access.tokens (
        id, name, role, official_id, units, ledgers, expires_at, secret_hash, issuer, subject
    ) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning *
), {of_token("create", by="$11")}
select * from changed
"""  # noqa: S608  our own words
REVOKE = f"""
with changed as (
    update access.tokens set revoked_at = coalesce(revoked_at, now()) where id = $1 returning *
), {of_token("revoke", by="$2")}
select * from changed
"""  # noqa: S608  our own words

Key = TypeVar("Key")
Kept = TypeVar("Kept")


class Expiry(Enum):
    """When a token ends that has no day of its own."""

    USUAL = "usual"
    NEVER = "never"


Expires: TypeAlias = datetime | Literal[Expiry.USUAL, Expiry.NEVER]


class TokenUnknown(NotFound):
    """There is no token {token_id}.

    Không tìm thấy mã truy cập {token_id}.
    """


class TokenNameTaken(Conflict):
    """A valid token or identity is already named {name}, or is known by the same subject.

    Đã có mã truy cập hoặc định danh còn hiệu lực mang tên {name} hoặc cùng chủ thể.
    """


class TokenMisdescribed(Invalid):
    """A token needs a name like `portal-1`, of letters, digits, full stops and hyphens.

    Mã truy cập cần tên dạng `portal-1`, gồm chữ cái, chữ số, dấu chấm và gạch nối.
    """


class HolderMisdescribed(Invalid):
    """Role {role}: official needs an official; authority, administrator, inspector units or `*`.

    Vai trò {role}: cán bộ cần mã cán bộ; cơ quan, quản trị viên cần mã đơn vị hoặc `*`.
    """


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is listed, without its secret, or an identity by its issuer and subject."""

    id: str
    name: str
    role: Role
    official_id: str | None
    units: tuple[str, ...]
    ledgers: tuple[str, ...] | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    issuer: str | None
    subject: str | None

    @property
    def prefix(self) -> str:
        """The token up to the secret, by which its holder recognises it."""
        return f"{PREFIX}{self.id}_"

    @property
    def principal(self) -> Principal:
        """The caller who uses it."""
        acts = f"official:{self.official_id}" if self.official_id else f"client:{self.name}"
        return Principal(
            token_id=self.id,
            name=self.name,
            role=self.role,
            actor=Actor(acts),
            holder=Holder(KINDS[self.role], self.official_id),
            units=frozenset(self.units),
            ledgers=None if self.ledgers is None else frozenset(self.ledgers),
        )

    def has_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Verified:
    """A token that was found and verified, valid until the monotonic clock reads `until`."""

    token: Token
    principal: Principal
    until: float


class Tokens:
    """The tokens of the service.

    What was found of a token is cached for CACHE_SECONDS by its id and secret, so that a wrong
    secret takes as long whether a token has the id or not. Every process sees a revocation within
    that time; the process that revokes sees it at once.

    Args:
        pool: the database.
        lifetime: how long a token is valid if nothing else is said.
    """

    def __init__(self, pool: Pool, *, lifetime: timedelta = LIFETIME) -> None:
        self._pool = pool
        self._lifetime = lifetime
        self._verified: dict[tuple[str, bytes], Verified] = {}
        self._refused: dict[tuple[str, bytes], float] = {}

    @property
    def remembered(self) -> tuple[int, int]:
        """How many tokens are remembered as valid, and how many as refused."""
        return len(self._verified), len(self._refused)

    async def authenticate(self, text: str) -> Principal | None:
        """Return the token's principal; None if the token is unknown, expired or revoked."""
        match = PATTERN.fullmatch(text)
        if match is None:
            return None
        token_id, secret = match.groups()
        key = token_id, _digest(secret)
        verified = self._verified.get(key)
        if verified is None or verified.until < time.monotonic():
            if self._refused.get(key, 0.0) >= time.monotonic():
                return None
            verified = await self._verify(key)
        return None if verified is None or verified.token.has_expired() else verified.principal

    def has_known(self, text: str) -> bool:
        """Whether this process has found the token valid, and has not learnt otherwise since."""
        match = PATTERN.fullmatch(text)
        return match is not None and (match[1], _digest(match[2])) in self._verified

    async def principal(self, token_id: str) -> Principal | None:
        """Return the principal of the token with that id, for background work, or None."""
        row = await self._row(token_id)
        token = None if row is None else _token(row)
        return None if token is None or token.has_expired() else token.principal

    async def create(  # noqa: PLR0913  what a token says, each by its name
        self,
        name: str,
        role: Role,
        *,
        official_id: str | None = None,
        units: Sequence[str] = (),
        ledgers: Sequence[str] | None = None,
        expires_at: Expires = Expiry.USUAL,
    ) -> tuple[Token, str]:
        """Create a token. Return it with its text, which is never shown again.

        Raises:
            TokenMisdescribed: the name is malformed.
            HolderMisdescribed: the role needs an official or units, or has none.
            TokenNameTaken: a token that is not revoked has the name.
        """
        secret = token_hex(32)
        token = await self.insert(
            name,
            role,
            official_id=official_id,
            units=units,
            ledgers=ledgers,
            expires_at=expires_at,
            known_by=(_digest(secret), None, None),
        )
        return token, f"{token.prefix}{secret}"

    async def insert(  # noqa: PLR0913  what a token says, each by its name
        self,
        name: str,
        role: Role,
        *,
        official_id: str | None,
        units: Sequence[str],
        ledgers: Sequence[str] | None,
        expires_at: Expires,
        known_by: tuple[bytes | None, str | None, str | None],
    ) -> Token:
        """Insert a token known by the hash of its secret, or an identity by issuer and subject.

        Raises:
            TokenMisdescribed, HolderMisdescribed, TokenNameTaken: see `create`.
        """
        if NAME.fullmatch(name) is None:
            raise TokenMisdescribed
        require_holder(role, official_id, units)
        await self._pool.execute(EXTEND)
        try:
            row = await self._pool.fetchrow(
                INSERT,
                token_hex(8),
                name,
                role.value,
                official_id,
                list(units),
                None if ledgers is None else list(ledgers),
                self._end(expires_at),
                *known_by,
                operator(),
            )
        except asyncpg.UniqueViolationError as taken:
            raise TokenNameTaken(name=name) from taken
        assert row is not None  # noqa: S101  an insert that returns gives its row
        return _token(row)

    async def list(self, *, identities: bool = False) -> list[Token]:
        """List every token, or every identity, oldest first, the revoked ones included."""
        rows = await self._pool.fetch(
            """select * from access.tokens where (issuer is not null) = $1
                order by created_at, id""",
            identities,
        )
        return [_token(row) for row in rows]

    async def revoke(self, token_id: str) -> Token:
        """Revoke a token. To revoke it again changes nothing.

        Raises:
            TokenUnknown: no token has that id.
        """
        await self._pool.execute(EXTEND)
        row = await self._pool.fetchrow(REVOKE, token_id, operator())
        if row is None:
            raise TokenUnknown(token_id=token_id)
        for key in [key for key in self._verified if key[0] == token_id]:
            del self._verified[key]
        return _token(row)

    def _end(self, expires_at: Expires) -> datetime | None:
        if expires_at is Expiry.NEVER:
            return None
        return datetime.now(UTC) + self._lifetime if expires_at is Expiry.USUAL else expires_at

    async def _row(self, token_id: str) -> asyncpg.Record | None:
        return await self._pool.fetchrow(
            "select * from access.tokens where id = $1 and revoked_at is null", token_id
        )

    async def _verify(self, key: tuple[str, bytes]) -> Verified | None:
        """Find the token, and cache what was found."""
        token_id, digest = key
        row = await self._row(token_id)
        stored = None if row is None else row["secret_hash"]
        is_right = hmac.compare_digest(stored or NO_HASH, digest)
        until = time.monotonic() + CACHE_SECONDS
        if row is None or stored is None or not is_right:
            self._verified.pop(key, None)
            keep(self._refused, key, until)
            return None
        token = await self.used(row)
        verified = Verified(token, token.principal, until)
        keep(self._verified, key, verified)
        return verified

    async def used(self, row: asyncpg.Record) -> Token:
        """Return the token of the row. Its use is recorded once a minute."""
        token = _token(row)
        used_at = token.last_used_at
        if used_at is None or used_at + TOUCH_INTERVAL < datetime.now(UTC):
            await self._pool.execute(
                "update access.tokens set last_used_at = now() where id = $1", token.id
            )
        return token


def require_holder(role: Role, official_id: str | None, units: Sequence[str]) -> None:
    """Require whom a token of the role belongs to.

    Raises:
        HolderMisdescribed: the official or the units are missing, malformed, or not of this role.
    """
    kind = KINDS[role]
    has_person = kind is HolderKind.OFFICIAL or (kind in NAMES_UNITS and official_id is not None)
    is_right = (
        has_person == (official_id is not None)
        and (kind in NAMES_UNITS) == bool(units)
        and (EVERY_UNIT not in units or len(units) == 1)
        and all(
            named == EVERY_UNIT or re.fullmatch(ID_PATTERN, named)
            for named in [*units, *([] if official_id is None else [official_id])]
        )
        and official_id != EVERY_UNIT
    )
    if not is_right:
        raise HolderMisdescribed(role=role.value)


def keep(cache: dict[Key, Kept], key: Key, value: Kept) -> None:
    """Keep the value as the newest; the oldest makes room."""
    cache.pop(key, None)
    if len(cache) >= CACHED_TOKENS:
        del cache[next(iter(cache))]
    cache[key] = value


def _digest(secret: str) -> bytes:
    """Hash the secret. A plain hash is enough: it is 256 random bits, not a password."""
    return sha256(secret.encode()).digest()


def _token(row: asyncpg.Record) -> Token:
    return Token(
        id=row["id"],
        name=row["name"],
        role=Role(row["role"]),
        official_id=row["official_id"],
        units=tuple(row["units"]),
        ledgers=None if row["ledgers"] is None else tuple(row["ledgers"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
        last_used_at=row["last_used_at"],
        issuer=row["issuer"],
        subject=row["subject"],
    )
