"""Territory over HTTP: units change and end, and every day reads as it was."""

from typing import Any

import httpx
import pytest

from service.access.roles import Role
from tests.service.conftest import ClientOf
from tests.service.province import COMMITTEE, DECISION, Province

FOUNDED, MERGED = "2021-01-04", "2025-07-01"
ACT = {"basis": {"number": "12/NQ-MAU", "issued_on": "2025-06-16", "issuing_body": "UBTVQH"}}
NEW = {"name": "Xã Tân Lập", "kind": "commune", "code": "04831", "parent_id": "tinh"}


class Territory(Province):
    async def reads(self, path: str, **asked: str | int) -> dict[str, Any]:
        reply = await self.client.get(f"/v1/{self.ledger}{path}", params=asked)
        assert reply.is_success, reply.text
        found: dict[str, Any] = reply.json()
        return found

    async def changes(self, unit_id: str, verb: str, on: str, **said: object) -> dict[str, Any]:
        return await self.does(f"/units/{unit_id}/{verb}", effective_on=on, **ACT, **said)

    async def position(self) -> int:
        position: int = (await self.reads("/events", limit=1))["head"]
        return position


@pytest.fixture
async def land(administrator: httpx.AsyncClient, client_of: ClientOf, ledger: str) -> Territory:
    land = Territory(administrator, ledger)
    await land.establish()
    for unit_id, kind, code, parent in (
        ("tinh", "province", "17", None),
        ("huyen", "district", "150", "tinh"),
        ("xa-a", "commune", "04831", "huyen"),
        ("xa-b", "commune", "04834", "huyen"),
        ("xa-c", "commune", "04837", "huyen"),
    ):
        await land.does(
            "/units/establish",
            unit_id=unit_id,
            name=f"Tên cũ {unit_id[-1]}",
            kind=kind,
            code=code,
            parent_id=parent,
        )
    await land.does(
        "/posts/create",
        post_id="ct-a",
        unit_id="xa-a",
        title="Chủ tịch xã",
        kind="chairman",
        managed_by=COMMITTEE,
    )
    await land.does("/posts/ct-a/appoint", official_id="official-018")
    office = Territory(await client_of(Role.AUTHORITY, units=[COMMITTEE]), ledger)
    proposal = {
        "title": "Làm đường",
        "goal": "Có đường",
        "indicators": [{"code": "km", "name": "Đường", "target": 3, "measure": "km"}],
        "roadmap": [{"title": "Khởi công", "due_on": "2025-12-31"}],
        "kinds": ["new"],
        "field": "roads",
        "term": {"kind": "period", "from_on": "2023-01-01", "to_on": "2025-12-31"},
    }
    decision = {"on_behalf_of": COMMITTEE, "basis": DECISION, "effective_on": "2023-02-01"}
    await office.does(
        "/tasks/commission", task_id="duong", post_id="ct-a", proposal=proposal, **decision
    )
    await office.does("/tasks/duong/assign", post_id="ct-a", **decision)
    return land


async def test_a_unit_reads_under_the_name_kind_code_and_parent_of_the_day(land: Territory) -> None:
    await land.changes("xa-a", "rename", "2024-01-01", name="Phường Mới")
    await land.changes("xa-a", "retype", "2024-01-01", kind="ward")
    await land.changes("xa-a", "recode", "2024-02-01", code="04999")
    position = (await land.changes("xa-a", "move", "2024-03-01", parent_id="tinh"))["position"]
    shown = ("name", "kind", "code", "parent_id", "from_on", "to_on")
    found = {}
    for day in ("2023-12-31", "2024-01-01", "2024-02-29", "2024-03-01"):
        unit = (await land.reads("/units/xa-a", as_of=day, min_position=position))["item"]
        found[day] = tuple(unit[name] for name in shown[:4])
    assert found == {
        "2023-12-31": ("Tên cũ a", "commune", "04831", "huyen"),
        "2024-01-01": ("Phường Mới", "ward", "04831", "huyen"),
        "2024-02-29": ("Phường Mới", "ward", "04999", "huyen"),
        "2024-03-01": ("Phường Mới", "ward", "04999", "tinh"),
    }
    below = await land.reads("/units", parent="huyen", as_of="2024-03-01")
    assert [unit["unit_id"] for unit in below["items"]] == ["xa-b", "xa-c"]
    for sought in ("phuong moi", "ten cu a"):
        hits = await land.reads("/search", q=sought, kinds="unit", min_position=position)
        assert [hit["id"] for hit in hits["items"]][:1] == ["xa-a"], sought


async def test_after_a_merger_the_day_before_still_reads_as_it_was(land: Territory) -> None:
    said = {"predecessors": ["xa-a", "xa-b"], "successor": NEW}
    dry = await land.says(
        "/units/04831.20250701/merge?dry_run=true", {"effective_on": MERGED, **ACT, **said}
    )
    assert [event["type"] for event in dry.json()["events"]] == [
        "unit.established",
        "unit.merged",
        "unit.merged",
    ]
    position = (await land.changes("04831.20250701", "merge", MERGED, **said))["position"]
    asked = {"kind": "commune", "min_position": position}
    before = await land.reads("/units", as_of="2025-06-30", **asked)
    assert [unit["name"] for unit in before["items"]] == ["Tên cũ a", "Tên cũ b", "Tên cũ c"]
    after = await land.reads("/units", as_of=MERGED, **asked)
    assert [unit["name"] for unit in after["items"]] == ["Xã Tân Lập", "Tên cũ c"]
    task = (await land.reads("/tasks/duong", as_of="2023-06-01"))["item"]
    unit = (await land.reads(f"/units/{task['unit_id']}", as_of="2023-06-01"))["item"]
    assert (unit["name"], unit["parent_id"]) == ("Tên cũ a", "huyen")


async def test_what_hangs_on_a_unit_that_ended_is_listed_until_its_verb_ends_it(
    land: Territory,
) -> None:
    said = {"predecessors": ["xa-a", "xa-b"], "successor": NEW}
    await land.changes("04831.20250701", "merge", MERGED, **said)
    parts = [{"unit_id": "tinh"}, {"unit_id": "04831.20250701"}]
    position = (await land.changes("huyen", "split", MERGED, parts=parts))["position"]
    asked = {"as_of": MERGED, "min_position": position}
    shown = ("unit_id", "kind", "id", "official_id", "since_on", "ended_by")
    found = (await land.reads("/territory/loose-ends", **asked))["items"]
    assert [tuple(item[name] for name in shown) for item in found] == [
        ("huyen", "unit", "xa-c", None, FOUNDED, "/units/{unit_id}/move"),
        ("xa-a", "post", "ct-a", None, FOUNDED, "/posts/{post_id}/abolish"),
        ("xa-a", "task", "duong", "official-018", "2023-02-01", "/tasks/{task_id}/transfer"),
        ("xa-a", "tenure", "ct-a", "official-018", FOUNDED, "/posts/{post_id}/end-tenure"),
    ]
    assert (await land.reads("/territory/loose-ends", as_of="2025-06-30"))["items"] == []
    first = await land.reads("/territory/loose-ends", limit=3, **asked)
    rest = await land.reads(
        "/territory/loose-ends", limit=3, as_of=MERGED, cursor=first["next_cursor"]
    )
    assert first["items"] + rest["items"] == found
    position = (await land.changes("xa-c", "move", MERGED, parent_id="tinh"))["position"]
    left = await land.reads(
        "/territory/loose-ends", kind="unit", as_of=MERGED, min_position=position
    )
    assert left["items"] == []
    sheet = await land.client.get(
        f"/v1/{land.ledger}/territory/loose-ends", params={"format": "csv", "as_of": MERGED}
    )
    assert sheet.text.count("\n") == 4


async def test_a_commune_that_ended_stays_allocated_until_that_is_withdrawn(
    land: Territory,
) -> None:
    decision = {"on_behalf_of": COMMITTEE, "basis": DECISION}
    await land.does("/units/establish", unit_id="so", name="Sở Tư pháp", kind="department")
    await land.does("/agencies/so/set-quota", leaders=2, **decision)
    await land.does("/communes/xa-a/allocate", agency_id="so", **decision)
    await land.changes("xa-b", "merge", MERGED, predecessors=["xa-a"])
    asked: dict[str, str | int] = {"as_of": MERGED, "kind": "allocation"}
    asked["min_position"] = await land.position()
    [left] = (await land.reads("/territory/loose-ends", **asked))["items"]
    assert (left["unit_id"], left["unit_name"], left["id"]) == ("xa-a", "Tên cũ a", "so")
    assert left["ended_by"] == "/communes/{unit_id}/withdraw-allocation"
    said = {**decision, "reason": "Xã đã nhập.", "effective_on": MERGED}
    await land.does("/communes/xa-a/withdraw-allocation", **said)
    asked["min_position"] = await land.position()
    assert (await land.reads("/territory/loose-ends", **asked))["items"] == []


async def test_whose_commune_ended_is_listed_until_another_is_assigned(land: Territory) -> None:
    decision = {"on_behalf_of": COMMITTEE, "basis": DECISION}
    await land.does("/units/establish", unit_id="so", name="Sở Tư pháp", kind="department")
    director = {"post_id": "gd", "unit_id": "so", "title": "Giám đốc", "kind": "director"}
    await land.does("/posts/create", managed_by=COMMITTEE, heads_unit=True, **director)
    await land.does("/posts/gd/appoint", official_id="official-017")
    monitor = {"official_id": "official-017", "post_id": "gd", **decision}
    await land.does("/communes/xa-a/assign-monitor", **monitor)
    await land.changes("xa-b", "merge", MERGED, predecessors=["xa-a"])
    asked: dict[str, str | int] = {"as_of": MERGED, "kind": "monitor"}
    asked["min_position"] = await land.position()
    [left] = (await land.reads("/territory/loose-ends", **asked))["items"]
    assert (left["unit_id"], left["id"], left["official_id"]) == ("xa-a", "xa-a", "official-017")
    assert (left["since_on"], left["ended_on"]) == (FOUNDED, MERGED)
    before = {**asked, "as_of": "2025-06-30"}
    assert (await land.reads("/territory/loose-ends", **before))["items"] == []
    await land.does("/communes/xa-b/assign-monitor", **monitor, effective_on=MERGED)
    asked["min_position"] = await land.position()
    assert (await land.reads("/territory/loose-ends", **asked))["items"] == []


async def test_a_unit_knows_its_predecessors_and_successors_through_the_generations(
    land: Territory,
) -> None:
    await land.changes("xa-b", "cede", "2023-01-01", to_unit="xa-a", part="Xóm Bãi")
    await land.changes(
        "xa-moi",
        "merge",
        "2024-01-01",
        predecessors=["xa-a", "xa-b"],
        successor={"name": "Xã Mới", "kind": "commune", "parent_id": "huyen"},
    )
    parts = [
        {"unit_id": "xa-c"},
        {"unit_id": "p-1", "successor": {"name": "Phường Một", "kind": "ward"}},
    ]
    position = (await land.changes("xa-moi", "split", MERGED, parts=parts))["position"]
    await land.changes("p-1", "rename", "2025-08-01", name="Phường Nhất")
    found = (await land.reads("/units/p-1/lineage", min_position=position))["item"]
    shown = ("unit_id", "name", "generation", "how", "via_unit", "happened_on")
    assert [tuple(item[name] for name in shown) for item in found["predecessors"]] == [
        ("xa-moi", "Xã Mới", 1, "split", "p-1", MERGED),
        ("xa-a", "Tên cũ a", 2, "merged", "xa-moi", "2024-01-01"),
        ("xa-b", "Tên cũ b", 2, "merged", "xa-moi", "2024-01-01"),
        ("xa-b", "Tên cũ b", 3, "ceded", "xa-a", "2023-01-01"),
    ]
    assert found["predecessors"][0]["basis_number"] == "12/NQ-MAU"
    found = (await land.reads("/units/xa-a/lineage", as_of="2024-12-31"))["item"]
    assert [item["unit_id"] for item in found["successors"]] == ["xa-moi"]
    found = (await land.reads("/units/xa-a/lineage"))["item"]
    assert [(item["unit_id"], item["name"]) for item in found["successors"]] == [
        ("xa-moi", "Xã Mới"),
        ("p-1", "Phường Một"),
        ("xa-c", "Tên cũ c"),
    ]
    reply = await land.client.get(f"/v1/{land.ledger}/units/xa-la/lineage")
    assert reply.status_code == 404


async def test_a_unit_that_changed_is_not_merged_before_that_in_both_languages(
    land: Territory,
) -> None:
    await land.changes("xa-a", "rename", "2024-01-01", name="Phường Mới")
    said = {"effective_on": "2023-01-01", **ACT, "predecessors": ["xa-a"]}
    for language, words in (("en", "would no longer hold"), ("vi", "sẽ không còn đúng")):
        reply = await land.says("/units/xa-b/merge", said, {"Accept-Language": language})
        assert (reply.status_code, words in reply.json()["detail"]) == (409, True), reply.text
        [standing] = reply.json()["events"]
        assert (standing["type"], standing["effective_on"]) == ("unit.renamed", "2024-01-01")
