"""The directory and the timelines over HTTP."""

import re

import pytest
from pydantic import BaseModel

from projections.organisation.officials import KNOWN_OFFICIALS
from projections.organisation.posts import EXISTING_POSTS
from projections.organisation.tenures import RUNNING_TENURES
from projections.organisation.units import EXISTING_UNITS
from projections.tasks.completion_rates import COMPLETION_RATES
from projections.tasks.responsibility_spans import (
    RESPONSIBILITIES_FOR_TASK,
    RESPONSIBILITIES_OF_OFFICIAL,
)
from projections.tasks.task_lists import ACTIVE_TASKS, ALL_TASKS
from service.access.roles import Role
from service.database.engine import Pool
from service.http.reads import directory, history, personal_record, task
from service.http.reads.lists import page_of
from service.http.reads.one import reply_of
from tests.erasing import destroy
from tests.service.conftest import ClientOf
from tests.service.http.yen_son import (
    HANDOVER_DAY,
    OTHER_DISTRICT,
    PREDECESSOR,
    SECRETARY,
    Reader,
    portfolio,
)
from tests.service.province import COMMITTEE, DECISION, DISTRICT, POST, Province


@pytest.fixture
async def yen_son(province: Province, client_of: ClientOf) -> Reader:
    recorder = await client_of(Role.AUTHORITY, units=[COMMITTEE])
    return await portfolio(province, Province(recorder, province.ledger))


async def test_units_and_posts_of_a_day_are_listed(yen_son: Reader) -> None:
    units = await yen_son.reads("/units", as_of="2021-06-01")
    assert [item["unit_id"] for item in units["items"]] == [OTHER_DISTRICT, COMMITTEE, DISTRICT]
    assert (await yen_son.reads("/units", as_of="2021-01-03"))["items"] == []
    districts = await yen_son.reads("/units", kind="district", limit=1)
    assert [item["name"] for item in districts["items"]] == ["Sơn Dương"]
    posts = await yen_son.reads("/posts", unit=DISTRICT)
    assert [(item["post_id"], item["heads_unit"]) for item in posts["items"]] == [(POST, True)]
    unit = await yen_son.reads(f"/units/{DISTRICT}")
    assert (unit["item"]["name"], unit["item"]["to_on"]) == ("Yên Sơn", None)


async def test_a_post_names_its_holders_of_the_day(yen_son: Reader) -> None:
    for day, holder in (("2021-02-28", PREDECESSOR), (HANDOVER_DAY, SECRETARY)):
        found = await yen_son.reads(f"/posts/{POST}", as_of=day)
        assert [item["official_id"] for item in found["item"]["holders"]] == [holder]


async def test_persons_and_posts_are_counted_separately(yen_son: Reader) -> None:
    found = await yen_son.reads("/tenures", as_of="2021-06-01")
    assert len(found["items"]) == 2
    assert found["headcount"] == [
        {"post_kind": None, "persons": 2, "posts": 2},
        {"post_kind": "district_party_secretary", "persons": 2, "posts": 2},
    ]
    one = await yen_son.reads("/tenures", official=SECRETARY, as_of="2021-06-01")
    assert one["headcount"][0] == {"post_kind": None, "persons": 1, "posts": 1}


async def test_an_official_has_a_name_until_it_is_erased(yen_son: Reader, owner_pool: Pool) -> None:
    found = (await yen_son.reads(f"/officials/{PREDECESSOR}"))["item"]
    assert (found["full_name"], found["erased"]) == ("Cán bộ 017", False)
    await destroy(owner_pool, yen_son.ledger, PREDECESSOR)
    found = (await yen_son.reads(f"/officials/{PREDECESSOR}"))["item"]
    assert (found["full_name"], found["contact"], found["erased"]) == (None, None, True)
    listed = await yen_son.reads("/officials")
    assert [item["erased"] for item in listed["items"]] == [True, False, False]
    timeline = await yen_son.reads(f"/officials/{PREDECESSOR}/history", order="oldest_first")
    assert timeline["items"][0]["type"] == "official.registered"
    assert timeline["items"][0]["erased"]
    assert timeline["items"][0]["data"]["full_name"] is None


async def test_a_retirement_is_pending_from_its_announcement_to_its_day(yen_son: Reader) -> None:
    reply = await yen_son.client.post(
        f"/v1/{yen_son.ledger}/officials/{SECRETARY}/announce-retirement",
        json={"retires_on": "2021-12-01", "effective_on": "2021-09-01"},
    )
    yen_son.position = reply.json()["position"]
    for day, pending in (("2021-08-31", []), ("2021-09-01", [SECRETARY]), ("2021-12-01", [])):
        found = await yen_son.reads("/officials", pending_retirement="true", as_of=day)
        assert [item["official_id"] for item in found["items"]] == pending, day


async def test_one_handover_stands_in_every_history_it_touches(yen_son: Reader) -> None:
    for subject in (
        "tasks/inherited-1",
        f"officials/{PREDECESSOR}",
        f"officials/{SECRETARY}",
        f"units/{DISTRICT}",
        f"posts/{POST}",
    ):
        found = await yen_son.reads(f"/{subject}/history", limit=200)
        handed = [item for item in found["items"] if item["type"] == "task.handed_over"]
        assert handed, subject
        assert handed[0]["basis"] == DECISION
        assert handed[0]["on_behalf_of"] == COMMITTEE
        assert handed[0]["effective_on"] == HANDOVER_DAY


async def test_a_timeline_is_read_page_by_page_in_both_directions(yen_son: Reader) -> None:
    whole = await yen_son.reads("/tasks/own-1/history", order="oldest_first")
    positions = [item["position"] for item in whole["items"]]
    assert positions == sorted(positions)
    reply = await yen_son.client.get(
        f"/v1/{yen_son.ledger}/tasks/own-1/history", params={"limit": 2}
    )
    found = [item["position"] for item in reply.json()["items"]]
    while "next" in reply.links:
        reply = await yen_son.client.get(reply.links["next"]["url"])
        found += [item["position"] for item in reply.json()["items"]]
    assert found == positions[::-1]


REPLIES: dict[str, type[BaseModel]] = {
    "/tasks": page_of(ALL_TASKS),
    "/active-tasks": page_of(ACTIVE_TASKS),
    "/tasks/own-1": reply_of(task.TASK),
    "/tasks/inherited-1": reply_of(task.TASK),
    "/tasks/inherited-1/responsibilities": page_of(RESPONSIBILITIES_FOR_TASK),
    f"/officials/{SECRETARY}/responsibilities": page_of(RESPONSIBILITIES_OF_OFFICIAL),
    "/completion-rates": page_of(COMPLETION_RATES),
    "/units": page_of(EXISTING_UNITS),
    f"/units/{DISTRICT}": reply_of(directory.UNIT),
    "/posts": page_of(EXISTING_POSTS),
    f"/posts/{POST}": reply_of(directory.POST),
    "/officials": page_of(KNOWN_OFFICIALS),
    f"/officials/{SECRETARY}": reply_of(directory.OFFICIAL),
    "/tenures": page_of(RUNNING_TENURES),
    f"/officials/{SECRETARY}/record": personal_record.PersonalRecordReply,
    f"/units/{DISTRICT}/history": history.Timeline,
    "/tasks/own-1/history": history.Timeline,
}


async def test_every_reply_is_what_its_model_describes(yen_son: Reader) -> None:
    for path, model in REPLIES.items():
        reply = await yen_son.says(path)
        assert reply.status_code == 200, path
        model.model_validate_json(reply.content)
        assert reply.headers["Giaoviec-Position"] == str(reply.json()["position"])


async def test_every_read_is_described_by_the_model_its_replies_are_checked_against(
    yen_son: Reader,
) -> None:
    described = (await yen_son.client.get("/openapi.json")).json()["paths"]
    for path, model in REPLIES.items():
        parts = path.split("/")[1:]
        names = {2: "/*", 3: "/*/" + parts[-1]}.get(len(parts), "")
        [found] = [
            item["get"]
            for template, item in described.items()
            if "get" in item and re.sub(r"\{\w+\}", "*", template) == f"/v1/*/{parts[0]}{names}"
        ]
        schema = found["responses"]["200"]["content"]["application/json"]["schema"]
        assert schema == {"$ref": f"#/components/schemas/{model.__name__}"}, path
