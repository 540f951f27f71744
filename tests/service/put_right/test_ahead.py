"""Decisions ahead of their day: today's reads show what is, those of a later day what will be."""

from typing import Any

from tests.service.put_right.communes import (
    BANK,
    DIRECTOR,
    assigned,
    covered,
    establish_communes,
    monitor,
    monitors,
    post_of,
)
from tests.service.put_right.office import (
    AN,
    BINH,
    CHAIRMAN,
    CHI,
    DECIDED,
    STATE,
    WHY,
    Office,
    ahead,
)

NEXT_WEEK = ahead(7)


async def rates(office: Office, official: str, **asked: str) -> dict[str, Any]:
    found = await office.items("/completion-rates", group_by="official", **asked)
    return {one["group"]: one for one in found}.get(official, {})


async def test_a_task_cancelled_from_next_week_is_in_progress_until_then(office: Office) -> None:
    await office.task("lo-gach", due_on=ahead(60))
    await office.does("/tasks/lo-gach/cancel", NEXT_WEEK, **WHY, **DECIDED)
    assert (await office.item("/tasks/lo-gach"))["state"] == "in_progress"
    assert (await office.item("/tasks/lo-gach", as_of=NEXT_WEEK))["state"] == "cancelled"
    assert await office.column("/active-tasks", "task_id") == ["lo-gach"]
    assert await office.items("/active-tasks", as_of=NEXT_WEEK) == []
    now, then = await rates(office, AN), await rates(office, AN, as_of=NEXT_WEEK)
    assert (now["in_progress_in_time"], now["cancelled"]) == (1, 0)
    assert (then["in_progress_in_time"], then["cancelled"]) == (0, 1)
    states = await office.items("/task-states", group_by="official")
    assert [one["open_in_time"] for one in states if one["group"] == AN] == [1]
    dossier = await office.item("/tasks/lo-gach/dossier")
    assert dossier["state"] == "in_progress"


async def test_a_task_vacated_from_next_week_is_no_vacancy_today(office: Office) -> None:
    await office.task("lo-gach", due_on=ahead(60))
    await office.does("/tasks/lo-gach/vacate", NEXT_WEEK, **WHY, **DECIDED)
    assert await office.items("/vacancies") == []
    assert await office.column("/vacancies", "task_id", as_of=NEXT_WEEK) == ["lo-gach"]
    assert await office.leaders("lo-gach", ahead(6), NEXT_WEEK) == [AN, None]
    filling = {"official_id": BINH, **STATE, **DECIDED}
    await office.does("/tasks/lo-gach/fill-vacancy", ahead(14), **filling)
    assert await office.leaders("lo-gach", ahead(0), ahead(13), ahead(14)) == [AN, None, BINH]
    assert len(await office.scheduled(task="lo-gach")) == 2


async def test_a_task_transferred_from_next_week_counts_where_it_is_today(office: Office) -> None:
    await office.task("lo-gach", due_on=ahead(60))
    said = {"to_post": CHAIRMAN, "official_id": CHI, **WHY, **DECIDED}
    await office.does("/tasks/lo-gach/transfer", NEXT_WEEK, **said)
    assert (await rates(office, AN))["assigned"] == 1
    assert await rates(office, CHI) == {}
    assert (await rates(office, CHI, as_of=NEXT_WEEK))["in_progress_in_time"] == 1
    assert await office.column(f"/officials/{AN}/portfolio", "task_id") == ["lo-gach"]


async def test_a_task_carried_over_next_week_is_not_there_twice_today(office: Office) -> None:
    await office.task("lo-gach", due_on=ahead(60))
    later = {"kind": "period", "from_on": ahead(7), "to_on": ahead(300)}
    said = {"new_task_id": "lo-gach-2", "term": later, **WHY, **DECIDED}
    await office.does("/tasks/lo-gach/carry-over", NEXT_WEEK, **said)
    assert await office.column("/tasks", "task_id") == ["lo-gach"]
    assert await office.column("/active-tasks", "task_id", as_of=NEXT_WEEK) == ["lo-gach-2"]
    assert (await office.item("/tasks/lo-gach"))["carried_over_to"] is None
    assert (await office.asks("/tasks/lo-gach-2")).status_code == 404
    assert (await office.asks("/tasks/lo-gach-2", as_of=NEXT_WEEK)).status_code == 200
    await office.report("lo-gach", ahead(0), "hôm nay")


async def test_a_co_accountable_from_next_week_answers_from_then(office: Office) -> None:
    await office.task("lo-gach", due_on=ahead(60))
    said = {"post_id": CHAIRMAN, "official_id": CHI, **DECIDED}
    await office.does("/tasks/lo-gach/add-co-accountable", NEXT_WEEK, **said)
    assert (await office.item("/tasks/lo-gach"))["co_accountables"] == []
    assert (await office.item("/tasks/lo-gach", as_of=NEXT_WEEK))["co_accountables"] == [CHI]
    assert await office.items(f"/officials/{CHI}/portfolio") == []
    held = await office.column(f"/officials/{CHI}/portfolio", "role", as_of=NEXT_WEEK)
    assert held == ["beside"]


async def test_a_portfolio_handed_over_next_week_stays_today(office: Office) -> None:
    for task_id in ("lo-gach", "moi-truong"):
        await office.task(task_id, due_on=ahead(60))
    path = f"/officials/{AN}/hand-over-portfolio"
    await office.does(path, NEXT_WEEK, to_official=BINH, **STATE, **DECIDED)
    now = await office.reads(f"/officials/{AN}/portfolio")
    assert now["totals"]["leads"] == 2
    then = await office.reads(f"/officials/{BINH}/portfolio", as_of=NEXT_WEEK)
    assert then["totals"]["leads"] == 2
    assert (await office.reads(f"/officials/{AN}/portfolio", as_of=NEXT_WEEK))["items"] == []


async def test_a_monitor_who_retires_next_week_monitors_until_then(office: Office) -> None:
    await establish_communes(office)
    await assigned(office, "cao-son", DIRECTOR)
    said = {"official_id": DIRECTOR, "cause": "retirement", **DECIDED}
    await office.does(f"/posts/{post_of(DIRECTOR)}/end-tenure", NEXT_WEEK, **said)
    assert await monitor(office, "cao-son") == DIRECTOR
    assert await monitors(office, "cao-son", ahead(6), NEXT_WEEK) == [DIRECTOR, None]
    assert await covered(office) == (1, 3)
    assert await covered(office, NEXT_WEEK) == (0, 3)
    days: dict[str, Any] = {"from_on": "2021-02-01", "to_on": NEXT_WEEK, "step": "year"}
    trend = await office.items("/commune-coverage/trend", **days)
    assert (trend[0]["covered"], trend[-1]["covered"]) == (1, 0)
    gap = await office.items("/commune-coverage/gaps", as_of=NEXT_WEEK)
    assert NEXT_WEEK in [one["from_on"] for one in gap if one["unit_id"] == "cao-son"]
    now = await office.items("/commune-coverage/gaps")
    assert "cao-son" not in [one["unit_id"] for one in now]


async def test_an_allocation_of_next_week_binds_from_then(office: Office) -> None:
    await establish_communes(office)
    await office.does(f"/agencies/{BANK}/set-quota", "2021-01-05", leaders=2, **DECIDED)
    await office.does("/communes/cao-son/allocate", NEXT_WEEK, agency_id=BANK, **DECIDED)
    said = {"official_id": DIRECTOR, "post_id": post_of(DIRECTOR), **DECIDED}
    path = "/communes/cao-son/assign-monitor"
    await office.refused(409, "not-of-the-agency", path, NEXT_WEEK, **said)
    listed = await office.contradicts(path, ahead(0), **said)
    assert [one["type"] for one in listed] == ["monitoring.commune_allocated"]


async def test_a_regulation_of_next_year_allows_more_communes_from_then(office: Office) -> None:
    await establish_communes(office)
    await assigned(office, "cao-son", DIRECTOR)
    due = {"month": 3, "day": 31}
    await office.does(
        "/regulations/commune-monitoring/adopt",
        NEXT_WEEK,
        communes_per_official=2,
        leading_post_kinds=["leader"],
        programme_due=due,
        report_due=due,
        review_due=due,
        **DECIDED,
    )
    said = {"official_id": DIRECTOR, "post_id": post_of(DIRECTOR), **DECIDED}
    path = "/communes/thai-binh/assign-monitor"
    await office.refused(409, "monitors-enough", path, ahead(0), **said)
    await office.does(path, NEXT_WEEK, **said)
    assert await covered(office, NEXT_WEEK) == (2, 3)
    assert await covered(office) == (1, 3)


async def test_a_post_abolished_next_week_is_held_until_then(office: Office) -> None:
    await office.does(
        f"/posts/{CHAIRMAN}/end-tenure", NEXT_WEEK, official_id=CHI, cause="transfer", **DECIDED
    )
    await office.does(f"/posts/{CHAIRMAN}/abolish", NEXT_WEEK, **WHY, **DECIDED)
    assert CHAIRMAN in await office.column("/posts", "post_id")
    assert CHAIRMAN not in await office.column("/posts", "post_id", as_of=NEXT_WEEK)
    assert await office.column("/tenures", "official_id", post=CHAIRMAN) == [CHI]
    await office.task("lo-gach", due_on=ahead(60))
    said = {"to_post": CHAIRMAN, "official_id": CHI, **WHY, **DECIDED}
    listed = await office.contradicts("/tasks/lo-gach/transfer", ahead(0), **said)
    assert {one["effective_on"] for one in listed} == {NEXT_WEEK}


async def test_a_report_that_was_corrected_is_annulled_together_with_its_correction(
    office: Office,
) -> None:
    await office.task("lo-gach")
    values = {"values": [{"code": "kilns", "actual": 40}]}
    report = await office.report("lo-gach", "2021-03-01", "tháng 3", **values)
    reading = {"kind": "progress", "values": [{"code": "kilns", "actual": 46}]}
    corrected = await office.does(
        "/tasks/lo-gach/correct-event", "2021-03-02", sequence=3, reading=reading, **WHY
    )
    [indicator] = (await office.item("/tasks/lo-gach"))["indicators"]
    assert indicator["actual"] == "46"
    listed = await office.annul_contradicts(report.at)
    assert [one["position"] for one in listed] == [corrected.at]
    await office.annul(corrected.at)
    [indicator] = (await office.item("/tasks/lo-gach"))["indicators"]
    assert indicator["actual"] == "40"
    await office.annul(report.at)
    [indicator] = (await office.item("/tasks/lo-gach"))["indicators"]
    assert indicator["actual"] is None


async def test_what_is_annulled_is_not_found_by_its_words(office: Office) -> None:
    await office.task("lo-gach")
    positions = sorted(await office.history("/tasks/lo-gach"))
    assert [one["id"] for one in await office.items("/search", q="lò gạch")] == ["lo-gach"]
    await office.annul(*positions, **DECIDED)
    assert await office.items("/search", q="lò gạch") == []


async def test_a_snapshot_of_an_unknown_name_is_not_read(office: Office) -> None:
    await office.task("lo-gach")
    for path in ("/tasks", "/completion-rates", "/commune-coverage"):
        reply = await office.asks(path, known_at="khong-co")
        assert reply.status_code == 404, (path, reply.text)
        assert "khong-co" in reply.json()["detail"]
