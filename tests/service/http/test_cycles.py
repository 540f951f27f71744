"""Cycles over HTTP: assessed, proposed, decided, capped, closed, objected to and reopened."""

from typing import Any

import httpx
import pytest

from service.access.roles import Role
from tests.service.conftest import ClientOf
from tests.service.http.regulated import adopt
from tests.service.http.yen_son import Reader
from tests.service.province import COMMITTEE, DECISION, DISTRICT, Province

SECRETARY, DEPUTY = "official-017", "official-018"
ON: dict[str, Any] = {"effective_on": "2022-01-10", "on_behalf_of": COMMITTEE, "basis": DECISION}
OF: dict[str, Any] = {
    "regulation": "danh-gia",
    "cycle": "year",
    "cohort": "unit_heads",
    "from_on": "2021-01-01",
    "to_on": "2021-12-31",
}
CYCLE = "nam-2021"
SCORES = [{"part": "general", "points": 28}]


@pytest.fixture
async def province(administrator: httpx.AsyncClient, ledger: str) -> Province:
    """A cycle of 2021 with two officials, and a council of both."""
    province = Province(administrator, ledger)
    await province.establish()
    await adopt(province, "danh-gia", "2021-01-05")
    await province.does("/cycles/open", cycle_id=CYCLE, **OF, **ON)
    officials = [
        {"official_id": one, "agency": DISTRICT, "duty_group": "heads"}
        for one in (SECRETARY, DEPUTY)
    ]
    await province.does(f"/cycles/{CYCLE}/enrol", officials=officials, **ON)
    await province.does(f"/cycles/{CYCLE}/form-council", members=[SECRETARY, DEPUTY], **ON)
    return province


async def officials_of(province: Province, position: int, **asked: str) -> Any:
    found = await Reader(province, position).reads(f"/cycles/{CYCLE}/officials", **asked)
    return {one["official_id"]: one for one in found["items"]}


async def test_where_each_official_stands_is_told_from_enrolment_to_reopening(
    province: Province, client_of: ClientOf
) -> None:
    in_cycle = f"/cycles/{CYCLE}"
    district = Province(await client_of(Role.AUTHORITY, units=[DISTRICT]), province.ledger)
    person = Province(await client_of(Role.OFFICIAL, official_id=SECRETARY), province.ledger)
    by_district = {**ON, "on_behalf_of": DISTRICT}
    own = {"official_id": SECRETARY, "effective_on": "2022-01-10"}
    done = await person.does(f"{in_cycle}/assess-oneself", claimed="EXCELLENT", text="Xong", **own)
    found = await officials_of(province, done["position"])
    assert {one: found[one]["stands"] for one in found} == {
        SECRETARY: "self_assessed",
        DEPUTY: "enrolled",
    }
    assert (found[SECRETARY]["claimed"], found[SECRETARY]["assessment"]) == ("EXCELLENT", "Xong")
    scores = {"official_id": SECRETARY, "scores": SCORES}
    himself = await province.says(
        f"{in_cycle}/give-scores", {**scores, "judged_by": [SECRETARY], **ON}
    )
    assert (himself.status_code, himself.json()["type"]) == (403, "/problems/may-not-judge-oneself")
    await province.does(f"{in_cycle}/give-scores", judged_by=[DEPUTY], **scores, **ON)
    proposal = {"official_id": SECRETARY, "level": "GOOD"}
    done = await district.does(f"{in_cycle}/propose-level", **proposal, **by_district)
    assert (await officials_of(province, done["position"], stands="proposed")).keys() == {SECRETARY}

    decided = {"cycle_id": CYCLE, "of": OF, "level": "GOOD", **ON}
    office = Province(await client_of(Role.AUTHORITY, units=[COMMITTEE]), province.ledger)
    for official in (SECRETARY, DEPUTY):
        done = await office.does(f"/officials/{official}/decide-rating", **decided)
    closed = await province.does(f"{in_cycle}/close", **ON)
    [cycle] = (await Reader(province, closed["position"]).reads("/appraisal/cycles"))["items"]
    assert (cycle["officials"], cycle["rated"]) == (2, 2)
    assert (cycle["closed_on"], cycle["closed_position"]) == ("2022-01-10", closed["position"])
    one = await Reader(province, closed["position"]).says(f"/cycles/{CYCLE}")
    assert one.json()["item"] == cycle
    # The official sees the own rating and its steps, and nobody else's.
    path = f"/v1/{province.ledger}"
    own_ratings = Reader(person, closed["position"])
    [seen] = (await own_ratings.reads("/appraisal/ratings", official=SECRETARY))["items"]
    explained = await person.client.get(f"{path}/officials/{SECRETARY}/ratings/{seen['position']}")
    steps = {step["rule"] for step in explained.json()["derivation"]["steps"]}
    assert "levels.0" in steps
    for closed_to in (
        "/appraisal/ratings",
        f"/appraisal/objections?official={DEPUTY}",
        f"/officials/{DEPUTY}/ratings/{seen['position']}",
        f"/cycles/{CYCLE}/officials",
        f"/cycles/{CYCLE}/history",
    ):
        refused = await person.client.get(f"{path}{closed_to}")
        assert refused.status_code == 403, closed_to
    objection = {"cycle_id": CYCLE, "step": "levels.0", "reason": "Không có việc chậm"}
    on = {"effective_on": "2022-01-11"}
    done = await person.does(f"/officials/{SECRETARY}/object-to-rating", **on, **objection)
    assert (await officials_of(province, done["position"]))[SECRETARY]["stands"] == "objected"
    [raised] = (await Reader(province, done["position"]).reads("/appraisal/objections"))["items"]
    assert (raised["step"], raised["article"], raised["answered_on"]) == ("levels.0", "8.1", None)
    answer = {"cycle_id": CYCLE, "number": 1, "upheld": True, "answer": "Đúng", **ON, **on}
    done = await province.does(f"/officials/{SECRETARY}/answer-objection", **answer)
    found = await officials_of(province, done["position"])
    assert {one: found[one]["stands"] for one in found} == {
        SECRETARY: "reopened",
        DEPUTY: "decided",
    }
    again = {**decided, "reason": "Bão", **on, "level": "COMPLETED"}
    done = await office.does(f"/officials/{SECRETARY}/decide-rating", **again)
    [rating] = (
        await Reader(province, done["position"]).reads("/appraisal/ratings", official=SECRETARY)
    )["items"]
    assert (rating["cycle_id"], rating["level"], rating["reopened"]) == (CYCLE, "COMPLETED", False)
    replayed = await province.client.get(
        f"/v1/{province.ledger}/officials/{SECRETARY}/ratings/{rating['position']}"
    )
    assert replayed.json()["is_the_same"] is True


@pytest.mark.parametrize(
    ("changed", "status", "problem"),
    [
        ({"official_id": "khong-co"}, 404, "official-unknown"),
        ({"cycle_id": "khong-co"}, 404, "cycle-unknown"),
        ({"of": {**OF, "regulation": "khong-co"}}, 422, "not-of-the-cycle"),
        ({"of": {**OF, "cohort": "deputies"}}, 422, "not-of-the-cycle"),
        ({"of": {**OF, "from_on": "2021-02-01"}, "draft": "d"}, 422, "regulation-faulty"),
    ],
)
async def test_a_rating_is_derived_only_of_an_official_and_a_cycle_that_there_are(
    province: Province, changed: dict[str, Any], status: int, problem: str
) -> None:
    asked = {"official_id": SECRETARY, "cycle_id": CYCLE, "of": OF, **changed}
    reply = await province.client.post(f"/v1/{province.ledger}/appraisal/derive", json=asked)
    assert (reply.status_code, reply.json()["type"]) == (status, f"/problems/{problem}")


async def test_a_cycle_whose_cap_is_exceeded_is_closed_once_a_rating_is_moved(
    province: Province, client_of: ClientOf
) -> None:
    """Who proposed does not decide; nor does the official on oneself."""
    proposal = {"official_id": SECRETARY, "level": "EXCELLENT"}
    await province.does(f"/cycles/{CYCLE}/propose-level", **proposal, **ON)
    decided = {"cycle_id": CYCLE, "of": OF, "level": "EXCELLENT", **ON}
    same = await province.says(f"/officials/{SECRETARY}/decide-rating", decided)
    assert (same.status_code, same.json()["type"]) == (403, "/problems/not-apart")
    office = Province(await client_of(Role.AUTHORITY, units=[COMMITTEE]), province.ledger)
    for official, level in ((SECRETARY, "EXCELLENT"), (DEPUTY, "GOOD")):
        await office.does(f"/officials/{official}/decide-rating", **{**decided, "level": level})
    refused = await province.says(f"/cycles/{CYCLE}/close", ON)
    said = refused.json()
    assert (refused.status_code, said["type"]) == (409, "/problems/cap-exceeded")
    [group] = said["groups"]
    assert (group["group"], group["allowed"], group["present"]) == ([DISTRICT, "heads"], 0, 1)
    move = {"cycle_id": CYCLE, "to_level": "GOOD", "reason": "Đứng sau", **ON}
    await office.does(f"/officials/{SECRETARY}/move-rating", **move)
    done = await province.does(f"/cycles/{CYCLE}/close", **ON)
    moved = (await officials_of(province, done["position"], level="GOOD"))[SECRETARY]
    assert (moved["moved_from"], moved["level"]) == ("EXCELLENT", "GOOD")


async def whose_papers_came(reader: Reader) -> None:
    """One assessed the own work late, the other not at all; both were rated late."""
    asked = {"from_on": "2021-12-01", "to_on": "2021-12-31"}
    papers: list[dict[str, Any]] = []
    page: dict[str, Any] = {"next_cursor": None}
    while not papers or page["next_cursor"]:
        cursor = {"cursor": page["next_cursor"]} if papers else {}
        page = await reader.reads("/duties", limit=1, as_of="2022-01-12", **asked, **cursor)
        papers += page["items"]
    assert [
        (one["kind"], one["official_id"], one["unit_id"], one["state"], one["days_late"])
        for one in papers
    ] == [
        ("self_assessment", SECRETARY, DISTRICT, "late", 31),
        ("self_assessment", DEPUTY, DISTRICT, "excused", None),
        ("rating", SECRETARY, COMMITTEE, "late", 27),
        ("rating", DEPUTY, COMMITTEE, "late", 27),
    ]
    before = await reader.reads("/duties", as_of="2022-01-09", **asked)
    assert before["items"] == []
    [month] = (await reader.reads("/duty-trend", as_of="2022-01-12", **asked))["items"]
    assert (month["due"], month["late"], month["excused"]) == (4, 3, 1)


async def test_what_a_cycle_asks_of_whom_stands_in_the_inbox_until_it_is_answered(
    province: Province, client_of: ClientOf
) -> None:
    district = Province(await client_of(Role.AUTHORITY, units=[DISTRICT]), province.ledger)
    office = Province(await client_of(Role.AUTHORITY, units=[COMMITTEE]), province.ledger)
    body, person = f"unit:{COMMITTEE}", f"official:{SECRETARY}"

    async def awaits(whom: str, done: Any, **asked: str) -> list[tuple[Any, ...]]:
        """Each matter's kind, its number, whom it is about, since when and in which cycle."""
        reader = Reader(province, done["position"])
        page = await reader.reads("/inbox", **{"for": whom, "as_of": "2022-01-12", **asked})
        return [
            (one["kind"], one["number"], one["official_id"], one["since_on"])
            for one in page["items"]
            if one["cycle_id"] == CYCLE
        ]

    by_district = {**ON, "on_behalf_of": DISTRICT}
    proposal = {"official_id": SECRETARY, "level": "GOOD"}
    done = await district.does(f"/cycles/{CYCLE}/propose-level", **proposal, **by_district)
    # The regulation asks for it by 10 December of the year.
    due = ("self_assessment", None, SECRETARY, "2021-12-10")
    assert await awaits(person, done) == [due]
    proposed = ("proposed_level", None, SECRETARY, "2022-01-10")
    assert await awaits(body, done) == [proposed]
    own = {"official_id": SECRETARY, "effective_on": "2022-01-10"}
    await province.does(f"/cycles/{CYCLE}/assess-oneself", claimed="GOOD", text="Xong", **own)

    decided = {"cycle_id": CYCLE, "of": OF, "level": "GOOD", **ON}
    for official in (SECRETARY, DEPUTY):
        done = await office.does(f"/officials/{official}/decide-rating", **decided)
    assert await awaits(person, done) == []
    assert await awaits(person, done, as_of="2022-01-09") == []
    assert await awaits(body, done) == []
    assert [one[2] for one in await awaits(f"official:{DEPUTY}", done)] == [DEPUTY]
    await province.does(f"/cycles/{CYCLE}/close", **ON)
    path, on = f"/officials/{SECRETARY}", {"effective_on": "2022-01-11"}
    objection = {"cycle_id": CYCLE, "step": "levels.0", "reason": "Không có việc chậm", **on}
    done = await province.does(f"{path}/object-to-rating", **objection)
    assert await awaits(body, done) == [("objection", 1, SECRETARY, "2022-01-11")]
    # A closed cycle asks for no self-assessment; the board tells what became of every paper.
    await whose_papers_came(Reader(province, done["position"]))
    assert await awaits(f"official:{DEPUTY}", done) == []
    # A fact recorded late shakes the rating until it is reopened.
    late = {"form": "warning", "reason": "Sai", **ON, "effective_on": "2021-12-30"}
    done = await province.does(f"{path}/decide-discipline", **late)
    shaken = (await Reader(province, done["position"]).reads("/appraisal/shaken"))["items"]
    assert [one["late_facts"] for one in shaken] == [[done["position"]]]
    answer = {"cycle_id": CYCLE, "number": 1, "upheld": True, "answer": "Đúng", **ON, **on}
    done = await office.does(f"{path}/answer-objection", **answer)
    assert (await Reader(province, done["position"]).reads("/appraisal/shaken"))["items"] == []
    assert await awaits(body, done) == [("reopened_rating", None, SECRETARY, "2022-01-11")]
    again = {**decided, **on, "level": "NOT_COMPLETED", "reason": "Bị kỷ luật"}
    done = await province.does(f"{path}/decide-rating", **again)
    assert await awaits(body, done) == []
    before = await awaits(body, done, as_of="2022-01-10")
    assert before == []


async def test_a_regulation_of_ratings_alone_sets_days_for_their_papers(
    province: Province,
) -> None:
    await adopt(province, "xep-loai", "2021-01-05", ("communes_per_official: 1\n", ""))
    cycle = {"cycle_id": "nam-2021-b", **OF, "regulation": "xep-loai"}
    await province.does("/cycles/open", **cycle, **ON)
    officials = [{"official_id": SECRETARY, "agency": DISTRICT, "duty_group": "heads"}]
    done = await province.does("/cycles/nam-2021-b/enrol", officials=officials, **ON)
    asked = {"as_of": "2022-01-12", "from_on": "2021-12-01", "to_on": "2021-12-31"}
    papers = (await Reader(province, done["position"]).reads("/duties", **asked))["items"]
    own = [one["kind"] for one in papers if one["period"] == "nam-2021-b"]
    assert own == ["self_assessment", "rating"]
