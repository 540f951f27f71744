"""A year of monitoring, told over HTTP: three communes, their monitors, and all their papers."""

from typing import Any

from tests.service.http.yen_son import Reader
from tests.service.province import COMMITTEE, DECISION, Province

FINANCE, BUILDING, CELL = "so-tai-chinh", "so-xay-dung", "chi-bo-thon-1"
HIGH, MIDDLE, LOW = "xa-1", "xa-2", "xa-3"
ANH, BINH, CHI = "official-anh", "official-binh", "official-chi"
DECIDED: dict[str, Any] = {"on_behalf_of": COMMITTEE, "basis": DECISION}
WHY = {"reason": "Theo tình hình"}
ASKED = ("/request-replacement", "/make-recommendation", "/propose-commendation")
# Whose token asks: of the communes' Party committees, and of an agency for its monitors.
ASKING = [f"dang-uy-{HIGH}", f"dang-uy-{MIDDLE}", FINANCE]
RULES: dict[str, Any] = {
    "leading_post_kinds": ["leader"],
    "programme_due": {"month": 3, "day": 31},
    "report_due": {"month": 12, "day": 15},
    "review_due": {"month": 1, "day": 15, "next_year": True},
}


def _of(verb: str, unit_id: str, on: str, **said: Any) -> tuple[str, dict[str, Any]]:
    return f"/communes/{unit_id}/{verb}", {"effective_on": on, **said}


def _by_party(verb: str, unit_id: str, on: str, **said: Any) -> tuple[str, dict[str, Any]]:
    return _of(verb, unit_id, on, on_behalf_of=f"dang-uy-{unit_id}", **said)


def _by_committee(verb: str, unit_id: str, on: str, **said: Any) -> tuple[str, dict[str, Any]]:
    return _of(verb, unit_id, on, **DECIDED, **said)


def _visit(unit_id: str, on: str, occasion: str) -> tuple[str, dict[str, Any]]:
    return _of("record-visit", unit_id, on, occasion=occasion, content="Dự họp")


MONITORS = [
    (
        "/regulations/commune-monitoring/adopt",
        {"effective_on": "2023-01-01", **RULES, **DECIDED},
    ),
    _by_committee("assign-monitor", HIGH, "2023-01-03", official_id=ANH, post_id="gd-tai-chinh"),
    _by_committee(
        "assign-monitor",
        MIDDLE,
        "2023-01-03",
        official_id=ANH,
        post_id="gd-tai-chinh",
        exception="Thiếu người",
    ),
    _by_committee("assign-monitor", LOW, "2023-01-03", official_id=BINH, post_id="gd-xay-dung"),
]
PLAN: dict[str, Any] = {"year": 2023, "content": "Mỗi quý một lần"}
REPORT: dict[str, Any] = {"year": 2023, "content": "Đã theo dõi"}
REVIEW: dict[str, Any] = {"year": 2023, "level": "good", "remarks": "Sâu sát"}
PAPERS = [
    _of("submit-programme", HIGH, "2023-03-31", **PLAN, planned_visits=4),
    _of("submit-programme", HIGH, "2023-05-01", **PLAN, planned_visits=6),
    _of("submit-programme", MIDDLE, "2023-04-02", **PLAN),
    _visit(HIGH, "2023-02-10", "party_meeting"),
    _visit(HIGH, "2023-05-05", "field_trip"),
    _visit(LOW, "2023-06-30", "party_meeting"),
    _by_committee(
        "replace-monitor",
        LOW,
        "2023-07-01",
        to_official=CHI,
        post_id="pgd-tai-chinh",
        handover_note="Hồ sơ",
        **WHY,
    ),
    _visit(LOW, "2023-07-01", "party_meeting"),
    _of("submit-annual-report", HIGH, "2023-12-15", **REPORT),
    _of("submit-annual-report", MIDDLE, "2023-12-20", **REPORT),
    _of("submit-annual-report", LOW, "2023-12-01", official_id=BINH, **REPORT),
    _by_party("review-monitor", HIGH, "2024-01-10", **REVIEW),
    _by_party("review-monitor", MIDDLE, "2024-01-16", **REVIEW),
]
MATTERS = [
    _by_party("request-replacement", MIDDLE, "2023-08-01", **WHY),
    _by_committee(
        "answer-replacement-request", MIDDLE, "2023-08-20", number=1, granted=False, answer="Chưa"
    ),
    _of("make-recommendation", HIGH, "2023-09-01", to_body=COMMITTEE, content="Đường",
        answer_due_on="2023-09-30"),
    _of("make-recommendation", HIGH, "2023-09-02", to_body=COMMITTEE, content="Điện"),
    _by_committee("answer-recommendation", HIGH, "2023-10-15", number=1, answer="Đồng ý"),
    _of("record-good-practice", HIGH, "2023-10-01", title="Tổ tự quản", content="Mỗi thôn"),
]  # fmt: skip
JUDGED = [
    _by_party("propose-commendation", HIGH, "2024-01-10", year=2023, **WHY),
    _by_party("propose-commendation", MIDDLE, "2024-01-11", year=2023, **WHY),
    _by_committee("decide-commendation", HIGH, "2024-02-01", official_id=ANH, year=2023,
                  commended=True, **WHY),
    (f"/agencies/{FINANCE}/assess", {"effective_on": "2024-01-20", **REVIEW, **DECIDED}),
    (f"/units/{COMMITTEE}/report-figure", {"effective_on": "2024-02-02", "year": 2023,
                                           "measure": "commendation_share", "reported": "84.4"}),
    (f"/units/{COMMITTEE}/report-figure", {"effective_on": "2024-02-02", "year": 2023,
                                           "measure": "communes", "reported": 3}),
]  # fmt: skip


def _met(on: str, points: int | None = None) -> tuple[str, dict[str, Any]]:
    said = {"effective_on": on, "official_id": ANH, "remarks": "Đủ", "quality_points": points}
    return f"/cells/{CELL}/record-attendance", said


CELLS = [
    ("/regulations/cell-attendance/adopt",
     {"effective_on": "2023-01-01", "scale_points": 100, **DECIDED}),
    (f"/cells/{CELL}/assign-attendant",
     {"effective_on": "2023-01-15", "official_id": ANH, **DECIDED}),
    _met("2023-02-20", 80),
    _met("2023-04-03", 95),
    _met("2023-02-03"),
]  # fmt: skip


async def monitored_year(province: Province, asking: Province) -> Reader:
    """Anh monitors two communes; in the third Chi follows Binh, of another agency, in July.

    `asking` proposes and asks for what `province` answers: nobody may do both.
    """
    await _organise(province)
    done: dict[str, Any] = {}
    for verb, said in [*MONITORS, *PAPERS, *MATTERS, *JUDGED, *CELLS]:
        done = await (asking if verb.endswith(ASKED) else province).does(verb, **said)
    return Reader(province, done["position"])


async def _organise(province: Province) -> None:
    units: list[tuple[str, str, str | None]] = [
        (FINANCE, "department", None),
        (BUILDING, "department", None),
    ]
    units += [(commune, "commune", None) for commune in (HIGH, MIDDLE, LOW)]
    units += [(f"dang-uy-{of}", "party_committee", of) for of in (HIGH, MIDDLE, LOW)]
    units += [(CELL, "party_cell", None)]
    for unit_id, kind, parent in units:
        await province.does(
            "/units/establish", unit_id=unit_id, name=unit_id, kind=kind, parent_id=parent
        )
    posts = [
        ("gd-tai-chinh", FINANCE, ANH),
        ("pgd-tai-chinh", FINANCE, CHI),
        ("gd-xay-dung", BUILDING, BINH),
    ]
    for post_id, unit_id, official_id in posts:
        heads = post_id.startswith("gd")
        leads: dict[str, Any] = {"kind": "leader", "managed_by": COMMITTEE, "heads_unit": heads}
        await province.does(
            "/posts/create", post_id=post_id, unit_id=unit_id, title="Lãnh đạo", **leads
        )
        await province.does("/officials/register", official_id=official_id, full_name="Cán bộ")
        await province.does(f"/posts/{post_id}/appoint", official_id=official_id)
