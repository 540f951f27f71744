"""The organisation put right: posts, units, officials recorded late, wrongly, or twice."""

from typing import Any

from tests.service.put_right.office import (
    AN,
    CITED,
    DECIDED,
    DISTRICT,
    DUNG,
    PROPOSAL,
    WHY,
    Office,
    ahead,
    instead_of,
)


async def test_a_post_that_was_created_late_is_there_from_its_day(office: Office) -> None:
    await office.refused(
        404, "post-unknown", "/posts/pho/appoint", "2021-02-01", official_id=DUNG, **CITED
    )
    await office.post("pho", on="2021-06-01")
    await office.refused(
        404, "post-unknown", "/posts/pho/appoint", "2021-02-01", official_id=DUNG, **CITED
    )
    await office.does("/posts/pho/appoint", "2021-06-01", official_id=DUNG, **CITED)
    wrong = min(await office.history("/posts/pho"))
    right = await office.post("pho", on="2021-02-01", **instead_of(wrong))
    assert (await office.item("/posts/pho", as_of="2021-02-01"))["from_on"] == "2021-02-01"
    assert "pho" in await office.column("/posts", "post_id", as_of="2021-03-01")
    assert "pho" not in await office.column("/posts", "post_id", as_of="2021-01-31")
    assert (await office.asks("/posts/pho", as_of="2021-01-31")).status_code == 404
    await office.struck_through("/posts/pho", wrong, right.at)


async def test_a_post_is_not_created_later_than_its_holder_came(office: Office) -> None:
    created = await office.post("pho")
    appointed = await office.does("/posts/pho/appoint", "2021-02-01", official_id=DUNG, **CITED)
    post = {"post_id": "pho", "unit_id": DISTRICT, "title": "pho", "kind": "leader"}
    said = {**post, "managed_by": "ban-thuong-vu", **CITED, **instead_of(created.at)}
    listed = await office.contradicts("/posts/create", "2021-03-01", **said)
    assert [(one["position"], one["type"]) for one in listed] == [(appointed.at, "tenure.started")]


async def test_a_post_with_a_wrong_title_and_unit_is_created_anew_under_its_id(
    office: Office,
) -> None:
    wrong = await office.post("pho", "ban-thuong-vu", title="Sai chức danh")
    await office.does("/posts/pho/appoint", "2021-02-01", official_id=DUNG, **CITED)
    right = await office.post("pho", DISTRICT, title="Phó Bí thư", **instead_of(wrong.at))
    post = await office.item("/posts/pho")
    assert (post["unit_id"], post["title"]) == (DISTRICT, "Phó Bí thư")
    assert "pho" in await office.column("/posts", "post_id", unit=DISTRICT)
    assert await office.column("/posts", "post_id", unit="ban-thuong-vu") == []
    await office.struck_through("/posts/pho", wrong.at, right.at)


async def test_a_unit_established_with_a_wrong_name_kind_and_parent_never_had_them(
    office: Office,
) -> None:
    await office.unit("son-duong", "district")
    wrong = await office.unit("cao-son", "town", name="Cao Sơm", parent_id="son-duong")
    right = await office.unit(
        "cao-son", "commune", name="Xã Cao Sơn", parent_id=DISTRICT, **instead_of(wrong.at)
    )
    for asked in ({}, {"as_of": "2021-01-04"}):
        unit = await office.item("/units/cao-son", **asked)
        assert (unit["name"], unit["kind"], unit["parent_id"]) == (
            "Xã Cao Sơn",
            "commune",
            DISTRICT,
        )
    assert await office.column("/units", "unit_id", parent="son-duong") == []
    assert await office.column("/units", "unit_id", parent=DISTRICT) == ["cao-son"]
    assert await office.column("/units", "unit_id", kind="town", as_of="2021-02-01") == []
    await office.struck_through("/units/cao-son", wrong.at, right.at)
    hits = await office.items("/search", q="Cao Sơn")
    assert {one["id"] for one in hits if one["kind"] == "unit"} == {"cao-son"}


async def test_a_unit_established_by_mistake_is_not_there_once_nothing_stands_on_it(
    office: Office,
) -> None:
    unit = await office.unit("phong-moi", "department")
    post = await office.post("truong-phong", "phong-moi")
    listed = await office.annul_contradicts(unit.at, **CITED)
    assert [one["position"] for one in listed] == [post.at]
    await office.annul(unit.at, post.at, **CITED)
    assert (await office.asks("/units/phong-moi")).status_code == 404
    assert (await office.asks("/posts/truong-phong")).status_code == 404
    assert "phong-moi" not in await office.column("/units", "unit_id")
    await office.struck_through("/units/phong-moi", unit.at)
    await office.unit("phong-moi", "department", "2021-03-01")
    assert (await office.item("/units/phong-moi"))["from_on"] == "2021-03-01"


async def test_a_post_abolished_by_mistake_goes_on(office: Office) -> None:
    await office.post("pho")
    wrong = await office.does("/posts/pho/abolish", "2021-03-01", **WHY, **CITED)
    assert "pho" not in await office.column("/posts", "post_id")
    await office.annul(wrong.at, **CITED)
    await office.does("/posts/pho/appoint", "2021-03-01", official_id=DUNG, **CITED)
    assert (await office.item("/posts/pho", as_of="2021-03-01"))["to_on"] is None
    assert "pho" in await office.column("/posts", "post_id")
    await office.struck_through("/posts/pho", wrong.at)


async def test_an_official_registered_twice_is_registered_once(office: Office) -> None:
    await office.official("dung-2", full_name="Cán bộ dung")
    await office.post("pho")
    registered = min(await office.history("/officials/dung-2"))
    appointed = await office.does("/posts/pho/appoint", "2021-02-01", official_id="dung-2", **CITED)
    listed = await office.annul_contradicts(registered, **CITED)
    assert [one["position"] for one in listed] == [appointed.at]
    right = await office.does(
        "/posts/pho/appoint",
        "2021-02-01",
        official_id=DUNG,
        **CITED,
        **instead_of(appointed.at, registered),
    )
    assert (await office.asks("/officials/dung-2")).status_code == 404
    assert "dung-2" not in await office.column("/officials", "official_id")
    assert await office.column("/tenures", "official_id", post="pho") == [DUNG]
    await office.struck_through("/officials/dung-2", registered, right.at)


async def test_an_official_registered_under_a_wrong_name_has_the_right_one(office: Office) -> None:
    wrong = await office.official("giang", full_name="Trần Văn Giangg")
    right = await office.official("giang", full_name="Trần Văn Giang", **instead_of(wrong.at))
    assert (await office.item("/officials/giang"))["full_name"] == "Trần Văn Giang"
    await office.struck_through("/officials/giang", wrong.at, right.at)
    assert [one["id"] for one in await office.items("/search", q="Trần Văn Giang")] == ["giang"]
    assert await office.items("/search", q="Giangg") == []


async def test_a_contact_recorded_wrongly_is_put_right(office: Office) -> None:
    named = {"full_name": "Trần Văn Giang"}
    wrong = await office.official("giang", **named, contact="0912 345 678")
    right = await office.official("giang", **named, contact="0987 654 321", **instead_of(wrong.at))
    assert (await office.item("/officials/giang"))["contact"] == "0987 654 321"
    await office.struck_through("/officials/giang", wrong.at, right.at)


async def test_a_retirement_announced_for_the_wrong_day_is_replaced(office: Office) -> None:
    verb = f"/officials/{AN}/announce-retirement"
    wrong = await office.does(verb, "2021-02-01", retires_on="2030-06-01", **CITED)
    right = await office.does(
        verb, "2021-02-01", retires_on="2031-06-01", **CITED, **instead_of(wrong.at)
    )
    assert (await office.item(f"/officials/{AN}"))["retires_on"] == "2031-06-01"
    await office.struck_through(f"/officials/{AN}", wrong.at, right.at)
    await office.annul(right.at, **CITED)
    assert (await office.item(f"/officials/{AN}"))["retires_on"] is None
    assert await office.column("/officials", "official_id", pending_retirement="true") == []


async def test_a_post_of_next_week_is_filled_next_week(office: Office) -> None:
    next_week = ahead(7)
    created = await office.post("pho", on=next_week)
    assert "pho" not in await office.column("/posts", "post_id")
    assert "pho" in await office.column("/posts", "post_id", as_of=next_week)
    await office.does("/posts/pho/appoint", next_week, official_id=DUNG, **CITED)
    commission = {"task_id": "lo-gach", "post_id": "pho", "proposal": PROPOSAL, **DECIDED}
    await office.refused(404, "post-unknown", "/tasks/commission", ahead(0), **commission)
    assert created.at in await office.column("/scheduled", "position")
    names = {name for _, name in await office.scheduled(post="pho")}
    assert names == {"post.created", "tenure.started"}


async def test_only_an_administrator_puts_the_organisation_right_and_cites_the_document(
    office: Office,
) -> None:
    wrong = await office.unit("phong-moi", "department")
    positions: dict[str, Any] = {"positions": [wrong.at], "reason": "ghi nhầm"}
    await office.refused(422, "document-required", "/events/annul", **positions)
