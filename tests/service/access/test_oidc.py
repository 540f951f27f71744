"""OIDC: an access token opens the service for its identity, and no other text does."""

import asyncio
import base64
import hmac
import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.jwk import ECKey, OctKey, RSAKey

from domain.access.rules import rule_of
from domain.organisation.units import EstablishUnit
from domain.tasks.work.progress import ReportProgress
from service.access import identities as identities_module
from service.access import key_sets
from service.access.identities import Identities, IdentityMisdescribed
from service.access.key_sets import KeySource, ProviderUnavailable, fetcher
from service.access.oidc import AccessTokens, Provider
from service.access.principals import Holder, HolderKind, RoleForbids, ScopeForbids
from service.access.roles import Role
from service.access.tokens import TokenNameTaken
from service.database.engine import Pool
from tests.certificates import signed_by_itself
from tests.service.access.key_server import AUDIENCE, KEY_ID, KeyServer, key_server

OFFICIAL = "official-017"
# The cases are made before all tests, which may take an hour on a busy machine.
DAY_S = 86_400
# Of keys that only an attacker would use.
WEAK = "ignore::joserfc.errors.SecurityWarning"


def part(value: object) -> str:
    """The value as a part of a token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys are waited for, and fetched but once in the time that a test takes."""
    monkeypatch.setattr(key_sets, "FETCH_S", 60.0)
    monkeypatch.setattr(key_sets, "LEAST_INTERVAL_S", 600.0)


@pytest.fixture
async def server() -> AsyncIterator[KeyServer]:
    async with key_server() as server:
        yield server


@pytest.fixture
async def access(server: KeyServer, pool: Pool) -> AsyncIterator[AccessTokens]:
    """What knows one user of the server, an official."""
    identities, name = Identities(pool), f"u-{time.monotonic_ns()}"
    added = await identities.add(server.issuer, "u-017", name, Role.OFFICIAL, official_id=OFFICIAL)
    async with fetcher() as client:
        keys = KeySource(server.issuer, None, client)
        yield AccessTokens(Provider(server.issuer, AUDIENCE), keys, identities)
        await keys.close()
    # A later server may be given the same port.
    await identities.revoke(added.id)


async def test_an_access_token_opens_for_the_identity_of_its_subject(
    access: AccessTokens, server: KeyServer
) -> None:
    principal = await access.authenticate(server.token())
    assert principal is not None
    assert principal.holder == Holder(HolderKind.OFFICIAL, OFFICIAL)
    assert principal.actor.id == f"official:{OFFICIAL}"
    assert await access.authenticate(server.token(aud=["urn:other", AUDIENCE])) is not None
    assert await access.authenticate(server.token(header={"typ": "application/at+jwt"})) is not None


@pytest.mark.parametrize(
    ("scope", "may_read", "may_act"),
    [
        (None, True, True),
        ("openid profile", True, True),
        ("openid giaoviec:read", True, False),
        ("giaoviec:read giaoviec:act", True, True),
        ("giaoviec:act", False, True),
        ("giaoviec:everything", False, False),
        ("giaoviec:", False, False),
    ],
)
async def test_the_scope_of_a_token_narrows_and_gives_nothing(
    access: AccessTokens, server: KeyServer, scope: str | None, *, may_read: bool, may_act: bool
) -> None:
    principal = await access.authenticate(server.token(scope=scope))
    assert principal is not None
    for action, is_within in (("list_units", may_read), (ReportProgress, may_act)):
        if is_within:
            principal.require(action, "a-ledger")
        else:
            with pytest.raises(ScopeForbids):
                principal.require(action, "a-ledger")
    with pytest.raises(RoleForbids):
        principal.require(EstablishUnit, "a-ledger")
    assert bool(principal.relations(rule_of("list_units"))) is may_read


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "urn:other"},
        {"aud": ["urn:other"]},
        {"aud": None},
        {"iss": "http://127.0.0.1:1"},
        {"iss": None},
        {"exp": int(time.time()) - DAY_S},
        {"exp": None},
        {"iat": int(time.time()) + DAY_S},
        {"nbf": int(time.time()) + DAY_S},
        {"sub": "nobody"},
        {"sub": None},
        {"sub": ["u-017"]},
        {"sub": "u-017\0"},
        {"sub": "u" * 501},
        {"jti": None},
        {"client_id": None},
        {"scope": ["giaoviec:read"]},
        {"authorization_details": [{"type": "task"}]},
    ],
)
async def test_a_token_with_other_claims_opens_nothing(
    access: AccessTokens, server: KeyServer, claims: dict[str, Any]
) -> None:
    assert await access.authenticate(server.token(**claims)) is None


@pytest.mark.parametrize(
    "header",
    [{"typ": "JWT"}, {"typ": None}, {"typ": "id+jwt"}, {"kid": None}, {"kid": ""}],
)
async def test_a_token_of_another_kind_opens_nothing(
    access: AccessTokens, server: KeyServer, header: dict[str, object]
) -> None:
    assert await access.authenticate(server.token(header=header)) is None


async def test_an_unsigned_token_opens_nothing(access: AccessTokens, server: KeyServer) -> None:
    claims = part(server.claims())
    for algorithm in ("none", "None", "NONE"):
        header = part({"alg": algorithm, "typ": "at+jwt", "kid": KEY_ID})
        assert await access.authenticate(f"{header}.{claims}.") is None
        signature = server.token().rpartition(".")[2]
        assert await access.authenticate(f"{header}.{claims}.{signature}") is None


@pytest.mark.parametrize("encoding", [Encoding.DER, Encoding.PEM])
async def test_a_token_signed_with_the_public_key_as_a_secret_opens_nothing(
    access: AccessTokens, server: KeyServer, encoding: Encoding
) -> None:
    public = server.key.public_key.public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)
    header = part({"alg": "HS256", "typ": "at+jwt", "kid": KEY_ID})
    signed = f"{header}.{part(server.claims())}"
    signature = hmac.digest(public, signed.encode(), "sha256")
    encoded = base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
    assert await access.authenticate(f"{signed}.{encoded}") is None


async def test_a_token_signed_with_another_key_opens_nothing(
    access: AccessTokens, server: KeyServer
) -> None:
    other = RSAKey.generate_key(2048)
    assert await access.authenticate(server.token(other)) is None
    named = {"jwk": other.as_dict(private=False), "jku": f"{server.issuer}/other"}
    head, _, rest = server.token(other).partition(".")
    header = {**json.loads(base64.urlsafe_b64decode(head + "==")), **named}
    assert await access.authenticate(f"{part(header)}.{rest}") is None


@pytest.mark.filterwarnings(WEAK)
async def test_keys_that_are_short_or_not_for_signatures_are_not_used(
    access: AccessTokens, server: KeyServer
) -> None:
    short = RSAKey.generate_key(1024, {"kid": "short"})
    encrypts = RSAKey.generate_key(2048, {"kid": "encrypts"})
    secret = OctKey.generate_key(256, {"kid": "secret"})
    server.keys = [
        short.as_dict(private=False),
        {**encrypts.as_dict(private=False), "use": "enc"},
        secret.as_dict(private=True),
    ]
    for key, name in ((short, "short"), (encrypts, "encrypts")):
        assert await access.authenticate(server.token(key, header={"kid": name})) is None
    forged = server.token(secret, header={"kid": "secret", "alg": "HS256"})
    assert await access.authenticate(forged) is None


async def test_a_key_of_a_curve_opens_as_well(access: AccessTokens, server: KeyServer) -> None:
    curved = ECKey.generate_key("P-256", {"kid": "ec"})
    server.keys.append(curved.as_dict(private=False))
    token = server.token(curved, header={"kid": "ec", "alg": "ES256"})
    assert await access.authenticate(token) is not None


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "a.b.c.d.e", "." * 3, "é.é.é", "a" * 9000])
async def test_what_is_no_token_opens_nothing(access: AccessTokens, text: str) -> None:
    assert await access.authenticate(text) is None


async def test_a_revoked_identity_opens_nothing(
    access: AccessTokens, server: KeyServer, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identities_module, "CACHE_SECONDS", 0.0)
    assert await access.authenticate(server.token()) is not None
    known = [one for one in await Identities(pool).list() if one.issuer == server.issuer]
    await Identities(pool).revoke(known[0].id)
    assert await access.authenticate(server.token()) is None


async def test_an_identity_that_has_ended_opens_nothing(
    access: AccessTokens, server: KeyServer, pool: Pool
) -> None:
    ended = datetime.now(UTC) - timedelta(seconds=1)
    await Identities(pool).add(
        server.issuer, "leaver", f"u-{time.monotonic_ns()}", Role.OPERATOR, expires_at=ended
    )
    assert await access.authenticate(server.token(sub="leaver")) is None


async def test_a_subject_is_one_identity(
    access: AccessTokens, server: KeyServer, pool: Pool
) -> None:
    assert await access.authenticate(server.token()) is not None
    with pytest.raises(TokenNameTaken):
        await Identities(pool).add(server.issuer, "u-017", "twice", Role.OPERATOR)
    with pytest.raises(IdentityMisdescribed):
        await Identities(pool).add("nowhere", "u-018", "nobody", Role.OPERATOR)


async def test_many_callers_fetch_the_keys_once(access: AccessTokens, server: KeyServer) -> None:
    text = server.token()
    principals = await asyncio.gather(*(access.authenticate(text) for _ in range(50)))
    assert None not in principals
    assert server.asked == 1


async def test_a_storm_of_unknown_keys_does_not_become_one_at_the_provider(
    access: AccessTokens, server: KeyServer
) -> None:
    assert await access.authenticate(server.token()) is not None
    storm = [server.token(header={"kid": f"unknown-{n}"}) for n in range(200)]
    assert set(await asyncio.gather(*map(access.authenticate, storm))) == {None}
    assert server.asked == 1


async def test_a_new_key_is_fetched_when_a_token_names_it(
    access: AccessTokens, server: KeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_sets, "LEAST_INTERVAL_S", 0.0)
    assert await access.authenticate(server.token()) is not None
    new = RSAKey.generate_key(2048, {"kid": "k2"})
    server.keys = [new.as_dict(private=False)]
    assert await access.authenticate(server.token(new, header={"kid": "k2"})) is not None
    assert await access.authenticate(server.token()) is None


async def test_known_keys_go_on_while_the_provider_is_away(
    access: AccessTokens, server: KeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_sets, "LEAST_INTERVAL_S", 0.0)
    assert await access.authenticate(server.token()) is not None
    server.answers = False
    monkeypatch.setattr(key_sets, "LIFETIME_S", -1.0)
    assert await access.authenticate(server.token()) is not None
    with pytest.raises(ProviderUnavailable):
        await access.authenticate(server.token(header={"kid": "new"}))
    monkeypatch.setattr(key_sets, "MOST_AGE_S", -1.0)
    with pytest.raises(ProviderUnavailable):
        await access.authenticate(server.token())


@pytest.mark.parametrize(
    "fault",
    [
        {"answers": False},
        {"filler": "x" * (key_sets.MOST_BYTES + 1)},
        {"keys": [{"kty": "RSA", "kid": str(n)} for n in range(key_sets.MOST_KEYS + 1)]},
        {"described_issuer": "http://127.0.0.1:1"},
    ],
)
async def test_a_provider_whose_answer_cannot_be_used_is_unavailable(
    access: AccessTokens, server: KeyServer, fault: dict[str, object]
) -> None:
    for name, value in fault.items():
        setattr(server, name, value)
    with pytest.raises(ProviderUnavailable):
        await access.authenticate(server.token())


async def test_a_provider_that_sends_elsewhere_is_not_followed(
    access: AccessTokens, server: KeyServer
) -> None:
    async with key_server() as elsewhere:
        elsewhere.key, elsewhere.keys = server.key, server.keys
        server.moved_to = elsewhere.issuer
        with pytest.raises(ProviderUnavailable):
            await access.authenticate(server.token())
        assert elsewhere.asked == 0


async def test_a_provider_whose_certificate_nobody_answers_for_is_not_believed(
    tmp_path: Path,
) -> None:
    certificate = signed_by_itself(tmp_path)
    async with key_server(certificate.for_server()) as server:
        async with fetcher() as client:
            with pytest.raises(ProviderUnavailable):
                await KeySource(server.issuer, None, client).find(KEY_ID)
        assert server.asked == 0
        async with httpx.AsyncClient(verify=certificate.trusted(), timeout=60) as told:
            assert await KeySource(server.issuer, None, told).find(KEY_ID) is not None
