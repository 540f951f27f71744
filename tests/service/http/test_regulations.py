"""Regulations over HTTP: a file is checked, adopted revision by revision, and read of any day."""

import json
from hashlib import sha256
from typing import Any

import httpx
import pytest

from domain.regulations.vocabulary_1.policy import Policy
from service.access.roles import Role
from tests.domain.regulations.spoilt import SAMPLE, policy, spoilt
from tests.service.conftest import ClientOf
from tests.service.http.regulated import adopt, file
from tests.service.province import COMMITTEE, DECISION, Province

GOOD_75 = ("level: GOOD, points: 70", "level: GOOD, points: 75")


@pytest.fixture
async def province(administrator: httpx.AsyncClient, ledger: str) -> Province:
    province = Province(administrator, ledger)
    await province.establish()
    return province


async def reads(province: Province, path: str, position: int, **asked: str) -> Any:
    reply = await province.client.get(
        f"/v1/{province.ledger}{path}", params={"min_position": str(position), **asked}
    )
    assert reply.status_code == 200, reply.text
    return reply.json()


async def test_a_regulation_is_adopted_and_read_of_any_day(province: Province) -> None:
    await adopt(province, "danh-gia", "2021-02-01")
    revised = await adopt(province, "danh-gia", "2021-08-01", GOOD_75)
    done = await adopt(province, "theo-doi", "2021-03-01")
    assert revised["regulation_id"] == "danh-gia"
    position = done["position"]
    source = file("danh-gia", "2021-02-01")
    first = await reads(province, "/regulations/danh-gia", position, as_of="2021-07-31")
    assert first["item"] | {"policy": ""} == {
        "position": first["item"]["position"],
        "regulation_id": "danh-gia",
        "title": "Đánh giá cán bộ bằng sản phẩm",
        "is_sample": True,
        "vocabulary": 1,
        "adopted_by": COMMITTEE,
        "from_on": "2021-02-01",
        "to_on": "2021-07-31",
        "sha256": sha256(source.encode()).hexdigest(),
        "source": source,
        "policy": "",
    }
    assert Policy.of(first["item"]["policy"]).levels == policy().levels
    second = await reads(province, "/regulations/danh-gia", position, as_of="2021-08-01")
    assert Policy.of(second["item"]["policy"]).levels == policy(GOOD_75).levels
    in_force = await reads(province, "/regulations", position, as_of="2021-04-01")
    assert [one["regulation_id"] for one in in_force["items"]] == ["danh-gia", "theo-doi"]
    revisions = await reads(
        province, "/regulations/danh-gia/revisions", position, as_of="2021-04-01"
    )
    assert [(one["from_on"], one["to_on"]) for one in revisions["items"]] == [
        ("2021-02-01", "2021-07-31"),
        ("2021-08-01", None),
    ]
    for path in ("/regulations/khac", "/regulations/khac/revisions"):
        unknown = await province.client.get(f"/v1/{province.ledger}{path}")
        assert unknown.status_code == 404
        assert unknown.json()["type"].endswith("/regulation-unknown")


async def test_a_file_with_a_fault_is_refused_as_a_whole(province: Province) -> None:
    bad = file("danh-gia", "2021-02-01", ("cycles: [quarter, year]", "cycles: no"))
    said = {
        "effective_on": "2021-02-01",
        "on_behalf_of": COMMITTEE,
        "basis": DECISION,
        "source": bad,
    }
    refused = await province.says(
        "/regulations/danh-gia/adopt", said, headers={"Accept-Language": "vi"}
    )
    assert refused.status_code == 422
    problem = refused.json()
    assert problem["type"].endswith("/regulation-faulty")
    assert problem["faults"] == [
        {"line": 8, "column": 1, "path": "cycles", "what": "phải là danh sách"}
    ]
    gone = await province.client.get(f"/v1/{province.ledger}/regulations/danh-gia")
    assert gone.status_code == 404


async def test_a_file_is_checked_explained_and_compared_without_being_recorded(
    administrator: httpx.AsyncClient, client_of: ClientOf, ledger: str
) -> None:
    async def check(language: str = "vi", **files: str) -> Any:
        reply = await administrator.post(
            f"/v1/{ledger}/regulations/check",
            json=files,
            headers={"Accept-Language": language},
        )
        assert reply.status_code == 200, reply.text
        return reply.json()

    revised = spoilt(GOOD_75)
    good = await check(source=revised, compared_with=SAMPLE)
    assert good["adoptable"] is True
    assert [fault["weight"] for fault in good["faults"]] == ["advice"]
    assert good["rules"][-1] == {
        "rule": "communes",
        "line": 40,
        "sentence": "Mỗi cán bộ theo dõi tối đa 1 xã; nhiều hơn phải có lý do.",
    }
    (change,) = good["differences"]
    assert (change["kind"], change["rule"]) == ("changed", "level.GOOD")
    assert (change["old"]["line"], change["new"]["line"]) == (22, 22)
    bad = await check("en", source="a: &x 1\n")
    assert (bad["adoptable"], bad["rules"], bad["differences"]) == (False, [], [])
    assert bad["faults"][-1]["what"]
    assert json.dumps(bad["faults"]).count("anchor") == 1
    wide = await check(source="#" * 300_000)
    assert [fault["what"] for fault in wide["faults"]] == ["tệp có 300000 byte, quá 256 KiB"]
    path = f"/v1/{ledger}/regulations/check"
    assert (await administrator.post(path, json={"source": 1})).status_code == 422
    inspector = await client_of(Role.INSPECTOR)
    assert (await inspector.post(path, json={"source": SAMPLE})).status_code == 403
    assert (await administrator.get(path)).status_code == 405
