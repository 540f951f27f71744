"""Totals and ids: how many items a list has in all, and those of several ids at once."""

import httpx
import pytest

from projections import LISTINGS
from projections.history import events_of_tag
from projections.listing import total
from projections.record.changes import differences
from projections.statement import MOST_COUNTED
from service.http.reads.query import LONGEST_PAGE
from service.http.reads.reading import total_of
from tests.service.http.lists import LISTS, addressed
from tests.service.http.yen_son import Reader
from tests.service.province import DECISION, DISTRICT, Province

NAMES = {"units": "unit_id", "posts": "post_id", "officials": "official_id"}


@pytest.mark.parametrize("path", LISTS)
async def test_a_page_says_how_many_the_whole_list_has_where_it_is_asked(
    busy_ledger: Reader, path: str
) -> None:
    asked = LISTS[path]
    whole = await busy_ledger.reads(addressed(path), **asked, limit=LONGEST_PAGE)
    assert "total" not in whole
    page = await busy_ledger.says(addressed(path), **asked, limit=1, count="true")
    assert (page.json()["total"], page.json()["total_is_exact"]) == (len(whole["items"]), True)
    following = (await busy_ledger.client.get(page.links["next"]["url"])).json()
    assert following["total"] == len(whole["items"])
    uncounted = await busy_ledger.says(
        addressed(path), **asked, limit=1, cursor=page.json()["next_cursor"]
    )
    assert uncounted.status_code == 200
    assert "total" not in uncounted.json()


@pytest.mark.parametrize("path", ["ledgers", "{}/imports", "{}/snapshots", "{}/unit-kinds"])
async def test_a_list_without_pages_is_counted_too_and_takes_no_other_parameter(
    busy_ledger: Reader, administrator: httpx.AsyncClient, path: str
) -> None:
    address = f"/v1/{path.format(busy_ledger.ledger)}"
    plain = (await administrator.get(address)).json()
    assert plain.keys() & {"total", "total_is_exact"} == set()
    counted = (await administrator.get(f"{address}?count=true")).json()
    assert (counted["total"], counted["total_is_exact"]) == (len(counted["items"]), True)
    assert counted["items"] == plain["items"]
    for wrong in ("cuont=true", "count=yes"):
        assert (await administrator.get(f"{address}?{wrong}")).status_code == 422, wrong


async def test_a_total_is_of_what_the_filters_leave(busy_ledger: Reader) -> None:
    for asked in ({"kind": "district"}, {"as_of": "2020-12-31"}, {"ids": f"{DISTRICT},none"}):
        whole = await busy_ledger.reads("/units", **asked, limit=LONGEST_PAGE)
        page = await busy_ledger.reads("/units", **asked, limit=1, count="true")
        assert page["total"] == len(whole["items"]), asked
    for path, known_at in (
        ("/units", "before-vacancies"),
        ("/tasks/kilns/responsibilities", str(busy_ledger.position)),
    ):
        address = f"/v1/{busy_ledger.ledger}{path}?known_at={known_at}"
        whole = (await busy_ledger.client.get(f"{address}&limit=200")).json()
        page = (await busy_ledger.client.get(f"{address}&limit=1&count=true")).json()
        assert page["total"] == len(whole["items"]) > 0, path
    found = await busy_ledger.reads("/search", q="can bo", kinds="official", limit=1, count="true")
    assert found["total"] > 1


def test_no_more_than_a_bound_is_counted() -> None:
    at, beyond = total_of(MOST_COUNTED), total_of(MOST_COUNTED + 1)
    assert at == f',"total":{MOST_COUNTED},"total_is_exact":true'
    assert beyond == f',"total":{MOST_COUNTED},"total_is_exact":false'
    bound = f"LIMIT {MOST_COUNTED + 1}"
    for listing in LISTINGS:
        by = LISTS[f"/{listing.path}"].get("group_by", "")
        assert bound in " ".join(total(listing, by=by).sql.split()), listing.name
    for statement in (events_of_tag(), differences("a", "b")):
        assert bound in " ".join(statement.sql.split())


async def test_things_of_several_ids_are_read_at_once(busy_ledger: Reader) -> None:
    for path, name in NAMES.items():
        every = await busy_ledger.reads(f"/{path}", limit=LONGEST_PAGE)
        first, second, *_ = [item[name] for item in every["items"]]
        address = f"/v1/{busy_ledger.ledger}/{path}"
        for query in (f"ids={second}&ids=none&ids={first}", f"ids={first},none,{second},{first}"):
            reply = await busy_ledger.client.get(f"{address}?{query}&limit=200")
            assert reply.json()["items"] == every["items"][:2], query
        page = await busy_ledger.client.get(f"{address}?ids={first}&ids={second}&limit=1")
        following = await busy_ledger.client.get(page.links["next"]["url"])
        assert [item[name] for item in following.json()["items"]] == [second]
        file = await busy_ledger.client.get(f"{address}?ids={first}&format=jsonl")
        assert len(file.text.splitlines()) == 1


@pytest.mark.parametrize("query", ["ids=", "ids=a,", "ids=A", "ids=a&ids=%20", "ids=a,,b"])
async def test_what_is_no_id_is_refused(busy_ledger: Reader, query: str) -> None:
    for path in NAMES:
        reply = await busy_ledger.client.get(f"/v1/{busy_ledger.ledger}/{path}?{query}")
        assert reply.status_code == 422
        [told] = reply.json()["errors"]
        assert (told["parameter"], told["detail"][:10]) == ("ids", "must be an")


async def test_no_more_ids_are_taken_than_fit_into_a_page(busy_ledger: Reader) -> None:
    many = ",".join(f"a{number}" for number in range(LONGEST_PAGE + 1))
    address = f"/v1/{busy_ledger.ledger}/units"
    assert (await busy_ledger.client.get(f"{address}?ids={many}")).status_code == 422
    fewer = many.rpartition(",")[0]
    assert (await busy_ledger.client.get(f"{address}?ids={fewer}")).json()["items"] == []


async def test_a_file_is_not_counted(busy_ledger: Reader) -> None:
    plain, asked = [
        await busy_ledger.says("/units", format="csv", **count) for count in ({}, {"count": "true"})
    ]
    assert asked.content == plain.content


async def test_a_kind_of_units_that_there_is_not_is_told(busy_ledger: Reader) -> None:
    for asked in ({}, {"count": "true"}, {"known_at": "before-vacancies"}):
        reply = await busy_ledger.says("/units", kind="distrikt", **asked)
        assert (reply.status_code, reply.json()["type"]) == (422, "/problems/unit-kind-unknown")
        assert "district (huyện)" in reply.json()["detail"]
    for form in ("csv", "jsonl"):
        assert (await busy_ledger.says("/units", kind="distrikt", format=form)).status_code == 422
    # A kind of the catalogue may have no unit, and have been in force on no such day.
    for kind in ("special_zone", "district"):
        assert (await busy_ledger.says("/units", kind=kind, as_of="2020-01-01")).status_code == 200


async def test_a_kind_that_the_ledger_declared_is_known_also_when_it_ended(
    province: Province,
) -> None:
    act = {"basis": DECISION, "effective_on": "2025-07-01"}
    zone = {"names": ["khu thương mại"], "level": "base", "monitored": False}
    await province.does("/unit-kinds/trade_zone/declare", **zone, **act)
    made = await province.does(
        "/units/establish", unit_id="a", name="A", kind="trade_zone", effective_on="2025-07-01"
    )
    await province.does(
        "/unit-kinds/trade_zone/end", reason="Hết", basis=DECISION, effective_on="2025-08-01"
    )
    reader = Reader(province, made["position"])
    for day, units in (("2025-06-30", []), ("2025-07-31", ["a"]), ("2025-09-01", ["a"])):
        found = await reader.reads("/units", kind="trade_zone", as_of=day)
        assert [unit["unit_id"] for unit in found["items"]] == units, day
