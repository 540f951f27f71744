"""A task's life put right: its reports, assignees, deadlines and ends; and what is double."""

from tests.service.put_right.office import (
    AN,
    BINH,
    CHAIRMAN,
    CHI,
    CLAIM,
    DECIDED,
    PROPOSAL,
    SECRETARY,
    WHY,
    Office,
    ahead,
    instead_of,
)

CRITERIA = {"criteria": [{"criterion": "Kết quả", "points": 60, "max_points": 70}]}


async def narratives(office: Office, **asked: str) -> list[str]:
    dossier = await office.item("/tasks/lo-gach/dossier", **asked)
    return [one["narrative"] for one in dossier["reports"]]


async def rates(office: Office, official: str, **asked: str) -> dict[str, int]:
    found = await office.items("/completion-rates", group_by="official", **asked)
    [row] = [one for one in found if one["group"] == official]
    return {name: value for name, value in row.items() if isinstance(value, int)}


async def state(office: Office, on: str | None = None) -> str:
    asked = {} if on is None else {"as_of": on}
    found: str = (await office.item("/tasks/lo-gach", **asked))["state"]
    return found


async def test_a_report_that_arrives_late_stands_on_its_day(office: Office) -> None:
    await office.task("lo-gach")
    june = {"values": [{"code": "kilns", "actual": 92}]}
    april = {"values": [{"code": "kilns", "actual": 40}]}
    await office.report("lo-gach", "2021-06-01", "tháng 6", **june)
    late = await office.report("lo-gach", "2021-04-01", "tháng 4", **april)
    assert await narratives(office) == ["tháng 4", "tháng 6"]
    assert await narratives(office, as_of="2021-05-01") == ["tháng 4"]
    [now] = (await office.item("/tasks/lo-gach"))["indicators"]
    assert (now["actual"], now["reported_on"]) == ("92", "2021-06-01")
    then = await office.item("/tasks/lo-gach", as_of="2021-05-01")
    assert (then["indicators"][0]["actual"], then["last_report_on"]) == ("40", "2021-04-01")
    before = await office.item("/tasks/lo-gach", as_of="2021-03-31")
    assert (before["indicators"][0]["actual"], before["last_report_on"]) == (None, None)
    first = (await office.items("/backdated", task="lo-gach"))[0]
    assert (first["position"], first["past_month"], first["scored"]) == (late.at, True, False)


async def test_a_late_report_that_meets_its_deadline_is_not_missing_any_more(
    office: Office,
) -> None:
    await office.task("lo-gach")
    duty = {"duty": {"cadence": "monthly", "day": 25}}
    await office.does("/tasks/lo-gach/set-report-duty", "2021-02-01", **duty, **DECIDED)
    await office.report("lo-gach", "2021-02-20", "tháng 2")
    await office.report("lo-gach", "2021-04-20", "tháng 4")
    [missing] = await office.items("/late-reports", as_of="2021-04-30")
    assert [one["period"] for one in missing["missing"]] == ["2021-03"]
    await office.report("lo-gach", "2021-03-20", "tháng 3")
    assert await office.items("/late-reports", as_of="2021-04-30") == []
    assert await office.items("/late-reports", as_of="2021-03-26") == []


async def test_a_task_assigned_to_the_wrong_official_is_assigned_to_the_right_one_from_its_day(
    office: Office,
) -> None:
    wrong = (await office.task("lo-gach")).at
    said = {"official_id": BINH, **DECIDED, **instead_of(wrong)}
    right = await office.does("/tasks/lo-gach/assign", "2021-01-11", **said)
    assert await office.leaders("lo-gach", "2021-01-10", "2021-01-11") == [None, BINH]
    assert await office.items(f"/officials/{AN}/responsibilities") == []
    assert await office.column("/tasks", "task_id", official=AN) == []
    await office.struck_through("/tasks/lo-gach", wrong, right.at)
    await office.struck_through(f"/officials/{AN}", wrong, right.at)
    await office.stands_instead(f"/officials/{BINH}", right.at, wrong)
    found = await office.items("/completion-rates", group_by="official")
    assert [(one["group"], one["assigned"]) for one in found] == [(BINH, 1)]


async def test_the_wrong_official_s_reports_stand_in_the_way_and_are_replaced_with_it(
    office: Office,
) -> None:
    wrong = (await office.task("lo-gach")).at
    report = (await office.report("lo-gach", "2021-02-01", "của An")).at
    said = {"official_id": BINH, **DECIDED}
    listed = await office.contradicts(
        "/tasks/lo-gach/assign", "2021-01-11", **said, **instead_of(wrong)
    )
    assert [one["position"] for one in listed] == [report]
    await office.does("/tasks/lo-gach/assign", "2021-01-11", **said, **instead_of(wrong, report))
    await office.report("lo-gach", "2021-02-01", "của Bình")
    assert await narratives(office) == ["của Bình"]
    assert await office.leads("lo-gach", "2021-02-01") == BINH


async def test_a_task_commissioned_from_the_wrong_post_is_commissioned_anew_under_its_id(
    office: Office,
) -> None:
    assigned = (await office.task("lo-gach")).at
    commissioned = min(await office.history("/tasks/lo-gach"))
    said = {"task_id": "lo-gach", "post_id": CHAIRMAN, "proposal": PROPOSAL, **DECIDED}
    both = instead_of(commissioned, assigned)
    right = await office.does("/tasks/commission", "2021-01-05", **said, **both)
    await office.does("/tasks/lo-gach/assign", "2021-01-11", **DECIDED)
    assert await office.leaders("lo-gach", "2021-01-11") == [CHI]
    await office.struck_through("/tasks/lo-gach", commissioned, right.at)
    assert await office.column("/tasks", "post_id") == [CHAIRMAN]


async def test_a_wrong_deadline_is_replaced_and_the_task_was_never_overdue(office: Office) -> None:
    wrong = (await office.task("lo-gach", due_on="2021-03-31")).at
    await office.report("lo-gach", "2021-04-15", "tháng 4")
    await office.completed("lo-gach", "2021-08-01", "2021-08-10")
    assert (await rates(office, AN))["completed_in_time"] == 0
    said = {"official_id": AN, "due_on": "2021-09-30", **DECIDED, **instead_of(wrong)}
    right = await office.does("/tasks/lo-gach/assign", "2021-01-11", **said)
    assert (await rates(office, AN))["completed_in_time"] == 1
    then = await office.item("/tasks/lo-gach", as_of="2021-05-01")
    assert (then["due_on"], then["overdue"]) == ("2021-09-30", False)
    assert await office.column("/tasks", "task_id", overdue="true", as_of="2021-05-01") == []
    await office.struck_through("/tasks/lo-gach", wrong, right.at)


async def test_a_task_cancelled_by_mistake_goes_on(office: Office) -> None:
    await office.task("lo-gach")
    wrong = await office.does("/tasks/lo-gach/cancel", "2021-06-01", **WHY, **DECIDED)
    assert (await rates(office, AN))["cancelled"] == 1
    await office.refused(
        409,
        "task-not-in-progress",
        "/tasks/lo-gach/report-progress",
        "2021-07-01",
        narrative="tháng 7",
    )
    await office.annul(wrong.at, **DECIDED)
    await office.report("lo-gach", "2021-07-01", "tháng 7")
    assert await state(office) == await state(office, "2021-06-01") == "in_progress"
    assert (await rates(office, AN))["cancelled"] == 0
    await office.struck_through("/tasks/lo-gach", wrong.at)
    assert await office.column(f"/officials/{AN}/portfolio", "task_id") == ["lo-gach"]


async def test_a_completion_confirmed_by_mistake_is_annulled_and_the_claim_stands(
    office: Office,
) -> None:
    await office.task("lo-gach")
    wrong = await office.completed("lo-gach", "2021-06-01", "2021-06-10")
    assert (await rates(office, AN))["completed"] == 1
    await office.annul(wrong.at, **DECIDED)
    assert await state(office) == await state(office, "2021-06-10") == "claimed"
    assert (await rates(office, AN))["completed"] == 0
    assert (await office.item("/tasks/lo-gach"))["completed_on"] is None
    await office.struck_through("/tasks/lo-gach", wrong.at)
    await office.does("/tasks/lo-gach/return-completion", "2021-06-12", **WHY, **DECIDED)
    await office.report("lo-gach", "2021-07-01", "tháng 7")
    assert await state(office) == "in_progress"


async def test_a_confirmation_on_which_a_score_stands_is_annulled_together_with_it(
    office: Office,
) -> None:
    await office.task("lo-gach")
    confirmed = await office.completed("lo-gach", "2021-06-01", "2021-06-10")
    scored = await office.does("/tasks/lo-gach/score", "2021-06-20", **CRITERIA, **DECIDED)
    listed = await office.annul_contradicts(confirmed.at, **DECIDED)
    assert [(one["position"], one["type"]) for one in listed] == [(scored.at, "task.scored")]
    await office.annul(confirmed.at, scored.at, **DECIDED)
    item = await office.item("/tasks/lo-gach")
    assert (item["state"], item["score_points"]) == ("claimed", None)
    for wrong in (confirmed.at, scored.at):
        await office.struck_through("/tasks/lo-gach", wrong)


async def test_a_score_by_mistake_is_annulled_and_a_wrong_score_replaced(office: Office) -> None:
    await office.task("lo-gach")
    await office.completed("lo-gach", "2021-06-01", "2021-06-10")
    wrong = await office.does("/tasks/lo-gach/score", "2021-06-20", **CRITERIA, **DECIDED)
    points = {"criteria": [{"criterion": "Kết quả", "points": 65, "max_points": 70}]}
    right = await office.does(
        "/tasks/lo-gach/score", "2021-06-20", **points, **DECIDED, **instead_of(wrong.at)
    )
    assert (await office.item("/tasks/lo-gach"))["score_points"] == "65"
    await office.struck_through("/tasks/lo-gach", wrong.at, right.at)
    await office.annul(right.at, **DECIDED)
    assert (await office.item("/tasks/lo-gach"))["score_points"] is None
    assert (await office.item("/tasks/lo-gach/dossier"))["scores"] == []
    assert await state(office) == "completed"


async def test_what_touched_a_scored_task_late_is_told_apart(office: Office) -> None:
    await office.task("lo-gach")
    await office.completed("lo-gach", "2021-06-01", "2021-06-10")
    await office.does("/tasks/lo-gach/score", "2021-06-20", **CRITERIA, **DECIDED)
    late = await office.report("lo-gach", "2021-04-01", "tháng 4")
    by_position = {one["position"]: one for one in await office.items("/backdated", task="lo-gach")}
    assert by_position[late.at]["scored"]
    assert await state(office) == "completed"


async def test_a_report_recorded_twice_counts_once(office: Office) -> None:
    await office.task("lo-gach")
    once = await office.report("lo-gach", "2021-06-01", "tháng 6")
    double = await office.report("lo-gach", "2021-06-01", "tháng 6")
    await office.annul(double.at)
    assert await narratives(office) == ["tháng 6"]
    await office.struck_through("/tasks/lo-gach", double.at)
    assert (await office.history("/tasks/lo-gach"))[once.at]["annulled"] is None


async def test_a_task_registered_twice_is_there_once(office: Office) -> None:
    await office.task("lo-gach")
    await office.task("lo-gach-2")
    positions = sorted(await office.history("/tasks/lo-gach-2"))
    listed = await office.annul_contradicts(positions[0], **DECIDED)
    assert [one["position"] for one in listed] == positions[1:]
    await office.annul(*positions, **DECIDED)
    assert await office.column("/tasks", "task_id") == ["lo-gach"]
    assert (await rates(office, AN))["assigned"] == 1
    assert (await office.asks("/tasks/lo-gach-2")).status_code == 404
    assert len(await office.history("/tasks/lo-gach-2")) == len(positions) + 1


async def test_an_assignment_of_next_week_leaves_the_task_ready_until_then(office: Office) -> None:
    next_week = ahead(7)
    commission = {"task_id": "lo-gach", "post_id": SECRETARY, "proposal": PROPOSAL, **DECIDED}
    await office.does("/tasks/commission", "2021-01-05", **commission)
    said = {"official_id": AN, "due_on": ahead(90), **DECIDED}
    await office.does("/tasks/lo-gach/assign", next_week, **said)
    assert await state(office) == "ready"
    assert await state(office, next_week) == "in_progress"
    assert await office.items(f"/officials/{AN}/portfolio") == []
    assert await office.column(f"/officials/{AN}/portfolio", "task_id", as_of=next_week) == [
        "lo-gach"
    ]
    assert await office.items("/completion-rates", group_by="official") == []
    assert await office.scheduled(task="lo-gach") == [(next_week, "task.assigned")]
    amended = {**PROPOSAL, "goal": "Không còn lò nào"}
    await office.does("/tasks/lo-gach/amend", ahead(0), proposal=amended, **WHY, **DECIDED)
    await office.refused(
        409, "task-not-in-progress", "/tasks/lo-gach/report-progress", ahead(0), narrative="sớm"
    )
    listed = await office.contradicts("/tasks/lo-gach/cancel", ahead(0), **WHY, **DECIDED)
    assert [one["effective_on"] for one in listed] == [next_week]


async def test_what_only_happens_on_its_day_is_not_recorded_ahead(office: Office) -> None:
    await office.task("lo-gach")
    tomorrow = ahead(1)
    for verb, said in (
        ("report-progress", {"narrative": "sớm"}),
        ("claim-completion", CLAIM),
        ("confirm-completion", DECIDED),
        ("score", {**CRITERIA, **DECIDED}),
    ):
        problem = await office.refused(
            422, "effective-in-the-future", f"/tasks/lo-gach/{verb}", tomorrow, **said
        )
        assert (problem["effective_on"], problem["latest_on"]) == (tomorrow, ahead(0))
    bound = await office.refused(
        422, "effective-in-the-future", "/tasks/lo-gach/cancel", ahead(400), **WHY, **DECIDED
    )
    assert bound["latest_on"] == ahead(366)


async def test_a_task_whose_reports_are_of_another_task_is_put_right_task_by_task(
    office: Office,
) -> None:
    await office.task("lo-gach")
    await office.task("moi-truong")
    wrong = await office.report("moi-truong", "2021-06-01", "Đã dỡ 92 lò.")
    right = await office.report("lo-gach", "2021-06-01", "Đã dỡ 92 lò.", **instead_of(wrong.at))
    assert await narratives(office) == ["Đã dỡ 92 lò."]
    assert (await office.item("/tasks/moi-truong/dossier"))["reports"] == []
    await office.struck_through("/tasks/moi-truong", wrong.at, right.at)
    await office.stands_instead("/tasks/lo-gach", right.at, wrong.at)
