"""The journey's steps of who monitors a commune: regulated, allocated, assigned, until the release.

All of it happens in a commune of its own.
"""

from tests.journeys.steps import BASIS, COMMITTEE, DECISION, DISTRICT, FOUNDED, WHY, Step, organises

COMMUNE = "xa-theo-doi"
DEADLINES = {
    "programme_due": {"month": 1, "day": 31},
    "report_due": {"month": 12, "day": 15},
    "review_due": {"month": 1, "day": 15, "next_year": True},
}
DAYS_OFF = [{"on": "2021-02-12", "title": "Tết Nguyên đán"}]
YEAR = {"cohort": "districts", "year": 2021}
INDICATORS = [
    {
        "title": "Xây dựng Đảng",
        "indicators": [
            {
                "code": "admitted",
                "title": "Kết nạp đảng viên",
                "kind": "integer",
                "measure": "đảng viên",
                "target": 2000,
            }
        ],
    }
]
REACHED = {"code": "admitted", "actual": 2101}
REPRIMAND = {"form": "reprimand", "reason": "Chậm giải quyết hồ sơ."}
FOUND = {
    "regulation_id": "theo-doi-xa",
    "manifestation": "1",
    "finding": "Chuyển hồ sơ lòng vòng.",
    "evidence": [{"title": "Biên bản", "sha256": "0" * 64, "address": "https://example.vn/bb.pdf"}],
}
SELF_CHECK = {
    "regulation_id": "theo-doi-xa",
    "manifestation": "1",
    "seen": "Còn để việc kéo dài.",
    "remedy": "Hẹn ngày cho từng việc.",
}
RATED = {"from_on": "2020-01-01", "to_on": "2020-12-31", "level": "GOOD"}
CYCLE = {
    "regulation": "theo-doi-xa",
    "cycle": "ad_hoc",
    "cohort": "unit_heads",
    "from_on": "2021-01-01",
    "to_on": "2021-01-02",
}
MONITOR = {"official_id": "a", "post_id": "bi-thu"}
SUCCESSOR = {"to_official": "b", "post_id": "bi-thu", "handover_note": "Hồ sơ kèm theo."}
REGULATION = f"""\
regulation: theo-doi-xa
title: Quy định mẫu về theo dõi xã
sample: true
basis:
  number: {BASIS["number"]}
  issued_on: {BASIS["issued_on"]}
  issuing_body: {BASIS["issuing_body"]}
decided_by: {COMMITTEE}
effective_on: {FOUNDED}
cohorts: [unit_heads]
cycles: [ad_hoc]
duties:
  - {{paper: monitoring_report, each: year, day: 15, month: 12}}
manifestations:
  counted: 25
  listed:
    - {{code: "1", text: "Đùn đẩy, né tránh trách nhiệm"}}
"""


def decides(verb: str, subject: str, on: str, **said: object) -> Step:
    return Step(verb, subject, {"effective_on": on, **DECISION, **said})


def monitoring(verb: str, on: str, **said: object) -> Step:
    return decides(f"/communes/{{unit_id}}/{verb}", COMMUNE, on, **said)


MONITORING = [
    organises("/units/establish", "", FOUNDED, unit_id=COMMUNE, name="Xã", kind="commune"),
    decides(
        "/regulations/commune-monitoring/adopt",
        "",
        FOUNDED,
        leading_post_kinds=["leader"],
        **DEADLINES,
    ),
    decides("/regulations/cell-attendance/adopt", "", FOUNDED, scale_points=100),
    decides("/regulations/days-off/adopt", "", FOUNDED, year=2021, days_off=DAYS_OFF),
    decides("/regulations/{regulation_id}/adopt", "theo-doi-xa", FOUNDED, source=REGULATION),
    decides("/units/{unit_id}/set-indicators", COMMITTEE, FOUNDED, **YEAR, groups=INDICATORS),
    decides(
        "/units/{unit_id}/record-actual",
        COMMITTEE,
        "2021-01-02",
        **YEAR,
        code="admitted",
        actual=2101,
    ),
    decides("/officials/{official_id}/decide-discipline", "c", "2021-01-02", **REPRIMAND),
    decides("/officials/{official_id}/record-finding", "c", "2021-01-02", **FOUND),
    Step(
        "/officials/{official_id}/reply-to-finding",
        "c",
        {"effective_on": "2021-01-03", "number": 1, "reply": "Đã khắc phục."},
        "registrar",
    ),
    Step(
        "/officials/{official_id}/make-self-check",
        "c",
        {"effective_on": "2021-01-03", **SELF_CHECK},
        by="c",
    ),
    decides(
        "/officials/{official_id}/propose-replacement",
        "c",
        "2021-01-04",
        post_id="chu-tich",
        findings=[1],
        reason="Để việc kéo dài.",
    )._replace(by="registrar"),
    decides(
        "/officials/{official_id}/decide-replacement",
        "c",
        "2021-01-05",
        number=1,
        accepted=False,
        reason="Đã khắc phục.",
    ),
    decides(
        "/officials/{official_id}/establish-degradation",
        "c",
        "2021-01-05",
        reason="Kết luận số 01-KL/UBKT.",
    ),
    decides(
        "/units/{unit_id}/establish-shortcoming",
        DISTRICT,
        "2021-01-05",
        shortcoming="waste",
        reason="Kết luận thanh tra.",
    ),
    decides("/units/{unit_id}/rate", DISTRICT, "2021-01-02", **RATED),
    decides("/officials/{official_id}/decide-rating", "c", "2021-01-02", of=CYCLE, level="GOOD"),
    decides("/agencies/{unit_id}/set-quota", DISTRICT, "2021-01-02", leaders=2),
    monitoring("allocate", "2021-01-03", agency_id=DISTRICT),
    monitoring("assign-monitor", "2021-01-04", **MONITOR),
    monitoring("replace-monitor", "2021-01-05", **SUCCESSOR, **WHY),
    monitoring("release-monitor", "2021-01-06", **WHY),
    monitoring("withdraw-allocation", "2021-01-07", **WHY),
]
