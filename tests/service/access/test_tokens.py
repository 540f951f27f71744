"""Tokens: each belongs to someone and ends, and a guess learns nothing from the time it takes."""

import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.access import tokens as module
from service.access.principals import Holder, HolderKind
from service.access.roles import Role
from service.access.tokens import Expiry, HolderMisdescribed, Tokens
from service.database.engine import Pool

GUESS = "0" * 64


@pytest.mark.parametrize(
    ("role", "belongs_to"),
    [
        (Role.OFFICIAL, {}),
        (Role.OFFICIAL, {"official_id": "*"}),
        (Role.OFFICIAL, {"official_id": "official-017", "units": ["yen-son"]}),
        (Role.AUTHORITY, {}),
        (Role.AUTHORITY, {"official_id": "official-017"}),
        (Role.AUTHORITY, {"units": ["yen-son", "*"]}),
        (Role.AUTHORITY, {"units": ["Yên Sơn"]}),
        (Role.ADMINISTRATOR, {}),
        (Role.INSPECTOR, {}),
        (Role.INTEGRATOR, {"units": ["*"]}),
        (Role.OPERATOR, {"official_id": "official-017"}),
    ],
)
async def test_a_token_belongs_to_whom_its_role_needs(
    pool: Pool, role: Role, belongs_to: dict[str, Any]
) -> None:
    with pytest.raises(HolderMisdescribed):
        await Tokens(pool).create("whose", role, **belongs_to)


async def test_a_principal_names_its_holder_its_units_and_its_ledgers(pool: Pool) -> None:
    _, text = await Tokens(pool).create(
        "chairman",
        Role.AUTHORITY,
        official_id="official-017",
        units=["yen-son", "na-hang"],
        ledgers=["tuyen-quang"],
    )
    principal = await Tokens(pool).authenticate(text)
    assert principal is not None
    assert principal.holder == Holder(HolderKind.UNIT, "official-017")
    assert principal.units == {"yen-son", "na-hang"}
    assert not principal.caller.has_every_unit
    assert principal.is_for("tuyen-quang")
    assert not principal.is_for("hoa-binh")


async def test_a_token_ends_unless_it_is_made_to_last(pool: Pool) -> None:
    tokens = Tokens(pool, lifetime=timedelta(days=30))
    usual, _ = await tokens.create("usual", Role.OPERATOR)
    lasting, _ = await tokens.create("lasting", Role.OPERATOR, expires_at=Expiry.NEVER)
    assert usual.expires_at is not None
    assert timedelta(days=29) < usual.expires_at - datetime.now(UTC) <= timedelta(days=30)
    assert lasting.expires_at is None


async def test_a_new_database_lets_nobody_in(own_pool: Pool) -> None:
    assert await Tokens(own_pool).list() == []
    assert await Tokens(own_pool).list(identities=True) == []


async def test_a_wrong_secret_is_looked_up_whether_or_not_its_token_exists(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = Tokens(pool)
    token, text = await tokens.create("in-use", Role.OPERATOR)
    assert await tokens.authenticate(text) is not None
    compared: list[bool] = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append(one == other)
        return one == other

    monkeypatch.setattr(hmac, "compare_digest", compare)
    assert await tokens.authenticate(f"gv_{token.id}_{GUESS}") is None
    assert await tokens.authenticate(f"gv_0123456789abcdef_{GUESS}") is None
    assert compared == [False, False]


async def test_a_wrong_secret_is_no_use_of_the_token(pool: Pool) -> None:
    tokens = Tokens(pool)
    token, _ = await tokens.create("never-used", Role.OPERATOR)
    assert await tokens.authenticate(f"gv_{token.id}_{GUESS}") is None
    listed = next(one for one in await tokens.list() if one.id == token.id)
    assert listed.last_used_at is None


async def test_guesses_are_remembered_up_to_a_bound_and_push_out_no_valid_token(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CACHED_TOKENS", 3)
    tokens = Tokens(pool)
    _, text = await tokens.create("kept", Role.OPERATOR)
    assert await tokens.authenticate(text) is not None
    for number in range(10):
        assert await tokens.authenticate(f"gv_0123456789abcdef_{number:064x}") is None
    assert tokens.remembered == (1, 3)
