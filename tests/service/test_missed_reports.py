"""A report that is missing becomes one event, however many processes look, and begin again."""

import asyncio
from collections import Counter
from datetime import date, timedelta
from typing import Any

from domain.tasks.work.report_duties import Obligation, ReportDuty, obligations
from service.access.roles import Role
from service.components import Service
from service.handle import today, utc_now
from service.missed_reports import PAPERS, REPORTS
from tests.service.conftest import ClientOf
from tests.service.http.monitored_year import (
    ANH,
    ASKING,
    CHI,
    HIGH,
    LOW,
    MIDDLE,
    RULES,
    monitored_year,
)
from tests.service.http.yen_son import Reader
from tests.service.missed import DAYS, looking, told
from tests.service.province import COMMITTEE, DECISION, Province

DUTY = {"cadence": "monthly", "day": 25}
DECIDED: dict[str, Any] = {"on_behalf_of": COMMITTEE, "basis": DECISION}


def due(on: date) -> list[Obligation]:
    duty = ReportDuty.model_validate(DUTY)
    return list(obligations(duty, on - timedelta(DAYS), on - timedelta(1)))


async def owing(province: Province) -> int:
    """The kilns, of which no report has come since 2021."""
    await province.task_in_progress("kilns")
    done = await province.does("/tasks/kilns/set-report-duty", duty=DUTY, **DECIDED)
    position: int = done["position"]
    return position


async def test_one_event_tells_of_a_missing_report_whoever_looks(
    province: Province, service: Service, others: list[Service]
) -> None:
    ledger = province.ledger
    reader = Reader(province, await owing(province))
    await reader.reads("/duties")
    on = today(utc_now)
    expected = Counter({str(one.due_on): 1 for one in due(on)})
    every = [looking(one) for one in (service, *others)]
    await asyncio.gather(*(one.record(ledger) for one in every))
    # At once, as if none of them had seen another.
    await asyncio.gather(
        *(
            one.record_one(REPORTS.request(ledger, (missed.due_on, "kilns", missed.period)))
            for one in every
            for missed in due(on)
        )
    )
    assert await told(service, ledger) == expected
    # A process that begins anew finds all told.
    await looking(others[0]).record(ledger)
    assert await told(service, ledger) == expected


async def test_a_process_that_has_just_begun_or_records_none_looks_for_none(
    province: Province, service: Service
) -> None:
    reader = Reader(province, await owing(province))
    await reader.reads("/duties")
    assert await looking(service).round() is False
    assert await looking(service, days=0).record(province.ledger) is False
    assert await told(service, province.ledger) == Counter()


async def test_a_reminder_answers_what_is_missed_and_a_report_meets_it(
    province: Province, service: Service
) -> None:
    reader = Reader(province, await owing(province))
    await reader.reads("/duties")
    await looking(service).record(province.ledger)
    missed = due(today(utc_now))
    events = (await province.client.get(f"/v1/{province.ledger}/events")).json()
    found = [one for one in events["events"] if one["type"].endswith("report_missed")]
    assert [one["data"]["period"] for one in found] == [one.period for one in missed]
    reader = Reader(province, int(found[-1]["id"].rpartition("/")[2]))
    inbox = {"for": f"unit:{COMMITTEE}"}
    awaits = (await reader.reads("/inbox", **inbox))["items"]
    assert [(one["kind"], one["verb"], one["due_on"]) for one in awaits] == [
        ("missed_report", "/tasks/{task_id}/remind", str(one.due_on)) for one in missed
    ]
    last = missed[-1]
    board = {"task": "kilns", "from_on": str(last.due_on), "to_on": str(last.due_on)}
    [item] = (await reader.reads("/duties", **board))["items"]
    assert (item["state"], item["official_id"]) == ("missing", "official-017")
    assert item["missed_position"] == reader.position

    on = str(today(utc_now))
    done = await province.does(
        "/tasks/kilns/remind",
        effective_on=on,
        content="Gửi báo cáo",
        answer_due_on=on,
        missed_report=last.period,
        **DECIDED,
    )
    reader = Reader(province, done["position"])
    awaits = (await reader.reads("/inbox", **inbox))["items"]
    assert [one["due_on"] for one in awaits] == [str(one.due_on) for one in missed[:-1]]
    [item] = (await reader.reads("/duties", **board))["items"]
    assert (item["state"], item["reminded_on"]) == ("missing", on)

    given = await province.does(
        "/tasks/kilns/report-progress",
        effective_on=str(last.due_on + timedelta(1)),
        narrative="Đã dỡ 92 lò",
    )
    [item] = (await Reader(province, given["position"]).reads("/duties", **board))["items"]
    assert (item["state"], item["days_late"]) == ("late", 1)


async def test_one_event_tells_of_a_missing_paper_on_a_commune_whoever_looks(
    province: Province, service: Service, others: list[Service], client_of: ClientOf
) -> None:
    """The programmes of this year were due yesterday: one came, and two monitors owe theirs."""
    asking = Province(await client_of(Role.AUTHORITY, units=ASKING), province.ledger)
    await monitored_year(province, asking)
    ledger, on = province.ledger, today(utc_now)
    yesterday = on - timedelta(1)
    due = {"month": yesterday.month, "day": min(yesterday.day, 28)}
    due_on = date(yesterday.year, **due)
    half_a_year_on = {"month": (yesterday.month + 5) % 12 + 1, "day": 15}
    rules = {
        **RULES,
        "programme_due": due,
        "report_due": half_a_year_on,
        "review_due": {**half_a_year_on, "next_year": True},
        "effective_on": f"{due_on.year - 1}-01-01",
    }
    await province.does("/regulations/commune-monitoring/adopt", **rules, **DECIDED)
    programme = {"year": due_on.year, "content": "Mỗi quý một lần", "effective_on": str(due_on)}
    done = await province.does(f"/communes/{HIGH}/submit-programme", **programme)
    reader = Reader(province, done["position"])
    await reader.reads("/duties")

    async def papers(**asked: str) -> list[dict[str, Any]]:
        days = {"from_on": str(due_on), "to_on": str(due_on), "kind": "programme"}
        found = (await reader.reads("/duties", **days, **asked))["items"]
        return list(found)

    every = [looking(one, days=5) for one in (service, *others)]
    await asyncio.gather(*(one.record(ledger) for one in every))
    # At once, as if none of them had seen another; one that is not missing is not recorded.
    await asyncio.gather(
        *(
            one.record_one(PAPERS.request(ledger, (due_on, unit_id, "programme", due_on.year)))
            for one in every
            for unit_id in (HIGH, MIDDLE, LOW)
        )
    )
    assert await told(service, ledger) == Counter({str(due_on): 2})
    events = (await province.client.get(f"/v1/{ledger}/events?after={reader.position}")).json()
    missed = events["events"]
    assert {one["data"]["unit_id"]: one["data"]["official_id"] for one in missed} == {
        MIDDLE: ANH,
        LOW: CHI,
    }
    reader = Reader(province, int(missed[-1]["id"].rpartition("/")[2]))
    assert {one["unit_id"]: one["missed_position"] is None for one in await papers()} == {
        HIGH: True,
        MIDDLE: False,
        LOW: False,
    }
    await looking(others[0], days=5).record(ledger)
    assert await told(service, ledger) == Counter({str(due_on): 2})
    # What comes late turns the state, and the event stays.
    late = {**programme, "effective_on": str(on)}
    done = await province.does(f"/communes/{LOW}/submit-programme", **late)
    reader = Reader(province, done["position"])
    [paper] = await papers(unit=LOW)
    assert (paper["state"], paper["missed_position"] is None) == ("late", False)
    assert await told(service, ledger) == Counter({str(due_on): 2})
