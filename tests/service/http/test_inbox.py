"""The inbox over HTTP: what awaits an official or a body, the verb for it, and who reads."""

from typing import Any

import httpx
import pytest

from service.access.roles import Role
from tests.service.conftest import ClientOf
from tests.service.http.monitored_year import ANH, ASKING, BINH, CHI, LOW, MIDDLE, monitored_year
from tests.service.http.yen_son import Reader
from tests.service.province import COMMITTEE, DECISION, DISTRICT, POST, PROPOSAL, Province

SECRETARY, SUCCESSOR = "official-017", "official-018"
DECIDED: dict[str, Any] = {"on_behalf_of": COMMITTEE, "basis": DECISION}
CLAIM: dict[str, Any] = {
    "summary": "đã xong",
    "values": [{"code": "kilns", "actual": 98}],
    "evidence": [{"title": "Biên bản", "sha256": "0" * 64, "address": "https://example.vn/1"}],
}


async def awaits(reader: Reader, whom: str, **asked: str) -> list[tuple[Any, ...]]:
    """Each matter's kind, what it is of, its number, and whether its day has passed."""
    page = await reader.reads("/inbox", **{"for": whom, **asked})
    return [
        (one["kind"], one["task_id"] or one["unit_id"], one["number"], one["overdue"])
        for one in page["items"]
    ]


async def test_everything_that_awaits_is_told_until_it_is_answered(
    province: Province, client_of: ClientOf
) -> None:
    office = Province(await client_of(Role.AUTHORITY, units=[DISTRICT]), province.ledger)
    committee, district = f"unit:{COMMITTEE}", f"unit:{DISTRICT}"
    official, successor = f"official:{SECRETARY}", f"official:{SUCCESSOR}"
    for task in ("wish", "ready"):
        await office.does(
            "/tasks/register",
            task_id=task,
            post_id=POST,
            official_id=SECRETARY,
            proposal=PROPOSAL,
        )
    await province.does("/tasks/ready/approve", effective_on="2021-01-05", **DECIDED)
    await province.task_in_progress("kilns")

    async def on_kilns(verb: str, on: str, by: Province = office, **said: Any) -> Reader:
        done = await by.does(f"/tasks/kilns/{verb}", effective_on=on, **said)
        return Reader(province, done["position"])

    await on_kilns("request-revision", "2021-02-01", due_on="2021-12-01", reason="Mưa")
    await on_kilns(
        "propose-solution", "2021-02-02", proposed_to=DISTRICT, title="Hỗ trợ", description="Tiền"
    )
    await on_kilns(
        "raise-obstacle", "2021-02-03", field="land", description="Đất", addressed_to=DISTRICT
    )
    await on_kilns(
        "remind", "2021-02-04", province, content="Gấp", answer_due_on="2021-02-10", **DECIDED
    )
    await on_kilns(
        "set-report-duty", "2021-02-05", province, duty={"cadence": "monthly", "day": 25}, **DECIDED
    )
    reader = await on_kilns("report-progress", "2021-02-06", narrative="Đã dỡ", share_percent="9")

    assert await awaits(reader, committee) == [
        ("registration", "wish", None, False),
        ("assignment", "ready", None, False),
        ("revision", "kilns", 1, False),
    ]
    assert await awaits(reader, district) == [
        ("solution", "kilns", 1, False),
        ("obstacle", "kilns", 1, False),
    ]
    reminded = [("reminder", "kilns", 1, True)]
    assert await awaits(reader, official, as_of="2021-02-20") == reminded
    # The report of February is given; that of March is told of thirty days before, or not yet.
    due = ("progress_report", "kilns", None, False)
    assert await awaits(reader, official, as_of="2021-02-24") == [*reminded, due]
    assert await awaits(reader, official, as_of="2021-02-24", due_within="20") == reminded
    late = await awaits(reader, official, as_of="2021-03-26", overdue="true")
    assert late == [*reminded, (*due[:3], True)]
    assert await awaits(reader, official, as_of="2021-02-03") == []
    assert await awaits(reader, successor) == []

    # A claim is decided first: what waits for the task to go on awaits nobody meanwhile.
    reader = await on_kilns("claim-completion", "2021-04-01", **CLAIM)
    assert ("claim", "kilns", None, False) in await awaits(reader, committee)
    assert await awaits(reader, committee, kind="revision") == []
    assert await awaits(reader, official) == reminded
    await on_kilns("return-completion", "2021-04-02", province, reason="Chưa đủ", **DECIDED)
    await on_kilns("refuse-revision", "2021-04-03", province, number=1, reason="Không", **DECIDED)
    reader = await on_kilns("answer-reminder", "2021-04-04", office, number=1, answer="Đang làm")
    assert await awaits(reader, official, kind="reminder") == []
    assert await awaits(reader, committee, task="kilns") == []
    # A vacant task awaits the body that fills it, and nothing under it awaits anybody.
    reader = await on_kilns("vacate", "2021-04-05", province, reason="Nghỉ", **DECIDED)
    assert await awaits(reader, committee, task="kilns") == [("vacancy", "kilns", None, False)]
    assert await awaits(reader, district) == []
    [vacancy] = (await reader.reads("/inbox", **{"for": committee, "kind": "vacancy"}))["items"]
    assert vacancy["verb"] == "/tasks/{task_id}/fill-vacancy"
    assert (vacancy["title"], vacancy["since_on"]) == (PROPOSAL["title"], "2021-04-05")
    # What was closed by then is told of the days before, also of one task by what was known once.
    before = {"task": "kilns", "as_of": "2021-03-01"}
    assert await awaits(reader, committee, **before) == [("revision", "kilns", 1, False)]
    answered = str(reader.position)
    assert await awaits(reader, official, **before, known_at=answered) == [*reminded, due]


async def test_what_is_proposed_for_lateness_awaits_the_body_also_once_the_task_has_ended(
    province: Province, client_of: ClientOf
) -> None:
    committee = f"unit:{COMMITTEE}"
    office = Province(await client_of(Role.AUTHORITY, units=[DISTRICT]), province.ledger)
    proposal = {"consequence": "criticism", "reason": "Chậm", "on_behalf_of": DISTRICT}
    on = {"effective_on": "2022-02-01"}
    for task in ("kilns", "roads", "school"):
        await province.task_in_progress(task)
        await office.does(f"/tasks/{task}/propose-responsibility", **on, **proposal)
    await office.does("/tasks/roads/claim-completion", **on, **CLAIM)
    await province.does("/tasks/roads/confirm-completion", **on, **DECIDED)
    done = await province.does("/tasks/school/cancel", **on, reason="Thôi", **DECIDED)
    reader = Reader(province, done["position"])
    told = [("responsibility", task, 1, False) for task in ("kilns", "roads")]
    assert await awaits(reader, committee) == told
    drop = {"number": 1, "reason": "Do bão", **DECIDED, **on}
    await province.does("/tasks/kilns/drop-responsibility", **drop)
    done = await province.does(
        "/tasks/roads/decide-responsibility", consequence="criticism", **drop
    )
    assert await awaits(Reader(province, done["position"]), committee) == []


async def test_monitoring_awaits_bodies_monitors_and_communes(
    province: Province, client_of: ClientOf
) -> None:
    asking = Province(await client_of(Role.AUTHORITY, units=ASKING), province.ledger)
    reader = await monitored_year(province, asking)
    body = f"unit:{COMMITTEE}"
    assert await awaits(reader, body, as_of="2023-09-20") == [
        ("recommendation", "xa-1", 1, False),
        ("recommendation", "xa-1", 2, False),
    ]
    assert await awaits(reader, body, as_of="2023-08-05") == [
        ("replacement_request", MIDDLE, 1, False)
    ]
    assert await awaits(reader, body) == [
        ("recommendation", "xa-1", 2, False),
        ("commendation", MIDDLE, None, False),
    ]
    # Chi monitors since July; the programme was due in March, and her own report in December.
    assert await awaits(reader, f"official:{BINH}", as_of="2023-03-10") == [
        ("programme", LOW, None, False)
    ]
    report = ("annual_report", LOW, None, False)
    assert await awaits(reader, f"official:{CHI}", as_of="2023-12-01") == [report]
    assert await awaits(reader, f"official:{CHI}", as_of="2023-12-16") == [(*report[:3], True)]
    assert await awaits(reader, f"official:{ANH}", as_of="2023-12-16") == [
        ("annual_report", MIDDLE, None, True)
    ]
    for giver in (LOW, f"dang-uy-{LOW}"):
        form = ("review", LOW, None, False)
        assert await awaits(reader, f"unit:{giver}", as_of="2024-01-12") == [form]


async def test_the_heir_of_a_body_has_what_awaited_it(province: Province) -> None:
    await province.does(
        "/tasks/commission", task_id="kilns", post_id=POST, proposal=PROPOSAL, **DECIDED
    )
    await province.does(
        "/units/establish", unit_id="heir", name="Ban Thường vụ mới", kind="standing_committee"
    )
    done = await province.does(
        "/units/heir/merge", predecessors=[COMMITTEE], effective_on="2021-07-01", basis=DECISION
    )
    reader = Reader(province, done["position"])
    assert await awaits(reader, "unit:heir") == [("assignment", "kilns", None, False)]
    assert await awaits(reader, "unit:heir", as_of="2021-06-30") == []


async def read_by(client: httpx.AsyncClient, ledger: str, whom: str) -> int:
    return (await client.get(f"/v1/{ledger}/inbox", params={"for": whom})).status_code


async def test_an_inbox_is_open_to_its_own_and_to_the_office(
    province: Province, client_of: ClientOf
) -> None:
    last = await province.does("/officials/register", official_id="last", full_name="Cán bộ")
    for listed in ("tenures", "posts", "units"):
        await Reader(province, last["position"]).reads(f"/{listed}")
    own = await client_of(Role.OFFICIAL, official_id=SECRETARY)
    readers = {
        "own": own,
        "office": await client_of(Role.AUTHORITY, units=[COMMITTEE]),
        "inspector": await client_of(Role.INSPECTOR, units=[DISTRICT]),
        "elsewhere": await client_of(Role.AUTHORITY, units=["elsewhere"]),
        "whole": await client_of(Role.INSPECTOR),
        "integrator": await client_of(Role.INTEGRATOR),
    }
    expected = {
        f"official:{SECRETARY}": {"own", "office", "inspector", "whole"},
        f"unit:{COMMITTEE}": {"office", "whole"},
        f"unit:{DISTRICT}": {"inspector", "whole"},
    }
    for whom, open_to in expected.items():
        replies = {
            name: await read_by(client, province.ledger, whom) for name, client in readers.items()
        }
        assert replies == {name: 200 if name in open_to else 403 for name in readers}, whom
    refused = await own.get(f"/v1/{province.ledger}/inbox", params={"for": f"unit:{COMMITTEE}"})
    assert refused.json()["type"] == "/problems/not-related"


@pytest.mark.parametrize("query", ["", "for=standing-committee", "for=official:X", "for_=unit:a"])
async def test_whose_inbox_must_be_said(province: Province, query: str) -> None:
    reply = await province.client.get(f"/v1/{province.ledger}/inbox?{query}")
    assert reply.status_code == 422
