"""Tenures: a retirement typed late, an appointment of the wrong day, one of next week."""

from typing import Any

from tests.service.put_right.office import (
    AN,
    BINH,
    CHAIRMAN,
    CHI,
    CITED,
    DECIDED,
    DUNG,
    PROPOSAL,
    SECRETARY,
    STATE,
    Office,
    ahead,
    day_before,
    instead_of,
)

MAY, JUNE = "2021-05-01", "2021-06-01"
RETIRES: dict[str, Any] = {
    "official_id": AN,
    "cause": "retirement",
    "succession": {"official_id": BINH, **STATE},
    **DECIDED,
}
END_TENURE = f"/posts/{SECRETARY}/end-tenure"


async def holders(office: Office, post_id: str, on: str | None = None) -> set[str]:
    asked = {} if on is None else {"as_of": on}
    return set(await office.column("/tenures", "official_id", post=post_id, **asked))


async def deputy(office: Office) -> None:
    """A post without a holder."""
    await office.post("pho-bi-thu")


async def test_a_retirement_of_may_typed_in_june_passes_the_tasks_on_from_may(
    office: Office,
) -> None:
    for task_id in ("lo-gach", "moi-truong"):
        await office.task(task_id)
    await office.task("cua-binh", official_id=BINH)
    await office.report("lo-gach", "2021-04-20", "tháng 4")
    await office.report("cua-binh", JUNE, "tháng 6")
    await office.official("nguoi-moi", JUNE)
    late = await office.does(END_TENURE, MAY, **RETIRES)
    assert set(late.types) == {"tenure.ended", "task.handed_over"}
    for task_id in ("lo-gach", "moi-truong"):
        assert await office.leaders(task_id, day_before(MAY), MAY, JUNE) == [AN, BINH, BINH]
    assert await holders(office, SECRETARY, day_before(MAY)) == {AN, BINH}
    assert await holders(office, SECRETARY, MAY) == await holders(office, SECRETARY) == {BINH}
    assert await office.column(f"/officials/{AN}/portfolio", "task_id", as_of=MAY) == []
    backdated = await office.items("/backdated", official=AN, min_days=30, type="tenure.ended")
    assert len(backdated) == 1


async def test_a_retirement_typed_late_names_what_the_retired_did_since(office: Office) -> None:
    await office.task("lo-gach")
    report = await office.report("lo-gach", JUNE, "tháng 6")
    new = await office.does(
        "/tasks/commission",
        JUNE,
        task_id="moi",
        post_id=SECRETARY,
        proposal=PROPOSAL,
        **DECIDED,
    )
    assigned = await office.does("/tasks/moi/assign", "2021-06-02", official_id=AN, **DECIDED)
    listed = await office.contradicts(END_TENURE, MAY, **RETIRES)
    assert {one["position"] for one in listed} == {report.at, assigned.at}
    assert await holders(office, SECRETARY) == {AN, BINH}
    both = instead_of(report.at, assigned.at)
    right = await office.does(END_TENURE, MAY, **RETIRES, **both)
    await office.does("/tasks/moi/assign", "2021-06-02", official_id=BINH, **DECIDED)
    await office.report("lo-gach", JUNE, "tháng 6")
    assert await office.leaders("lo-gach", day_before(MAY), MAY, JUNE) == [AN, BINH, BINH]
    assert await office.leads("moi") == BINH
    await office.struck_through("/tasks/lo-gach", report.at, *right.decided)
    await office.struck_through("/tasks/moi", assigned.at, *right.decided)
    assert (await office.history("/tasks/moi"))[new.at]["annulled"] is None


async def test_a_retirement_of_the_wrong_day_is_replaced_with_all_that_it_passed_on(
    office: Office,
) -> None:
    await office.task("lo-gach")
    wrong = await office.does(END_TENURE, MAY, **RETIRES)
    await office.report("lo-gach", "2021-07-01", "tháng 7")
    right = await office.does(END_TENURE, JUNE, **RETIRES, **instead_of(*wrong.decided))
    assert await office.leaders("lo-gach", MAY, day_before(JUNE), JUNE) == [AN, AN, BINH]
    assert await holders(office, SECRETARY, MAY) == {AN, BINH}
    assert await holders(office, SECRETARY, JUNE) == {BINH}
    for position in wrong.decided:
        await office.struck_through(f"/officials/{AN}", position, *right.decided)


async def test_a_tenure_ended_by_mistake_is_not_annulled_without_the_tasks_it_passed_on(
    office: Office,
) -> None:
    await office.task("lo-gach")
    wrong = await office.does(END_TENURE, MAY, **RETIRES)
    await office.annul(*wrong.decided, **DECIDED)
    assert await holders(office, SECRETARY) == {AN, BINH}
    assert await office.leaders("lo-gach", MAY, JUNE) == [AN, AN]


async def test_an_appointment_of_the_wrong_day_is_replaced(office: Office) -> None:
    await deputy(office)
    wrong = await office.does("/posts/pho-bi-thu/appoint", "2021-03-01", official_id=DUNG, **CITED)
    said = {"official_id": DUNG, **CITED, **instead_of(wrong.at)}
    right = await office.does("/posts/pho-bi-thu/appoint", "2021-04-01", **said)
    assert await holders(office, "pho-bi-thu", "2021-03-31") == set()
    assert await holders(office, "pho-bi-thu", "2021-04-01") == {DUNG}
    [tenure] = (await office.item(f"/officials/{DUNG}"))["tenures"]
    assert (tenure["from_on"], tenure["to_on"]) == ("2021-04-01", None)
    for path in (f"/officials/{DUNG}", "/posts/pho-bi-thu"):
        await office.struck_through(path, wrong.at, right.at)


async def test_an_appointment_on_which_a_task_stands_is_not_dated_behind_that_task(
    office: Office,
) -> None:
    await deputy(office)
    wrong = await office.does("/posts/pho-bi-thu/appoint", "2021-03-01", official_id=DUNG, **CITED)
    commission = {"task_id": "lo-gach", "post_id": "pho-bi-thu", "proposal": PROPOSAL}
    await office.does("/tasks/commission", "2021-03-10", **commission, **DECIDED)
    assigned = await office.does("/tasks/lo-gach/assign", "2021-03-15", **DECIDED)
    said = {"official_id": DUNG, **CITED, **instead_of(wrong.at)}
    listed = await office.contradicts("/posts/pho-bi-thu/appoint", "2021-04-01", **said)
    assert [one["position"] for one in listed] == [assigned.at]
    assert DUNG in listed[0]["why"]
    right = await office.does("/posts/pho-bi-thu/appoint", "2021-03-12", **said)
    assert await office.leaders("lo-gach", "2021-03-15") == [DUNG]
    await office.struck_through(f"/officials/{DUNG}", wrong.at, right.at)
    listed = await office.annul_contradicts(right.at, **CITED)
    assert [one["position"] for one in listed] == [assigned.at]


async def test_the_wrong_official_appointed_is_replaced_by_the_right_one(office: Office) -> None:
    await deputy(office)
    wrong = await office.does("/posts/pho-bi-thu/appoint", "2021-03-01", official_id=DUNG, **CITED)
    said = {"official_id": CHI, **CITED, **instead_of(wrong.at)}
    right = await office.does("/posts/pho-bi-thu/appoint", "2021-03-01", **said)
    assert await holders(office, "pho-bi-thu") == {CHI}
    assert (await office.item(f"/officials/{DUNG}"))["tenures"] == []
    await office.struck_through(f"/officials/{DUNG}", wrong.at, right.at)
    await office.stands_instead(f"/officials/{CHI}", right.at, wrong.at)


async def test_an_appointment_of_next_week_gives_the_post_from_its_day_only(
    office: Office,
) -> None:
    await deputy(office)
    next_week = ahead(7)
    done = await office.does("/posts/pho-bi-thu/appoint", next_week, official_id=DUNG, **CITED)
    assert await holders(office, "pho-bi-thu") == set()
    assert await holders(office, "pho-bi-thu", ahead(6)) == set()
    assert await holders(office, "pho-bi-thu", next_week) == {DUNG}
    assert (await office.item("/posts/pho-bi-thu"))["holders"] == []
    held = await office.item("/posts/pho-bi-thu", as_of=next_week)
    assert [one["official_id"] for one in held["holders"]] == [DUNG]
    assert (await office.item(f"/officials/{DUNG}"))["tenures"] == []
    assert await office.scheduled(official=DUNG) == [(next_week, "tenure.started")]
    [scheduled] = await office.items("/scheduled", official=DUNG)
    assert (scheduled["position"], scheduled["days_ahead"]) == (done.at, 7)
    assert scheduled["basis"]["number"] == "30-QĐ/TU"
    commission = {"task_id": "lo-gach", "post_id": "pho-bi-thu", "proposal": PROPOSAL}
    await office.does("/tasks/commission", ahead(0), **commission, **DECIDED)
    due = {"due_on": ahead(200), **DECIDED}
    await office.refused(409, "post-vacant", "/tasks/lo-gach/assign", ahead(0), **due)
    await office.does("/tasks/lo-gach/assign", next_week, **due)
    assert await office.leads("lo-gach", next_week) == DUNG


async def test_a_second_appointment_to_the_seat_promised_for_next_week_names_that_one(
    office: Office,
) -> None:
    await deputy(office)
    next_week = ahead(7)
    first = await office.does("/posts/pho-bi-thu/appoint", next_week, official_id=DUNG, **CITED)
    listed = await office.contradicts(
        "/posts/pho-bi-thu/appoint", ahead(0), official_id=CHI, **CITED
    )
    assert [one["position"] for one in listed] == [first.at]


async def test_a_retirement_of_next_week_passes_the_tasks_on_when_it_comes(office: Office) -> None:
    await office.task("lo-gach")
    next_week = ahead(7)
    await office.does(END_TENURE, next_week, **RETIRES)
    assert await holders(office, SECRETARY) == {AN, BINH}
    assert await holders(office, SECRETARY, next_week) == {BINH}
    assert await office.leaders("lo-gach", ahead(0), ahead(6), next_week) == [AN, AN, BINH]
    assert {name for _, name in await office.scheduled()} == {"tenure.ended", "task.handed_over"}
    await office.report("lo-gach", ahead(0), "hôm nay")
    listed = await office.contradicts(
        "/tasks/lo-gach/transfer",
        ahead(0),
        to_post=CHAIRMAN,
        official_id=CHI,
        reason="chuyển",
        **DECIDED,
    )
    assert {one["type"] for one in listed} == {"task.handed_over"}


async def test_what_is_set_up_next_week_can_be_annulled_before_it_comes(office: Office) -> None:
    await deputy(office)
    done = await office.does("/posts/pho-bi-thu/appoint", ahead(7), official_id=DUNG, **CITED)
    await office.annul(done.at, **CITED)
    assert await office.scheduled() == []
    assert await holders(office, "pho-bi-thu", ahead(7)) == set()
    await office.does("/posts/pho-bi-thu/appoint", ahead(0), official_id=CHI, **CITED)
    assert await holders(office, "pho-bi-thu") == {CHI}
