"""Whoever takes the lead no longer stands beside it."""

import json
from datetime import date

import pytest

from domain.kernel import Event
from domain.tasks import changes
from domain.tasks import events as tasks
from domain.tasks.responsibility.co_accountability import CoAccountableAdded
from projections.listing import page
from projections.tasks.portfolios import PORTFOLIO
from tests.domain.cast import PROPOSAL
from tests.projections.answers import items, recorded
from tests.projections.conftest import Recorder

PLACE = {"task_id": "t", "post_id": "p", "unit_id": "u"}
ASSIGNED, BESIDE, LEADS = (date(2021, month, 4) for month in (1, 2, 3))
WHY = {"reason": "điều chuyển"}
UNTIL_BESIDE: tuple[Event, ...] = (
    tasks.TaskCommissioned.model_validate({
        **PLACE, "effective_on": ASSIGNED, "commissioned_by": "b", "registered_by": "client:c",
        "proposal": PROPOSAL,
    }),
    tasks.TaskAssigned.model_validate({
        **PLACE, "effective_on": ASSIGNED, "official_id": "o1", "assigned_by": "b",
        "addressed_to": "post", "due_on": None,
    }),
    *(
        CoAccountableAdded.model_validate({
            **PLACE, "effective_on": BESIDE, "official_id": official, "added_by": "b",
        })
        for official in ("o2", "o3")
    ),
)  # fmt: skip
VACATED = changes.TaskVacated.model_validate(
    {**PLACE, **WHY, "effective_on": LEADS, "official_id": "o1", "vacated_by": "b"}
)
TAKES_THE_LEAD: dict[str, tuple[Event, ...]] = {
    "handover": (
        tasks.TaskHandedOver.model_validate({
            **PLACE, "effective_on": LEADS, "from_official": "o1", "to_official": "o2",
            "state_summary": "dở",
        }),
    ),
    "transfer": (
        tasks.TaskTransferred.model_validate({
            **WHY, "task_id": "t", "effective_on": LEADS, "from_official": "o1", "from_post": "p",
            "from_unit": "u", "to_official": "o2", "to_post": "q", "to_unit": "v",
            "decided_by": "b",
        }),
    ),
    "vacancy filled": (
        VACATED,
        changes.VacancyFilled.model_validate({
            **PLACE, "effective_on": LEADS, "official_id": "o2", "filled_by": "b",
            "state_summary": "dở",
        }),
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", TAKES_THE_LEAD)
async def test_who_takes_the_lead_no_longer_stands_beside_it(recorder: Recorder, way: str) -> None:
    ledger = await recorded(recorder, [*UNTIL_BESIDE, *TAKES_THE_LEAD[way]], 500)
    standings = await recorder.pool.fetch(
        "SELECT official_id, beside_officials, beside FROM read.task_standings"
        " WHERE ledger = $1 AND valid_from = $2",
        ledger,
        LEADS,
    )
    [(lead, officials, parts)] = standings
    assert (lead, officials) == ("o2", ["o3"])
    assert [part["official_id"] for part in json.loads(parts)] == ["o3"]
    for day, role in ((BESIDE, "beside"), (LEADS, "lead")):
        listed = await items(recorder, ledger, page(PORTFOLIO), official="o2", as_of=day)
        assert [item["role"] for item in listed] == [role]
