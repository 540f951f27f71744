"""Who recorded it: an event names the token beside the actor, for a name may be given again."""

import csv
import io
from dataclasses import replace
from uuid import uuid4

import httpx

from service.access.roles import Role
from service.components import Service
from tests.service.conftest import ClientOf
from tests.service.province import COMMITTEE, DECISION, DISTRICT, Province

NAME = "moved-clerk"


async def test_two_tokens_of_one_name_are_told_apart(
    service: Service, administrator: httpx.AsyncClient, client_of: ClientOf, province: Province
) -> None:
    recorded = []
    for number in (1, 2):
        token, text = await service.tokens.create(NAME, Role.ADMINISTRATOR, units=["*"])
        client = await client_of(None)
        client.headers["Authorization"] = f"Bearer {text}"
        name = f"Huyện Yên Sơn {number}"
        await Province(client, province.ledger).does(
            f"/units/{DISTRICT}/rename", name=name, basis=DECISION
        )
        await service.tokens.revoke(token.id)
        recorded.append((f"client:{NAME}", token.id))
    path = f"/v1/{province.ledger}/units/{DISTRICT}/history"
    history = (await administrator.get(path, params={"order": "oldest_first"})).json()["items"]
    assert [(event["actor"], event["token_id"]) for event in history[-2:]] == recorded
    table = await administrator.get(
        path,
        params={"order": "oldest_first", "format": "csv"},
        headers={"Accept-Language": "vi"},
    )
    rows = list(csv.reader(io.StringIO(table.text.removeprefix("\ufeff"))))
    column = rows[0].index("Mã truy cập")
    assert [row[column] for row in rows[-2:]] == [token for _, token in recorded]
    feed = (await administrator.get(f"/v1/{province.ledger}/events")).json()["events"]
    assert [(event["actor"], event["tokenid"]) for event in feed[-2:]] == recorded


async def test_an_event_from_before_names_no_token(
    service: Service, administrator: httpx.AsyncClient, province: Province
) -> None:
    [stored] = (await service.log.read(province.ledger, limit=1)).events
    assert stored.event.token_id is not None
    # Of another unit: one that was founded twice cannot be folded, by other tests either.
    data = stored.event.data.replace(COMMITTEE.encode(), b"older")
    before = replace(stored.event, id=uuid4(), tags=["unit:older"], token_id=None, data=data)
    await service.log.append(province.ledger, [before])
    events = (await administrator.get(f"/v1/{province.ledger}/events")).json()["events"]
    assert "tokenid" not in events[-1]
