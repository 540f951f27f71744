"""Coverage over HTTP: which communes have a monitor, which have none, since when and why."""

import csv
import io
import json
from datetime import date
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook
from pydantic import BaseModel

from domain.monitoring.events import ReleaseCause
from domain.organisation.events import RetirementAnnounced
from projections.commune_coverage.communes import COMMUNE_MONITORS, COMMUNES_BY_COVERAGE
from projections.commune_coverage.gaps import COVERAGE_GAPS
from projections.commune_coverage.pending_retirements import PENDING_RETIREMENTS
from projections.commune_coverage.trend import COVERAGE_TREND
from projections.commune_coverage.uncovered_days import UNCOVERED_DAYS
from service.components import Service
from service.http.reads import commune_coverage
from service.http.reads.columns import columns_of
from service.http.reads.lists import page_of
from tests.service.http import two_districts
from tests.service.http.two_districts import Recording

COVERAGE = "/commune-coverage"
YEAR = {"from_on": "2021-01-04", "to_on": "2021-12-31"}
LISTS: tuple[tuple[str, dict[str, str], type[BaseModel]], ...] = (
    ("communes", {"as_of": "2021-03-10"}, page_of(COMMUNES_BY_COVERAGE)),
    ("officials", {"as_of": "2021-03-31"}, page_of(COMMUNE_MONITORS)),
    ("gaps", YEAR, page_of(COVERAGE_GAPS)),
    ("uncovered-days", {**YEAR, "group_by": "commune"}, page_of(UNCOVERED_DAYS)),
    ("trend", YEAR, page_of(COVERAGE_TREND)),
    ("pending-retirements", {"as_of": "2021-06-20"}, page_of(PENDING_RETIREMENTS)),
)


@pytest.fixture
async def coverage(administrator: httpx.AsyncClient, ledger: str, service: Service) -> Recording:
    """The two districts as told there."""
    recording = Recording(administrator, ledger, service)
    await recording.record(*two_districts.organisation())
    await recording.record(*two_districts.monitoring())
    return recording


async def figures(coverage: Recording, as_of: str, **asked: str) -> tuple[Any, ...]:
    found = await coverage.reads(COVERAGE, as_of=as_of, **asked)
    commune_coverage.Coverage.model_validate(found)
    assert found["as_of"] == as_of
    names = ("communes", "covered", "uncovered", "share_percent", "officials", "with_two_or_more")
    return tuple(found[name] for name in names)


async def listed(coverage: Recording, path: str, **asked: str | int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await coverage.reads(f"{COVERAGE}{path}", **asked))["items"]
    return found


async def test_coverage_of_a_day_counts_communes_and_who_monitors_them(
    coverage: Recording,
) -> None:
    assert await figures(coverage, "2021-01-03") == (0, 0, 0, None, 0, 0)
    assert await figures(coverage, "2021-02-28") == (4, 3, 1, "75.00", 2, 1)
    assert await figures(coverage, "2021-03-01") == (4, 2, 2, "50.00", 1, 1)
    assert await figures(coverage, "2021-03-31") == (4, 3, 1, "75.00", 2, 1)
    found = await coverage.reads(COVERAGE, as_of="2021-03-31")
    assert found["by_number_of_communes"] == [
        {"communes": 1, "officials": 1},
        {"communes": 2, "officials": 1},
    ]


async def test_a_merger_changes_the_coverage_from_its_day_on_and_not_before(
    coverage: Recording,
) -> None:
    assert await figures(coverage, "2021-06-30") == (4, 3, 1, "75.00", 2, 1)
    assert await figures(coverage, "2021-07-01") == (3, 3, 0, "100.00", 2, 1)
    before = await listed(coverage, "/communes", as_of="2021-06-14")
    assert [one["unit_id"] for one in before] == ["c1", "c2", "c3", "c4"]
    assert {one["name"] for one in before} == {"Xã Cao Sơn"}
    after = await listed(coverage, "/communes", as_of="2021-07-01")
    assert [(one["unit_id"], one["name"], one["official_id"]) for one in after] == [
        ("c1", "Phường 1", "o3"),
        ("c2", "Xã Cao Sơn", "o2"),
        ("c5", "Xã Đoàn Kết", "o2"),
    ]
    assert [one["exception"] for one in after] == [False, False, True]


async def test_coverage_is_told_by_district_and_by_agency(coverage: Recording) -> None:
    assert await figures(coverage, "2021-03-10", district="mai-chau") == (2, 1, 1, "50.00", 1, 0)
    assert await figures(coverage, "2021-03-10", agency="a2") == (2, 2, 0, "100.00", 1, 1)
    # In the gap the commune counts for the agency of whoever monitored it last.
    assert await figures(coverage, "2021-03-10", agency="a1") == (1, 0, 1, "0.00", 0, 0)
    [gone] = await listed(coverage, "/communes", as_of="2021-03-10", covered="false", agency="a1")
    assert (gone["unit_id"], gone["cause"], gone["last_official"]) == ("c1", "retired", "o1")
    assert (gone["since_on"], gone["district_name"]) == ("2021-03-01", "Huyện Mai Châu")
    theirs = await listed(coverage, "/communes", as_of="2021-03-10", official="o2")
    assert [one["unit_id"] for one in theirs] == ["c2", "c3"]


async def test_officials_stand_with_the_communes_they_monitor(coverage: Recording) -> None:
    [both] = await listed(coverage, "/officials", as_of="2021-07-01", at_least=2)
    assert (both["official_id"], both["number_of_communes"]) == ("o2", 2)
    assert [(one["unit_id"], one["since_on"]) for one in both["communes"]] == [
        ("c2", "2021-01-04"),
        ("c5", "2021-07-01"),
    ]
    alone = await listed(coverage, "/officials", as_of="2021-07-01", district="mai-chau")
    assert [(one["official_id"], one["number_of_communes"]) for one in alone] == [
        ("o2", 1),
        ("o3", 1),
    ]


def told(gap: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(gap[name] for name in ("unit_id", "from_on", "to_on", "days", "cause"))


async def test_a_gap_stays_in_the_history_with_its_days(coverage: Recording) -> None:
    never = ("c4", "2021-01-04", "2021-06-30")
    assert [told(gap) for gap in await listed(coverage, "/gaps", as_of="2021-03-10")] == [
        (*never, 66, "never_assigned"),
        ("c1", "2021-03-01", "2021-03-30", 10, "retired"),
    ]
    assert [told(gap) for gap in await listed(coverage, "/gaps", as_of="2021-03-31")] == [
        (*never, 87, "never_assigned")
    ]
    assert [told(gap) for gap in await listed(coverage, "/gaps", **YEAR)] == [
        (*never, 178, "never_assigned"),
        ("c1", "2021-03-01", "2021-03-30", 30, "retired"),
    ]
    assert await listed(coverage, "/gaps", as_of="2021-07-01") == []


async def test_gaps_are_found_by_cause_district_and_agency(coverage: Recording) -> None:
    for asked in ({"cause": "retired"}, {"district": "mai-chau"}, {"agency": "a1"}):
        [gap] = await listed(coverage, "/gaps", **YEAR, **asked)
        assert (gap["unit_id"], gap["last_official"], gap["agency_id"]) == ("c1", "o1", "a1")
    assert await listed(coverage, "/gaps", **YEAR, cause="transferred") == []
    assert (
        await listed(coverage, "/gaps", from_on="2021-03-31", as_of="2021-12-31", agency="a1") == []
    )


async def test_an_open_gap_has_no_end_and_counts_to_the_day_asked_about(
    coverage: Recording,
) -> None:
    on = date(2021, 8, 1)
    cause = ReleaseCause.TRANSFER
    await coverage.record(two_districts.released("c2", "o2", on, cause))
    [gap] = await listed(coverage, "/gaps", as_of="2021-08-31")
    assert told(gap) == ("c2", "2021-08-01", None, 31, "transferred")


async def test_commune_days_are_monitored_or_uncovered(coverage: Recording) -> None:
    march = {"from_on": "2021-03-01", "to_on": "2021-03-31"}
    [total] = await listed(coverage, "/uncovered-days", **march)
    assert total == {
        "group": "all",
        "commune_days": 124,
        "monitored_days": 63,
        "uncovered_days": 61,
        "share_percent": "50.81",
    }
    by_district = await listed(coverage, "/uncovered-days", **march, group_by="district")
    assert {one["group"]: one["uncovered_days"] for one in by_district} == {
        "lac-son": 31,
        "mai-chau": 30,
    }
    by_agency = await listed(coverage, "/uncovered-days", **march, group_by="agency")
    assert {one["group"]: (one["commune_days"], one["uncovered_days"]) for one in by_agency} == {
        "-": (31, 31),
        "a1": (31, 30),
        "a2": (62, 0),
    }


async def test_the_trend_has_a_point_for_every_month(coverage: Recording) -> None:
    points = await listed(coverage, "/trend", from_on="2021-01-15", to_on="2021-07-10")
    assert [(one["on"], one["communes"], one["covered"], one["officials"]) for one in points] == [
        ("2021-01-31", 4, 3, 2),
        ("2021-02-28", 4, 3, 2),
        ("2021-03-31", 4, 3, 2),
        ("2021-04-30", 4, 3, 2),
        ("2021-05-31", 4, 3, 2),
        ("2021-06-30", 4, 3, 2),
        ("2021-07-10", 3, 3, 2),
    ]
    [march, june] = await listed(
        coverage, "/trend", to_on="2021-06-30", step="quarter", district="mai-chau"
    )
    assert (march["on"], march["covered"], june["on"]) == ("2021-03-31", 2, "2021-06-30")
    first = await coverage.reads(f"{COVERAGE}/trend", limit=2, **YEAR)
    assert [one["on"] for one in first["items"]] == ["2021-01-31", "2021-02-28"]


async def test_a_retirement_is_known_before_and_replacements_are_proposed(
    coverage: Recording,
) -> None:
    path = "/pending-retirements"
    assert await listed(coverage, path, as_of="2021-06-20", within_days=30) == []
    assert await listed(coverage, path, as_of="2021-05-31") == []
    [leaver] = await listed(coverage, path, as_of="2021-06-20")
    assert (leaver["official_id"], leaver["retires_on"], leaver["days_left"]) == (
        "o3", "2021-09-01", 73,
    )  # fmt: skip
    assert [one["unit_id"] for one in leaver["communes"]] == ["c1"]
    proposed = [(one["official_id"], one["communes"]) for one in leaver["proposed"]]
    assert proposed == [("o1", 0), ("o4", 0)]


async def test_whoever_leaves_too_or_has_no_leading_post_is_not_proposed(
    coverage: Recording,
) -> None:
    announced = date(2021, 6, 10)
    await coverage.record(
        RetirementAnnounced(effective_on=announced, official_id="o1", retires_on=date(2021, 10, 1)),
        two_districts.allocated("c1", "a2", announced),
    )
    [leaver] = await listed(coverage, "/pending-retirements", as_of="2021-06-20")
    # Allocated to a2: o5 holds no leading post there, and o2 has all that one official may have.
    assert leaver["communes"][0]["agency_id"] == "a2"
    assert leaver["proposed"] == []
    await coverage.record(two_districts.regulated(3, date(2021, 6, 15)))
    [leaver] = await listed(coverage, "/pending-retirements", as_of="2021-06-20")
    assert [(one["official_id"], one["communes"]) for one in leaver["proposed"]] == [("o2", 2)]
    [leaver] = await listed(coverage, "/pending-retirements", as_of="2021-06-09")
    assert [one["official_id"] for one in leaver["proposed"]] == ["o1", "o4"]


async def test_whoever_should_have_left_and_monitors_on_is_shown(coverage: Recording) -> None:
    [leaver] = await listed(coverage, "/pending-retirements", as_of="2021-09-03", within_days=0)
    assert (leaver["official_id"], leaver["days_left"]) == ("o3", -2)


@pytest.mark.parametrize(("path", "asked", "page"), LISTS)
async def test_every_list_is_the_same_page_by_page_and_as_a_file(
    coverage: Recording, path: str, asked: dict[str, str], page: type[BaseModel]
) -> None:
    if path == "pending-retirements":
        await coverage.record(
            RetirementAnnounced(
                effective_on=date(2021, 6, 10), official_id="o2", retires_on=date(2021, 9, 1)
            )
        )
    whole = await coverage.reads(f"{COVERAGE}/{path}", **asked)
    page.model_validate(whole)
    items = whole["items"]
    assert len(items) > 1
    paged: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        reply = await coverage.reads(f"{COVERAGE}/{path}", **asked, **cursor, limit=1)
        paged += reply["items"]
        if reply["next_cursor"] is None:
            break
        cursor = {"cursor": reply["next_cursor"]}
    assert paged == items
    lines = await coverage.says(f"{COVERAGE}/{path}", **asked, format="jsonl")
    assert [json.loads(line) for line in lines.text.splitlines()] == items
    table = await coverage.says(f"{COVERAGE}/{path}", **asked, format="csv")
    headings, *rows = csv.reader(io.StringIO(table.text))
    assert len(rows) == len(items)
    assert len(headings) == len(set(headings)) == len(rows[0])
    book = load_workbook(
        io.BytesIO((await coverage.says(f"{COVERAGE}/{path}", **asked, format="xlsx")).content)
    )
    assert [cell.value for cell in book.worksheets[0][1]] == headings
    book.close()


@pytest.mark.parametrize(
    "item",
    [
        COMMUNES_BY_COVERAGE.item,
        COMMUNE_MONITORS.item,
        COVERAGE_GAPS.item,
        UNCOVERED_DAYS.item,
        COVERAGE_TREND.item,
        PENDING_RETIREMENTS.item,
    ],
)
def test_every_column_has_a_vietnamese_heading_of_its_own(item: type[BaseModel]) -> None:
    fields = columns_of(item)
    for field in fields:
        english = [name.replace("_", " ") for name in field.path]
        assert not set(field.vietnamese) & set(english)
    assert len({field.heading("vi") for field in fields}) == len(fields)


@pytest.mark.parametrize(
    ("path", "asked", "problem"),
    [
        ("/gaps", {"from_on": "2021-02-01", "to_on": "2021-01-31"}, "period-unusable"),
        ("/uncovered-days", {"from_on": "2021-02-01", "to_on": "2021-01-31"}, "period-unusable"),
        ("/trend", {"from_on": "2021-02-01", "to_on": "2021-01-31"}, "points-unusable"),
        ("/trend", {"from_on": "1990-01-01", "to_on": "2021-01-31"}, "points-unusable"),
        ("/communes", {"cursor": "bm90aGluZw=="}, "cursor-unusable"),
    ],
)
async def test_what_cannot_be_asked_is_refused(
    coverage: Recording, path: str, asked: dict[str, str], problem: str
) -> None:
    reply = await coverage.says(f"{COVERAGE}{path}", **asked)
    assert reply.status_code == 422
    assert reply.json()["type"].endswith(f"/{problem}")
