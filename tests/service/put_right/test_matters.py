"""What hangs on a task put right: obstacles, parts, revisions, portfolios, carry-over."""

from typing import Any

from tests.service.put_right.office import (
    AN,
    BINH,
    CHAIRMAN,
    CHI,
    COMMITTEE,
    DECIDED,
    DISTRICT,
    DUNG,
    STATE,
    WHY,
    Office,
    ahead,
    instead_of,
)

OBSTACLE = {"field": "land", "description": "Vướng đất.", "addressed_to": DISTRICT}
LATER = {"kind": "period", "from_on": "2022-01-01", "to_on": "2025-12-31"}


def verb(name: str) -> str:
    return f"/tasks/lo-gach/{name}"


async def test_an_obstacle_resolved_by_mistake_is_open_again(office: Office) -> None:
    await office.task("lo-gach")
    raised = await office.does(verb("raise-obstacle"), "2021-03-01", **OBSTACLE)
    resolved = {"number": 1, "resolution": "Đã gỡ.", "on_behalf_of": DISTRICT}
    wrong = await office.does(verb("resolve-obstacle"), "2021-04-01", **resolved)
    assert await office.items("/open-obstacles") == []
    listed = await office.annul_contradicts(raised.at)
    assert [one["position"] for one in listed] == [wrong.at]
    await office.annul(wrong.at, on_behalf_of=DISTRICT)
    [obstacle] = await office.items("/open-obstacles")
    assert (obstacle["number"], obstacle["raised_on"]) == (1, "2021-03-01")
    assert (await office.item("/tasks/lo-gach"))["open_obstacles"] == 1
    await office.does(verb("resolve-obstacle"), "2021-05-01", **resolved)
    assert await office.column("/open-obstacles", "number", as_of="2021-04-30") == [1]
    assert await office.items("/open-obstacles") == []


async def test_an_obstacle_that_is_recorded_late_has_a_number_of_its_own(office: Office) -> None:
    await office.task("lo-gach")
    first = await office.does(verb("raise-obstacle"), "2021-05-01", **OBSTACLE)
    late = await office.does(verb("raise-obstacle"), "2021-03-01", **OBSTACLE)
    history = await office.history("/tasks/lo-gach")
    assert [history[one.at]["data"]["number"] for one in (first, late)] == [1, 2]
    await office.annul(late.at)
    third = await office.does(verb("raise-obstacle"), "2021-02-01", **OBSTACLE)
    assert (await office.history("/tasks/lo-gach"))[third.at]["data"]["number"] == 3
    assert sorted(await office.column("/open-obstacles", "number")) == [1, 3]
    assert await office.column("/open-obstacles", "number", as_of="2021-04-01") == [3]
    dossier = await office.item("/tasks/lo-gach/dossier")
    assert sorted(one["number"] for one in dossier["obstacles"]) == [1, 3]
    resolved = {"resolution": "Đã gỡ.", "on_behalf_of": DISTRICT}
    await office.refused(
        404, "matter-unknown", verb("resolve-obstacle"), "2021-06-01", number=2, **resolved
    )
    await office.does(verb("resolve-obstacle"), "2021-06-01", number=3, **resolved)
    assert await office.column("/open-obstacles", "number") == [1]


async def test_an_obstacle_is_not_resolved_before_it_was_raised(office: Office) -> None:
    await office.task("lo-gach")
    raised = await office.does(verb("raise-obstacle"), "2021-03-01", **OBSTACLE)
    resolved = {"number": 1, "resolution": "Đã gỡ.", "on_behalf_of": DISTRICT}
    await office.does(verb("resolve-obstacle"), "2021-04-01", **resolved)
    listed = await office.contradicts(
        verb("raise-obstacle"), "2021-04-02", **OBSTACLE, **instead_of(raised.at)
    )
    assert listed[0]["type"] == "task.obstacle_resolved"


async def test_a_reminder_answered_by_mistake_waits_for_its_answer(office: Office) -> None:
    await office.task("lo-gach")
    said = {"content": "Đẩy nhanh.", "answer_due_on": "2021-03-20", **DECIDED}
    await office.does(verb("remind"), "2021-03-10", **said)
    wrong = await office.does(verb("answer-reminder"), "2021-03-15", number=1, answer="Đang làm.")
    await office.annul(wrong.at)
    assert await office.column("/unanswered-reminders", "number") == [1]
    right = await office.does(verb("answer-reminder"), "2021-03-18", number=1, answer="Đang làm.")
    assert await office.items("/unanswered-reminders") == []
    assert await office.column("/unanswered-reminders", "number", as_of="2021-03-17") == [1]
    assert right.at > wrong.at


async def test_a_part_delegated_to_the_wrong_unit_is_delegated_to_the_right_one(
    office: Office,
) -> None:
    for commune in ("cao-son", "kim-phu"):
        await office.unit(commune, "commune")
    await office.task("lo-gach")
    part = {"title": "Vận động", "due_on": "2021-06-15", "weight_percent": 40}
    wrong = await office.does(verb("delegate-part"), "2021-03-01", delegate_unit="kim-phu", **part)
    reported = await office.does(
        verb("report-on-part"), "2021-04-01", number=1, share_percent=50, narrative="Một nửa."
    )
    assert (await office.item("/tasks/lo-gach"))["parts_share_percent"] == "20.00"
    said = {"delegate_unit": "cao-son", **part}
    listed = await office.contradicts(
        verb("delegate-part"), "2021-03-01", **said, **instead_of(wrong.at)
    )
    assert [one["position"] for one in listed] == [reported.at]
    both = instead_of(wrong.at, reported.at)
    right = await office.does(verb("delegate-part"), "2021-03-01", **said, **both)
    parts = (await office.item("/tasks/lo-gach/dossier"))["parts"]
    assert [one["number"] for one in parts["items"]] == [2]
    assert parts["items"][0]["delegated"]["event"]["delegate_unit"] == "cao-son"
    assert (await office.item("/tasks/lo-gach"))["parts_share_percent"] in {"0.00", "0"}
    await office.struck_through("/units/kim-phu", wrong.at, right.at)


async def test_a_revision_with_a_wrong_deadline_is_replaced(office: Office) -> None:
    await office.task("lo-gach", due_on="2021-06-30")
    wrong = await office.does(verb("revise"), "2021-05-01", due_on="2021-07-31", **WHY, **DECIDED)
    right = await office.does(
        verb("revise"), "2021-05-01", due_on="2021-10-31", **WHY, **DECIDED, **instead_of(wrong.at)
    )
    assert (await office.item("/tasks/lo-gach", as_of="2021-04-30"))["due_on"] == "2021-06-30"
    august = await office.item("/tasks/lo-gach", as_of="2021-08-15")
    assert (august["due_on"], august["overdue"]) == ("2021-10-31", False)
    assert await office.column("/active-tasks", "task_id", overdue="true", as_of="2021-08-15") == []
    await office.struck_through("/tasks/lo-gach", wrong.at, right.at)
    await office.annul(right.at, **DECIDED)
    assert (await office.item("/tasks/lo-gach"))["due_on"] == "2021-06-30"


async def test_a_revision_of_next_week_leaves_today_s_deadline(office: Office) -> None:
    await office.task("lo-gach", due_on=ahead(3))
    next_week = ahead(7)
    await office.does(verb("revise"), next_week, due_on=ahead(90), **WHY, **DECIDED)
    now = await office.item("/tasks/lo-gach")
    assert (now["due_on"], now["overdue"]) == (ahead(3), False)
    between = await office.item("/tasks/lo-gach", as_of=ahead(5))
    assert (between["due_on"], between["overdue"]) == (ahead(3), True)
    then = await office.item("/tasks/lo-gach", as_of=next_week)
    assert (then["due_on"], then["overdue"]) == (ahead(90), False)
    assert await office.column("/active-tasks", "due_on") == [ahead(3)]
    assert await office.column("/active-tasks", "due_on", as_of=next_week) == [ahead(90)]


async def test_a_revision_approved_by_mistake_waits_for_the_decision(office: Office) -> None:
    await office.task("lo-gach", due_on="2021-06-30")
    asked = await office.does(verb("request-revision"), "2021-05-01", due_on="2021-09-30", **WHY)
    wrong = await office.does(verb("approve-revision"), "2021-05-10", number=1, **DECIDED)
    listed = await office.annul_contradicts(asked.at)
    assert [one["position"] for one in listed] == [wrong.at]
    await office.annul(wrong.at, **DECIDED)
    assert (await office.item("/tasks/lo-gach"))["due_on"] == "2021-06-30"
    await office.does(verb("refuse-revision"), "2021-05-10", number=1, **WHY, **DECIDED)
    [request] = (await office.item("/tasks/lo-gach/dossier"))["revision_requests"]
    assert request["settled"]["type"] == "task.revision_refused"


async def test_a_portfolio_handed_over_to_the_wrong_successor_goes_to_the_right_one(
    office: Office,
) -> None:
    await office.post("uy-vien", seats=3)
    for who in (AN, BINH, CHI):
        await office.does("/posts/uy-vien/appoint", "2021-01-10", official_id=who, **DECIDED)
    for task_id in ("lo-gach", "moi-truong"):
        await office.task(task_id, post_id="uy-vien")
    path = f"/officials/{AN}/hand-over-portfolio"
    wrong = await office.does(path, "2021-05-01", to_official=BINH, **STATE, **DECIDED)
    assert wrong.types == ("task.handed_over", "task.handed_over")
    report = await office.report("lo-gach", "2021-06-01", "của Bình")
    said = {"to_official": CHI, **STATE, **DECIDED}
    listed = await office.contradicts(path, "2021-05-01", **said, **instead_of(*wrong.positions))
    assert [one["position"] for one in listed] == [report.at]
    right = await office.does(path, "2021-05-01", **said, **instead_of(*wrong.positions, report.at))
    for task_id in ("lo-gach", "moi-truong"):
        assert await office.leaders(task_id, "2021-04-30", "2021-05-01") == [AN, CHI]
    assert await office.items(f"/officials/{BINH}/responsibilities") == []
    assert len(await office.items(f"/officials/{CHI}/portfolio")) == 2
    for position in wrong.positions:
        await office.struck_through(f"/officials/{BINH}", position, *right.decided)


async def test_only_one_task_of_a_portfolio_is_put_right(office: Office) -> None:
    for task_id in ("lo-gach", "moi-truong"):
        await office.task(task_id)
    path = f"/officials/{AN}/hand-over-portfolio"
    wrong = await office.does(path, "2021-05-01", to_official=BINH, **STATE, **DECIDED)
    by_task = {
        one["data"]["task_id"]: position
        for position, one in (await office.history(f"/officials/{BINH}")).items()
        if position in wrong.positions
    }
    await office.annul(by_task["moi-truong"], **DECIDED)
    assert await office.leads("lo-gach") == BINH
    assert await office.leads("moi-truong") == AN


async def test_a_task_carried_over_by_mistake_goes_on_and_the_new_one_was_never_there(
    office: Office,
) -> None:
    await office.task("lo-gach")
    said = {"new_task_id": "lo-gach-2022", "term": LATER, **WHY, **DECIDED}
    wrong = await office.does(verb("carry-over"), "2022-01-05", **said)
    assert (await office.item("/tasks/lo-gach"))["state"] == "carried_over"
    report = await office.report("lo-gach-2022", "2022-02-01", "tháng 2")
    listed = await office.annul_contradicts(*wrong.positions, **DECIDED)
    assert [one["position"] for one in listed] == [report.at]
    await office.annul(*wrong.positions, report.at, **DECIDED)
    task = await office.item("/tasks/lo-gach")
    assert (task["state"], task["carried_over_to"]) == ("in_progress", None)
    assert (await office.asks("/tasks/lo-gach-2022")).status_code == 404
    assert await office.column(f"/officials/{AN}/portfolio", "task_id") == ["lo-gach"]
    of_old = dict(zip(wrong.types, wrong.positions, strict=True))["task.carried_over"]
    await office.struck_through("/tasks/lo-gach", of_old)


async def test_half_of_a_carry_over_is_not_annulled(office: Office) -> None:
    await office.task("lo-gach")
    said = {"new_task_id": "lo-gach-2022", "term": LATER, **WHY, **DECIDED}
    wrong = await office.does(verb("carry-over"), "2022-01-05", **said)
    by_type = dict(zip(wrong.types, wrong.positions, strict=True))
    listed = await office.annul_contradicts(by_type["task.continued"], **DECIDED)
    assert {one["type"] for one in listed} >= {"task.assigned"}
    listed = await office.annul_contradicts(by_type["task.carried_over"], **DECIDED)
    assert {one["position"] for one in listed} <= set(wrong.positions)
    assert "lo-gach-2022" in listed[0]["why"]


async def test_a_co_accountable_named_by_mistake_answered_never(office: Office) -> None:
    await office.task("lo-gach")
    said = {"post_id": CHAIRMAN, "official_id": CHI, **DECIDED}
    wrong = await office.does(verb("add-co-accountable"), "2021-03-01", **said)
    assert await office.column(f"/officials/{CHI}/portfolio", "role") == ["beside"]
    await office.annul(wrong.at, **DECIDED)
    assert await office.items(f"/officials/{CHI}/responsibilities") == []
    assert (await office.item("/tasks/lo-gach", as_of="2021-04-01"))["co_accountables"] == []
    await office.struck_through(f"/officials/{CHI}", wrong.at)


async def test_a_co_accountability_handed_over_late_counts_from_its_day(office: Office) -> None:
    await office.does(
        f"/posts/{CHAIRMAN}/end-tenure", "2021-02-01", official_id=CHI, cause="transfer", **DECIDED
    )
    await office.post("pho", seats=2)
    for who in (CHI, DUNG):
        await office.does("/posts/pho/appoint", "2021-02-01", official_id=who, **DECIDED)
    await office.task("lo-gach")
    added = {"post_id": "pho", "official_id": CHI, **DECIDED}
    await office.does(verb("add-co-accountable"), "2021-03-01", **added)
    released = await office.does(
        verb("release-co-accountable"), "2021-08-01", official_id=CHI, **WHY, **DECIDED
    )
    over = {"from_official": CHI, "to_official": DUNG, **STATE, **DECIDED}
    listed = await office.contradicts(verb("hand-over-co-accountability"), "2021-06-01", **over)
    assert [one["position"] for one in listed] == [released.at]
    await office.does(
        verb("hand-over-co-accountability"), "2021-06-01", **over, **instead_of(released.at)
    )
    assert await office.column(f"/officials/{CHI}/portfolio", "role", as_of="2021-05-31") == [
        "beside"
    ]
    assert await office.items(f"/officials/{CHI}/portfolio", as_of="2021-06-01") == []
    assert await office.column(f"/officials/{DUNG}/portfolio", "role") == ["beside"]


async def test_a_task_vacated_by_mistake_was_never_without_somebody(office: Office) -> None:
    await office.task("lo-gach")
    wrong = await office.does(verb("vacate"), "2021-05-01", **WHY, **DECIDED)
    filling = {"official_id": BINH, **STATE, **DECIDED}
    filled = await office.does(verb("fill-vacancy"), "2021-06-01", **filling)
    listed = await office.annul_contradicts(wrong.at, **DECIDED)
    assert [one["position"] for one in listed] == [filled.at]
    await office.annul(wrong.at, filled.at, **DECIDED)
    assert await office.items("/vacancies", as_of="2021-05-15") == []
    assert await office.leaders("lo-gach", "2021-05-01", "2021-06-01") == [AN, AN]


async def test_a_transfer_to_the_wrong_post_is_replaced(office: Office) -> None:
    await office.task("lo-gach")
    said = {"reason": "chuyển", **DECIDED}
    wrong = await office.does(verb("transfer"), "2021-05-01", to_post=CHAIRMAN, **said)
    await office.post("pho")
    await office.does("/posts/pho/appoint", "2021-02-01", official_id=DUNG, **DECIDED)
    right = await office.does(
        verb("transfer"), "2021-05-01", to_post="pho", **said, **instead_of(wrong.at)
    )
    assert await office.leaders("lo-gach", "2021-04-30", "2021-05-01") == [AN, DUNG]
    assert await office.items(f"/officials/{CHI}/responsibilities") == []
    assert await office.column("/tasks", "task_id", post="pho") == ["lo-gach"]
    await office.struck_through(f"/posts/{CHAIRMAN}", wrong.at, right.at)


async def test_a_solution_approved_by_mistake_waits_for_the_decision(office: Office) -> None:
    await office.task("lo-gach")
    said = {"proposed_to": COMMITTEE, "title": "Hỗ trợ", "description": "5 triệu đồng."}
    await office.does(verb("propose-solution"), "2021-03-01", **said)
    wrong = await office.does(verb("approve-solution"), "2021-03-10", number=1, **DECIDED)
    right: dict[str, Any] = {"number": 1, **WHY, **DECIDED, **instead_of(wrong.at)}
    rejected = await office.does(verb("reject-solution"), "2021-03-10", **right)
    [solution] = (await office.item("/tasks/lo-gach/dossier"))["solutions"]
    assert solution["settled"]["type"] == "task.solution_rejected"
    await office.struck_through("/tasks/lo-gach", wrong.at, rejected.at)
