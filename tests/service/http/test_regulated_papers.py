"""Papers that a body's regulation asks for: of the tasks it assigned, of officials and of units."""

from collections import Counter
from typing import Any, get_args

import httpx
import pytest

from projections.duties.board import State
from service.access.roles import Role
from tests.service.conftest import ClientOf
from tests.service.http.regulated import adopt
from tests.service.http.yen_son import Reader
from tests.service.province import COMMITTEE, DECISION, DISTRICT, PROPOSAL, Province

SECRETARY, DEPUTY = "official-017", "official-018"
DECIDED: dict[str, Any] = {"on_behalf_of": COMMITTEE, "basis": DECISION}
DUTIES = "duties:\n"
MONTHLY = (
    "  - {paper: progress_report, each: month, day: 25, if_day_off: next_working_day, "
    "grace_days: 0}\n"
)
OF: dict[str, Any] = {
    "cycle": "year",
    "cohort": "unit_heads",
    "from_on": "2021-01-01",
    "to_on": "2021-12-31",
}
STEP = {"title": "Vận động", "due_on": "2021-06-30", "performed_by": "Ban Dân vận"}


def asking(*duties: str) -> tuple[tuple[str, str], ...]:
    """The sample with these duties instead of the monthly report."""
    lines = "".join(f"  - {{{duty}}}\n" for duty in duties)
    return ((DUTIES, DUTIES + lines), (MONTHLY, ""))


@pytest.fixture
async def province(administrator: httpx.AsyncClient, ledger: str) -> Province:
    province = Province(administrator, ledger)
    await province.establish()
    return province


async def board(province: Province, done: dict[str, Any], **asked: str) -> list[tuple[Any, ...]]:
    """Each paper's kind, task or unit, period, day and state, through pages of one, in order."""
    reader = Reader(province, done["position"])
    days = {"from_on": "2021-01-01", "to_on": "2021-12-31", "as_of": "2021-12-31"}
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await reader.reads("/duties", **{"limit": "1", **days, **asked, **cursor})
        found += page["items"]
        if not page["next_cursor"]:
            break
        cursor = {"cursor": page["next_cursor"]}
    whole = (await reader.reads("/duties", **{**days, **asked}))["items"]
    assert found == whole
    if "state" not in asked:
        for state in get_args(State):
            of_state = (await reader.reads("/duties", **{**days, **asked}, state=state))["items"]
            assert of_state == [one for one in whole if one["state"] == state]
    if not {"task", "state"} & asked.keys():
        trend = (await reader.reads("/duty-trend", **{**days, **asked}))["items"]
        counted = {(one["month"], state): one[state] for one in trend for state in get_args(State)}
        on_board = Counter((one["due_on"][:7], one["state"]) for one in whole)
        assert Counter(counted) == on_board
        assert sum(one["due"] for one in trend) == len(whole)
    return [
        (one["kind"], one["task_id"] or one["unit_id"], one["period"], one["due_on"], one["state"])
        for one in whole
    ]


async def test_a_plan_is_due_once_from_whoever_leads_a_task_of_the_body(
    province: Province, client_of: ClientOf
) -> None:
    # 10 April 2021 is a Saturday.
    plan = "paper: plan, each: year, day: 10, month: 4, if_day_off: next_working_day, grace_days: 2"
    await adopt(province, "giao-viec", "2021-01-05", *asking(plan))
    office = Province(await client_of(Role.AUTHORITY, units=[DISTRICT]), province.ledger)
    for task in ("a", "b", "c", "d", "e"):
        await province.task_in_progress(task)

    async def plans(task: str, day: str) -> dict[str, Any]:
        said = {"summary": "Ba bước", "steps": [STEP]}
        return await office.does(f"/tasks/{task}/submit-plan", effective_on=day, **said)

    await plans("a", "2021-04-14")
    await plans("b", "2021-04-15")
    cancelled = {"reason": "Thôi", **DECIDED}
    await province.does("/tasks/c/cancel", effective_on="2021-05-01", **cancelled)
    done = await province.does("/tasks/d/cancel", effective_on="2021-03-01", **cancelled)
    due = ("2021", "2021-04-14")
    assert await board(province, done, kind="plan") == [
        ("plan", "a", *due, "in_time"),
        ("plan", "b", *due, "late"),
        ("plan", "c", *due, "excused"),
        ("plan", "e", *due, "missing"),
    ]
    assert await board(province, done, kind="plan", as_of="2021-04-14") == [
        ("plan", "a", *due, "in_time"),
        *(("plan", task, *due, "awaited") for task in ("b", "c", "e")),
    ]
    assert await board(province, done, kind="plan", state="missing") == [
        ("plan", "e", *due, "missing")
    ]
    assert await board(province, done, official=SECRETARY, kind="plan", task="a") == [
        ("plan", "a", *due, "in_time")
    ]
    assert await board(province, done, official=DEPUTY, kind="plan") == []
    # In force from a later day on, the regulation asked for none that was due before.
    done = await adopt(province, "giao-viec", "2021-04-01", *asking())
    assert await board(province, done, kind="plan") == []


async def test_reports_are_due_of_tasks_that_have_no_rule_of_their_own(
    province: Province, client_of: ClientOf
) -> None:
    quarterly = "paper: progress_report, each: quarter, day: 5, month: 1, next_period: true"
    await adopt(province, "giao-viec", "2021-01-05", *asking(quarterly))
    office = Province(await client_of(Role.AUTHORITY, units=[DISTRICT]), province.ledger)
    for task in ("a", "b"):
        await province.task_in_progress(task)
    duty = {"cadence": "yearly", "day": 20}
    await province.does("/tasks/b/set-report-duty", duty=duty, **DECIDED)
    for day in ("2021-04-05", "2021-08-01"):
        done = await office.does(
            "/tasks/a/report-progress", effective_on=day, narrative="Đã dỡ 92 lò."
        )
    asked = {"kind": "progress_report", "to_on": "2022-01-05"}
    reports = [
        ("progress_report", "a", "2021-Q1", "2021-04-05", "in_time"),
        ("progress_report", "a", "2021-Q2", "2021-07-05", "late"),
        ("progress_report", "a", "2021-Q3", "2021-10-05", "missing"),
        ("progress_report", "b", "2021", "2021-12-20", "missing"),
        ("progress_report", "a", "2021-Q4", "2022-01-05", "awaited"),
    ]
    # That of the year before was due as the task had just been assigned.
    before = ("progress_report", "a", "2020-Q4", "2021-01-05", "missing")
    assert await board(province, done, **asked) == [before, *reports]


async def test_a_paper_of_a_cohort_is_due_from_those_enrolled_in_it(province: Province) -> None:
    plan = "paper: plan, each: year, day: 10, month: 4, only_for: [deputies]"
    await adopt(province, "giao-viec", "2021-01-05", *asking(plan))
    await province.task_in_progress("a")
    await province.does(
        "/tasks/commission", task_id="b", post_id="secretary-yen-son", proposal=PROPOSAL, **DECIDED
    )
    on = {"effective_on": "2021-02-01", **DECIDED}
    enrolled = {"agency": DISTRICT, "duty_group": "heads"}
    for cohort, official, expected in (
        ("unit_heads", SECRETARY, 0),
        ("deputies", DEPUTY, 0),
        ("deputies", SECRETARY, 1),
    ):
        cycle = f"nam-{cohort}-{official}"
        of = {"regulation": "giao-viec", **OF, "cohort": cohort}
        await province.does("/cycles/open", cycle_id=cycle, **of, **on)
        officials = [{"official_id": official, **enrolled}]
        done = await province.does(f"/cycles/{cycle}/enrol", officials=officials, **on)
        assert len(await board(province, done, kind="plan")) == expected


async def test_reviews_of_officials_and_results_of_units_are_due_in_a_cycle(
    province: Province,
) -> None:
    await adopt(
        province,
        "danh-gia",
        "2021-01-05",
        *asking(
            "paper: review, each: year, day: 15, month: 12",
            "paper: unit_result, each: year, day: 20, month: 12",
        ),
    )
    cycle = {"cycle_id": "nam-2021", "regulation": "danh-gia", **OF}
    on = {"effective_on": "2021-12-01", **DECIDED}
    await province.does("/cycles/open", **cycle, **on)
    groups = {"agency": DISTRICT, "duty_group": "heads"}
    officials = [{"official_id": one, **groups} for one in (SECRETARY, DEPUTY)]
    await province.does("/cycles/nam-2021/enrol", officials=officials, **on)
    for day in ("2021-12-14", "2021-12-17"):
        proposal = {"official_id": SECRETARY, "level": "GOOD", "on_behalf_of": DISTRICT}
        await province.does("/cycles/nam-2021/propose-level", effective_on=day, **proposal)
    result = {"level": "GOOD", **DECIDED}
    other = {"from_on": "2021-01-01", "to_on": "2021-06-30"}
    await province.does(f"/units/{DISTRICT}/rate", effective_on="2021-12-02", **other, **result)
    year = {"from_on": "2021-01-01", "to_on": "2021-12-31"}
    done = await province.does(
        f"/units/{DISTRICT}/rate", effective_on="2021-12-31", **year, **result
    )
    review = ("official_review", DISTRICT, "nam-2021", "2021-12-15")
    found = await board(province, done, from_on="2021-12-15")
    assert found == [
        (*review, "in_time"),
        (*review, "missing"),
        ("unit_result", DISTRICT, "nam-2021", "2021-12-20", "late"),
    ]
    assert (await board(province, done, as_of="2021-12-20", kind="unit_result"))[0][-1] == "awaited"
    # A later result of the same days keeps the day of the first.
    done = await province.does(
        f"/units/{DISTRICT}/rate", effective_on="2022-01-05", **year, **result
    )
    again = await board(province, done, as_of="2022-01-05", kind="unit_result")
    assert again == [("unit_result", DISTRICT, "nam-2021", "2021-12-20", "late")]
