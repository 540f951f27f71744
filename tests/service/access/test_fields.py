"""Fields: a contact is told to whom the rules open it, by lists, histories and the feed alike."""

import httpx
import pytest

from service.access.roles import Role
from tests.service.conftest import ClientOf
from tests.service.province import COMMITTEE, DISTRICT, Province

PHONE = "0912 345 678"
HOLDER = "official-019"


@pytest.fixture
async def contacts(province: Province) -> Province:
    await province.does(
        "/officials/register", official_id=HOLDER, full_name="Cán bộ 019", contact=PHONE
    )
    created = {"title": "Phó Bí thư", "kind": "deputy", "managed_by": COMMITTEE}
    await province.does("/posts/create", post_id="deputy", unit_id=DISTRICT, **created)
    last = await province.does("/posts/deputy/appoint", official_id=HOLDER)
    await province.client.get(
        f"/v1/{province.ledger}/tenures", params={"min_position": last["position"]}
    )
    return province


async def told(client: httpx.AsyncClient, ledger: str) -> list[bool]:
    """Whether the contact is told by the list, the official, the official's history, the feed."""
    replies = [
        await client.get(f"/v1/{ledger}{path}")
        for path in (
            "/officials",
            f"/officials/{HOLDER}",
            f"/officials/{HOLDER}/history",
            "/events?limit=200",
            "/officials?format=csv",
        )
    ]
    assert [reply.status_code for reply in replies] == [200] * 5
    return [PHONE in reply.text for reply in replies]


@pytest.mark.parametrize("units", [["*"], [COMMITTEE], [DISTRICT]])
async def test_whoever_manages_the_official_reads_the_contact(
    client_of: ClientOf, contacts: Province, units: list[str]
) -> None:
    client = await client_of(Role.AUTHORITY, units=units)
    listed, one, history, feed, exported = await told(client, contacts.ledger)
    assert (listed, one, history, exported) == (True,) * 4
    assert feed == (units == ["*"])


async def test_an_official_reads_the_own_contact(client_of: ClientOf, contacts: Province) -> None:
    own = await client_of(Role.OFFICIAL, official_id=HOLDER)
    assert await told(own, contacts.ledger) == [True, True, True, False, True]


async def test_nobody_else_reads_the_contact(client_of: ClientOf, contacts: Province) -> None:
    others = [
        await client_of(Role.OFFICIAL, official_id="official-018"),
        await client_of(Role.AUTHORITY, units=["elsewhere"]),
        await client_of(Role.INTEGRATOR),
    ]
    for client in others:
        assert await told(client, contacts.ledger) == [False] * 5
