"""What is decided late of members of a unit shakes its head's rating, if a regulation says so."""

from typing import Any

import httpx
import pytest

from service.access.roles import Role
from tests.service.conftest import ClientOf
from tests.service.http.regulated import adopt
from tests.service.http.yen_son import Reader
from tests.service.province import COMMITTEE, DECISION, DISTRICT, Province

HEAD, DEPUTY = "official-017", "official-018"
DEPUTIES = "deputies-yen-son"
DECIDED: dict[str, Any] = {"on_behalf_of": COMMITTEE, "basis": DECISION}
OF: dict[str, Any] = {
    "cycle": "year",
    "cohort": "unit_heads",
    "from_on": "2021-01-01",
    "to_on": "2021-12-31",
}
OVERRIDES = "overrides:                                # xét sau điểm"
TYING = """
  - {when: member_disciplined, no_better_than: GOOD}
  - {when: member_not_completed, no_better_than: COMPLETED}"""
DISCIPLINE = {"form": "warning", "reason": "Sai", **DECIDED}


@pytest.fixture
async def province(administrator: httpx.AsyncClient, client_of: ClientOf, ledger: str) -> Province:
    """The head of the district is rated in a cycle that is closed; a deputy joined in March."""
    province = Province(administrator, ledger)
    await province.establish()
    await province.does(
        "/posts/create",
        post_id=DEPUTIES,
        unit_id=DISTRICT,
        title="Phó Bí thư Huyện ủy",
        kind="deputy",
        managed_by=COMMITTEE,
    )
    on = {"effective_on": "2021-03-01"}
    await province.does(f"/posts/{DEPUTIES}/appoint", official_id=DEPUTY, **on)
    await adopt(province, "rang-buoc", "2021-01-05", (OVERRIDES, f"{OVERRIDES}{TYING}"))
    await adopt(province, "rieng", "2021-01-05", ("communes_per_official: 1\n", ""))
    office = Province(await client_of(Role.AUTHORITY, units=[COMMITTEE]), ledger)
    on = {"effective_on": "2022-01-10", **DECIDED}
    for regulation in ("rang-buoc", "rieng"):
        of = {**OF, "regulation": regulation}
        cycle = {"cycle_id": f"nam-{regulation}"}
        officials = [{"official_id": HEAD, "agency": DISTRICT, "duty_group": "heads"}]
        await province.does("/cycles/open", **cycle, **of, **on)
        await province.does(f"/cycles/nam-{regulation}/enrol", officials=officials, **on)
        rating = {"of": of, "level": "GOOD", "reason": "Vượt tiến độ", **cycle}
        await office.does(f"/officials/{HEAD}/decide-rating", **rating, **on)
        await province.does(f"/cycles/nam-{regulation}/close", **on)
    return province


async def shaken(province: Province, done: dict[str, Any]) -> dict[str, list[int]]:
    """The late facts of each rating of the head that is shaken, by its regulation."""
    reader = Reader(province, done["position"])
    listed = (await reader.reads("/appraisal/shaken", official=HEAD))["items"]
    return {one["regulation"]: one["late_facts"] for one in listed}


async def test_discipline_of_a_member_shakes_the_head_where_the_regulation_ties_them(
    province: Province,
) -> None:
    path = f"/officials/{DEPUTY}/decide-discipline"
    # Before the deputy held the post, and after the period.
    for day in ("2021-02-01", "2022-01-05"):
        done = await province.does(path, effective_on=day, **DISCIPLINE)
    assert await shaken(province, done) == {}
    done = await province.does(path, effective_on="2021-11-01", **DISCIPLINE)
    late = done["position"]
    assert await shaken(province, done) == {"rang-buoc": [late]}
    # The head's own discipline shakes both, and is told once.
    own = {"effective_on": "2021-12-01", **DISCIPLINE}
    done = await province.does(f"/officials/{HEAD}/decide-discipline", **own)
    both = {"rang-buoc": [late, done["position"]], "rieng": [done["position"]]}
    assert await shaken(province, done) == both
    annulment = {"positions": [late, done["position"]], "reason": "Nhầm", **DECIDED}
    assert await shaken(province, (await province.says("/events/annul", annulment)).json()) == {}


async def test_a_member_who_did_not_complete_the_work_shakes_the_head(province: Province) -> None:
    rated = {"effective_on": "2022-01-20", "reason": "Chưa xong việc", **DECIDED}
    path = f"/officials/{DEPUTY}/decide-rating"
    of = {**OF, "regulation": "rieng", "cohort": "deputies"}
    done = await province.does(path, of=of, level="COMPLETED", **rated)
    other = {**of, "cycle": "quarter", "to_on": "2021-03-31"}
    await province.does(path, of=other, level="NOT_COMPLETED", **rated)
    assert await shaken(province, done) == {}
    done = await province.does(path, of=of, level="NOT_COMPLETED", **rated)
    assert await shaken(province, done) == {"rang-buoc": [done["position"]]}


async def test_a_member_moved_down_to_fit_a_cap_shakes_the_head(province: Province) -> None:
    of = {**OF, "regulation": "rieng", "cohort": "deputies"}
    on = {"effective_on": "2022-01-20", "reason": "Vượt số được xếp", **DECIDED}
    cycle = {"cycle_id": "pho"}
    opening = {"effective_on": "2022-01-20", **DECIDED}
    await province.does("/cycles/open", **cycle, **of, **opening)
    officials = [{"official_id": DEPUTY, "agency": DISTRICT, "duty_group": "heads"}]
    await province.does("/cycles/pho/enrol", officials=officials, **opening)
    path = f"/officials/{DEPUTY}"
    done = await province.does(f"{path}/decide-rating", of=of, level="EXCELLENT", **cycle, **on)
    assert await shaken(province, done) == {}
    done = await province.does(f"{path}/move-rating", to_level="NOT_COMPLETED", **cycle, **on)
    assert await shaken(province, done) == {"rang-buoc": [done["position"]]}


async def test_a_unit_that_another_heads_is_nothing_to_who_is_no_head(province: Province) -> None:
    """What is decided of the head shakes no member."""
    rated = {"effective_on": "2022-01-20", "reason": "Vượt tiến độ", **DECIDED}
    of = {**OF, "regulation": "rang-buoc", "cohort": "deputies"}
    await province.does(f"/officials/{DEPUTY}/decide-rating", of=of, level="GOOD", **rated)
    path = f"/officials/{HEAD}/decide-discipline"
    done = await province.does(path, effective_on="2021-11-01", **DISCIPLINE)
    reader = Reader(province, done["position"])
    listed = (await reader.reads("/appraisal/shaken"))["items"]
    assert {one["official_id"] for one in listed} == {HEAD}
