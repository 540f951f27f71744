"""The journey's steps of who monitors a commune: regulated, allocated, assigned, until the release.

All of it happens in a commune of its own.
"""

from tests.journeys.steps import DECISION, DISTRICT, FOUNDED, WHY, Step, organises

COMMUNE = "xa-theo-doi"
DEADLINES = {
    "programme_due": {"month": 1, "day": 31},
    "report_due": {"month": 12, "day": 15},
    "review_due": {"month": 1, "day": 15, "next_year": True},
}
MONITOR = {"official_id": "a", "post_id": "bi-thu"}
SUCCESSOR = {"to_official": "b", "post_id": "bi-thu", "handover_note": "Hồ sơ kèm theo."}


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
    decides("/agencies/{unit_id}/set-quota", DISTRICT, "2021-01-02", leaders=2),
    monitoring("allocate", "2021-01-03", agency_id=DISTRICT),
    monitoring("assign-monitor", "2021-01-04", **MONITOR),
    monitoring("replace-monitor", "2021-01-05", **SUCCESSOR, **WHY),
    monitoring("release-monitor", "2021-01-06", **WHY),
    monitoring("withdraw-allocation", "2021-01-07", **WHY),
]
