"""Shares over HTTP: of a task and of an official; what is annulled or replaced counts no more."""

from tests.service.http.yen_son import Reader
from tests.service.province import COMMITTEE, DECISION, POST, Province

FIRST, SECOND = "official-017", "official-018"
DECIDED = {"on_behalf_of": COMMITTEE, "basis": DECISION}


async def test_a_handover_shares_the_results_and_an_annulled_one_does_not(
    province: Province,
) -> None:
    await province.task_in_progress("kilns")
    values = {"narrative": "Đã dỡ.", "values": [{"code": "kilns", "actual": 49}]}
    await province.does("/tasks/kilns/report-progress", **values, effective_on="2021-01-05")
    on = {"effective_on": "2021-01-14"}
    vacated = await province.does("/tasks/kilns/vacate", reason="Điều động", **on, **DECIDED)
    leaving = {"official_id": FIRST, "cause": "transfer", **on}
    await province.does(f"/posts/{POST}/end-tenure", **leaving)
    taken = {"official_id": SECOND, "effective_on": "2021-01-24"}
    await province.does(f"/posts/{POST}/appoint", **taken)
    filling = {**taken, "state_summary": "Đang làm", **DECIDED}
    done = await province.does("/tasks/kilns/fill-vacancy", **filling)
    reader = Reader(province, done["position"])
    read = (await reader.reads("/tasks/kilns/shares", as_of="2021-01-28"))["item"]
    assert (read["days"], read["until_on"]) == (15, "2021-01-28")
    assert [(one["official_id"], one["fraction"]) for one in read["items"]] == [
        (FIRST, "2/3"),
        (SECOND, "1/3"),
    ]
    [credit] = read["items"][1]["results"]
    assert (credit["credited"], credit["credited_rounded"]) == ("49/3", "16.33")
    assert (credit["found"], credit["reported"]) == ("49", None)
    own = (await reader.reads(f"/officials/{SECOND}/shares", as_of="2021-01-28"))["item"]
    [one] = own["items"]
    assert (one["task_id"], one["days_of_all"], one["share"]["days"]) == ("kilns", 15, 5)

    later = [*range(vacated["position"], done["position"] + 1)]
    annulled = await province.says(
        "/events/annul", {"positions": later, "reason": "Nhầm", **DECIDED}
    )
    assert annulled.is_success, annulled.text
    reader = Reader(province, annulled.json()["position"])
    read = (await reader.reads("/tasks/kilns/shares", as_of="2021-01-28"))["item"]
    assert [(one["official_id"], one["fraction"]) for one in read["items"]] == [(FIRST, "1")]
    assert read["days"] == 25
    assert (await reader.reads(f"/officials/{SECOND}/shares"))["item"]["items"] == []
    assert (await reader.says("/officials/khong-co/shares")).status_code == 404
