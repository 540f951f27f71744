"""Commands over HTTP: what is recorded, and what the caller is told."""

import asyncio

import httpx

from service.access.roles import Role
from service.components import Service
from tests.service.conftest import ClientOf
from tests.service.province import COMMITTEE, DECISION, POST, PROPOSAL, REPORT, Province, version_in


async def test_a_report_is_recorded_and_the_reply_says_where(province: Province) -> None:
    task = await province.task_in_progress("kilns")
    reply = await province.says(f"/tasks/{task}/report-progress", REPORT)
    body = reply.json()
    assert reply.status_code == 200
    assert body["task_id"] == "kilns"
    assert body["events"] == [{"position": body["position"], "type": "task.progress_reported"}]
    assert version_in(reply.headers["ETag"]) == f'"{body["position"]}"'
    assert reply.headers["Giaoviec-Position"] == str(body["position"])
    assert body["recorded_at"].endswith("Z")
    assert not body["unchanged"]


async def test_a_task_without_an_id_gets_one_and_the_reply_says_where_it_is(
    province: Province,
) -> None:
    said = {
        "effective_on": "2021-01-05",
        "official_id": "official-017",
        "post_id": POST,
        "proposal": PROPOSAL,
    }
    reply = await province.says("/tasks/register", said)
    assert reply.status_code == 201
    task_id = reply.json()["task_id"]
    assert reply.headers["Location"] == f"/v1/{province.ledger}/tasks/{task_id}"
    approved = {"on_behalf_of": COMMITTEE, "basis": DECISION}
    refused = await province.says(f"/tasks/{task_id}/approve", approved)
    assert refused.json()["type"] == "/problems/proposer-may-not-decide"


LEAVES = {
    "official_id": "official-017",
    "cause": "transfer",
    "effective_on": "2021-06-01",
    "succession": {"official_id": "official-018", "state_summary": "92 trên 98 lò"},
    "on_behalf_of": COMMITTEE,
    "basis": DECISION,
}


async def test_a_successor_is_sought_among_the_holders_of_the_task_s_post(
    province: Province,
) -> None:
    task = await province.task_in_progress("kilns")
    ordered = {
        "to_official": "official-018",
        "state_summary": "92 trên 98 lò",
        "effective_on": "2021-06-01",
        "on_behalf_of": COMMITTEE,
        "basis": DECISION,
    }
    early = await province.says(f"/tasks/{task}/hand-over", ordered)
    assert early.json()["type"] == "/problems/not-the-post-holder"
    done = await province.says(f"/posts/{POST}/end-tenure", LEAVES)
    assert [event["type"] for event in done.json()["events"]] == [
        "tenure.ended",
        "tenure.started",
        "task.handed_over",
    ]


async def test_who_answers_for_a_task_does_not_just_leave(province: Province) -> None:
    await province.task_in_progress("kilns")
    leaves = {name: LEAVES[name] for name in ("official_id", "cause", "effective_on")}
    refused = await province.says(f"/posts/{POST}/end-tenure", leaves)
    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/tenure-still-answers"
    assert refused.json()["last_event"]["type"] == "task.assigned"


async def test_a_dry_run_shows_what_would_happen_and_records_nothing(
    province: Province, service: Service
) -> None:
    await province.task_in_progress("kilns")
    head = await service.log.head(province.ledger)
    key = {"Idempotency-Key": "leaves-1"}
    seen = await province.says(f"/posts/{POST}/end-tenure?dry_run=true", LEAVES, key)
    assert seen.status_code == 200
    foreseen = seen.json()
    assert (foreseen["dry_run"], foreseen["position"], foreseen["unchanged"]) == (True, head, False)
    assert foreseen["events"][-1]["data"]["to_official"] == "official-018"
    assert await service.log.head(province.ledger) == head
    known = {**key, "If-Match": seen.headers["ETag"]}
    done = await province.says(f"/posts/{POST}/end-tenure?dry_run=false", LEAVES, known)
    assert "Idempotency-Replayed" not in done.headers
    assert [event["type"] for event in done.json()["events"]] == [
        event["type"] for event in foreseen["events"]
    ]


async def test_what_would_be_created_is_shown_by_a_dry_run_too(province: Province) -> None:
    said = {"post_id": POST, "proposal": PROPOSAL, "on_behalf_of": COMMITTEE, "basis": DECISION}
    seen = await province.says("/tasks/commission?dry_run=true", said)
    assert seen.status_code == 200
    assert "Location" not in seen.headers
    assert [event["type"] for event in seen.json()["events"]] == ["task.commissioned"]


async def test_a_dry_run_is_refused_as_the_command_would_be(province: Province) -> None:
    seen = await province.says("/tasks/none/report-progress?dry_run=true", REPORT)
    assert seen.json()["type"] == "/problems/task-unknown"


async def test_a_slip_in_the_address_does_not_turn_a_dry_run_into_the_real_one(
    province: Province, service: Service
) -> None:
    task = await province.task_in_progress("kilns")
    head = await service.log.head(province.ledger)
    for slip in ("dryrun=true", "dry_run=yes", "dry_run=", "dry_run=true&dry_run=false"):
        reply = await province.says(f"/tasks/{task}/report-progress?{slip}", REPORT)
        assert reply.json()["type"] == "/problems/not-valid", slip
    assert await service.log.head(province.ledger) == head


async def test_a_made_id_of_the_task_that_goes_on_is_the_same_when_asked_again(
    province: Province,
) -> None:
    task = await province.task_in_progress("kilns")
    said = {
        "term": {"kind": "year", "year": 2022},
        "reason": "Chưa xong",
        "effective_on": "2022-01-04",
        "on_behalf_of": COMMITTEE,
        "basis": DECISION,
    }
    key = {"Idempotency-Key": "carry-1"}
    first = await province.says(f"/tasks/{task}/carry-over", said, key)
    again = await province.says(f"/tasks/{task}/carry-over", said, key)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert first.headers["Location"] == again.headers["Location"]
    made = first.json()["new_task_id"]
    assert first.headers["Location"] == f"/v1/{province.ledger}/tasks/{made}"


async def test_an_official_does_not_speak_in_a_body_s_name(
    province: Province, client_of: ClientOf
) -> None:
    task = await province.task_in_progress("kilns")
    own = Province(await client_of(Role.OFFICIAL, official_id="official-017"), province.ledger)
    said = {**REPORT, "on_behalf_of": COMMITTEE}
    refused = await own.says(f"/tasks/{task}/report-progress", said)
    assert refused.json()["type"] == "/problems/role-forbids"


async def test_the_same_key_is_carried_out_once_and_answered_twice(province: Province) -> None:
    said = {"post_id": POST, "proposal": PROPOSAL, "on_behalf_of": COMMITTEE, "basis": DECISION}
    key = {"Idempotency-Key": "order-1"}
    first = await province.says("/tasks/commission", said, key)
    again = await province.says("/tasks/commission", dict(reversed(said.items())), key)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert first.headers["Location"] == again.headers["Location"]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"


async def test_the_same_key_for_another_request_is_refused(province: Province) -> None:
    task = await province.task_in_progress("kilns")
    key = {"Idempotency-Key": "report-1"}
    await province.says(f"/tasks/{task}/report-progress", REPORT, key)
    other = await province.says(
        f"/tasks/{task}/report-progress", {**REPORT, "narrative": "Khác"}, key
    )
    assert other.status_code == 422
    assert other.json()["type"] == "/problems/key-used-otherwise"


async def test_keys_of_two_clients_never_meet(province: Province, client_of: ClientOf) -> None:
    task = await province.task_in_progress("kilns")
    other = Province(await client_of(Role.AUTHORITY), province.ledger)
    key = {"Idempotency-Key": "report-1"}
    for caller in (province, other):
        reply = await caller.says(f"/tasks/{task}/report-progress", REPORT, key)
        assert "Idempotency-Replayed" not in reply.headers


async def test_who_knows_the_current_version_may_act_on_it(province: Province) -> None:
    task = await province.task_in_progress("kilns")
    first = await province.says(f"/tasks/{task}/report-progress", REPORT)
    known = {"If-Match": first.headers["ETag"]}
    assert (await province.says(f"/tasks/{task}/report-progress", REPORT, known)).is_success
    stale = await province.says(f"/tasks/{task}/report-progress", REPORT, known)
    assert stale.status_code == 412
    assert stale.json()["current"] == f'"{first.json()["position"] + 1}"'
    last = stale.json()["last_event"]
    assert (last["position"], last["type"]) == (
        first.json()["position"] + 1,
        "task.progress_reported",
    )
    assert last["actor"].startswith("client:")


async def test_a_version_is_the_task_s_own_whatever_else_happens(province: Province) -> None:
    task = await province.task_in_progress("kilns")
    first = await province.says(f"/tasks/{task}/report-progress", REPORT)
    await province.does("/units/establish", unit_id="chiem-hoa", name="Chiêm Hóa", kind="district")
    known = {"If-Match": f'"1", {first.headers["ETag"]}'}
    assert (await province.says(f"/tasks/{task}/report-progress", REPORT, known)).is_success


async def test_a_tag_that_a_proxy_made_weak_is_told_as_such(province: Province) -> None:
    task = await province.task_in_progress("kilns")
    first = await province.says(f"/tasks/{task}/report-progress", REPORT)
    weak = {"If-Match": f"W/{first.headers['ETag']}"}
    reply = await province.says(f"/tasks/{task}/report-progress", REPORT, weak)
    assert (reply.status_code, reply.json()["type"]) == (412, "/problems/version-weak")
    assert reply.json()["current"] == first.headers["ETag"]


async def test_any_version_of_what_does_not_exist_is_stale(province: Province) -> None:
    reply = await province.says("/tasks/none/report-progress", REPORT, {"If-Match": "*"})
    assert reply.status_code == 412


async def test_of_twenty_who_know_the_same_version_one_acts(province: Province) -> None:
    task = await province.task_in_progress("kilns")
    first = await province.says(f"/tasks/{task}/report-progress", REPORT)
    known = {"If-Match": first.headers["ETag"]}
    replies = await asyncio.gather(
        *(province.says(f"/tasks/{task}/report-progress", REPORT, known) for _ in range(20))
    )
    assert sorted(reply.status_code for reply in replies) == [200, *[412] * 19]


async def test_of_four_who_register_the_same_task_one_succeeds(province: Province) -> None:
    said = {
        "task_id": "kilns",
        "official_id": "official-017",
        "post_id": POST,
        "proposal": PROPOSAL,
    }
    replies = await asyncio.gather(*(province.says("/tasks/register", said) for _ in range(4)))
    assert sorted(reply.status_code for reply in replies) == [201, 409, 409, 409]
    refused = next(reply for reply in replies if reply.status_code == 409)
    assert refused.json()["type"] == "/problems/task-exists"


async def test_nothing_counts_from_a_day_to_come(province: Province) -> None:
    task = await province.task_in_progress("kilns")
    reply = await province.says(
        f"/tasks/{task}/report-progress", {**REPORT, "effective_on": "2199-01-01"}
    )
    assert reply.status_code == 422
    assert reply.json()["type"] == "/problems/effective-in-the-future"
    assert reply.json()["effective_on"] == "2199-01-01"


async def test_an_official_reports_in_person_and_stands_as_the_actor(
    province: Province, client_of: ClientOf, service: Service
) -> None:
    task = await province.task_in_progress("kilns")
    own = Province(await client_of(Role.OFFICIAL, official_id="official-017"), province.ledger)
    other = Province(await client_of(Role.OFFICIAL, official_id="official-018"), province.ledger)
    assert (await own.says(f"/tasks/{task}/report-progress", REPORT)).is_success
    refused = await other.says(f"/tasks/{task}/report-progress", REPORT)
    assert refused.status_code == 403
    assert refused.json()["type"] == "/problems/not-answerable"
    recorded = await service.log.read(province.ledger)
    assert recorded.events[-1].event.actor == "official:official-017"


async def test_the_request_s_id_stands_in_the_event(province: Province, service: Service) -> None:
    task = await province.task_in_progress("kilns")
    sent = "0190d1f3-7a5b-7c3e-8f00-0123456789ab"
    reply = await province.says(f"/tasks/{task}/report-progress", REPORT, {"X-Request-ID": sent})
    assert reply.headers["X-Request-ID"] == sent
    recorded = await service.log.read(province.ledger)
    assert str(recorded.events[-1].event.correlation_id) == sent


async def test_an_unknown_ledger_is_said_to_be_unknown(administrator: httpx.AsyncClient) -> None:
    reply = await administrator.post("/v1/nowhere/tasks/kilns/report-progress", json=REPORT)
    assert reply.status_code == 404
    assert reply.json()["type"] == "/problems/ledger-unknown"
