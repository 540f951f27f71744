"""Three communes monitored alike, on the same days, so that lists of monitoring have rows alike.

Each has a monitor of an agency of its own, who soon retires, and who attends a party cell. Three
communes have no monitor; into the first of them another went, whose posts are still in it.
"""

from typing import Any

from tests.service.province import COMMITTEE, DECISION, DISTRICT, Province

DECIDED: dict[str, Any] = {"on_behalf_of": COMMITTEE, "basis": DECISION}
ALIKE = (1, 2, 3)
UNMONITORED = ("xa-4", "xa-5", "xa-6")
ENDED = "xa-7"
FOR_YEAR: dict[str, Any] = {"year": 2021, "content": "Mỗi quý một lần"}
WHY = {"reason": "Theo tình hình"}
DUE = {"month": 3, "day": 31}
RULES = {"programme_due": DUE, "report_due": DUE, "review_due": DUE}


async def monitored_communes(province: Province) -> None:
    """Tell of them all, in a province that is established."""
    await province.does("/regulations/commune-monitoring/adopt", **RULES, **DECIDED)
    await province.does("/regulations/cell-attendance/adopt", scale_points=100, **DECIDED)
    for unit_id in (*UNMONITORED, ENDED):
        await _unit(province, unit_id, "commune", DISTRICT)
    for number in ALIKE:
        await _post(province, f"vp-{number}", ENDED, heads_unit=False)
    await province.does(
        f"/units/{UNMONITORED[0]}/merge",
        effective_on="2021-07-01",
        predecessors=[ENDED],
        basis=DECISION,
    )
    for number in ALIKE:
        await _monitored(province, number)
    await province.does(
        f"/units/{COMMITTEE}/report-figure", year=2021, measure="visits", reported=7, **DECIDED
    )


async def _unit(province: Province, unit_id: str, kind: str, parent: str | None = None) -> None:
    await province.does(
        "/units/establish", unit_id=unit_id, name=unit_id, kind=kind, parent_id=parent
    )


async def _post(province: Province, post_id: str, unit_id: str, *, heads_unit: bool) -> None:
    await province.does(
        "/posts/create",
        post_id=post_id,
        unit_id=unit_id,
        title="Lãnh đạo",
        kind="leader",
        managed_by=COMMITTEE,
        heads_unit=heads_unit,
    )


async def _monitored(province: Province, number: int) -> None:
    """A commune, with the monitor's and its own papers of a year."""
    commune, agency, cell = f"xa-{number}", f"so-{number}", f"chi-bo-{number}"
    party, post, monitor = f"dang-uy-{number}", f"gd-{number}", f"giam-doc-{number}"
    await _unit(province, commune, "commune", DISTRICT)
    await _unit(province, party, "party_committee", commune)
    await _unit(province, agency, "department")
    await _unit(province, cell, "party_cell")
    await _post(province, post, agency, heads_unit=True)
    await province.does("/officials/register", official_id=monitor, full_name="Cán bộ")
    await province.does(f"/posts/{post}/appoint", official_id=monitor)
    by_party: dict[str, Any] = {"on_behalf_of": party, "effective_on": "2022-01-10"}
    of_commune: tuple[tuple[str, dict[str, Any]], ...] = (
        ("assign-monitor", {"official_id": monitor, "post_id": post, **DECIDED}),
        ("submit-programme", {"effective_on": "2021-03-01", **FOR_YEAR}),
        ("record-visit", {"effective_on": "2021-04-01", "occasion": "party_meeting",
                          "content": "Dự họp"}),
        ("make-recommendation", {"effective_on": "2021-04-01", "to_body": COMMITTEE,
                                 "content": "Đường", "answer_due_on": "2021-05-01"}),
        ("record-good-practice", {"effective_on": "2021-04-01", "title": "Tổ tự quản",
                                  "content": "Mỗi thôn"}),
        ("submit-annual-report", {"effective_on": "2021-12-15", **FOR_YEAR}),
        ("review-monitor", {"year": 2021, "level": "good", "remarks": "Sâu sát", **by_party}),
        ("propose-commendation", {"year": 2021, **WHY, **by_party}),
        ("request-replacement", {**WHY, **by_party}),
    )  # fmt: skip
    for verb, said in of_commune:
        await province.does(f"/communes/{commune}/{verb}", **said)
    judged = {"effective_on": "2022-01-20", "year": 2021, "level": "good", "remarks": "Tốt"}
    await province.does(f"/agencies/{agency}/assess", **judged, **DECIDED)
    await province.does(f"/cells/{cell}/assign-attendant", official_id=monitor, **DECIDED)
    attended = {"effective_on": "2021-04-01", "official_id": monitor, "remarks": "Đủ"}
    await province.does(f"/cells/{cell}/record-attendance", **attended, quality_points=80)
    await province.does(
        f"/officials/{monitor}/announce-retirement",
        effective_on="2022-02-01",
        retires_on="2022-09-01",
    )
