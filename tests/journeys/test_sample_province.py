"""The samples from end to end: the reports' figures, whatever happens on the way."""

import json
from datetime import date
from typing import Any

import httpx
import pytest

from service.demo.tuyen_quang import put_right
from service.demo.tuyen_quang.province import stages
from service.demo.tuyen_quang.year_2020 import elected, predecessor
from service.handle import today, utc_now
from tests.domain.record.naive import KEPT_BEYOND_TENURE, breaches, rules
from tests.giaoviec import Giaoviec, Served
from tests.journeys.assessed import ASSESSED
from tests.journeys.feed import feed
from tests.journeys.hoa_binh import HOA_BINH

OF_THE_REPORTS = sum(len(chain.steps) for stage in stages() for chain in stage)
# What a replacement records is the annulment and what is recorded instead.
EVENTS = OF_THE_REPORTS + sum(
    len(step.events) for stage in put_right.stages() for chain in stage for step in chain.steps
)
BEGUN_ON = today(utc_now)
VICE_CHAIRMAN, SUCCESSOR = "can-bo-010", "can-bo-011"
IN_THE_CITY, APPOINTED = "can-bo-035", "can-bo-070"
PUT_RIGHT: dict[str, Any] = {
    "late": {
        "position": OF_THE_REPORTS + 5,
        "type": "task.handed_over",
        "effective_on": "2022-05-20",
    },
    "ahead": {
        "position": EVENTS,
        "type": "tenure.started",
    },
    "replaced": {
        "position": OF_THE_REPORTS + 8,
        "type": "event.annulled",
        "effective_on": "2022-04-15",
    },
    "annulled": {
        "position": OF_THE_REPORTS + 12,
        "type": "event.annulled",
        "effective_on": "2022-07-15",
    },
    "before": {
        "late": {
            "day_before": VICE_CHAIRMAN,
            "that_day": VICE_CHAIRMAN,
            "later": VICE_CHAIRMAN,
        },
        "ahead": {"day_recorded": [IN_THE_CITY], "that_day": [IN_THE_CITY]},
        "replaced": 64,
        "annulled": 2,
    },
    "after": {
        "late": {"day_before": VICE_CHAIRMAN, "that_day": SUCCESSOR, "later": SUCCESSOR},
        "ahead": {"day_recorded": [IN_THE_CITY], "that_day": [IN_THE_CITY, APPOINTED]},
        "replaced": 46,
        "annulled": 1,
    },
}
FIGURES = {
    "officials_2019": 25,
    "posts_2019": 21,
    "commissioned_2019": 10,
    "resolved_2019": 9,
    "officials_2020": 22,
    "officials_2020_by_kind": {
        "department_director": 13,
        "district_chairman": 4,
        "district_party_secretary": 5,
    },
    "tasks_2020": 52,
    "officials_2021": 64,
    "tasks_2021": 221,
    "tasks_2021_by_term": {
        "2021": 39,
        "yearly": 4,
        "2021-2022": 2,
        "2021-2023": 6,
        "2021-2025": 170,
    },
    "yen_son": {
        "own": 3,
        "handed_over": 2,
        "completed": 2,
        "transferred": 1,
        "in_progress": 2,
        "rate": "2/4",
    },
    "kilns_ham_yen": {"target": 98, "actual": 98},
    "kilns_thai_son": 92,
    "handover": {"on": "2020-06-10", "day_before": predecessor(), "that_day": elected()},
    "province_2021": {"officials": 565, "tasks": 731, "yearly": 663, "period": 68},
    **HOA_BINH,
    **ASSESSED,
}


def expected(found: dict[str, Any]) -> dict[str, Any]:
    """The figures, of the day on which the sample was recorded: midnight may have passed since."""
    recorded_on = date.fromisoformat(found["put_right"]["ahead"]["recorded_on"])
    assert BEGUN_ON <= recorded_on <= today(utc_now)
    ahead = {
        **PUT_RIGHT["ahead"],
        "effective_on": put_right.ahead_on(recorded_on).isoformat(),
        "recorded_on": recorded_on.isoformat(),
    }
    return {**FIGURES, "put_right": {**PUT_RIGHT, "ahead": ahead}}


@pytest.fixture(scope="module")
def visitor(served: Served, figures: dict[str, Any]) -> httpx.Client:
    assert figures
    return served.client(served.giaoviec.token("demo-visitor"))


def test_the_service_gives_the_figures_of_the_reports(figures: dict[str, Any]) -> None:
    assert figures == expected(figures)


def test_a_naive_reading_of_the_samples_finds_only_tasks_kept_beyond_a_tenure(
    visitor: httpx.Client,
) -> None:
    for ledger in ("tuyen-quang", "hoa-binh", "vinh-phuc", "ha-noi"):
        assert set(rules(breaches(feed(visitor, ledger)))) <= {KEPT_BEYOND_TENURE}


def test_a_second_load_finds_everything_and_doubles_nothing(
    figures: dict[str, Any], giaoviec: Giaoviec, visitor: httpx.Client
) -> None:
    assert giaoviec.figures() == figures
    assert visitor.get("/v1/tuyen-quang/events").json()["head"] == EVENTS


def test_the_appointment_ahead_is_among_what_is_to_take_effect(
    figures: dict[str, Any], visitor: httpx.Client
) -> None:
    ahead = figures["put_right"]["ahead"]
    scheduled = visitor.get("/v1/tuyen-quang/scheduled").json()["items"]
    assert (ahead["position"], ahead["effective_on"]) in {
        (one["position"], one["effective_on"]) for one in scheduled
    }


def test_what_was_put_right_stays_visible(figures: dict[str, Any], visitor: httpx.Client) -> None:
    annulled = figures["put_right"]["annulled"]["position"]
    history = visitor.get(f"/v1/tuyen-quang/tasks/{put_right.REPORTED}/history").json()["items"]
    struck = {one["position"]: one["annulled"] for one in history if one["annulled"]}
    assert {one["reason"] for one in struck.values()} == {"Gõ nhầm tỷ lệ.", "Ghi trùng."}
    assert annulled in {one["position"] for one in struck.values()}


def test_the_figures_are_the_same_after_every_read_model_was_rebuilt(
    figures: dict[str, Any], giaoviec: Giaoviec
) -> None:
    giaoviec.done("projections", "rebuild")
    assert all(row["equal"] for row in json.loads(giaoviec.done("projections", "verify", "--json")))
    assert giaoviec.figures() == figures


def test_lost_tokens_of_the_loader_are_replaced_and_nothing_is_doubled(
    figures: dict[str, Any], giaoviec: Giaoviec
) -> None:
    (giaoviec.data_dir / "demo" / "demo-registry.token").unlink()
    (giaoviec.data_dir / "demo" / "demo-committee.token").write_text("gv_lost", encoding="ascii")
    assert giaoviec.figures() == figures


def test_tokens_of_the_sample_are_readable_by_their_owner_only(
    figures: dict[str, Any], giaoviec: Giaoviec
) -> None:
    assert figures
    for path in (giaoviec.data_dir / "demo").iterdir():
        assert path.stat().st_mode & 0o077 == 0


def test_persons_are_placeholders_and_places_are_real(visitor: httpx.Client) -> None:
    officials = visitor.get("/v1/tuyen-quang/officials", params={"limit": 200}).json()["items"]
    assert all(official["full_name"].startswith("Cán bộ ") for official in officials)
    units = visitor.get("/v1/tuyen-quang/units", params={"limit": 200}).json()["items"]
    names = {unit["name"] for unit in units}
    assert {"Huyện Yên Sơn", "Huyện ủy Hàm Yên", "Xã Thái Sơn", "Thành phố Tuyên Quang"} <= names
