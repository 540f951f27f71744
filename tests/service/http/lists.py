"""Every list that is read page by page, and a ledger in which each has rows, many of them alike.

What is alike in the first thing a list is ordered by shows whether it goes on by the next.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx
from pydantic_core import to_json

from service.handle import today, utc_now
from tests.service.http.indicated import indicators
from tests.service.http.monitored_communes import monitored_communes
from tests.service.http.regulated import adopt
from tests.service.http.yen_son import OTHER, OTHER_DISTRICT, OTHER_POST, Reader
from tests.service.province import COMMITTEE, DECISION, DISTRICT, POST, PROPOSAL, REPORT, Province

WAIT_SECONDS = 180.0
SECRETARY, DEPUTY = "official-017", "official-018"
DEPUTY_POST = "deputy-yen-son"
DECIDED = {"on_behalf_of": COMMITTEE, "basis": DECISION}
BY_OFFICIAL = {"group_by": "official"}
OF_2021 = {"year": "2021"}
IN_2021 = {"from_on": "2021-01-04", "to_on": "2021-12-31"}
TRACTS = ("kilns", "roads", "school")
VACANT = ("dam", "canal", "market")
YEARLY = {**PROPOSAL, "title": "Họp dân", "term": {"kind": "yearly", "from_year": 2021}}

# Each list as OpenAPI has it, and what is asked of it.
LISTS: Mapping[str, Mapping[str, str]] = {
    "/inbox": {"for": f"official:{SECRETARY}"},
    "/active-tasks": {},
    "/tasks": {"sort": "-title"},
    "/tasks/{task_id}/responsibilities": {},
    "/officials/{official_id}/responsibilities": {},
    "/officials/{official_id}/portfolio": {},
    "/completion-rates": BY_OFFICIAL,
    "/task-states": BY_OFFICIAL,
    "/overdue-trend": BY_OFFICIAL,
    "/unanswered-reminders": {},
    "/open-obstacles": {},
    "/vacancies": {},
    "/late-reports": {},
    "/duties": IN_2021,
    "/duty-trend": {**IN_2021, "group_by": "unit"},
    "/three-clears": {},
    "/conduct-findings": {},
    "/replacement-proposals": {},
    "/units": {},
    "/posts": {},
    "/tenures": {},
    "/officials": {},
    "/tasks/{task_id}/history": {},
    "/officials/{official_id}/history": {},
    "/units/{unit_id}/history": {"order": "oldest_first"},
    "/posts/{post_id}/history": {},
    "/search": {"q": "h"},
    "/commune-coverage/communes": {},
    "/commune-coverage/officials": {},
    "/commune-coverage/gaps": {},
    "/commune-coverage/uncovered-days": {**IN_2021, "group_by": "commune"},
    "/commune-coverage/trend": IN_2021,
    "/commune-coverage/pending-retirements": {"as_of": "2022-06-30"},
    "/monitoring/programmes": OF_2021,
    "/monitoring/annual-reports": OF_2021,
    "/monitoring/reviews": OF_2021,
    "/monitoring/visits": {},
    "/monitoring/visit-counts": {"group_by": "commune"},
    "/monitoring/commendations": {},
    "/monitoring/replacement-requests": {},
    "/monitoring/recommendations": {},
    "/monitoring/good-practices": {},
    "/monitoring/agencies": OF_2021,
    "/monitoring/figures": OF_2021,
    "/cell-attendance": {},
    "/cell-attendance/meetings": {},
    "/regulations/{regulation_id}/history": {},
    "/regulations": {},
    "/regulations/{regulation_id}/revisions": {},
    "/regulations/days-off/calendars": {},
    "/indicators/attainment": {},
    "/appraisal/ratings": {},
    "/appraisal/shaken": {},
    "/appraisal/cycles": {},
    "/appraisal/objections": {},
    "/cycles/{cycle_id}/officials": {},
    "/cycles/{cycle_id}/history": {},
    "/tasks/{task_id}/cases": {},
    "/territory/loose-ends": {},
    "/scheduled": {},
    "/backdated": {"type": "unit.established"},
    "/history": {"type": "unit.established"},
    "/access-record": {"action": "read_official_record"},
    "/changes": {"from": "before-vacancies"},
}
# Two regulations on one topic do not take effect on one day.
OF_NO_COMMUNES = ("communes_per_official: 1\n", "")
SUBJECTS = {
    "tasks": TRACTS[0],
    "officials": SECRETARY,
    "units": DISTRICT,
    "posts": POST,
    "regulations": "appraisal",
    "cycles": "quy-3",
}
# Lists that are no pages: of the service rather than of a ledger's record, or a feed of their own;
# and one that only the person reads whom it is about.
UNPAGED = {
    "/v1/{ledger}/officials/{official_id}/self-checks",
    "/v1/ledgers",
    "/problems",
    "/v1/{ledger}/imports",
    "/v1/{ledger}/snapshots",
    "/v1/{ledger}/unit-kinds",
}


def described_lists(document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The operations whose reply holds `items`, by path."""
    schemas = document["components"]["schemas"]
    found = {}
    for path, operations in document["paths"].items():
        reply = operations.get("get", {}).get("responses", {}).get("200", {})
        schema = reply.get("content", {}).get("application/json", {}).get("schema", {})
        shape = schemas.get(schema.get("$ref", "").rpartition("/")[2], schema)
        if "items" in shape.get("properties", {}):
            found[path] = operations["get"]
    return found


def addressed(path: str) -> str:
    """The path with the ids of those whose list has most in it."""
    subject = SUBJECTS.get(path.split("/")[1], "")
    for name in ("task", "official", "unit", "post", "regulation", "cycle"):
        path = path.replace(f"{{{name}_id}}", subject)
    return path


async def busy(province: Province) -> Reader:
    """Seven tasks of two posts: reminded, obstructed, late or vacant, three and more of each.

    And communes, three of which are monitored; and three units that are to be established.
    """
    await province.establish()
    await province.does(
        "/units/establish", unit_id=OTHER_DISTRICT, name="Sơn Dương", kind="district"
    )
    await province.does("/officials/register", official_id=OTHER, full_name="Hà Văn H")
    for post, unit, holder in (
        (OTHER_POST, OTHER_DISTRICT, OTHER),
        (DEPUTY_POST, DISTRICT, DEPUTY),
    ):
        await province.does(
            "/posts/create",
            post_id=post,
            unit_id=unit,
            title="Phó Bí thư Huyện ủy",
            kind="district_deputy",
            managed_by=COMMITTEE,
        )
        await province.does(f"/posts/{post}/appoint", official_id=holder)
    for task in (*TRACTS, *VACANT):
        await province.task_in_progress(task)
    for task, post, proposal in (
        ("meetings", POST, YEARLY),
        ("hamlets", OTHER_POST, YEARLY),
        ("houses", DEPUTY_POST, PROPOSAL),
    ):
        await province.does(
            "/tasks/commission", task_id=task, post_id=post, proposal=proposal, **DECIDED
        )
        await province.does(f"/tasks/{task}/assign", **DECIDED)
    for task in TRACTS:
        await troubled(province, task)
    await snapshot(province, "before-vacancies")
    for task in VACANT:
        await province.does(
            f"/tasks/{task}/vacate", effective_on="2021-06-01", reason="Nghỉ chế độ", **DECIDED
        )
    await monitored_communes(province)
    await inspected(province, SECRETARY, SECRETARY, DEPUTY)
    await proposed_for_replacement(province)
    for regulation, on in (
        *(("appraisal", on) for on in ("2021-02-01", "2021-05-01", "2021-08-01")),
        ("conduct", "2021-02-01"),
        ("monitoring", "2021-02-01"),
    ):
        await adopt(province, regulation, on, OF_NO_COMMUNES)
    for year in (2021, 2022, 2023):
        calendar: dict[str, Any] = {"effective_on": "2021-02-01", "year": year, "days_off": []}
        done = await province.does("/regulations/days-off/adopt", **DECIDED, **calendar)
    for official in (SECRETARY, DEPUTY, OTHER):
        await read_record(province, official, done["position"])
    await indicators(province)
    await shaken_ratings(province)
    await cycles(province)
    soon = (today(utc_now) + timedelta(days=30)).isoformat()
    for number in range(3):
        await province.does(
            "/units/establish", name=f"Chi cục {number}", kind="division", effective_on=soon
        )
    done = await province.does("/tasks/meetings/report-progress", **REPORT)
    return Reader(province, done["position"])


async def read_record(province: Province, official: str, min_position: int) -> None:
    """Read all that is kept of an official, which the access record tells."""
    address = f"/v1/{province.ledger}/officials/{official}/record"
    reply = await province.client.get(address, params={"min_position": min_position})
    assert reply.status_code == 200, reply.text


async def snapshot(province: Province, name: str, known_at: int | datetime | None = None) -> int:
    """Make one, of what is recorded by now if nothing else is said; its position.

    Where other tests' snapshots are still being cleared away, it waits for room.
    """
    order = to_json({"name": name, "known_at": known_at or utc_now()})
    headers = {"Content-Type": "application/json"}
    address = f"/v1/{province.ledger}/snapshots"
    async with asyncio.timeout(WAIT_SECONDS):
        while True:
            reply = await province.client.post(address, content=order, headers=headers)
            if reply.status_code != 409 or reply.json()["type"] != "/problems/snapshots-full":
                break
            await asyncio.sleep(0.05)
    assert reply.status_code == 202, reply.text
    made = await followed(province.client, reply.headers["Location"])
    assert made["state"] == "done", made
    position: int = made["position"]
    return position


async def followed(client: httpx.AsyncClient, address: str) -> dict[str, Any]:
    """The snapshot at the address, when it is made or has failed."""
    made: dict[str, Any] = (await client.get(address)).json()
    async with asyncio.timeout(WAIT_SECONDS):
        while made["state"] in {"waiting", "running"}:
            await asyncio.sleep(0.05)
            made = (await client.get(address)).json()
    return made


async def shaken_ratings(province: Province) -> None:
    """An official is rated thrice for discipline that is annulled then."""
    path = f"/officials/{SECRETARY}"
    disciplined = await province.does(
        f"{path}/decide-discipline", effective_on="2021-03-01", form="warning", reason="Sai",
        **DECIDED,
    )  # fmt: skip
    for cycle, from_on, to_on in (
        ("quarter", "2021-01-01", "2021-03-31"),
        ("quarter", "2021-02-01", "2021-04-30"),
        ("year", "2021-01-01", "2021-12-31"),
    ):
        of = {"regulation": "appraisal", "cycle": cycle, "cohort": "unit_heads"}
        rated = {"of": {**of, "from_on": from_on, "to_on": to_on}, "level": "NOT_COMPLETED"}
        await province.does(f"{path}/decide-rating", effective_on="2022-01-10", **rated, **DECIDED)
    positions = [disciplined["position"]]
    annulment = {"positions": positions, "reason": "Ghi nhầm", **DECIDED}
    assert (await province.says("/events/annul", annulment)).is_success


async def cycles(province: Province) -> None:
    """Three cycles, of which one has three officials; one of these objects thrice."""
    of = {"regulation": "appraisal", "cycle": "quarter", "cohort": "unit_heads"}
    days = {"from_on": "2021-07-01", "to_on": "2021-09-30"}
    on: dict[str, Any] = {"effective_on": "2022-01-10", **DECIDED}
    for number in (1, 2, 3):
        await province.does("/cycles/open", cycle_id=f"quy-{number}", **of, **days, **on)
    officials = [
        {"official_id": one, "agency": DISTRICT, "duty_group": "heads"}
        for one in (SECRETARY, DEPUTY, OTHER)
    ]
    await province.does("/cycles/quy-3/enrol", officials=officials, **on)
    path, rated = f"/officials/{SECRETARY}", {"cycle_id": "quy-3", "level": "COMPLETED"}
    await province.does(f"{path}/decide-rating", of={**of, **days}, **rated, **on)
    for _ in range(3):
        objection = {"cycle_id": "quy-3", "step": "levels", "reason": "Đã xong"}
        await province.does(f"{path}/object-to-rating", effective_on="2022-01-11", **objection)


CONDUCT = "ky-cuong"
CATALOGUE = f"""\
regulation: {CONDUCT}
title: Quy định mẫu về kỷ cương
sample: true
basis:
  number: {DECISION["number"]}
  issued_on: {DECISION["issued_on"]}
  issuing_body: {DECISION["issuing_body"]}
decided_by: {COMMITTEE}
effective_on: 2021-01-04
manifestations:
  counted: 25
  listed:
    - {{code: "7", text: "Đùn đẩy, né tránh"}}
"""
SEEN: dict[str, Any] = {
    "regulation_id": CONDUCT,
    "manifestation": "7",
    "finding": "Chuyển hồ sơ lòng vòng",
    "evidence": [{"title": "Biên bản", "sha256": "0" * 64, "address": "https://example.vn/1"}],
}


async def inspected(province: Province, *officials: str) -> int:
    """By the catalogue of a directive something is found of each of them; the last position."""
    done = await province.does(f"/regulations/{CONDUCT}/adopt", source=CATALOGUE, **DECIDED)
    for official in officials:
        done = await province.does(f"/officials/{official}/record-finding", **SEEN, **DECIDED)
    position: int = done["position"]
    return position


async def proposed_for_replacement(province: Province) -> None:
    """Each of the three officials."""
    for official, post in ((SECRETARY, POST), (DEPUTY, DEPUTY_POST), (OTHER, OTHER_POST)):
        proposal = {"post_id": post, "reason": "Để việc kéo dài"}
        await province.does(f"/officials/{official}/propose-replacement", **proposal, **DECIDED)


async def troubled(province: Province, task: str) -> None:
    """Two obstacles, two reminders, a duty to report that nobody heeds; two answer beside."""
    duty = {"cadence": "monthly", "day": 25}
    await province.does(f"/tasks/{task}/set-report-duty", duty=duty, **DECIDED)
    for _ in range(2):
        await province.does(
            f"/tasks/{task}/raise-obstacle",
            field="land",
            description="Đất",
            addressed_to=OTHER_DISTRICT,
        )
        await province.does(
            f"/tasks/{task}/remind", content="Báo cáo", answer_due_on="2021-03-10", **DECIDED
        )
    for code in ("DA-1", "DA-2", "DA-3"):
        await province.does(f"/tasks/{task}/record-case", code=code, title="Dự án")
    for post in (OTHER_POST, DEPUTY_POST):
        await province.does(f"/tasks/{task}/add-co-accountable", post_id=post, **DECIDED)
