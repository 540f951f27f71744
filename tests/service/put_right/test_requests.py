"""Requests that put right: two at once, one sent twice, tried first, and of a stale version."""

import asyncio
from typing import Any

from tests.service.province import version_in
from tests.service.put_right.office import (
    AN,
    BINH,
    CITED,
    DECIDED,
    DISTRICT,
    DUNG,
    SECRETARY,
    STATE,
    Office,
    ahead,
    instead_of,
    refusal,
)

REPORT, ASSIGN = "/tasks/lo-gach/report-progress", "/tasks/lo-gach/assign"


async def reported(office: Office) -> int:
    await office.task("lo-gach")
    return (await office.report("lo-gach", "2021-06-01", "sai")).at


async def annulments(office: Office) -> int:
    """How often anything of the task was annulled."""
    history = (await office.history("/tasks/lo-gach")).values()
    return [one["type"] for one in history].count("event.annulled")


async def test_of_two_who_replace_the_same_decision_at_once_one_wins(office: Office) -> None:
    wrong = (await office.task("lo-gach")).at
    said = {"official_id": BINH, **DECIDED, **instead_of(wrong)}
    replies = await asyncio.gather(
        *(
            office.says(ASSIGN, f"2021-02-0{day}", said, by=by)
            for day, by in enumerate((office.client, office.colleague) * 3, 1)
        )
    )
    [won] = [reply for reply in replies if reply.is_success]
    lost = [refusal(reply) for reply in replies if not reply.is_success]
    assert set(lost) == {(409, "annulled-before")}
    right = office.recorded(won)
    [span] = await office.items("/tasks/lo-gach/responsibilities")
    assert (span["official_id"], span["position"]) == (BINH, right.at)
    await office.struck_through("/tasks/lo-gach", wrong, right.at)
    assert await annulments(office) == 1


async def test_of_two_who_know_the_same_version_one_is_told_that_it_is_stale(
    office: Office,
) -> None:
    wrong = (await office.task("lo-gach")).at
    known = {"If-Match": (await office.asks("/tasks/lo-gach")).headers["etag"]}
    said = {"official_id": BINH, **DECIDED, **instead_of(wrong)}
    one, two = await asyncio.gather(
        office.says(ASSIGN, "2021-02-01", said, known),
        office.says(ASSIGN, "2021-02-02", said, known, by=office.colleague),
    )
    assert sorted((one.status_code, two.status_code)) == [200, 412]
    assert refusal(one if two.is_success else two) == (412, "version-stale")
    office.recorded(one if one.is_success else two)
    assert len(await office.items("/tasks/lo-gach/responsibilities")) == 1
    assert await annulments(office) == 1


async def test_an_annulment_and_a_replacement_at_once_leave_one_of_them(office: Office) -> None:
    wrong = await reported(office)
    annulling = {"positions": [wrong], "reason": "ghi nhầm", **DECIDED}
    replacing = {"narrative": "đúng", **instead_of(wrong)}
    replies = await asyncio.gather(
        office.says(REPORT, "2021-05-01", replacing),
        office.says("/events/annul", None, annulling, by=office.colleague),
    )
    assert sorted(reply.status_code for reply in replies) == [200, 409]
    assert await annulments(office) == 1


async def test_what_stands_on_an_event_and_its_annulment_at_once_do_not_both_count(
    office: Office,
) -> None:
    """A task is given to Dũng while his appointment is annulled."""
    await office.post("pho")
    appointed = await office.does("/posts/pho/appoint", "2021-01-05", official_id=DUNG, **CITED)
    await office.task("lo-gach")
    transfer: dict[str, Any] = {"to_post": "pho", "reason": "chuyển", **DECIDED}
    annulling = {"positions": [appointed.at], "reason": "ghi nhầm", **CITED}
    replies = await asyncio.gather(
        office.says("/tasks/lo-gach/transfer", "2021-06-01", transfer),
        office.says("/events/annul", None, annulling, by=office.colleague),
    )
    assert sorted(reply.is_success for reply in replies) == [False, True]
    transferred = replies[0].is_success
    assert await office.leads("lo-gach") == (DUNG if transferred else AN)


async def test_the_entity_tag_of_every_read_is_what_if_match_takes(office: Office) -> None:
    await office.task("lo-gach")
    named = {"name": "Yên Sơn", **CITED}
    notice = {"retires_on": "2035-06-01", **CITED}
    for thing, verb, said in (
        (f"/units/{DISTRICT}", "rename", named),
        (f"/officials/{AN}", "announce-retirement", notice),
        (f"/posts/{SECRETARY}", "abolish", {"reason": "sáp nhập", **CITED}),
        ("/tasks/lo-gach", "report-progress", {"narrative": "hôm nay"}),
    ):
        tag = (await office.asks(thing)).headers["etag"]
        stale = await office.says(f"{thing}/{verb}", ahead(0), said, {"If-Match": '"1"'})
        assert refusal(stale) == (412, "version-stale"), thing
        assert stale.json()["current"] == version_in(tag), thing
        reply = await office.says(f"{thing}/{verb}", ahead(0), said, {"If-Match": tag})
        assert reply.status_code != 412, thing


async def test_an_annulment_is_a_new_version_of_what_it_annuls(office: Office) -> None:
    wrong = await reported(office)
    before = (await office.asks("/tasks/lo-gach")).headers["etag"]
    annulled = await office.annul(wrong)
    after = (await office.asks("/tasks/lo-gach")).headers["etag"]
    assert (version_in(before), version_in(after)) == (f'"{wrong}"', f'"{annulled.at}"')
    dossier = (await office.asks("/tasks/lo-gach/dossier")).headers["etag"]
    assert version_in(dossier) == version_in(after)
    stale = await office.says(REPORT, ahead(0), {"narrative": "cũ"}, {"If-Match": before})
    assert refusal(stale) == (412, "version-stale")
    fresh = await office.says(REPORT, ahead(0), {"narrative": "mới"}, {"If-Match": after})
    assert fresh.is_success


async def test_the_same_replacement_sent_twice_with_its_key_happens_once(office: Office) -> None:
    wrong = await reported(office)
    key = {"Idempotency-Key": f"sua-{wrong}-{office.ledger}"}
    said = {"narrative": "đúng", **instead_of(wrong)}
    first = await office.says(REPORT, "2021-05-01", said, key)
    again = await office.says(REPORT, "2021-05-01", said, key)
    assert again.headers["idempotency-replayed"] == "true"
    assert first.json() == again.json()
    assert [one["type"] for one in first.json()["events"]] == [
        "event.annulled",
        "task.progress_reported",
    ]
    other = {"narrative": "đúng", **instead_of(wrong - 1)}
    assert refusal(await office.says(REPORT, "2021-05-01", other, key)) == (
        422,
        "key-used-otherwise",
    )
    without = await office.says(REPORT, "2021-05-01", said)
    assert refusal(without) == (409, "annulled-before")


async def test_the_same_annulment_sent_twice_with_its_key_happens_once(office: Office) -> None:
    wrong = await reported(office)
    key = {"Idempotency-Key": f"huy-{wrong}-{office.ledger}"}
    said = {"positions": [wrong], "reason": "ghi nhầm"}
    first = await office.says("/events/annul", None, said, key)
    again = await office.says("/events/annul", None, said, key)
    assert (first.json(), again.headers["idempotency-replayed"]) == (again.json(), "true")


async def test_a_dry_run_shows_what_would_be_annulled_and_what_recorded_instead(
    office: Office,
) -> None:
    wrong = await reported(office)
    head = await office.head()
    said = {"to_official": BINH, **STATE, **DECIDED, **instead_of(wrong)}
    verb = "/tasks/lo-gach/hand-over"
    shown = await office.says(f"{verb}?dry_run=true", "2021-05-03", said)
    assert shown.status_code == 200, shown.text
    annulled, recorded = shown.json()["events"]
    assert annulled["type"] == "event.annulled"
    assert annulled["data"]["positions"] == [wrong]
    assert annulled["data"]["effective_on"] == "2021-06-01"
    assert {"task:lo-gach", f"official:{AN}", f"official:{BINH}"} <= set(annulled["data"]["tagged"])
    assert (recorded["type"], recorded["data"]["to_official"]) == ("task.handed_over", BINH)
    assert await office.head() == head
    assert await office.leads("lo-gach") == AN
    done = await office.does(verb, "2021-05-03", **said)
    assert list(done.types) == [one["type"] for one in shown.json()["events"]]


async def test_a_dry_run_names_what_would_contradict_it(office: Office) -> None:
    wrong = await reported(office)
    said = {"to_official": BINH, **STATE, **DECIDED}
    shown = await office.says("/tasks/lo-gach/hand-over?dry_run=true", "2021-05-03", said)
    assert refusal(shown) == (409, "contradicts-later")
    assert [one["position"] for one in shown.json()["events"]] == [wrong]
    annulling = {"positions": [wrong], "reason": "ghi nhầm"}
    shown = await office.says("/events/annul?dry_run=true", None, annulling)
    assert [one["type"] for one in shown.json()["events"]] == ["event.annulled"]
    assert (await office.history("/tasks/lo-gach"))[wrong]["annulled"] is None


async def test_the_feed_tells_of_what_is_annulled_and_what_stands_instead(office: Office) -> None:
    wrong = await reported(office)
    right = await office.report("lo-gach", "2021-05-01", "đúng", **instead_of(wrong))
    params: dict[str, str | int] = {"after": wrong, "tags": "task:lo-gach"}
    feed = await office.client.get(f"/v1/{office.ledger}/events", params=params)
    annulled, recorded = feed.json()["events"]
    assert annulled["type"].endswith("event.annulled")
    assert annulled["data"]["positions"] == [wrong]
    assert annulled["data"]["replacements"] == 1
    assert recorded["position"] == right.at == annulled["position"] + 1


async def test_within_a_day_a_replacement_stands_where_that_stood_which_it_replaces(
    office: Office,
) -> None:
    wrong = await reported(office)
    second = await office.report("lo-gach", "2021-06-01", "sau")
    right = await office.report("lo-gach", "2021-06-01", "trước", **instead_of(wrong))
    dossier = await office.item("/tasks/lo-gach/dossier")
    assert [one["recorded"]["position"] for one in dossier["reports"]] == [right.at, second.at]
    assert [one["narrative"] for one in dossier["reports"]] == ["trước", "sau"]
