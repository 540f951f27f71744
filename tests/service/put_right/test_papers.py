"""Papers of monitoring and attendance at cells put right: wrong days, doubles, and mistakes."""

from typing import Any

import pytest

from tests.service.put_right.communes import (
    BANKER,
    DIRECTOR,
    assigned,
    establish_communes,
    replaced,
)
from tests.service.put_right.office import (
    COMMITTEE,
    DECIDED,
    WHY,
    Office,
    ahead,
    instead_of,
)

COMMUNE, PARTY, CELL = "cao-son", "dang-uy-cao-son", "chi-bo-1"
VISIT: dict[str, Any] = {"occasion": "party_meeting", "content": "Dự họp."}
FOR_YEAR: dict[str, Any] = {"year": 2021, "content": "Mỗi quý một lần."}
BY_PARTY: dict[str, Any] = {"on_behalf_of": PARTY, "year": 2021}


@pytest.fixture
async def office(office: Office) -> Office:
    await establish_communes(office)
    await office.unit(PARTY, "party_committee", parent_id=COMMUNE)
    await office.unit(CELL, "party_cell")
    await assigned(office, COMMUNE, DIRECTOR)
    return office


def verb(name: str) -> str:
    return f"/communes/{COMMUNE}/{name}"


async def test_a_visit_of_the_wrong_day_is_replaced_and_counted_once(office: Office) -> None:
    wrong = await office.does(verb("record-visit"), "2021-06-01", **VISIT)
    right = await office.does(verb("record-visit"), "2021-05-11", **VISIT, **instead_of(wrong.at))
    assert await office.column("/monitoring/visits", "visited_on") == ["2021-05-11"]
    counts = await office.items("/monitoring/visit-counts", group_by="commune")
    assert [one["visits"] for one in counts] == [1]
    assert await office.items("/monitoring/visits", from_on="2021-06-01", to_on="2021-06-30") == []
    await office.struck_through(f"/units/{COMMUNE}", wrong.at, right.at)
    await office.struck_through(f"/officials/{DIRECTOR}", wrong.at, right.at)


async def test_a_visit_that_is_recorded_twice_counts_once(office: Office) -> None:
    first = await office.does(verb("record-visit"), "2021-06-01", **VISIT)
    second = await office.does(verb("record-visit"), "2021-06-01", **VISIT)
    await office.annul(first.at)
    third = await office.does(verb("record-visit"), "2021-07-01", **VISIT)
    visits = await office.items("/monitoring/visits")
    assert {one["position"] for one in visits} == {second.at, third.at}
    assert sorted(one["number"] for one in visits) == [2, 3]


async def test_a_monitor_replaced_late_names_the_visits_since(office: Office) -> None:
    visit = await office.does(verb("record-visit"), "2021-06-01", **VISIT)
    said = {
        "to_official": BANKER,
        "post_id": f"p-{BANKER}",
        "handover_note": "Hồ sơ.",
        **WHY,
        **DECIDED,
    }
    listed = await office.contradicts(verb("replace-monitor"), "2021-05-01", **said)
    assert [one["position"] for one in listed] == [visit.at]
    await replaced(office, COMMUNE, BANKER, "2021-05-01", **instead_of(visit.at))
    await office.does(verb("record-visit"), "2021-06-01", **VISIT)
    assert await office.column("/monitoring/visits", "official_id") == [BANKER]


async def test_a_programme_of_the_wrong_day_was_in_time(office: Office) -> None:
    wrong = await office.does(verb("submit-programme"), "2021-05-10", **FOR_YEAR)
    [late] = await office.items("/monitoring/programmes", year=2021, commune=COMMUNE)
    assert late["state"] == "late"
    right = await office.does(
        verb("submit-programme"), "2021-03-10", **FOR_YEAR, **instead_of(wrong.at)
    )
    [programme] = await office.items("/monitoring/programmes", year=2021, commune=COMMUNE)
    assert (programme["state"], programme["submitted_on"]) == ("in_time", "2021-03-10")
    assert programme["content"] == FOR_YEAR["content"]
    await office.struck_through(f"/units/{COMMUNE}", wrong.at, right.at)


async def test_an_annual_report_by_mistake_is_missing_again(office: Office) -> None:
    wrong = await office.does(verb("submit-annual-report"), "2021-03-20", **FOR_YEAR)
    await office.annul(wrong.at)
    [report] = await office.items("/monitoring/annual-reports", year=2021, commune=COMMUNE)
    assert (report["state"], report["content"]) == ("missing", None)
    again = await office.does(verb("submit-annual-report"), "2021-03-25", **FOR_YEAR)
    [report] = await office.items("/monitoring/annual-reports", year=2021, commune=COMMUNE)
    assert (report["state"], report["submitted_on"]) == ("in_time", "2021-03-25")
    assert again.at > wrong.at


async def test_a_review_with_the_wrong_level_is_replaced(office: Office) -> None:
    said = {"remarks": "Sâu sát.", **BY_PARTY}
    wrong = await office.does(verb("review-monitor"), "2021-12-20", level="completed", **said)
    await office.refused(
        409, "reviewed-already", verb("review-monitor"), "2021-12-21", level="good", **said
    )
    right = await office.does(
        verb("review-monitor"), "2021-12-20", level="good", **said, **instead_of(wrong.at)
    )
    assert await office.column("/monitoring/reviews", "level", year=2021, commune=COMMUNE) == [
        "good"
    ]
    assert await office.items("/monitoring/reviews", level="completed") == []
    await office.struck_through(f"/units/{COMMUNE}", wrong.at, right.at)


async def test_a_recommendation_answered_by_mistake_waits_for_its_answer(office: Office) -> None:
    made = await office.does(
        verb("make-recommendation"),
        "2021-04-01",
        to_body=COMMITTEE,
        content="Sửa đường.",
        answer_due_on="2021-05-01",
    )
    answer = {"number": 1, "answer": "Đồng ý.", **DECIDED}
    wrong = await office.does(verb("answer-recommendation"), "2021-04-20", **answer)
    listed = await office.annul_contradicts(made.at)
    assert [one["position"] for one in listed] == [wrong.at]
    await office.annul(wrong.at, **DECIDED)
    [open_one] = await office.items("/monitoring/recommendations", commune=COMMUNE)
    assert open_one["answered_on"] is None
    await office.does(verb("answer-recommendation"), "2021-04-25", **answer)
    [answered] = await office.items("/monitoring/recommendations", commune=COMMUNE)
    assert answered["answered_on"] == "2021-04-25"
    await office.struck_through(f"/units/{COMMUNE}", wrong.at)


async def test_a_commendation_decided_by_mistake_is_open_again(office: Office) -> None:
    proposed = await office.does(verb("propose-commendation"), "2021-12-21", **BY_PARTY, **WHY)
    decision = {"year": 2021, "official_id": DIRECTOR, **WHY, **DECIDED}
    wrong = await office.does(verb("decide-commendation"), "2022-01-15", commended=True, **decision)
    listed = await office.annul_contradicts(proposed.at, on_behalf_of=PARTY)
    assert [one["position"] for one in listed] == [wrong.at]
    right = await office.does(
        verb("decide-commendation"),
        "2022-01-15",
        commended=False,
        **decision,
        **instead_of(wrong.at),
    )
    found = await office.reads("/monitoring/commendations", year=2021)
    assert [one["state"] for one in found["items"]] == ["declined"]
    assert (found["counts"]["commended"], found["counts"]["declined"]) == (0, 1)
    await office.annul(right.at, **DECIDED)
    assert await office.column("/monitoring/commendations", "state", year=2021) == ["proposed"]


async def test_an_agency_s_assessment_of_the_wrong_year_is_replaced(office: Office) -> None:
    said = {"level": "excellent", "remarks": "Kịp thời.", **DECIDED}
    path = "/agencies/so-tai-chinh/assess"
    wrong = await office.does(path, "2022-01-20", year=2022, **said)
    right = await office.does(path, "2022-01-20", year=2021, **said, **instead_of(wrong.at))
    [agency] = await office.items("/monitoring/agencies", year=2021, agency="so-tai-chinh")
    assert agency["level"] == "excellent"
    other = await office.items("/monitoring/agencies", year=2022, agency="so-tai-chinh")
    assert [one["level"] for one in other] in ([], [None])
    await office.struck_through("/units/so-tai-chinh", wrong.at, right.at)


async def test_a_figure_reported_wrongly_is_replaced(office: Office) -> None:
    said = {"year": 2021, "measure": "visits", **DECIDED}
    path = f"/units/{COMMITTEE}/report-figure"
    wrong = await office.does(path, "2022-01-30", reported=7, **said)
    await office.does(path, "2022-01-30", reported=0, **said, **instead_of(wrong.at))
    figures = await office.items("/monitoring/figures", year=2021, measure="visits")
    assert [one["reported"] for one in figures] == ["0"]


async def test_an_attendant_of_the_wrong_cell_attends_the_right_one(office: Office) -> None:
    await office.unit("chi-bo-2", "party_cell")
    said = {"official_id": DIRECTOR, **DECIDED}
    wrong = await office.does("/cells/chi-bo-2/assign-attendant", "2021-02-01", **said)
    right = await office.does(
        f"/cells/{CELL}/assign-attendant", "2021-02-01", **said, **instead_of(wrong.at)
    )
    assert await office.column("/cell-attendance", "unit_id", official=DIRECTOR) == [CELL]
    await office.struck_through("/units/chi-bo-2", wrong.at, right.at)
    await office.stands_instead(f"/units/{CELL}", right.at, wrong.at)


async def test_an_attendant_is_not_released_before_a_meeting_he_attended(office: Office) -> None:
    said = {"official_id": DIRECTOR, **DECIDED}
    await office.does(f"/cells/{CELL}/assign-attendant", "2021-02-01", **said)
    meeting = {"official_id": DIRECTOR, "remarks": "Đúng nội dung."}
    attended = await office.does(f"/cells/{CELL}/record-attendance", "2021-05-03", **meeting)
    path = f"/cells/{CELL}/release-attendant"
    listed = await office.contradicts(path, "2021-05-01", **said, **WHY)
    assert [one["position"] for one in listed] == [attended.at]
    moved = await office.does(
        f"/cells/{CELL}/record-attendance", "2021-04-03", **meeting, **instead_of(attended.at)
    )
    await office.does(path, "2021-05-01", **said, **WHY)
    assert await office.column("/cell-attendance/meetings", "attended_on") == ["2021-04-03"]
    assert await office.items("/cell-attendance", cell=CELL) == []
    held = await office.items("/cell-attendance", cell=CELL, as_of="2021-04-30")
    assert [one["meetings"] for one in held] == [1]
    await office.struck_through(f"/units/{CELL}", attended.at, moved.at)


async def test_an_attendant_of_next_week_attends_from_then(office: Office) -> None:
    next_week = ahead(7)
    said = {"official_id": DIRECTOR, **DECIDED}
    await office.does(f"/cells/{CELL}/assign-attendant", next_week, **said)
    assert await office.items("/cell-attendance", cell=CELL) == []
    held = await office.items("/cell-attendance", cell=CELL, as_of=next_week)
    assert [one["official_id"] for one in held] == [DIRECTOR]
    meeting = {"official_id": DIRECTOR, "remarks": "Đúng nội dung."}
    await office.refused(
        404, "not-an-attendant", f"/cells/{CELL}/record-attendance", ahead(0), **meeting
    )


async def test_a_request_for_replacement_answered_by_mistake_is_open_again(
    office: Office,
) -> None:
    await office.does(verb("request-replacement"), "2021-04-01", on_behalf_of=PARTY, **WHY)
    answer = {"number": 1, "granted": True, "answer": "Đồng ý.", **DECIDED}
    wrong = await office.does(verb("answer-replacement-request"), "2021-04-20", **answer)
    await office.annul(wrong.at, **DECIDED)
    [request] = await office.items("/monitoring/replacement-requests", commune=COMMUNE)
    assert request["answered_on"] is None
    right = {**answer, "granted": False}
    await office.does(verb("answer-replacement-request"), "2021-04-20", **right)
    [request] = await office.items("/monitoring/replacement-requests", commune=COMMUNE)
    assert (request["answered_on"], request["state"]) == ("2021-04-20", "refused")
