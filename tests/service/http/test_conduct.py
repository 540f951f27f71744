"""Conduct over HTTP: findings are told to the person; a self-check is told to nobody else."""

from service.access.roles import Role
from tests.service.conftest import ClientOf
from tests.service.http.lists import SEEN, inspected
from tests.service.http.yen_son import Reader
from tests.service.province import COMMITTEE, DECISION, DISTRICT, POST, Province

PERSON, OTHER = "official-017", "official-018"
REPLY = {"number": 1, "reply": "Đã khắc phục"}
DECIDED = {"on_behalf_of": COMMITTEE, "basis": DECISION}


async def test_a_finding_awaits_the_person_whose_reply_stands_beside_it(
    province: Province, client_of: ClientOf
) -> None:
    reader = Reader(province, await inspected(province, PERSON))
    whose = {"for": f"official:{PERSON}"}
    [awaiting] = (await reader.reads("/inbox", **whose))["items"]
    assert (awaiting["kind"], awaiting["number"], awaiting["official_id"]) == ("finding", 1, PERSON)
    assert awaiting["verb"] == "/officials/{official_id}/reply-to-finding"
    [found] = (await reader.reads("/conduct-findings", replied="false"))["items"]
    assert (found["inspected_by"], found["manifestation"]) == (COMMITTEE, "7")

    own = Province(await client_of(Role.OFFICIAL, official_id=PERSON), province.ledger)
    other = Province(await client_of(Role.OFFICIAL, official_id=OTHER), province.ledger)
    replying = f"/officials/{PERSON}/reply-to-finding"
    refused = await other.says(replying, REPLY)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/only-the-person")
    oneself = await own.says(f"/officials/{PERSON}/record-finding", {**SEEN, **DECIDED})
    assert oneself.status_code == 403
    done = await own.does(replying, **REPLY, effective_on="2021-01-05")
    reader = Reader(province, done["position"])
    assert (await reader.reads("/inbox", **whose))["items"] == []
    [answered] = (await reader.reads("/conduct-findings", official=PERSON))["items"]
    assert (answered["reply"], answered["replied_on"]) == (REPLY["reply"], "2021-01-05")

    # What was replied to is not annulled before the reply.
    finding = done["position"] - 1
    annulled = await province.says(
        "/events/annul", {"positions": [finding], "reason": "Nhầm", **DECIDED}
    )
    assert annulled.status_code == 409, annulled.text


HIDDEN = "Còn để hồ sơ kéo dài"
CHECK = {"regulation_id": "ky-cuong", "manifestation": "7", "seen": HIDDEN}


async def test_a_self_check_is_read_by_that_official_alone(
    province: Province, client_of: ClientOf
) -> None:
    await inspected(province, PERSON)
    checking, path = f"/officials/{PERSON}/make-self-check", f"/officials/{PERSON}/self-checks"
    own = Province(await client_of(Role.OFFICIAL, official_id=PERSON), province.ledger)
    other = Province(await client_of(Role.OFFICIAL, official_id=OTHER), province.ledger)
    office = Province(await client_of(Role.AUTHORITY, units=[COMMITTEE]), province.ledger)
    for stranger in (province, office, other):
        refused = await stranger.says(checking, CHECK)
        assert refused.status_code == 403, refused.text
    await own.does(checking, **CHECK, remedy="Hẹn ngày")
    done = await own.does(checking, **CHECK, effective_on="2021-01-06")

    reader = Reader(own, done["position"])
    page = await reader.reads(path, limit=1, count="true")
    [newest] = page["items"]
    assert (newest["number"], newest["checked_on"], page["total"]) == (2, "2021-01-06", 2)
    [first] = (await reader.reads(path, limit=1, cursor=page["next_cursor"]))["items"]
    told = (first["manifestation"], first["seen"], first["remedy"], first["annulled"])
    assert told == ("7", HIDDEN, "Hẹn ngày", False)
    for listed in ("history", "record"):
        reply = await reader.says(f"/officials/{PERSON}/{listed}")
        assert reply.text.count(HIDDEN) == 2, listed

    for stranger in (province, office, other):
        asking = Reader(stranger, done["position"])
        assert (await asking.says(path)).status_code == 403
        told_of = (f"/officials/{PERSON}/history", f"/officials/{PERSON}/record", "/events")
        for listed in told_of:
            reply = await stranger.client.get(f"/v1/{province.ledger}{listed}")
            assert HIDDEN not in reply.text, listed
    checks = (await Reader(province, 1).reads(f"/officials/{PERSON}/history"))["items"][:2]
    assert [(one["data"]["manifestation"], one["data"]["seen"]) for one in checks] == [
        (None, None)
    ] * 2

    annulling = {"positions": [done["position"]], "reason": "Nhầm"}
    annulled = await own.says("/events/annul", annulling)
    assert annulled.is_success, annulled.text
    listed = (await Reader(own, annulled.json()["position"]).reads(path))["items"]
    assert [one["annulled"] for one in listed] == [True, False]


async def test_a_replacement_is_proposed_by_findings_and_answered_by_the_managing_body(
    province: Province, client_of: ClientOf
) -> None:
    await inspected(province, PERSON)
    path, why = f"/officials/{PERSON}", "Ba năm liền để việc kéo dài"
    proposal = {"post_id": POST, "findings": [1], "reason": why, "on_behalf_of": DISTRICT}
    proposed = await province.does(f"{path}/propose-replacement", **proposal)
    whose = {"for": f"unit:{COMMITTEE}", "kind": "replacement_proposal"}
    [awaiting] = (await Reader(province, proposed["position"]).reads("/inbox", **whose))["items"]
    assert (awaiting["official_id"], awaiting["number"]) == (PERSON, 1)
    assert awaiting["verb"] == "/officials/{official_id}/decide-replacement"
    answer = {"number": 1, "accepted": True, "reason": why, **DECIDED}
    same_side = await province.says(f"{path}/decide-replacement", answer)
    assert same_side.json()["type"] == "/problems/not-apart"
    office = Province(await client_of(Role.AUTHORITY, units=[COMMITTEE]), province.ledger)
    done = await office.does(f"{path}/decide-replacement", **answer, effective_on="2021-01-05")
    reader = Reader(province, done["position"])
    assert (await reader.reads("/inbox", **whose))["items"] == []
    [before] = (await reader.reads("/replacement-proposals", as_of="2021-01-04"))["items"]
    assert (before["proposed_by"], before["findings"], before["decided_on"]) == (
        DISTRICT,
        [1],
        None,
    )
    [after] = (await reader.reads("/replacement-proposals", decided="true"))["items"]
    assert (after["accepted"], after["decided_by"]) == (True, COMMITTEE)
    for role, official, is_told in (
        (Role.OFFICIAL, PERSON, True),
        (Role.OFFICIAL, OTHER, False),
        (Role.INTEGRATOR, None, False),
    ):
        client = await client_of(role, **({} if official is None else {"official_id": official}))
        reply = await client.get(f"/v1/{province.ledger}{path}/history")
        assert (why in reply.text) == is_told, role
    # What a proposal stands on is not annulled before it.
    positions = (await reader.reads(f"{path}/history"))["items"]
    [found] = [one["position"] for one in positions if one["type"] == "conduct.finding_recorded"]
    annulling = {"positions": [found], "reason": "Nhầm", **DECIDED}
    assert (await province.says("/events/annul", annulling)).status_code == 409
