"""A paper by regulation that is missing becomes one event, however many processes look."""

import asyncio
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from service.access.roles import Role
from service.components import Service
from service.handle import today, utc_now
from service.missed_reports import CYCLE_PAPERS, TASK_PAPERS
from tests.service.conftest import ClientOf
from tests.service.http.regulated import adopt
from tests.service.http.test_regulated_papers import STEP, asking
from tests.service.http.yen_son import Reader
from tests.service.missed import looking, told
from tests.service.province import COMMITTEE, DECISION, DISTRICT, Province

DAYS = 5
SECRETARY, DEPUTY = "official-017", "official-018"
DECIDED: dict[str, Any] = {"on_behalf_of": COMMITTEE, "basis": DECISION}


def due_on() -> date:
    """The last day before today that every month has."""
    yesterday = today(utc_now) - timedelta(1)
    return yesterday.replace(day=min(yesterday.day, 28))


async def board(reader: Reader, **asked: str) -> dict[tuple[str, str], dict[str, Any]]:
    """What is due on that day, by its kind and whom or what it is about."""
    days = {"from_on": str(due_on()), "to_on": str(due_on())}
    items = (await reader.reads("/duties", **days, **asked))["items"]
    if any(one["task_id"] for one in items):
        return {(one["kind"], one["task_id"]): one for one in items}
    return {(one["kind"], one["official_id"] or one["unit_id"]): one for one in items}


async def all_read(province: Province, service: Service) -> None:
    """What is recorded by now is on the board."""
    head = "SELECT max(position) FROM log.events WHERE ledger = $1"
    await board(Reader(province, await service.pool.fetchval(head, province.ledger)))


async def recorded(province: Province, reader: Reader) -> list[dict[str, Any]]:
    events = await province.client.get(f"/v1/{province.ledger}/events?after={reader.position}")
    found: list[dict[str, Any]] = events.json()["events"]
    return found


@pytest.fixture
async def office(province: Province, client_of: ClientOf) -> Province:
    return Province(await client_of(Role.AUTHORITY, units=[DISTRICT]), province.ledger)


async def test_one_event_tells_of_a_plan_or_report_of_a_task_whoever_looks(
    province: Province, service: Service, others: list[Service], office: Province
) -> None:
    """Of three tasks one has its report, one its plan, and one a rule of its own."""
    ledger, on, due = province.ledger, today(utc_now), due_on()
    plan = f"paper: plan, each: year, day: {due.day}, month: {due.month}"
    report = f"paper: progress_report, each: month, day: {due.day}"
    await adopt(province, "giao-viec", f"{due.year - 1}-01-05", *asking(plan, report))
    for task in ("a", "b", "c"):
        await province.task_in_progress(task)
    duty = {"cadence": "yearly", "day": 20, "months_after": 5}
    await province.does("/tasks/c/set-report-duty", duty=duty, **DECIDED)
    said = {"summary": "Ba bước", "steps": [STEP]}
    await office.does("/tasks/a/submit-plan", effective_on=str(due), **said)
    reported = {"effective_on": str(due), "narrative": "Đã dỡ 92 lò"}
    done = await office.does("/tasks/b/report-progress", **reported)
    reader = Reader(province, done["position"])
    before = await board(reader)
    missing = {key for key, one in before.items() if one["state"] == "missing"}
    assert missing == {("progress_report", "a"), ("plan", "b"), ("plan", "c")}

    every = [looking(one, DAYS) for one in (service, *others)]
    await asyncio.gather(*(one.record(ledger) for one in every))
    # At once, as if none of them had seen another; what is not missing is not recorded.
    named = [
        (due, kind, task, str(due.year) if kind == "plan" else f"{due:%Y-%m}")
        for kind in ("plan", "progress_report")
        for task in ("a", "b", "c")
    ]
    await asyncio.gather(
        *(one.record_one(TASK_PAPERS.request(ledger, row)) for one in every for row in named)
    )
    events = await recorded(province, reader)
    assert Counter((one["data"]["paper"], one["data"]["task_id"]) for one in events) == Counter(
        missing
    )
    assert {one["type"] for one in events} == {"vn.giaoviec.task.paper_missed"}
    assert {one["data"]["official_id"] for one in events} == {SECRETARY}
    reader = Reader(province, int(events[-1]["id"].rpartition("/")[2]))
    after = await board(reader)
    assert {key for key, one in after.items() if one["missed_position"]} == missing
    await looking(others[0], DAYS).record(ledger)
    assert await told(service, ledger) == Counter({str(due): 3})

    # What comes late turns the state, and the event stays.
    late = {"effective_on": str(on), "narrative": "Đã dỡ 90 lò"}
    if on.month == due.month:
        done = await office.does("/tasks/a/report-progress", **late)
        paper = (await board(Reader(province, done["position"])))["progress_report", "a"]
        assert (paper["state"], paper["missed_position"] is None) == ("late", False)
    await looking(others[0], DAYS).record(ledger)
    assert await told(service, ledger) == Counter({str(due): 3})


async def test_a_reminder_answers_a_paper_that_is_missing_and_the_paper_meets_it(
    province: Province, service: Service, office: Province
) -> None:
    """Of a task both are missing: the report is urged, and the plan comes."""
    due, on = due_on(), str(today(utc_now))
    papers = (
        f"paper: plan, each: year, day: {due.day}, month: {due.month}",
        f"paper: progress_report, each: month, day: {due.day}",
    )
    await adopt(province, "giao-viec", f"{due.year - 1}-01-05", *asking(*papers))
    await province.task_in_progress("a")
    await all_read(province, service)
    await looking(service, DAYS).record(province.ledger)

    async def awaiting(position: int) -> list[tuple[str, str, str, str]]:
        reader = Reader(province, position)
        found = (await reader.reads("/inbox", **{"for": f"unit:{COMMITTEE}"}))["items"]
        return [(one["kind"], one["verb"], one["task_id"], one["due_on"]) for one in found]

    head = "SELECT max(position) FROM log.events WHERE ledger = $1"
    last = await service.pool.fetchval(head, province.ledger)
    remind = "/tasks/{task_id}/remind"
    plan, report = ((kind, remind, "a", str(due)) for kind in ("missed_plan", "missed_report"))
    assert sorted(await awaiting(last)) == [plan, report]

    said = {"effective_on": on, "content": "Gửi báo cáo", "answer_due_on": on, **DECIDED}
    named = {"paper": "progress_report", "period": f"{due:%Y-%m}"}
    done = await province.does("/tasks/a/remind", missed_paper=named, **said)
    assert await awaiting(done["position"]) == [plan]
    reminded = await board(Reader(province, done["position"]))
    assert {kind: one["reminded_on"] for (kind, _), one in reminded.items()} == {
        "plan": None,
        "progress_report": on,
    }
    steps = {"summary": "Ba bước", "steps": [STEP]}
    done = await office.does("/tasks/a/submit-plan", effective_on=on, **steps)
    assert await awaiting(done["position"]) == []
    come = {"paper": "plan", "period": str(due.year)}
    refused = await province.says("/tasks/a/remind", {**said, "missed_paper": come})
    assert refused.json()["type"] == "/problems/plan-not-missing"


async def test_what_was_due_longer_ago_or_of_a_task_that_ended_is_not_told(
    province: Province, service: Service
) -> None:
    due = due_on()
    report = f"paper: progress_report, each: month, day: {due.day}"
    await adopt(province, "giao-viec", f"{due.year - 1}-01-05", *asking(report))
    await province.task_in_progress("a")
    done = await province.does("/tasks/a/cancel", reason="Thôi", **DECIDED)
    await board(Reader(province, done["position"]))
    await looking(service, DAYS).record(province.ledger)
    assert await told(service, province.ledger) == Counter()
    await province.task_in_progress("b")
    await all_read(province, service)
    await looking(service, days=0).record(province.ledger)
    assert await told(service, province.ledger) == Counter()


async def test_where_all_is_recorded_none_is_looked_for_until_the_next_look(
    province: Province, service: Service
) -> None:
    due = due_on()
    report = f"paper: progress_report, each: month, day: {due.day}"
    await adopt(province, "giao-viec", f"{due.year - 1}-01-05", *asking(report))
    look = looking(service, DAYS)
    for task in ("a", "b"):
        await province.task_in_progress(task)
        await all_read(province, service)
        await look.record(province.ledger)
        assert await told(service, province.ledger) == Counter({str(due): 1})
    await looking(service, DAYS).record(province.ledger)
    assert await told(service, province.ledger) == Counter({str(due): 2})


def of_year(due: date) -> dict[str, Any]:
    """The cycle whose papers are due in the year after it."""
    days = {"from_on": f"{due.year - 1}-01-01", "to_on": f"{due.year - 1}-12-31"}
    return {"regulation": "danh-gia", "cycle": "year", "cohort": "unit_heads", **days}


async def yearly_cycle(province: Province) -> None:
    """Two officials of the district, of whom all papers were due on the day."""
    due = due_on()
    papers = ("self_assessment", "review", "rating", "unit_result")
    by = f"each: year, day: {due.day}, month: {due.month}, next_period: true"
    duties = (f"paper: {one}, {by}" for one in papers)
    await adopt(province, "danh-gia", f"{due.year - 1}-01-01", *asking(*duties))
    on = {"effective_on": f"{due.year}-01-01", **DECIDED}
    await province.does("/cycles/open", cycle_id="nam", **of_year(due), **on)
    groups = {"agency": DISTRICT, "duty_group": "heads"}
    officials = [{"official_id": one, **groups} for one in (SECRETARY, DEPUTY)]
    await province.does("/cycles/nam/enrol", officials=officials, **on)


async def test_one_event_tells_of_a_paper_of_a_cycle_whoever_looks(
    province: Province, service: Service, others: list[Service]
) -> None:
    """Of two officials of a cycle one has been reviewed; nothing else has come."""
    ledger, due = province.ledger, due_on()
    await yearly_cycle(province)
    proposal = {"official_id": SECRETARY, "level": "GOOD", "on_behalf_of": DISTRICT}
    done = await province.does("/cycles/nam/propose-level", effective_on=str(due), **proposal)
    reader = Reader(province, done["position"])
    missing = {
        *(("self_assessment", one) for one in (SECRETARY, DEPUTY)),
        *(("rating", one) for one in (SECRETARY, DEPUTY)),
        ("official_review", DEPUTY),
        ("unit_result", DISTRICT),
    }
    before = await board(reader)
    assert {key for key, one in before.items() if one["state"] == "missing"} == missing

    every = [looking(one, DAYS) for one in (service, *others)]
    await asyncio.gather(*(one.record(ledger) for one in every))
    named = [
        (due, kind, "nam", COMMITTEE if kind == "rating" else DISTRICT, one)
        for kind in ("official_review", "rating", "self_assessment", "unit_result")
        for one in (SECRETARY, DEPUTY, "")
    ]
    await asyncio.gather(
        *(one.record_one(CYCLE_PAPERS.request(ledger, row)) for one in every for row in named)
    )
    events = await recorded(province, reader)
    about = (one["data"] for one in events)
    assert Counter((one["paper"], one["official_id"] or one["unit_id"]) for one in about) == (
        Counter(missing)
    )
    assert {one["type"] for one in events} == {"vn.giaoviec.appraisal.paper_missed"}
    reader = Reader(province, int(events[-1]["id"].rpartition("/")[2]))
    after = await board(reader)
    assert {key for key, one in after.items() if one["missed_position"]} == missing
    await looking(others[0], DAYS).record(ledger)
    assert await told(service, ledger) == Counter({str(due): len(missing)})


async def test_a_missing_paper_of_a_cycle_awaits_whoever_gives_it_until_it_comes(
    province: Province, service: Service, client_of: ClientOf
) -> None:
    """The agency reviews, the body decides on ratings and results; a proposal awaits it anyway."""
    ledger, due, on = province.ledger, due_on(), str(today(utc_now))
    await yearly_cycle(province)
    await all_read(province, service)
    await looking(service, DAYS).record(ledger)
    head = "SELECT max(position) FROM log.events WHERE ledger = $1"

    async def awaiting(unit: str, **asked: str) -> list[tuple[str, str, str]]:
        """Each kind, whom or what it is about and its verb, through pages of one."""
        reader = Reader(province, await service.pool.fetchval(head, ledger))
        found: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while not found or cursor:
            asks = {"for": f"unit:{unit}", "limit": "1", **asked, **cursor}
            page = await reader.reads("/inbox", **asks)
            found += page["items"]
            cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else {}
            if not found:
                return []
        assert [one["position"] for one in found] == sorted(one["position"] for one in found)
        assert {one["cycle_id"] for one in found} == {"nam"}
        return sorted(
            (one["kind"], one["official_id"] or one["unit_id"], one["verb"]) for one in found
        )

    review, rate = "/cycles/{cycle_id}/propose-level", "/officials/{official_id}/decide-rating"
    reviews = [("official_review", one, review) for one in (SECRETARY, DEPUTY)]
    ratings = [("rating", one, rate) for one in (SECRETARY, DEPUTY)]
    result = ("unit_result", DISTRICT, "/units/{unit_id}/rate")
    assert await awaiting(DISTRICT) == reviews
    assert await awaiting(COMMITTEE) == [*ratings, result]
    assert await awaiting(COMMITTEE, overdue="true", kind="rating") == ratings
    assert await awaiting(COMMITTEE, as_of=str(today(utc_now) - timedelta(1))) == []

    proposal = {"official_id": SECRETARY, "level": "GOOD", "on_behalf_of": DISTRICT}
    await province.does("/cycles/nam/propose-level", effective_on=on, **proposal)
    assert await awaiting(DISTRICT) == reviews[1:]
    proposed = ("proposed_level", SECRETARY, rate)
    assert await awaiting(COMMITTEE) == [proposed, ratings[1], result]
    office = Province(await client_of(Role.AUTHORITY, units=[COMMITTEE]), ledger)
    decided = {"cycle_id": "nam", "of": of_year(due), "level": "GOOD", "effective_on": on}
    for official in (SECRETARY, DEPUTY):
        await office.does(f"/officials/{official}/decide-rating", **decided, **DECIDED)
    assert await awaiting(COMMITTEE) == [result]
    year = {name: of_year(due)[name] for name in ("from_on", "to_on")}
    rated = {"level": "GOOD", "effective_on": on, **year, **DECIDED}
    await province.does(f"/units/{DISTRICT}/rate", **rated)
    assert await awaiting(COMMITTEE) == []
    # It awaits the agency of the official as it is by now.
    moved = {"official_id": DEPUTY, "agency": COMMITTEE, "duty_group": "heads"}
    await province.does("/cycles/nam/enrol", officials=[moved], effective_on=on, **DECIDED)
    assert (await awaiting(DISTRICT), await awaiting(COMMITTEE)) == ([], reviews[1:])
    # What has not come when the cycle is closed is asked for no more.
    await province.does("/cycles/nam/close", effective_on=on, **DECIDED)
    assert await awaiting(COMMITTEE) == []
