"""Search over HTTP: what is found, in which order, and what is not found any more."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from projections.search.hits import SEARCHED
from projections.search.questions import Sought
from service.components import Service
from service.database.engine import Pool
from service.handle import today, utc_now
from service.http.reads.lists import page_of
from service.http.reads.search import SEARCH
from service.search import BEGINNING
from tests.erasing import destroy
from tests.service.http.yen_son import Reader
from tests.service.province import COMMITTEE, DECISION, DISTRICT, POST, PROPOSAL, Province

TITLES = {
    "dam": "Nâng cấp đập Hòa Bình",
    "bridge": "Xây cầu Hoà An, hoàn thành đường vào trạm y tế",
    "kilns": "Chấm dứt lò gạch thủ công",
    "market": "Sắp xếp chợ",
}
GOALS = {"market": "Di dời lò mổ ở Hòa Bình; gạch lát vỉa hè"}
NAMES = {"official-021": "Đinh Công Tráng", "official-022": "Ðinh Công Uẩn"}


@pytest.fixture
async def library(province: Province) -> Reader:
    """Four tasks, one of them cancelled; officials with names much alike."""
    decided = {"on_behalf_of": COMMITTEE, "basis": DECISION}
    for task_id, title in TITLES.items():
        proposal = {**PROPOSAL, "title": title, "goal": GOALS.get(task_id, "Xong trong năm")}
        await province.does(
            "/tasks/commission", task_id=task_id, post_id=POST, proposal=proposal, **decided
        )
        await province.does(f"/tasks/{task_id}/assign", **decided)
    for official_id, name in NAMES.items():
        await province.does("/officials/register", official_id=official_id, full_name=name)
    done = await province.does("/tasks/dam/cancel", reason="không cần", **decided)
    return Reader(province, done["position"])


async def found(library: Reader, q: str, kinds: str = "task", **asked: str | int) -> list[str]:
    reply = await library.reads("/search", q=q, kinds=kinds, **asked)
    return [item["id"] for item in reply["items"]]


@pytest.mark.parametrize(
    "q", ["Hòa Bình", "Hoà Bình", "hoa binh", "HOÀ BÌNH", "Ho\u0300a Bi\u0300nh", "hoà bin"]
)
async def test_where_the_tone_stands_and_how_it_is_typed_makes_no_difference(
    library: Reader, q: str
) -> None:
    assert await found(library, q) == ["dam", "market"]


async def test_d_with_a_stroke_is_found_by_d_and_by_the_letter_that_looks_like_it(
    library: Reader,
) -> None:
    for q in ("dinh cong", "Đinh Công", "\u00d0inh Công", "ĐINH CÔ"):
        assert await found(library, q, "official") == ["official-021", "official-022"], q


async def test_a_phrase_comes_before_words_before_what_is_only_begun(library: Reader) -> None:
    reply = await library.reads("/search", q="lò gạch", kinds="task")
    assert [(item["id"], item["match"], item["place"]) for item in reply["items"]] == [
        ("kilns", "phrase", "title"),
        ("market", "words", "text"),
    ]
    reply = await library.reads("/search", q="hoa", kinds="task")
    assert [(item["id"], item["place"]) for item in reply["items"]] == [
        ("bridge", "title"),
        ("dam", "title"),
        ("market", "text"),
    ]
    begun = await library.reads("/search", q="hoàn th", kinds="task")
    assert [(item["id"], item["match"]) for item in begun["items"]] == [("bridge", "prefix")]


async def test_only_what_follows_word_on_word_is_a_quoted_phrase(library: Reader) -> None:
    assert await found(library, '"lò gạch"') == ["kilns"]
    assert await found(library, '"lo gach" thu') == ["kilns"]
    assert await found(library, "“Hòa Bình” chợ") == ["market"]
    assert await found(library, '"gạch lò"') == []


async def test_what_has_the_marks_asked_for_comes_first(library: Reader) -> None:
    reply = await library.reads("/search", q="cầu", kinds="task")
    assert [(item["id"], item["spelled"]) for item in reply["items"]] == [("bridge", True)]
    reply = await library.reads("/search", q="câu", kinds="task")
    assert [(item["id"], item["spelled"]) for item in reply["items"]] == [("bridge", False)]
    assert await found(library, "đập") == ["dam"]


async def test_what_has_ended_comes_last(library: Reader) -> None:
    reply = await library.reads("/search", q="hoa", kinds="task")
    assert [(item["id"], item["ended"]) for item in reply["items"]][:2] == [
        ("bridge", False),
        ("dam", True),
    ]


async def test_every_kind_is_found_in_one_list(library: Reader) -> None:
    reply = await library.reads("/search", q="yên sơn")
    assert [(item["kind"], item["id"]) for item in reply["items"]] == [("unit", DISTRICT)]
    reply = await library.reads("/search", q="bí thư")
    assert [(item["kind"], item["id"], item["unit_id"]) for item in reply["items"]] == [
        ("post", POST, DISTRICT)
    ]
    reply = await library.reads("/search", q="30-QĐ/TU")
    [document] = reply["items"]
    assert (document["title"], document["issued_on"], document["issuing_body"]) == (
        DECISION["number"], DECISION["issued_on"], DECISION["issuing_body"],
    )  # fmt: skip
    assert document["task_ids"] == sorted(TITLES)
    both = await library.reads("/search", q="ban thường vụ")
    assert {item["kind"] for item in both["items"]} == {"unit", "document"}


async def test_a_document_is_found_whatever_it_is_cited_for(province: Province) -> None:
    """A merger's resolution: a unit, its post, who retires, what is regulated; a tenure's own."""
    merger = {"number": "1262/NQ-UBTVQH14", "issued_on": "2021-01-02", "issuing_body": "Quốc hội"}
    other = {**merger, "number": "99-QĐ/TU"}
    said: tuple[tuple[str, dict[str, Any]], ...] = (
        ("/units/establish", {"unit_id": "xa-moi", "name": "Xã mới", "kind": "commune"}),
        ("/posts/create", {"post_id": "chu-tich-xa", "unit_id": "xa-moi", "title": "Chủ tịch",
                           "kind": "commune_chairman", "managed_by": COMMITTEE}),
        ("/officials/official-018/announce-retirement", {"retires_on": "2022-01-01"}),
        ("/regulations/cell-attendance/adopt", {"scale_points": 10, "on_behalf_of": COMMITTEE}),
        ("/units/xa-moi/rename", {"name": "Xã Đoàn Kết"}),
    )  # fmt: skip
    for verb, more in said:
        await province.does(verb, basis=merger, **more)
    appointed = {"official_id": "official-018", "basis": other}
    done = await province.does("/posts/chu-tich-xa/appoint", **appointed)
    reader = Reader(province, done["position"])
    [document] = (await reader.reads("/search", q="1262/NQ"))["items"]
    assert (document["title"], document["kind"]) == (merger["number"], "document")
    found_for = ("task_ids", "unit_ids", "post_ids", "official_ids", "regulation_ids")
    assert [document[name] for name in found_for] == [
        [], ["xa-moi"], ["chu-tich-xa"], ["official-018"], ["cell-attendance"],
    ]  # fmt: skip
    [document] = (await reader.reads("/search", q="99-QĐ/TU"))["items"]
    assert [document[name] for name in found_for] == [
        [], [], ["chu-tich-xa"], ["official-018"], [],
    ]  # fmt: skip


async def test_a_title_corrected_twice_is_the_last_and_former_ones_find_it_still(
    province: Province,
) -> None:
    decided = {"on_behalf_of": COMMITTEE, "basis": DECISION}
    bus = {"task_id": "bus", "post_id": POST, "proposal": PROPOSAL}
    await province.does("/tasks/commission", **bus, **decided)
    amended = {"proposal": {**PROPOSAL, "title": "Mở rộng bến xe"}, "reason": "rõ hơn"}
    done = await province.does("/tasks/bus/amend", **amended, **decided)

    async def corrects(sequence: int, title: str) -> httpx.Response:
        reading = {"kind": "proposal", "title": title}
        said = {"sequence": sequence, "reading": reading, "reason": "nhầm", **decided}
        return await province.says("/tasks/bus/correct-event", said)

    for title in ("Mở rộng bến tàu", "Mở rộng bến cảng"):
        done = (await corrects(2, title)).json()
    # A proposal that is no longer in force is not corrected: no title comes out of order.
    assert (await corrects(1, "Tên khác")).status_code == 409
    reader = Reader(province, done["position"])
    for q, place in (("bến cảng", "title"), ("bến tàu", "text"), ("bến xe", "text")):
        [hit] = (await reader.reads("/search", q=q, kinds="task"))["items"]
        assert (hit["id"], hit["title"], hit["place"]) == ("bus", "Mở rộng bến cảng", place)
    assert (await reader.reads("/tasks/bus"))["item"]["title"] == "Mở rộng bến cảng"


async def test_an_erased_official_is_found_no_more(library: Reader, owner_pool: Pool) -> None:
    assert await found(library, "dinh", "official") == ["official-021", "official-022"]
    await destroy(owner_pool, library.ledger, "official-021")
    assert await found(library, "dinh", "official") == ["official-022"]
    assert await found(library, "Tráng") == []


async def test_what_is_decided_ahead_is_found_from_its_day_on(
    library: Reader, province: Province, service: Service
) -> None:
    now = today(utc_now)
    order = {"number": "77-QĐ/TU", "issued_on": "2021-01-04", "issuing_body": "Tỉnh ủy"}
    decided = {"on_behalf_of": COMMITTEE, "basis": order}
    days = [now + timedelta(days=number) for number in range(4)]
    rename, move, cancel = (on.isoformat() for on in days[1:])
    renamed = f"/units/{DISTRICT}/rename"
    await province.does(renamed, name="Yên Sơn mới", effective_on=rename, basis=order)
    await province.does(
        "/posts/create", post_id="sau", unit_id=COMMITTEE, title="Trưởng ban", kind="head",
        managed_by=COMMITTEE, effective_on=rename, basis=order,
    )  # fmt: skip
    await province.does("/posts/sau/appoint", official_id="official-022", effective_on=move)
    await province.does(
        "/tasks/kilns/transfer", to_post="sau", reason="…", effective_on=move, **decided
    )
    await province.does("/tasks/kilns/cancel", reason="…", effective_on=cancel, **decided)
    # The usual facts after it count from their own days.
    step = {"title": "Tháo ống khói", "due_on": "2021-06-30", "performed_by": "Phòng"}
    await province.does("/tasks/kilns/submit-plan", summary="…", steps=[step])
    done = await province.does(
        renamed, name="Yên Sơn cũ", effective_on="2021-02-01", basis=DECISION
    )
    library.position = done["position"]

    async def found_on(on: date, q: str) -> list[tuple[Any, ...]]:
        await library.reads("/search", q=q)
        kinds = ("task", "unit", "post", "document")
        found = await service.search.find(library.ledger, Sought.of(q), kinds, on, BEGINNING, 50)
        shown = ("id", "title", "unit_id", "unit_ids", "task_ids")
        return [(*(hit.shown[name] for name in shown), hit.shown["ended"]) for hit in found.hits]

    title = TITLES["kilns"]
    kilns = ("kilns", title, DISTRICT, None, None, False)
    moved = ("kilns", title, COMMITTEE, None, None, False)
    gone = ("kilns", title, COMMITTEE, None, None, True)
    for q in ("lò gạch thủ công", "ống khói"):
        assert [await found_on(on, q) for on in days] == [[kilns], [kilns], [moved], [gone]]
    assert await found_on(days[0], "mới") == await found_on(days[0], "trưởng ban") == []
    assert [hit[1] for hit in await found_on(days[1], "mới")] == ["Yên Sơn mới"]
    assert [hit[1] for hit in await found_on(days[0], "yên sơn")] == ["Yên Sơn cũ"]
    assert [hit[0] for hit in await found_on(days[1], "trưởng ban")] == ["sau"]
    cited = [await found_on(on, "77-QĐ") for on in days]
    assert [[hit[3:5] for hit in hits] for hits in cited] == [
        [], [([DISTRICT], [])], [([DISTRICT], ["kilns"])], [([DISTRICT], ["kilns"])],
    ]  # fmt: skip
    for name in (of.name for kind in SEARCHED.values() for of in kind):
        [ours] = await service.projector.verify(name, [library.ledger])
        assert ours.differing == (), name


async def test_no_table_holds_a_name(library: Reader, service: Service) -> None:
    assert await found(library, "dinh cong", "official")
    tables = await service.pool.fetch(
        "SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables"
        " WHERE table_schema IN ('read', 'log')"
    )
    for [table] in tables:
        kept = await service.pool.fetchval(
            f"SELECT count(*) FROM {table} t WHERE t::text ~* 'uẩn'"  # noqa: S608  names of tables
        )
        assert kept == 0, table


async def test_hits_are_read_page_by_page_each_once(library: Reader) -> None:
    reply = await library.says("/search", q="h", limit=1)
    seen = [(item["kind"], item["id"]) for item in reply.json()["items"]]
    while "next" in reply.links:
        reply = await library.client.get(reply.links["next"]["url"])
        seen += [(item["kind"], item["id"]) for item in reply.json()["items"]]
    whole = await library.reads("/search", q="h", limit=200)
    assert seen == [(item["kind"], item["id"]) for item in whole["items"]]
    assert len(set(seen)) == len(seen) > 3


async def test_a_cursor_is_for_one_question_only(library: Reader) -> None:
    cursor = (await library.reads("/search", q="h", limit=1))["next_cursor"]
    for asked in ({"q": "ho"}, {"q": "h", "kinds": "task"}):
        reply = await library.says("/search", cursor=cursor, **asked)
        assert (reply.status_code, reply.json()["type"]) == (422, "/problems/cursor-unusable")


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({}, "q"),
        ({"q": ""}, "q"),
        ({"q": "   "}, "q"),
        ({"q": '"-…!" &|!:*()<->'}, "q"),
        ({"q": "a" * 10_000}, "q"),
        ({"q": "lò\x00gạch"}, "q"),
        ({"q": "lò\x1bgạch"}, "q"),
        ({"q": "lò\u202egạch"}, "q"),
        ({"q": "lò", "kinds": ""}, "kinds"),
        ({"q": "lò", "kinds": "task,person"}, "kinds"),
        ({"q": "lò", "kinds": "task\n"}, "kinds"),
    ],
)
async def test_a_question_that_asks_nothing_is_refused(
    administrator: httpx.AsyncClient, ledger: str, asked: dict[str, str], named: str
) -> None:
    reply = await administrator.get(f"/v1/{ledger}/search", params=asked)
    assert reply.status_code == 422
    errors: list[dict[str, Any]] = reply.json()["errors"]
    assert [error["parameter"] for error in errors] == [named]
    assert errors[0]["detail"]


@pytest.mark.parametrize(
    "q",
    ["a' | 'b", "a:*", "a & !b", "(a <-> b", "a\\", "it's", "'", "a\\'b", "đ" * 200, "a " * 100],
)
async def test_no_syntax_of_the_database_reaches_it(library: Reader, q: str) -> None:
    reply = await library.says("/search", q=q)
    assert reply.status_code == (422 if q == "'" else 200), reply.text


async def test_a_reply_is_what_its_model_describes(library: Reader) -> None:
    for q in ("h", "30", "dinh"):
        reply = await library.says("/search", q=q)
        assert page_of(SEARCH).model_validate_json(reply.content).model_dump()["items"]


async def test_the_index_is_what_a_new_fold_of_the_log_gives(
    library: Reader, service: Service
) -> None:
    assert await found(library, "h", "task,unit,post,document")
    for name in (of.name for kind in SEARCHED.values() for of in kind):
        [ours] = await service.projector.verify(name, [library.ledger])
        assert ours.differing == (), name


@pytest.mark.parametrize(
    "q", ["hoa binh", "Hoà Bì", '"lò gạch"', "gạch lò", "yên sơn", "xong", "h", "Ho\u0300a An"]
)
async def test_a_list_of_tasks_is_narrowed_to_what_a_search_finds(library: Reader, q: str) -> None:
    listed = await library.reads("/tasks", q=q, sort="task_id")
    assert [item["task_id"] for item in listed["items"]] == sorted(await found(library, q))


async def test_words_narrow_a_list_beside_its_other_filters_and_its_day(library: Reader) -> None:
    asked: tuple[tuple[str, dict[str, str], list[str]], ...] = (
        ("/tasks", {"state": "cancelled"}, ["dam"]),
        ("/tasks", {"state": "in_progress"}, ["bridge", "market"]),
        ("/tasks", {"unit": COMMITTEE}, []),
        ("/tasks", {"as_of": "2021-01-03"}, []),
        ("/active-tasks", {"as_of": "2021-01-04", "post": POST}, ["bridge", "market"]),
    )
    for path, filters, expected in asked:
        listed = await library.reads(path, q="hoa", sort="task_id", **filters)
        assert [item["task_id"] for item in listed["items"]] == expected, filters


async def test_a_list_narrowed_by_words_is_read_page_by_page(library: Reader) -> None:
    for sort in ("title", "-due_on"):
        reply = await library.says("/tasks", q="hoa", sort=sort, limit=1)
        seen = reply.json()["items"]
        while "next" in reply.links:
            reply = await library.client.get(reply.links["next"]["url"])
            seen += reply.json()["items"]
        assert seen == (await library.reads("/tasks", q="hoa", sort=sort))["items"]
        assert len(seen) == 3
    file = await library.says("/tasks", q="hoa", format="jsonl")
    assert len(file.text.splitlines()) == 3
