"""What hangs on tasks, over HTTP: the brick kilns, whose secretary leaves; the roads go on."""

from typing import Any

import pytest
from pydantic import BaseModel

from projections.tasks.obstacles import OPEN_OBSTACLES
from projections.tasks.overdue_trend import OVERDUE_TREND
from projections.tasks.portfolios import PORTFOLIO
from projections.tasks.reminders import UNANSWERED_REMINDERS
from projections.tasks.report_duties import LATE_REPORTS
from projections.tasks.states import TASK_STATES
from projections.tasks.vacancies import OPEN_VACANCIES
from service.access.roles import Role
from service.http.reads.lists import page_of
from service.http.reads.one import reply_of
from service.http.reads.task import DOSSIER
from tests.service.conftest import ClientOf
from tests.service.http.yen_son import OTHER, OTHER_DISTRICT, OTHER_POST, Reader
from tests.service.province import COMMITTEE, DECISION, DISTRICT, POST, REPORT, Province, version_in

SECRETARY = "official-017"
DECIDED = {"on_behalf_of": COMMITTEE, "basis": DECISION}
EVIDENCE = [{"title": "Biên bản", "sha256": "0" * 64, "address": "https://example.vn/1"}]
SUPPORT = {"purpose": "Tháo dỡ", "amount_vnd": 5_000_000, "per": "lò"}
REQUEST = {"targets": [{"code": "kilns", "target": 92}], "due_on": "2021-11-30", "reason": "khó"}

# What happens to the kilns: the day, the verb, what is said, and whether the body decides.
KILNS: tuple[tuple[str, str, dict[str, Any], bool], ...] = (
    ("01-04", "set-report-duty", {"duty": {"cadence": "monthly", "day": 25}}, True),
    ("01-20", "report-progress", REPORT, False),
    ("02-10", "raise-obstacle", {"field": "land", "description": "Đất",
                                 "addressed_to": OTHER_DISTRICT}, False),
    ("03-01", "remind", {"content": "Báo cáo", "answer_due_on": "2021-03-10"}, True),
    ("03-01", "remind", {"content": "Nhanh lên", "answer_due_on": "2021-04-10"}, True),
    ("03-02", "add-co-accountable", {"post_id": OTHER_POST}, True),
    ("03-05", "answer-reminder", {"number": 1, "answer": "Đã rõ"}, False),
    ("03-15", "raise-obstacle", {"field": "funds", "description": "Vốn",
                                 "addressed_to": OTHER_DISTRICT}, False),
    ("04-01", "delegate-part", {"title": "Vận động", "delegate_unit": OTHER_DISTRICT,
                                "due_on": "2021-06-30", "weight_percent": 40}, False),
    ("04-02", "report-on-part", {"number": 1, "share_percent": 50, "narrative": "Nửa"}, False),
    ("04-05", "propose-solution", {"proposed_to": COMMITTEE, "title": "Hỗ trợ",
                                   "description": "Hộ dân", "supports": [SUPPORT]}, False),
    ("04-06", "approve-solution", {"number": 1}, True),
    ("04-10", "request-revision", REQUEST, False),
    ("04-12", "approve-revision", {"number": 1}, True),
    ("04-20", "resolve-obstacle", {"number": 1, "resolution": "Xong"}, False),
    ("05-01", "record-partial-result", {"summary": "60 lò", "values": [
        {"code": "kilns", "actual": 60}]}, False),
    ("05-02", "record-effect", {"kind": "lesson", "title": "Đối thoại", "description": "Sớm",
                                "evidence": EVIDENCE}, False),
    ("06-01", "vacate", {"reason": "Nghỉ chế độ"}, True),
)  # fmt: skip


@pytest.fixture
async def kilns(province: Province, client_of: ClientOf) -> Reader:
    """Three tasks: the kilns as told above, the roads in progress, the school done late."""
    recorder = Province(await client_of(Role.AUTHORITY, units=[COMMITTEE]), province.ledger)
    await province.does(
        "/units/establish", unit_id=OTHER_DISTRICT, name="Sơn Dương", kind="district"
    )
    await province.does(
        "/posts/create",
        post_id=OTHER_POST,
        unit_id=OTHER_DISTRICT,
        title="Bí thư Huyện ủy",
        kind="district_party_secretary",
        managed_by=COMMITTEE,
        heads_unit=True,
    )
    await province.does("/officials/register", official_id=OTHER, full_name="Cán bộ 019")
    await province.does(f"/posts/{OTHER_POST}/appoint", official_id=OTHER)
    for task in ("kilns", "roads", "school"):
        await province.task_in_progress(task)
    for day, verb, said, decided in KILNS:
        who = {**DECIDED} if decided else {}
        by = recorder if verb in {"propose-solution", "request-revision"} else province
        await by.does(f"/tasks/kilns/{verb}", effective_on=f"2021-{day}", **said, **who)
    await recorder.does(
        "/tasks/school/claim-completion",
        effective_on="2022-01-10",
        summary="đã xong",
        values=[{"code": "kilns", "actual": 98}],
        evidence=EVIDENCE,
    )
    done = await province.does(
        "/tasks/school/confirm-completion", effective_on="2022-02-01", **DECIDED
    )
    return Reader(province, done["position"])


async def corrected(kilns: Reader) -> None:
    """The report of 20 January reads 50 percent from March 2022 on."""
    reply = await kilns.client.post(
        f"/v1/{kilns.ledger}/tasks/kilns/correct-event",
        json={
            "effective_on": "2022-03-01",
            "sequence": 4,
            "reading": {"kind": "progress", "share_percent": 50},
            "reason": "nhầm",
            "on_behalf_of": COMMITTEE,
        },
    )
    assert reply.is_success, reply.text
    kilns.position = reply.json()["position"]


async def test_a_dossier_says_everything_about_a_task(kilns: Reader) -> None:
    found = (await kilns.reads("/tasks/kilns/dossier"))["item"]
    assert (found["state"], found["due_on"]) == ("vacant", "2021-11-30")
    assert found["overdue"]
    assert found["indicators"] == [
        {"code": "kilns", "name": "Lò đã dỡ", "measure": "lò", "target": "92", "actual": "60",
         "reported_on": "2021-05-01"}
    ]  # fmt: skip
    assert found["proposals"][0]["event"]["proposal"]["indicators"][0]["target"] == "98"
    assert [
        (span["official_id"], span["from_on"], span["to_on"]) for span in found["responsibilities"]
    ] == [(SECRETARY, "2021-01-04", "2021-05-31"), (None, "2021-06-01", None)]
    assert [one["event"]["official_id"] for one in found["beside"]] == [OTHER]
    assert [(one["number"], one["settled"] is None) for one in found["obstacles"]] == [
        (1, False),
        (2, True),
    ]
    assert [(one["number"], one["settled"] is None) for one in found["reminders"]] == [
        (1, False),
        (2, True),
    ]
    [solution] = found["solutions"]
    assert solution["settled"]["event"]["supports"] == [SUPPORT]
    assert solution["settled"]["basis"] == DECISION
    [request] = found["revision_requests"]
    assert request["settled"]["type"] == "task.revised"
    assert (found["parts"]["weight_percent"], found["parts"]["done_percent"]) == ("40", "20.00")
    assert found["report_duty"]["missing"][0] == {
        "period": "2021-02",
        "due_on": "2021-02-25",
        "days_late": found["report_duty"]["missing"][0]["days_late"],
    }
    assert [one["period"] for one in found["report_duty"]["missing"]] == [
        "2021-02",
        "2021-03",
        "2021-04",
        "2021-05",
    ]
    assert found["partial_results"][0]["event"]["summary"] == "60 lò"
    assert found["effects"][0]["event"]["kind"] == "lesson"
    assert len(found["timeline"]) == len(KILNS) + 2


async def test_a_dossier_keeps_the_original_beside_the_correction(kilns: Reader) -> None:
    await corrected(kilns)
    for day, share, corrections in (("2022-02-28", "93.88", 0), ("2022-03-01", "50", 1)):
        found = (await kilns.reads("/tasks/kilns/dossier", as_of=day))["item"]
        [report] = found["reports"]
        assert report["share_percent"] == share
        assert report["narrative"] == REPORT["narrative"]
        assert report["recorded"]["event"]["share_percent"] == "93.88"
        assert len(report["corrections"]) == corrections


async def test_a_dossier_of_a_day_knows_nothing_of_later_days(kilns: Reader) -> None:
    found = (await kilns.reads("/tasks/kilns/dossier", as_of="2021-03-01"))["item"]
    assert (found["state"], found["due_on"]) == ("in_progress", "2021-12-31")
    assert found["indicators"][0]["target"] == "98"
    assert (found["beside"], found["solutions"]) == ([], [])
    assert found["responsibilities"][0]["to_on"] is None
    assert [one["settled"] for one in found["reminders"]] == [None, None]
    reply = await kilns.says("/tasks/kilns/dossier", as_of="2021-01-03")
    assert (reply.status_code, reply.json()["type"]) == (404, "/problems/task-unknown")


async def test_a_dossier_has_the_version_of_the_task_in_its_entity_tag(kilns: Reader) -> None:
    reply = await kilns.says("/tasks/roads/dossier")
    task = await kilns.says("/tasks/roads")
    assert version_in(reply.headers["ETag"]) == version_in(task.headers["ETag"])


async def test_a_task_carried_over_is_linked_both_ways(kilns: Reader) -> None:
    reply = await kilns.client.post(
        f"/v1/{kilns.ledger}/tasks/roads/carry-over",
        json={
            "effective_on": "2022-03-01",
            "new_task_id": "roads-2022",
            "term": {"kind": "year", "year": 2022},
            "reason": "chưa xong",
            **DECIDED,
        },
    )
    assert reply.is_success, reply.text
    kilns.position = reply.json()["position"]
    old = (await kilns.reads("/tasks/roads/dossier"))["item"]
    new = (await kilns.reads("/tasks/roads-2022/dossier"))["item"]
    assert old["links"]["carried_to"] == "roads-2022"
    assert new["links"]["carried_from"] == "roads"
    assert (old["state"], old["responsibilities"][0]["to_on"]) == ("carried_over", "2022-02-28")
    assert new["original_due_on"] == "2021-12-31"
    states = await kilns.reads("/task-states", as_of="2022-03-01")
    assert [item["total"] for item in states["items"]] == [3]


async def test_a_portfolio_is_what_an_official_answers_for_on_the_day(kilns: Reader) -> None:
    before = await kilns.reads(f"/officials/{SECRETARY}/portfolio", as_of="2021-05-31")
    assert [
        (item["task_id"], item["role"], item["days_to_deadline"]) for item in before["items"]
    ] == [
        ("kilns", "lead", 183),
        ("roads", "lead", 214),
        ("school", "lead", 214),
    ]
    assert before["totals"] == {"leads": 3, "beside": 0, "in_time": 3, "overdue": 0}
    after = await kilns.reads(f"/officials/{SECRETARY}/portfolio", as_of="2022-02-01")
    assert [(item["task_id"], item["overdue"]) for item in after["items"]] == [("roads", True)]
    beside = await kilns.reads(f"/officials/{OTHER}/portfolio", as_of="2021-05-31")
    assert [(item["task_id"], item["role"], item["post_id"]) for item in beside["items"]] == [
        ("kilns", "beside", OTHER_POST)
    ]
    assert (await kilns.reads(f"/officials/{OTHER}/portfolio", role="lead"))["items"] == []


async def test_a_portfolio_is_read_page_by_page(kilns: Reader) -> None:
    reply = await kilns.says(f"/officials/{SECRETARY}/portfolio", as_of="2021-05-31", limit=1)
    found = [item["task_id"] for item in reply.json()["items"]]
    while "next" in reply.links:
        reply = await kilns.client.get(reply.links["next"]["url"])
        found += [item["task_id"] for item in reply.json()["items"]]
    assert found == ["kilns", "roads", "school"]


async def test_tasks_are_counted_in_four_states(kilns: Reader) -> None:
    found = await kilns.reads("/task-states", as_of="2021-12-31")
    assert found["items"] == [
        {"group": "all", "done_in_time": 0, "done_late": 0, "open_in_time": 2, "open_overdue": 1,
         "total": 3}
    ]  # fmt: skip
    by_official = await kilns.reads("/task-states", group_by="official", as_of="2022-02-01")
    assert [(i["group"], i["done_late"], i["open_overdue"]) for i in by_official["items"]] == [
        ("-", 0, 1),
        (SECRETARY, 1, 1),
    ]
    page = await kilns.reads("/task-states", group_by="official", as_of="2022-02-01", limit=1)
    assert page["next_cursor"] is not None


async def test_the_trend_is_a_point_a_month(kilns: Reader) -> None:
    found = await kilns.reads(
        "/overdue-trend", from_month="2021-11", to_month="2022-02", as_of="2022-02-20"
    )
    [trend] = found["items"]
    assert trend["group"] == "all"
    assert trend["points"] == [
        {"month": "2021-11", "on": "2021-11-30", "open": 3, "overdue": 0, "done_in_time": 0,
         "done_late": 0},
        {"month": "2021-12", "on": "2021-12-31", "open": 3, "overdue": 1, "done_in_time": 0,
         "done_late": 0},
        {"month": "2022-01", "on": "2022-01-31", "open": 3, "overdue": 3, "done_in_time": 0,
         "done_late": 0},
        {"month": "2022-02", "on": "2022-02-20", "open": 2, "overdue": 2, "done_in_time": 0,
         "done_late": 1},
    ]  # fmt: skip
    usual = await kilns.reads("/overdue-trend", group_by="official", as_of="2021-12-31", limit=1)
    assert usual["next_cursor"] is not None
    assert [point["month"] for point in usual["items"][0]["points"]] == [
        f"2021-{month:02d}" for month in range(1, 13)
    ]


@pytest.mark.parametrize("months", [("2022-01", "2021-12"), ("1990-01", "2021-12")])
async def test_a_trend_of_no_months_or_too_many_is_refused(
    kilns: Reader, months: tuple[str, str]
) -> None:
    reply = await kilns.says("/overdue-trend", from_month=months[0], to_month=months[1])
    assert (reply.status_code, reply.json()["type"]) == (422, "/problems/months-unusable")


async def test_reminders_wait_until_they_are_answered(kilns: Reader) -> None:
    found = await kilns.reads("/unanswered-reminders", as_of="2021-03-04")
    assert [(item["number"], item["answer_overdue"]) for item in found["items"]] == [
        (1, False),
        (2, False),
    ]
    later = await kilns.reads("/unanswered-reminders", as_of="2021-06-01", answer_overdue="true")
    [item] = later["items"]
    assert (item["number"], item["reminded"], item["official_id"]) == (2, SECRETARY, None)
    assert (item["days_open"], item["issued_by"]) == (92, COMMITTEE)
    assert (await kilns.reads("/unanswered-reminders", official=SECRETARY))["items"] == []


async def test_obstacles_are_open_by_field_and_age(kilns: Reader) -> None:
    found = await kilns.reads("/open-obstacles", as_of="2021-04-15")
    assert [(item["field"], item["days_open"]) for item in found["items"]] == [
        ("land", 64),
        ("funds", 31),
    ]
    assert {item["field"]: item["up_to_90_days"] for item in found["ages"]} == {
        "funds": 1,
        "land": 1,
    }
    old = await kilns.reads("/open-obstacles", as_of="2021-04-15", days_open_min=32)
    assert [item["number"] for item in old["items"]] == [1]
    assert [item["open"] for item in old["ages"]] == [1]
    assert [item["field"] for item in (await kilns.reads("/open-obstacles"))["items"]] == ["funds"]
    page = await kilns.says("/open-obstacles", as_of="2021-04-15", limit=1)
    following = await kilns.client.get(page.links["next"]["url"])
    assert [item["number"] for item in following.json()["items"]] == [2]


async def test_a_vacancy_says_since_when_and_who_must_act(kilns: Reader) -> None:
    assert (await kilns.reads("/vacancies", as_of="2021-05-31"))["items"] == []
    [item] = (await kilns.reads("/vacancies", as_of="2021-07-01"))["items"]
    assert (item["vacant_since"], item["days_vacant"]) == ("2021-06-01", 30)
    assert (item["must_act"], item["last_official"]) == (COMMITTEE, SECRETARY)
    assert (item["beside_officials"], item["official_id"]) == ([OTHER], None)
    assert (item["unanswered_reminders"], item["open_obstacles"]) == (1, 1)
    assert (await kilns.reads("/vacancies", must_act=DISTRICT))["items"] == []
    filled = await kilns.client.post(
        f"/v1/{kilns.ledger}/tasks/kilns/fill-vacancy",
        json={"effective_on": "2021-08-01", "post_id": POST, "state_summary": "dở", **DECIDED},
    )
    kilns.position = filled.json()["position"]
    assert (await kilns.reads("/vacancies"))["items"] == []
    assert len((await kilns.reads("/vacancies", as_of="2021-07-31"))["items"]) == 1


async def test_late_reports_name_the_periods_that_are_missing(kilns: Reader) -> None:
    assert (await kilns.reads("/late-reports", as_of="2021-02-25"))["items"] == []
    [item] = (await kilns.reads("/late-reports", as_of="2021-04-01"))["items"]
    assert item["missing"] == [
        {"period": "2021-02", "due_on": "2021-02-25", "days_late": 35},
        {"period": "2021-03", "due_on": "2021-03-25", "days_late": 7},
    ]
    assert (item["official_id"], item["given_in_time"], item["given_late"]) == (SECRETARY, 1, 0)
    quarterly = await kilns.reads("/late-reports", as_of="2021-04-01", cadence="quarterly")
    assert quarterly["items"] == []


REPLIES: dict[str, type[BaseModel]] = {
    "/tasks/kilns/dossier": reply_of(DOSSIER),
    "/tasks/school/dossier": reply_of(DOSSIER),
    f"/officials/{SECRETARY}/portfolio": page_of(PORTFOLIO),
    "/task-states": page_of(TASK_STATES),
    "/overdue-trend": page_of(OVERDUE_TREND),
    "/unanswered-reminders": page_of(UNANSWERED_REMINDERS),
    "/open-obstacles": page_of(OPEN_OBSTACLES),
    "/vacancies": page_of(OPEN_VACANCIES),
    "/late-reports": page_of(LATE_REPORTS),
}


async def test_every_reply_is_what_its_model_describes(kilns: Reader) -> None:
    for path, model in REPLIES.items():
        reply = await kilns.says(path, as_of="2021-06-01")
        assert reply.status_code == 200, path
        model.model_validate_json(reply.content)
        assert reply.json().get("item") or reply.json()["items"], path


@pytest.mark.parametrize(
    "path",
    [
        *(path for path in REPLIES if not path.endswith("/dossier")),
        "/tasks/kilns/responsibilities",
        f"/officials/{SECRETARY}/responsibilities",
        f"/officials/{OTHER}/responsibilities",
    ],
)
async def test_every_page_begins_where_the_one_before_ended(kilns: Reader, path: str) -> None:
    for day in ("2021-03-20", "2021-04-30", "2021-06-01"):
        whole = (await kilns.reads(path, as_of=day))["items"]
        reply = await kilns.says(path, as_of=day, limit=1)
        found = reply.json()["items"]
        while "next" in reply.links and len(found) <= len(whole):
            reply = await kilns.client.get(reply.links["next"]["url"])
            found += reply.json()["items"]
        assert found == whole


async def test_a_ledger_without_tasks_has_nothing_of_these(province: Province) -> None:
    done = await province.does("/officials/register", official_id=OTHER, full_name="Cán bộ 019")
    reader = Reader(province, done["position"])
    for path in REPLIES:
        if not path.startswith("/tasks/"):
            assert (await reader.reads(path))["items"] == [], path
    nobody = await reader.says("/officials/nobody/portfolio")
    assert (nobody.status_code, nobody.json()["type"]) == (404, "/problems/official-unknown")
