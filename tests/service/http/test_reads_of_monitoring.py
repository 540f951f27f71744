"""Monitoring's papers, read over HTTP: the year 2023 of three communes."""

from datetime import date
from typing import Any

import pytest

from projections.monitoring.figures import MonitoringFigure
from service.access.roles import Role
from service.http.reads.columns import columns_of
from tests.domain.regulations.governing import COMMUNES, written
from tests.service.conftest import ClientOf
from tests.service.http.monitored_year import (
    ANH,
    ASKING,
    BINH,
    BUILDING,
    CELL,
    CHI,
    DECIDED,
    FINANCE,
    HIGH,
    LOW,
    MIDDLE,
    monitored_year,
)
from tests.service.http.yen_son import Reader
from tests.service.province import COMMITTEE, DECISION, Province


@pytest.fixture
async def year(province: Province, client_of: ClientOf) -> Reader:
    asking = await client_of(Role.AUTHORITY, units=ASKING)
    return await monitored_year(province, Province(asking, province.ledger))


def states(reply: dict[str, Any]) -> list[tuple[str, str, str, int | None]]:
    return [
        (item["unit_id"], item["official_id"], item["state"], item["days_late"])
        for item in reply["items"]
    ]


async def test_programmes_came_in_time_late_or_are_missing(year: Reader) -> None:
    reply = await year.reads("/monitoring/programmes", as_of="2023-06-01")
    assert states(reply) == [
        (HIGH, ANH, "in_time", None),
        (MIDDLE, ANH, "late", 2),
        (LOW, BINH, "missing", 62),
    ]
    assert reply["counts"] == {
        "expected": 3, "in_time": 1, "late": 1, "missing": 1, "awaited": 0, "unexpected": 0,
    }  # fmt: skip
    first = reply["items"][0]
    assert (first["first_on"], first["submitted_on"]) == ("2023-03-31", "2023-05-01")
    assert (first["revision"], first["planned_visits"]) == (2, 6)
    before = await year.reads("/monitoring/programmes", as_of="2023-03-31")
    assert states(before) == [
        (HIGH, ANH, "in_time", None),
        (MIDDLE, ANH, "awaited", None),
        (LOW, BINH, "awaited", None),
    ]
    assert before["items"][0]["planned_visits"] == 4


async def test_a_report_is_expected_of_whoever_monitors_when_it_falls_due(year: Reader) -> None:
    reply = await year.reads("/monitoring/annual-reports", as_of="2024-01-01", year=2023)
    assert [(item["official_id"], item["expected"], item["state"]) for item in reply["items"]] == [
        (ANH, True, "in_time"),
        (ANH, True, "late"),
        (BINH, False, "in_time"),
        (CHI, True, "missing"),
    ]
    assert reply["counts"]["unexpected"] == 1
    missing = await year.reads(
        "/monitoring/annual-reports", as_of="2024-01-01", year=2023, state="missing"
    )
    assert states(missing) == [(LOW, CHI, "missing", 17)]
    assert missing["counts"] == reply["counts"]


async def test_a_review_is_expected_of_whoever_monitored_at_the_end_of_the_year(
    year: Reader,
) -> None:
    reply = await year.reads("/monitoring/reviews", as_of="2024-01-31", year=2023)
    assert states(reply) == [
        (HIGH, ANH, "in_time", None),
        (MIDDLE, ANH, "late", 1),
        (LOW, CHI, "missing", 16),
    ]
    assert reply["items"][0]["level"] == "good"
    assert reply["items"][0]["reviewed_by"] == f"dang-uy-{HIGH}"
    assert reply["items"][2]["level"] is None


async def test_papers_come_page_by_page_and_as_files(year: Reader) -> None:
    found: list[str] = []
    asked: dict[str, str | int] = {"year": 2023, "as_of": "2024-01-01", "limit": 1}
    cursor: str | None = ""
    while cursor is not None:
        page = await year.reads("/monitoring/annual-reports", **asked)
        found += [item["official_id"] for item in page["items"]]
        cursor = page["next_cursor"]
        asked["cursor"] = cursor or ""
    assert found == [ANH, ANH, BINH, CHI]
    file = await year.client.get(
        f"/v1/{year.ledger}/monitoring/annual-reports",
        params={"min_position": year.position, "year": 2023, "format": "csv"},
        headers={"Accept-Language": "vi"},
    )
    headings, *rows = file.text.splitlines()
    assert headings.startswith("Mã đơn vị,Tên đơn vị,Mã cán bộ,Tên cán bộ,Mã cơ quan theo dõi,")
    assert len(rows) == 4


async def test_visits_are_listed_and_counted_by_whatever_is_asked(year: Reader) -> None:
    reply = await year.reads("/monitoring/visits", year=2023, commune=LOW)
    assert [(v["official_id"], v["agency_id"], v["number"]) for v in reply["items"]] == [
        (BINH, BUILDING, 1),
        (CHI, FINANCE, 2),
    ]
    counts = {
        "none": [("all", 4)],
        "official": [(ANH, 2), (BINH, 1), (CHI, 1)],
        "commune": [(HIGH, 2), (LOW, 2)],
        "agency": [(FINANCE, 3), (BUILDING, 1)],
        "occasion": [("field_trip", 1), ("party_meeting", 3)],
        "month": [("2023-02", 1), ("2023-05", 1), ("2023-06", 1), ("2023-07", 1)],
        "year": [("2023", 4)],
    }
    for group_by, expected in counts.items():
        found = await year.reads("/monitoring/visit-counts", group_by=group_by)
        assert [(one["group"], one["visits"]) for one in found["items"]] == expected
    early = await year.reads("/monitoring/visit-counts", as_of="2023-06-29")
    assert early["items"] == [{"group": "all", "visits": 2, "communes": 1, "officials": 1}]


async def test_an_official_proposed_by_two_communes_counts_once(year: Reader) -> None:
    reply = await year.reads("/monitoring/commendations", year=2023)
    assert [(one["unit_id"], one["state"]) for one in reply["items"]] == [
        (HIGH, "commended"),
        (MIDDLE, "proposed"),
    ]
    assert reply["counts"] == {
        "proposals": 2, "officials_proposed": 1, "commended": 1,
        "officials_commended": 1, "declined": 0, "undecided": 1,
    }  # fmt: skip
    before = await year.reads("/monitoring/commendations", as_of="2024-01-31", state="proposed")
    assert before["counts"]["undecided"] == 2


async def test_requests_recommendations_and_good_practices_of_a_day(year: Reader) -> None:
    [waiting] = (await year.reads("/monitoring/replacement-requests", as_of="2023-08-19"))["items"]
    assert (waiting["state"], waiting["days_open"], waiting["answer"]) == ("open", 18, None)
    [answered] = (await year.reads("/monitoring/replacement-requests", state="refused"))["items"]
    assert (answered["answered_on"], answered["answer"]) == ("2023-08-20", "Chưa")
    overdue = await year.reads("/monitoring/recommendations", as_of="2023-10-01", state="overdue")
    assert [one["number"] for one in overdue["items"]] == [1]
    now = await year.reads("/monitoring/recommendations", to_body=COMMITTEE)
    assert [(one["number"], one["state"]) for one in now["items"]] == [(1, "answered"), (2, "open")]
    [practice] = (await year.reads("/monitoring/good-practices"))["items"]
    assert (practice["title"], practice["agency_id"]) == ("Tổ tự quản", FINANCE)


async def test_an_agency_is_judged_beside_its_own_figures(year: Reader) -> None:
    reply = await year.reads("/monitoring/agencies", year=2023, as_of="2024-02-01")
    finance, building = reply["items"]
    assert finance == {
        "agency_id": FINANCE, "year": 2023, "level": "good", "remarks": "Sâu sát",
        "assessed_by": COMMITTEE, "assessed_on": "2024-01-20", "communes": 3, "monitors": 2,
        "visits": 3, "programmes_late": 1, "programmes_missing": 0, "annual_reports_late": 1,
        "annual_reports_missing": 1,
    }  # fmt: skip
    assert (building["level"], building["communes"], building["visits"]) == (None, 0, 1)
    assert building["programmes_missing"] == 1
    half = await year.reads("/monitoring/agencies", year=2023, as_of="2023-06-30", agency=BUILDING)
    assert [(one["communes"], one["monitors"]) for one in half["items"]] == [(1, 1)]
    to_come = await year.reads("/monitoring/agencies", year=2024, as_of="2023-06-30")
    assert to_come["items"] == [], "who will have monitored is not known yet"


async def test_a_reported_share_is_flagged_where_the_log_gives_another(year: Reader) -> None:
    reply = await year.reads("/monitoring/figures", year=2023, as_of="2024-02-02")
    found = {one["measure"]: one for one in reply["items"]}
    share = found["commendation_share"]
    assert (share["numerator"], share["denominator"], share["recomputed"]) == (1, 2, "50.00")
    assert (share["reported"], share["reported_by"], share["differs"]) == ("84.4", COMMITTEE, True)
    assert (found["communes"]["recomputed"], found["communes"]["differs"]) == ("3", False)
    assert {name: one["recomputed"] for name, one in found.items() if one["reported"] is None} == {
        "commendations_proposed": "1",
        "covered_communes": "3",
        "covered_share": "100.00",
        "monitors": "2",
        "reviews": "2",
        "tasks": "0",
        "tasks_done_in_time": "0",
        "tasks_done_late": "0",
        "tasks_done_share": None,
        "tasks_open_in_time": "0",
        "tasks_open_overdue": "0",
        "visits": "4",
    }
    flagged = await year.reads("/monitoring/figures", year=2023, differs="true")
    assert [one["measure"] for one in flagged["items"]] == ["commendation_share"]
    first = await year.reads("/monitoring/figures", year=2023, limit=5)
    rest = await year.reads("/monitoring/figures", year=2023, cursor=first["next_cursor"])
    assert [one["measure"] for one in [*first["items"], *rest["items"]]] == sorted(found)


async def test_a_month_without_attendance_is_missing_once_it_is_over(year: Reader) -> None:
    [one] = (await year.reads("/cell-attendance", as_of="2023-05-31"))["items"]
    assert (one["unit_id"], one["official_id"], one["meetings"]) == (CELL, ANH, 3)
    assert (one["months_owed"], one["months_attended"]) == (3, 2)
    assert one["missing_months"] == ["2023-03"]
    assert (one["judged"], one["average_points"]) == (2, "87.50")
    [later] = (await year.reads("/cell-attendance", as_of="2023-06-01", missing="true"))["items"]
    assert later["missing_months"] == ["2023-03", "2023-05"]
    early = await year.reads("/cell-attendance", as_of="2023-03-01", missing="true")
    assert early["items"] == []
    meetings = await year.reads("/cell-attendance/meetings", cell=CELL, to_on="2023-03-31")
    assert [(m["attended_on"], m["quality_points"]) for m in meetings["items"]] == [
        ("2023-02-03", None),
        ("2023-02-20", "80"),
    ]


@pytest.mark.usefixtures("year")
async def test_papers_are_due_as_the_file_in_force_and_the_days_off_say(
    province: Province,
) -> None:
    on: dict[str, Any] = {"effective_on": "2023-06-01"}
    source = written(COMMUNES, date(2023, 6, 1), COMMITTEE, DECISION)
    done = await province.does("/regulations/theo-doi/adopt", **on, **DECIDED, source=source)
    calendar = {"year": 2023, "days_off": [{"on": "2023-12-29", "title": "Nghỉ bù"}]}
    worked = {**calendar, "worked": ["2023-12-30"]}

    async def due(paper: str) -> set[str | None]:
        items = (await Reader(province, done["position"]).reads(f"/monitoring/{paper}", year=2023))[
            "items"
        ]
        return {one["due_on"] for one in items}

    # 31 December 2023 is a Sunday.
    expected: dict[str, Any] = {"2023-12-29": None, "2023-12-28": calendar, "2023-12-30": worked}
    for due_on, adopted in expected.items():
        if adopted is not None:
            done = await province.does("/regulations/days-off/adopt", **on, **DECIDED, **adopted)
        assert await due("annual-reports") == {due_on}
    assert await due("programmes") == {None}
    now = Reader(province, done["position"])
    (listed,) = (await now.reads("/regulations/days-off/calendars", year=2023))["items"]
    assert (listed["days_off"], listed["worked"]) == (worked["days_off"], worked["worked"])
    regulations = (await now.reads("/regulations", as_of="2023-06-01"))["items"]
    assert {one["regulation_id"] for one in regulations} == {
        "cell-attendance",
        "commune-monitoring",
        "theo-doi",
    }


async def test_a_revision_of_an_earlier_day_is_recorded_late(
    year: Reader, province: Province
) -> None:
    said = {"effective_on": "2023-04-30", "year": 2023, "content": "Sửa"}
    late = await province.does(f"/communes/{HIGH}/submit-programme", **said)
    assert [event["type"] for event in late["events"]] == ["monitoring.programme_submitted"]
    shown = (await year.reads("/monitoring/programmes", year=2023))["items"][0]
    assert (shown["revision"], shown["planned_visits"]) == (2, 6)


def test_every_figure_is_headed_in_vietnamese() -> None:
    for column in columns_of(MonitoringFigure):
        assert column.heading("vi").casefold() != column.heading("en").casefold()


async def test_counts_by_one_thing_do_not_go_on_by_another(year: Reader) -> None:
    path = "/monitoring/visit-counts"
    cursor = (await year.reads(path, group_by="commune", limit=1))["next_cursor"]
    rest = await year.reads(path, group_by="commune", cursor=cursor)
    assert [one["group"] for one in rest["items"]] == [LOW]
    refused = await year.says(path, group_by="official", cursor=cursor)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/cursor-unusable")
