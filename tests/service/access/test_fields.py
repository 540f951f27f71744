"""Fields: contacts and findings are told to whom the rules open them, wherever they are read."""

import httpx
import pytest

from service.access.roles import Role
from tests.service.conftest import ClientOf
from tests.service.province import COMMITTEE, DECISION, DISTRICT, Province

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


@pytest.fixture
async def found(province: Province) -> Province:
    """A late task: an official and a unit were found responsible, and a consequence proposed."""
    await province.task_in_progress("kilns")
    by_body = {"effective_on": "2022-03-01", "on_behalf_of": COMMITTEE, "basis": DECISION}
    for whom, finding in (
        ({"official_id": "official-017"}, OF_PERSON),
        ({"unit_id": DISTRICT}, OF_UNIT),
    ):
        last = await province.does(
            "/tasks/kilns/find-responsibility", **by_body, **whom, finding=finding
        )
    proposal = {"consequence": "criticism", "reason": OF_LATENESS}
    last = await province.does("/tasks/kilns/propose-responsibility", **by_body, **proposal)
    await province.client.get(
        f"/v1/{province.ledger}/tenures", params={"min_position": last["position"]}
    )
    return province


OF_LATENESS = "Để quá hạn chín tháng."
OF_PERSON, OF_UNIT = "Chậm đối thoại với các hộ.", "Chưa bố trí kinh phí."


async def test_what_was_found_about_an_official_is_not_told_to_others(
    client_of: ClientOf, found: Province
) -> None:
    readers = [
        (await client_of(Role.OFFICIAL, official_id="official-017"), [True] * 4, False),
        (await client_of(Role.AUTHORITY, units=[COMMITTEE]), [True] * 4, False),
        (await client_of(Role.INSPECTOR), [True] * 4, True),
        (await client_of(Role.OFFICIAL, official_id="official-018"), [False] * 4, False),
        (await client_of(Role.AUTHORITY, units=["elsewhere"]), [False] * 4, False),
        (await client_of(Role.ADMINISTRATOR), [False] * 4, False),
    ]
    paths = (
        "/tasks/kilns/dossier",
        "/tasks/kilns/history",
        "/officials/official-017/history",
        "/tasks/kilns/history?format=csv",
        "/events?limit=200",
    )
    for client, is_told, by_feed in readers:
        replies = [await client.get(f"/v1/{found.ledger}{path}") for path in paths]
        assert [reply.status_code for reply in replies] == [200] * 5
        assert [OF_PERSON in reply.text for reply in replies] == [*is_told, by_feed]
        assert [OF_LATENESS in reply.text for reply in replies] == [*is_told, by_feed]
        assert [OF_UNIT in reply.text for reply in replies] == [True, True, False, True, True]
