"""Handovers: of May, typed in June; on the wrong day, to the wrong person; of next week."""

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
    instead_of,
)

APRIL, MAY, JUNE = "2021-04-01", "2021-05-03", "2021-06-01"
HAND_OVER = "/tasks/lo-gach/hand-over"


async def to_binh(office: Office, on: str = MAY, **further: object) -> int:
    done = await office.handover("lo-gach", on, BINH, **further)
    return done.at


async def spans(office: Office) -> list[tuple[str, str, str | None]]:
    """Who was responsible for the task, from when, until when."""
    items = await office.items("/tasks/lo-gach/responsibilities")
    return [(one["official_id"], one["from_on"], one["to_on"]) for one in items]


async def test_a_handover_of_may_is_refused_in_june_and_names_the_report_in_its_way(
    office: Office,
) -> None:
    await office.task("lo-gach")
    report = await office.report("lo-gach", JUNE, "tháng 6")
    listed = await office.contradicts(HAND_OVER, MAY, to_official=BINH, **STATE, **DECIDED)
    assert [(one["position"], one["type"], one["effective_on"]) for one in listed] == [
        (report.at, "task.progress_reported", JUNE)
    ]
    assert BINH in listed[0]["why"]
    assert await office.leaders("lo-gach", MAY, JUNE) == [AN, AN]


async def test_the_handover_of_may_takes_the_place_of_the_report_and_the_successor_reports(
    office: Office,
) -> None:
    await office.task("lo-gach")
    wrong = (await office.report("lo-gach", JUNE, "tháng 6")).at
    right = await to_binh(office, **instead_of(wrong))
    again = await office.report("lo-gach", JUNE, "tháng 6")
    assert await office.leaders("lo-gach", "2021-05-02", MAY, JUNE) == [AN, BINH, BINH]
    assert await office.leads("lo-gach") == BINH
    await office.struck_through("/tasks/lo-gach", wrong, right)
    await office.struck_through(f"/officials/{AN}", wrong, right)
    assert await spans(office) == [(AN, "2021-01-11", "2021-05-02"), (BINH, MAY, None)]
    dossier = await office.item("/tasks/lo-gach/dossier")
    [report] = dossier["reports"]
    assert report["recorded"]["position"] == again.at
    assert report["recorded"]["event"]["official_id"] == BINH
    by_position = {one["position"]: one for one in dossier["timeline"]}
    assert by_position[wrong]["annulled"]["replaced_by"] == [right]
    assert by_position[right]["replaces"] == [wrong]
    rates = {
        one["group"]: one for one in await office.items("/completion-rates", group_by="official")
    }
    assert (rates[AN]["handed_over"], rates[BINH]["received"]) == (1, 1)


async def test_the_report_is_annulled_first_and_then_the_handover_of_may_is_recorded(
    office: Office,
) -> None:
    await office.task("lo-gach")
    wrong = (await office.report("lo-gach", JUNE, "tháng 6")).at
    await office.annul(wrong)
    await to_binh(office)
    await office.report("lo-gach", JUNE, "tháng 6")
    assert await office.leaders("lo-gach", "2021-05-02", MAY, JUNE) == [AN, BINH, BINH]
    await office.struck_through("/tasks/lo-gach", wrong)


async def test_the_report_is_replaced_by_one_of_april_and_then_the_handover_of_may_is_recorded(
    office: Office,
) -> None:
    await office.task("lo-gach")
    wrong = (await office.report("lo-gach", JUNE, "tháng 4")).at
    right = await office.report("lo-gach", APRIL, "tháng 4", **instead_of(wrong))
    await to_binh(office)
    await office.struck_through("/tasks/lo-gach", wrong, right.at)
    dossier = await office.item("/tasks/lo-gach/dossier")
    [report] = dossier["reports"]
    assert report["recorded"]["event"]["official_id"] == AN
    assert await office.leads("lo-gach") == BINH


async def test_a_late_handover_that_nothing_contradicts_counts_from_its_day(office: Office) -> None:
    await office.task("lo-gach")
    await office.report("lo-gach", APRIL, "tháng 4")
    await office.task("moi-truong")
    await office.report("moi-truong", JUNE, "tháng 6")
    late = await to_binh(office)
    assert await office.leaders("lo-gach", "2021-05-02", MAY, JUNE) == [AN, BINH, BINH]
    assert await office.column(f"/officials/{AN}/portfolio", "task_id", as_of=APRIL) == [
        "lo-gach",
        "moi-truong",
    ]
    assert await office.column(f"/officials/{AN}/portfolio", "task_id") == ["moi-truong"]
    assert await office.column(f"/officials/{BINH}/portfolio", "task_id") == ["lo-gach"]
    assert await office.column("/tasks", "task_id", official=BINH, as_of="2021-05-02") == []
    assert await office.column("/tasks", "task_id", official=BINH, as_of=MAY) == ["lo-gach"]
    assert late in await office.column("/backdated", "position", task="lo-gach", min_days=30)
    assert (await office.history("/tasks/lo-gach"))[late]["days_late"] > 30


async def test_a_handover_of_the_wrong_day_is_replaced_by_one_of_the_right_day(
    office: Office,
) -> None:
    await office.task("lo-gach")
    wrong = await to_binh(office, "2021-05-20")
    await office.report("lo-gach", JUNE, "tháng 6")
    right = await to_binh(office, MAY, **instead_of(wrong))
    assert await office.leaders("lo-gach", "2021-05-02", MAY, "2021-05-20", JUNE) == [
        AN,
        BINH,
        BINH,
        BINH,
    ]
    await office.struck_through("/tasks/lo-gach", wrong, right)
    await office.struck_through(f"/officials/{BINH}", wrong, right)
    assert (BINH, MAY, None) in await spans(office)
    assert len(await spans(office)) == 2


async def test_a_handover_moved_behind_the_successor_s_report_names_that_report(
    office: Office,
) -> None:
    await office.task("lo-gach")
    wrong = await to_binh(office)
    report = await office.report("lo-gach", JUNE, "tháng 6")
    said = {"to_official": BINH, **STATE, **DECIDED, **instead_of(wrong)}
    listed = await office.contradicts(HAND_OVER, "2021-06-15", **said)
    assert [one["position"] for one in listed] == [report.at]
    assert await office.leaders("lo-gach", MAY, JUNE) == [BINH, BINH]


async def test_a_handover_to_the_wrong_successor_is_replaced_together_with_his_report(
    office: Office,
) -> None:
    await office.does(
        f"/posts/{CHAIRMAN}/end-tenure",
        "2021-02-01",
        official_id=CHI,
        cause="transfer",
        **DECIDED,
    )
    await office.does("/posts/create", "2021-01-04", **_three_seats())
    for who in (AN, BINH, CHI):
        await office.does("/posts/uy-vien/appoint", "2021-02-02", official_id=who, **DECIDED)
    await _task_of_member(office)
    wrong = await to_binh(office)
    report = await office.report("lo-gach", JUNE, "tháng 6")
    said = {"to_official": CHI, **STATE, **DECIDED}
    listed = await office.contradicts(HAND_OVER, MAY, **said, **instead_of(wrong))
    assert [one["position"] for one in listed] == [report.at]
    both = instead_of(wrong, report.at)
    right = await office.handover("lo-gach", MAY, CHI, **both)
    assert await office.leaders("lo-gach", "2021-05-02", MAY, JUNE) == [AN, CHI, CHI]
    assert await office.items(f"/officials/{BINH}/responsibilities") == []
    for annulled in (wrong, report.at):
        await office.struck_through("/tasks/lo-gach", annulled, right.at)
        await office.struck_through(f"/officials/{BINH}", annulled, right.at)


def _three_seats() -> dict[str, object]:
    return {
        "post_id": "uy-vien",
        "unit_id": "yen-son",
        "title": "Ủy viên",
        "kind": "leader",
        "managed_by": "ban-thuong-vu",
        "seats": 3,
    }


async def _task_of_member(office: Office) -> None:
    await office.task("lo-gach", official_id=AN)
    await office.does(
        "/tasks/lo-gach/transfer", "2021-02-10", to_post="uy-vien", official_id=AN, **WHY, **DECIDED
    )


async def test_a_handover_of_next_week_changes_nothing_today_and_everything_from_its_day(
    office: Office,
) -> None:
    await office.task("lo-gach")
    next_week = ahead(7)
    position = await to_binh(office, next_week)
    assert await office.leads("lo-gach") == AN
    assert await office.leaders("lo-gach", ahead(6), next_week) == [AN, BINH]
    assert await office.column(f"/officials/{AN}/portfolio", "task_id") == ["lo-gach"]
    assert await office.column(f"/officials/{BINH}/portfolio", "task_id", as_of=next_week) == [
        "lo-gach"
    ]
    assert await office.column("/active-tasks", "official_id") == [AN]
    assert await office.column("/active-tasks", "official_id", as_of=next_week) == [BINH]
    assert await office.scheduled() == [(next_week, "task.handed_over")]
    assert await office.scheduled(as_of=next_week) == []
    assert (await office.history("/tasks/lo-gach"))[position]["days_late"] == -7
    report = await office.report("lo-gach", ahead(0), "hôm nay")
    assert (await office.history("/tasks/lo-gach"))[report.at]["data"]["official_id"] == AN


async def test_until_next_week_s_handover_only_what_contradicts_it_is_refused(
    office: Office,
) -> None:
    await office.task("lo-gach")
    next_week = ahead(7)
    position = await to_binh(office, next_week)
    listed = await office.contradicts("/tasks/lo-gach/cancel", ahead(0), **WHY, **DECIDED)
    assert [(one["position"], one["effective_on"]) for one in listed] == [(position, next_week)]
    cancelled = await office.does(
        "/tasks/lo-gach/cancel", ahead(0), **WHY, **DECIDED, **instead_of(position)
    )
    assert (await office.item("/tasks/lo-gach"))["state"] == "cancelled"
    assert (await office.item("/tasks/lo-gach", as_of=next_week))["state"] == "cancelled"
    assert await office.scheduled() == []
    await office.struck_through("/tasks/lo-gach", position, cancelled.at)


async def test_a_handover_of_next_week_that_is_annulled_never_takes_place(office: Office) -> None:
    await office.task("lo-gach")
    position = await to_binh(office, ahead(7))
    await office.annul(position, **DECIDED)
    assert await office.leaders("lo-gach", ahead(0), ahead(7), ahead(30)) == [AN, AN, AN]
    assert await office.scheduled() == []
    assert await office.items(f"/officials/{BINH}/responsibilities") == []
