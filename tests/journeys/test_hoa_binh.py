"""Hoà Bình from end to end: 151 communes, who monitored them, and what became of both in 2025."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from service.demo.hoa_binh.communes import COMMUNES
from tests.giaoviec import Giaoviec, Served

BEFORE, MERGED_ON = "2025-06-30", "2025-07-01"
API = "/v1/hoa-binh"


class Asked:
    """Asks the sample's ledger."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def one(self, path: str, **asked: str) -> dict[str, Any]:
        reply = self._client.get(f"{API}{path}", params=asked)
        assert reply.is_success, reply.text
        found: dict[str, Any] = reply.json()
        return found

    def all(self, path: str, **asked: str) -> Iterator[dict[str, Any]]:
        cursor: dict[str, str] = {}
        while True:
            page = self.one(path, limit="200", **asked, **cursor)
            yield from page["items"]
            if page["next_cursor"] is None:
                return
            cursor = {"cursor": page["next_cursor"]}


@pytest.fixture(scope="module")
def asked(served: Served, figures: dict[str, Any]) -> Asked:
    assert figures
    return Asked(served.client(served.giaoviec.token("demo-visitor")))


def test_the_day_before_the_mergers_reads_151_communes_under_their_old_names(asked: Asked) -> None:
    listed = list(asked.all("/commune-coverage/communes", as_of=BEFORE))
    assert Counter((found["code"], found["name"], found["district_id"]) for found in listed) == (
        Counter((commune.code, commune.name, commune.district_code) for commune in COMMUNES)
    )
    names = Counter(commune.name for commune in COMMUNES)
    assert {name for name, bearers in names.items() if bearers > 1} == {"Xã Cao Sơn", "Xã Đoàn Kết"}


def test_every_monitoring_that_was_open_is_carried_or_listed_as_to_do(asked: Asked) -> None:
    coverage = "/commune-coverage/communes"
    before = list(asked.all(coverage, as_of=BEFORE, covered="true"))
    after = {found["official_id"] for found in asked.all(coverage, as_of=MERGED_ON, covered="true")}
    loose = asked.all("/territory/loose-ends", as_of=MERGED_ON, kind="monitor")
    to_do = {(found["unit_id"], found["official_id"]) for found in loose}
    assert len(before) == len(COMMUNES)
    for found in before:
        monitors = found["official_id"] in after
        listed = (found["unit_id"], found["official_id"]) in to_do
        assert monitors != listed, found


def test_of_a_commune_that_was_divided_every_part_is_known(asked: Asked) -> None:
    lineage = asked.one("/units/04891/lineage")["item"]
    assert [found["unit_id"] for found in lineage["successors"]] == [
        "04828.20250701",
        "04891.20250701",
    ]
    formed = asked.one("/units/04828.20250701/lineage")["item"]
    assert {found["unit_id"] for found in formed["predecessors"]} == {
        "04789",
        "04819",
        "04828",
        "04891",
    }


def test_two_communes_of_one_name_are_told_apart(asked: Asked) -> None:
    found = [hit["id"] for hit in asked.all("/search", q="cao son", kinds="unit")]
    assert {"04876", "04957"} <= set(found)


def test_a_gap_stays_on_record_with_its_days_and_counts_as_commune_days(asked: Asked) -> None:
    gaps = list(asked.all("/commune-coverage/gaps", from_on="2024-01-01", to_on="2024-12-31"))
    [days] = asked.all("/commune-coverage/uncovered-days", from_on="2024-01-01", to_on="2024-12-31")
    assert days["uncovered_days"] == sum(gap["days"] for gap in gaps) == 137 + 137 + 108 + 77
    assert days["commune_days"] == len(COMMUNES) * 366


def test_late_and_missing_papers_of_2023_are_seen(asked: Asked) -> None:
    asking = {"year": "2023", "as_of": "2023-12-31"}
    states = {"programmes": (142, 6, 3), "annual-reports": (142, 7, 2), "reviews": (151, 0, 0)}
    for kind, (in_time, late, missing) in states.items():
        counts = asked.one(f"/monitoring/{kind}", **asking)["counts"]
        assert (counts["in_time"], counts["late"], counts["missing"]) == (in_time, late, missing)


def test_a_second_load_doubles_nothing(
    asked: Asked, figures: dict[str, Any], giaoviec: Giaoviec
) -> None:
    head = asked.one("/events", limit="1")["head"]
    assert giaoviec.figures() == figures
    assert asked.one("/events", limit="1")["head"] == head
