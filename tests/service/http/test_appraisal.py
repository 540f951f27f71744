"""Appraisal over HTTP: derived from the log, decided, replayed, tried with a draft, and shaken."""

from typing import Any

import httpx
import pytest

from service.access.roles import Role
from tests.service.conftest import ClientOf
from tests.service.http.regulated import adopt, file
from tests.service.http.yen_son import Reader
from tests.service.province import (
    COMMITTEE,
    DECISION,
    DISTRICT,
    POST,
    PROPOSAL,
    Province,
)

SECRETARY = "official-017"
DECIDED: dict[str, Any] = {"on_behalf_of": COMMITTEE, "basis": DECISION}
YEAR: dict[str, Any] = {
    "regulation": "danh-gia",
    "cycle": "year",
    "cohort": "unit_heads",
    "from_on": "2021-01-01",
    "to_on": "2021-12-31",
    "scores": [{"part": "general", "points": 28}],
}
COMMISSIONED: dict[str, Any] = {"proposal": PROPOSAL, **DECIDED}
RATED: dict[str, Any] = {"effective_on": "2022-01-10", "of": YEAR, "level": "EXCELLENT"}


@pytest.fixture
async def province(administrator: httpx.AsyncClient, client_of: ClientOf, ledger: str) -> Province:
    """The secretary completes a task in 2021, by which the committee finds more than required."""
    province = Province(administrator, ledger)
    await province.establish()
    await adopt(province, "danh-gia", "2021-01-05")
    task_id = await province.task_in_progress("lo-gach")
    recorder = Province(await client_of(Role.AUTHORITY, units=[DISTRICT]), ledger)
    claim = {"effective_on": "2021-06-01", "summary": "Xong", "evidence": [EVIDENCE]}
    await recorder.does(f"/tasks/{task_id}/claim-completion", **claim)
    confirmed = {"effective_on": "2021-06-05", "exceeded": True, **DECIDED}
    await province.does(f"/tasks/{task_id}/confirm-completion", **confirmed)
    return province


EVIDENCE = {"title": "Biên bản", "sha256": "0" * 64, "address": "https://example.vn/bien-ban"}


async def derive(province: Province, **asked: Any) -> Any:
    reply = await province.client.post(
        f"/v1/{province.ledger}/appraisal/derive",
        json={"official_id": SECRETARY, "of": YEAR, **asked},
    )
    assert reply.status_code == 200, reply.text
    return reply.json()


async def replay(province: Province, position: int) -> Any:
    path = f"/v1/{province.ledger}/officials/{SECRETARY}/ratings/{position}"
    reply = await province.client.get(path)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def test_a_rating_is_derived_decided_replayed_and_shaken(province: Province) -> None:
    found = await derive(province)
    assert (found["level"], found["points"]) == ("EXCELLENT", "98")
    last = found["steps"][-1]
    assert (last["depth"], last["says"]) == (0, "xếp loại: EXCELLENT")
    [level] = [one for one in found["steps"] if one["rule"] == "levels.0"]
    assert (level["line"], level["article"]) == (21, "8.1")
    assert all(found["stands_on"])
    draft = file("danh-gia", "2021-01-05", ("points: 90,", "points: 99,"))
    tried = await derive(province, draft=draft)
    assert (tried["level"], tried["regulation_sha256"]) == ("GOOD", None)

    done = await province.does(f"/officials/{SECRETARY}/decide-rating", **RATED, **DECIDED)
    position = done["position"]
    year = Reader(province, position)
    [rating] = (await year.reads("/appraisal/ratings", official=SECRETARY))["items"]
    assert (rating["level"], rating["derived"], rating["shaken_by"]) == (
        "EXCELLENT",
        "EXCELLENT",
        None,
    )
    assert rating["tree_sha256"] == found["tree_sha256"]
    assert (await year.reads("/appraisal/shaken"))["items"] == []
    replayed = await replay(province, position)
    assert (replayed["is_the_same"], replayed["derivation"]) == (True, found)

    confirmed = max(found["stands_on"])
    annulment = {"positions": [confirmed], "reason": "Ghi nhầm", **DECIDED}
    annulled = await province.says("/events/annul", annulment)
    assert annulled.is_success, annulled.text
    later = Reader(province, annulled.json()["position"])
    [shaken] = (await later.reads("/appraisal/shaken"))["items"]
    assert (shaken["position"], shaken["shaken_by"]) == (position, [confirmed])
    # What was known then still gives the same; what is known now does not.
    assert (await replay(province, position))["is_the_same"] is True
    assert (await derive(province))["level"] is None
    done = await province.does(
        f"/officials/{SECRETARY}/decide-rating", **{**RATED, "level": "COMPLETED"}, **DECIDED
    )
    now = Reader(province, done["position"])
    assert (await now.reads("/appraisal/shaken"))["items"] == []
    assert (await now.says(f"/officials/{SECRETARY}/ratings/1")).status_code == 404


async def test_what_is_recorded_late_about_the_days_of_a_rating_shakes_it(
    province: Province, client_of: ClientOf
) -> None:
    path = f"/officials/{SECRETARY}"

    async def facts(done: dict[str, Any], *, shaken: bool = True) -> list[int]:
        """The late facts that the list of the shaken names, and that of all ratings too."""
        reader = Reader(province, done["position"])
        listed = (await reader.reads("/appraisal/shaken"))["items"]
        [rating] = (await reader.reads("/appraisal/ratings", official=SECRETARY))["items"]
        assert [one["late_facts"] for one in listed] == [rating["late_facts"]] * shaken
        return rating["late_facts"] or []

    done = await province.does(f"{path}/decide-rating", **RATED, **DECIDED)
    discipline = {"form": "warning", "reason": "Sai", **DECIDED}
    done = await province.does(f"{path}/decide-discipline", effective_on="2022-01-01", **discipline)
    other = "/officials/official-018/decide-discipline"
    done = await province.does(other, effective_on="2021-12-31", **discipline)
    assert await facts(done, shaken=False) == []

    late = [
        await province.does(f"{path}/decide-discipline", effective_on="2021-12-31", **discipline)
    ]
    assert await facts(late[0]) == [late[0]["position"]]
    # A task of these days that nobody knew of, and the result of the unit for them.
    await province.does("/tasks/commission", task_id="duong", post_id=POST, **COMMISSIONED)
    late.append(await province.does("/tasks/duong/assign", effective_on="2021-11-01", **DECIDED))
    result = {"level": "GOOD", "effective_on": "2022-01-20", **DECIDED}
    days = {"from_on": YEAR["from_on"], "to_on": YEAR["to_on"]}
    late.append(await province.does(f"/units/{DISTRICT}/rate", **days, **result))
    other_days = {"from_on": "2021-07-01", "to_on": "2021-09-30"}
    done = await province.does(f"/units/{DISTRICT}/rate", **other_days, **result)
    # Work that was confirmed later counts for the day on which it was done.
    office = Province(await client_of(Role.AUTHORITY, units=[DISTRICT]), province.ledger)
    claim = {"effective_on": "2021-12-20", "summary": "Xong", "evidence": [EVIDENCE]}
    await office.does("/tasks/duong/claim-completion", **claim)
    late.append(
        await province.does("/tasks/duong/confirm-completion", effective_on="2022-02-01", **DECIDED)
    )
    assert await facts(late[-1]) == [one["position"] for one in late]
    # What was annulled since shakes nothing; a decision stands on what is known by then.
    annulment = {"positions": [late[0]["position"]], "reason": "Ghi nhầm", **DECIDED}
    annulled = await province.says("/events/annul", annulment)
    assert await facts(annulled.json()) == [one["position"] for one in late[1:]]
    again = {**RATED, "effective_on": "2022-02-02", "reason": "Xem lại", **DECIDED}
    done = await province.does(f"{path}/decide-rating", **again)
    assert await facts(done, shaken=False) == []


async def test_ratings_are_not_for_every_reader(province: Province, client_of: ClientOf) -> None:
    official = await client_of(Role.OFFICIAL, official_id="official-018")
    for path in ("appraisal/ratings", "appraisal/shaken"):
        assert (await official.get(f"/v1/{province.ledger}/{path}")).status_code == 403
    refused = await province.client.post(
        f"/v1/{province.ledger}/appraisal/derive",
        json={"official_id": SECRETARY, "of": {**YEAR, "cycle": "month"}},
        headers={"Accept-Language": "vi"},
    )
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/not-of-the-regulation")
