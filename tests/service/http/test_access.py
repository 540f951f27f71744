"""Access: a token permits what its role, its ledgers and its expiry allow, and nothing else."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from service.access import tokens
from service.access.roles import Role
from service.access.tokens import TokenMisdescribed, TokenNameTaken, Tokens, TokenUnknown
from service.components import Service
from service.database.engine import Pool
from tests.service.conftest import ClientOf
from tests.service.province import COMMITTEE, DECISION, REPORT, Province

READING = "/events"
ACTING = "/tasks/kilns/report-progress"
DECIDING = "/tasks/kilns/approve"
ORGANISING = "/officials/register"

OPEN = {
    Role.INSPECTOR: {READING},
    Role.OFFICIAL: {READING, ACTING},
    Role.AUTHORITY: {READING, ACTING, DECIDING, ORGANISING},
    Role.ADMINISTRATOR: {READING, ORGANISING},
    Role.INTEGRATOR: {READING},
    Role.OPERATOR: set(),
}


@pytest.mark.parametrize("role", Role)
async def test_a_role_opens_its_own_verbs_only(
    client_of: ClientOf, ledger: str, role: Role
) -> None:
    official = {"official_id": "official-017"} if role is Role.OFFICIAL else {}
    client = await client_of(role, **official)
    address = f"/v1/{ledger}"
    replies = {
        READING: await client.get(address + READING),
        ACTING: await client.post(address + ACTING, json=REPORT),
        DECIDING: await client.post(
            address + DECIDING, json={"on_behalf_of": COMMITTEE, "basis": DECISION}
        ),
        ORGANISING: await client.post(address + ORGANISING, json={"full_name": "Cán bộ 017"}),
    }
    forbidden = {
        verb
        for verb, reply in replies.items()
        if reply.status_code == 403 and reply.json()["type"] == "/problems/role-forbids"
    }
    assert replies.keys() - forbidden == OPEN[role]


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer x",
        "Basic Z3Y6Z3Y=",
        "Bearer gv_0123456789abcdef_" + "0" * 64,
        "Bearer gv_0123456789abcdef_" + "0" * 63,
        "Bearer \u00e9",
    ],
)
async def test_without_a_valid_token_nothing_opens(
    stranger: httpx.AsyncClient, ledger: str, authorization: str
) -> None:
    for address in (f"/v1/{ledger}/events", "/v1/ledgers"):
        reply = await stranger.get(
            address, headers={b"Authorization": authorization.encode("latin-1")}
        )
        assert reply.status_code == 401
        assert reply.headers["WWW-Authenticate"].startswith("Bearer")


async def test_a_token_with_another_secret_is_not_valid(
    service: Service, stranger: httpx.AsyncClient
) -> None:
    _, text = await service.tokens.create("guessed", Role.INSPECTOR, units=["*"])
    wrong = text[:-1] + ("0" if text[-1] != "0" else "1")
    right = await stranger.get("/v1/ledgers", headers={"Authorization": f"Bearer {text}"})
    guess = await stranger.get("/v1/ledgers", headers={"Authorization": f"bearer {wrong}"})
    assert (right.status_code, guess.status_code) == (200, 401)


async def test_a_token_for_one_ledger_does_not_open_another(
    client_of: ClientOf, province: Province
) -> None:
    client = await client_of(Role.AUTHORITY, ledgers=[province.ledger])
    own = Province(client, province.ledger)
    other = Province(client, "elsewhere")
    assert (await own.says(ACTING, REPORT)).status_code == 404
    refused = await other.says(ACTING, REPORT)
    assert refused.status_code == 404
    assert refused.json()["type"] == "/problems/ledger-unknown"
    assert (await client.get("/v1/elsewhere/events")).status_code == 404
    listed = (await client.get("/v1/ledgers")).json()["items"]
    assert [item["ledger"] for item in listed] == [province.ledger]
    client = await client_of(Role.ADMINISTRATOR, ledgers=[province.ledger])
    opened = await client.post("/v1/ledgers", json={"ledger": "elsewhere", "name": "x"})
    assert opened.status_code == 404


async def test_an_expired_token_opens_nothing(client_of: ClientOf) -> None:
    client = await client_of(Role.INSPECTOR, expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert (await client.get("/v1/ledgers")).status_code == 401


async def test_a_revoked_token_opens_nothing_at_once(
    service: Service, stranger: httpx.AsyncClient
) -> None:
    token, text = await service.tokens.create("leaver", Role.INSPECTOR, units=["*"])
    header = {"Authorization": f"Bearer {text}"}
    assert (await stranger.get("/v1/ledgers", headers=header)).status_code == 200
    revoked = await service.tokens.revoke(token.id)
    assert revoked.revoked_at is not None
    assert (await stranger.get("/v1/ledgers", headers=header)).status_code == 401


async def test_another_process_sees_a_revocation_once_it_has_forgotten(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "CACHE_SECONDS", 0.0)
    here, there = Tokens(pool), Tokens(pool)
    token, text = await here.create("two-processes", Role.INSPECTOR, units=["*"])
    assert await there.authenticate(text) is not None
    await here.revoke(token.id)
    assert await there.authenticate(text) is None


async def test_the_list_tells_everything_but_the_secret(pool: Pool) -> None:
    tokens = Tokens(pool)
    created, text = await tokens.create("listed", Role.OFFICIAL, official_id="official-017")
    await tokens.authenticate(text)
    listed = next(token for token in await tokens.list() if token.id == created.id)
    assert text.startswith(listed.prefix)
    assert text.removeprefix(listed.prefix) not in repr(listed)
    assert listed.last_used_at is not None
    assert listed.principal.actor.id == "official:official-017"
    stored = await pool.fetchval("select secret_hash from access.tokens where id = $1", created.id)
    assert text.removeprefix(listed.prefix).encode() not in stored


async def test_a_name_is_given_once_while_it_is_valid(pool: Pool) -> None:
    tokens = Tokens(pool)
    first, _ = await tokens.create("portal", Role.INSPECTOR, units=["*"])
    with pytest.raises(TokenNameTaken):
        await tokens.create("portal", Role.INSPECTOR, units=["*"])
    await tokens.revoke(first.id)
    await tokens.create("portal", Role.INSPECTOR, units=["*"])


async def test_a_token_that_cannot_be_is_not_made(pool: Pool) -> None:
    tokens = Tokens(pool)
    with pytest.raises(TokenMisdescribed):
        await tokens.create("Cổng", Role.INSPECTOR, units=["*"])
    with pytest.raises(TokenUnknown):
        await tokens.revoke("0123456789abcdef")


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.OPERATOR])
async def test_only_an_administrator_or_an_operator_opens_a_ledger(
    client_of: ClientOf, ledger: str, role: Role
) -> None:
    administrator = await client_of(role)
    new = {"ledger": f"{ledger}-new", "name": "Tuyên Quang"}
    authority = await client_of(Role.AUTHORITY)
    assert (await authority.post("/v1/ledgers", json=new)).status_code == 403
    opened = await administrator.post("/v1/ledgers", json=new)
    assert opened.status_code == 201
    assert opened.json() == new
    assert (await administrator.post("/v1/ledgers", json=new)).status_code == 409
    unnamed = await administrator.post("/v1/ledgers", json={**new, "ledger": "Tuyên Quang"})
    assert unnamed.json()["errors"][0]["pointer"] == "#/ledger"
    listed = (await administrator.get("/v1/ledgers")).json()["items"]
    assert new["ledger"] in {item["ledger"] for item in listed}
