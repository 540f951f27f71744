"""A province in which every verb has its place, step by step, in the order of the days."""

from typing import Any

from tests.journeys.appraisal_steps import APPRAISAL
from tests.journeys.monitoring_steps import MONITORING
from tests.journeys.paper_steps import PAPERS
from tests.journeys.steps import (
    AGENCY,
    BASIS,
    COMMITTEE,
    DECISION,
    DISTRICT,
    FOUNDED,
    WHY,
    Step,
    organises,
)

STATE = {"state_summary": "Đang thực hiện, hồ sơ kèm theo."}
EVIDENCE = {"title": "Biên bản", "sha256": "0" * 64, "address": "https://example.vn/bb.pdf"}
PROPOSAL: dict[str, Any] = {
    "title": "Xóa bỏ lò gạch thủ công",
    "goal": "Không còn lò gạch thủ công",
    "indicators": [{"code": "kilns", "name": "Lò đã dỡ", "target": 98, "measure": "lò"}],
    "roadmap": [{"title": "Vận động từng hộ", "due_on": "2021-06-30"}],
    "kinds": ["backlog"],
    "field": "environment",
    "term": {"kind": "year", "year": 2021},
}
YEARLY = {**PROPOSAL, "term": {"kind": "yearly", "from_year": 2021}}


def task(verb: str, on: str, *more: dict[str, Any], about: str = "v-chinh", **said: object) -> Step:
    """A verb on a task; `more` are groups of what is said that recur."""
    whole = {name: value for group in (*more, said) for name, value in group.items()}
    return Step(f"/tasks/{{task_id}}/{verb}", about, {"effective_on": on, **whole})


def recorded(step: Step) -> Step:
    """Said by the registry for an official, so that the clerks may decide on it."""
    return step._replace(by="registrar")


def begun(verb: str, task_id: str, **said: object) -> Step:
    said = {"task_id": task_id, "post_id": "bi-thu", "proposal": PROPOSAL, **said}
    return Step(f"/tasks/{verb}", task_id, {"effective_on": "2021-01-05", **said})


ORGANISATION = [
    organises("/units/establish", "", FOUNDED, unit_id=unit_id, name=unit_id, kind=kind)
    for unit_id, kind in (
        (COMMITTEE, "standing_committee"),
        (AGENCY, "party_agency"),
        (DISTRICT, "district"),
        ("xa-cu", "commune"),
    )
] + [
    organises(
        "/posts/create",
        "",
        FOUNDED,
        post_id=post_id,
        unit_id=DISTRICT,
        title=post_id,
        kind="leader",
        managed_by=COMMITTEE,
        seats=2,
    )
    for post_id in ("bi-thu", "chu-tich", "pho-cu")
]
PEOPLE = [
    organises("/officials/register", "", FOUNDED, official_id=who, full_name=f"Cán bộ {who}")
    for who in ("a", "b", "c", "d")
] + [
    organises("/posts/{post_id}/appoint", post, FOUNDED, official_id=who)
    for who, post in (("a", "bi-thu"), ("b", "bi-thu"), ("c", "chu-tich"), ("d", "chu-tich"))
]
BEGINNING = [
    recorded(begun("register", "v-chinh", official_id="a")),
    task("advise", "2021-01-06", on_behalf_of=AGENCY, recommendation="approve", opinion="Nên làm."),
    task("amend", "2021-01-07", DECISION, WHY, proposal={**PROPOSAL, "field": "land"}),
    task("approve", "2021-01-08", DECISION),
    task("assign", "2021-01-09", DECISION, official_id="a"),
    recorded(begun("register", "v-tu-choi", official_id="a")),
    task("reject", "2021-01-06", DECISION, WHY, about="v-tu-choi"),
    begun("commission", "v-huy", **DECISION),
    task("cancel", "2021-01-06", DECISION, WHY, about="v-huy"),
    begun("commission", "v-xong", **DECISION),
    task("assign", "2021-01-09", DECISION, about="v-xong", official_id="a"),
    begun("commission", "v-hang-nam", **DECISION, proposal=YEARLY),
    task("assign", "2021-01-09", DECISION, about="v-hang-nam", official_id="a"),
]
STEP_OF_PLAN = {"title": "Đối thoại", "due_on": "2021-06-30", "performed_by": "Phòng"}
VALUES = {"values": [{"code": "kilns", "actual": 40}]}
WORK = [
    recorded(task("submit-plan", "2021-01-10", summary="Kế hoạch.", steps=[STEP_OF_PLAN])),
    recorded(task("report-progress", "2021-02-01", VALUES, narrative="Đã dỡ 40 lò.")),
    recorded(
        task(
            "correct-event",
            "2021-02-02",
            WHY,
            sequence=7,
            reading={"kind": "progress", "values": [{"code": "kilns", "actual": 46}]},
        )
    ),
    recorded(task("record-partial-result", "2021-02-03", VALUES, summary="Một phần.")),
    recorded(
        task(
            "record-effect",
            "2021-02-04",
            kind="lesson",
            title="Bài học",
            description="Vận động từng hộ.",
            evidence=[EVIDENCE],
        )
    ),
    recorded(task("record-case", "2021-02-04", code="DA-1", title="Dự án chậm triển khai")),
    task("set-report-duty", "2021-02-05", DECISION, duty={"cadence": "monthly", "day": 25}),
    recorded(task("request-revision", "2021-02-06", WHY, due_on="2021-11-30")),
    task("refuse-revision", "2021-02-07", DECISION, WHY, number=1),
    recorded(task("request-revision", "2021-02-08", WHY, due_on="2021-10-31")),
    task("approve-revision", "2021-02-09", DECISION, number=2),
    task("revise", "2021-02-10", DECISION, WHY, due_on="2021-03-31"),
]
MATTERS = [
    recorded(
        task(
            "raise-obstacle",
            "2021-02-11",
            field="land",
            description="Vướng đất.",
            addressed_to=DISTRICT,
        )
    ),
    task("resolve-obstacle", "2021-02-12", on_behalf_of=DISTRICT, number=1, resolution="Đã gỡ."),
    *(
        recorded(
            task(
                "propose-solution",
                "2021-02-13",
                proposed_to=COMMITTEE,
                title="Hỗ trợ",
                description="Mỗi lò 5 triệu đồng.",
                supports=[{"purpose": "Tháo dỡ", "amount_vnd": 5_000_000, "per": "lò"}],
            )
        )
        for _ in range(2)
    ),
    task("approve-solution", "2021-02-14", DECISION, number=1),
    task("reject-solution", "2021-02-15", DECISION, WHY, number=2),
    task("remind", "2021-02-16", DECISION, content="Đẩy nhanh.", answer_due_on="2021-02-20"),
    recorded(task("answer-reminder", "2021-02-17", number=1, answer="Đang làm.")),
    recorded(
        task(
            "delegate-part",
            "2021-02-18",
            title="Vận động",
            delegate_unit="xa-cu",
            due_on="2021-03-15",
            weight_percent=40,
        )
    ),
    recorded(
        task("report-on-part", "2021-02-19", number=1, share_percent=50, narrative="Một nửa.")
    ),
    recorded(task("close-part", "2021-02-20", number=1, outcome="Xong phần việc.")),
]
HANDS = [
    task("add-co-accountable", "2021-02-21", DECISION, post_id="chu-tich", official_id="c"),
    task(
        "hand-over-co-accountability",
        "2021-02-22",
        DECISION,
        STATE,
        from_official="c",
        to_official="d",
    ),
    task("release-co-accountable", "2021-02-23", DECISION, WHY, official_id="d"),
    task("bind-collective", "2021-02-24", DECISION, collective=DISTRICT),
    recorded(task("offer-handover", "2021-02-25", STATE, to_official="b")),
    recorded(task("decline-handover", "2021-02-26", WHY)),
    recorded(task("offer-handover", "2021-02-27", STATE, to_official="b")),
    recorded(task("accept-handover", "2021-02-28")),
    task("hand-over", "2021-03-01", DECISION, STATE, to_official="a"),
    task("transfer", "2021-03-02", DECISION, WHY, to_post="chu-tich", official_id="c"),
    task("vacate", "2021-03-03", DECISION, WHY),
    task("fill-vacancy", "2021-03-04", DECISION, STATE, official_id="d"),
    task("find-responsibility", "2021-06-01", DECISION, official_id="c", finding="Chậm tiến độ."),
    task(
        "confirm-objective-cause",
        "2021-06-01",
        DECISION,
        occurrence="missed_deadline",
        occurred_on="2021-03-31",
        cause="Bão lũ kéo dài.",
    ),
    *(
        recorded(
            task(
                "propose-responsibility",
                on,
                WHY,
                on_behalf_of=AGENCY,
                consequence="criticism",
            )
        )
        for on in ("2021-06-02", "2021-06-03")
    ),
    task("decide-responsibility", "2021-06-04", DECISION, WHY, number=1, consequence="criticism"),
    task("drop-responsibility", "2021-06-04", DECISION, WHY, number=2),
]
CLAIM = {"summary": "Đã xong.", "evidence": [EVIDENCE]}
CRITERION = {"criterion": "Kết quả", "points": 60, "max_points": 70}
ENDING = [
    recorded(task("claim-completion", "2021-06-01", CLAIM, about="v-xong")),
    task("return-completion", "2021-06-02", DECISION, WHY, about="v-xong"),
    recorded(task("claim-completion", "2021-06-03", CLAIM, about="v-xong")),
    task("confirm-completion", "2021-06-04", DECISION, about="v-xong"),
    task("score", "2021-06-05", DECISION, about="v-xong", criteria=[CRITERION]),
    task(
        "open-year", "2022-01-04", DECISION, about="v-hang-nam", new_task_id="v-nam-2022", year=2022
    ),
    task(
        "carry-over",
        "2022-01-05",
        DECISION,
        WHY,
        new_task_id="v-tiep",
        term={"kind": "period", "from_on": "2022-01-01", "to_on": "2025-12-31"},
    ),
]
LEAVING = [
    organises(
        "/officials/{official_id}/announce-retirement", "d", "2022-02-01", retires_on="2022-06-01"
    ),
    Step(
        "/officials/{official_id}/hand-over-portfolio",
        "a",
        {"effective_on": "2022-02-02", "to_official": "b", **STATE, **DECISION},
    ),
    organises(
        "/posts/{post_id}/end-tenure",
        "chu-tich",
        "2022-06-01",
        official_id="d",
        cause="retirement",
        succession={"official_id": "c", **STATE},
        **DECISION,
    ),
    organises("/posts/{post_id}/abolish", "pho-cu", "2022-06-02", **WHY),
    organises("/units/{unit_id}/close", "xa-cu", "2022-06-03", **WHY),
]
LEFT = "2022-06-04"
ERASING = [
    *(
        organises(
            "/officials/register", "", "2022-06-04", official_id=who, full_name=f"Cán bộ {who}"
        )
        for who in ("e", "g")
    ),
    *(
        Step(
            "/officials/{official_id}/request-erasure",
            who,
            {"ground": "retention_ended", "on_behalf_of": DISTRICT, "basis": BASIS},
            "registrar",
        )
        for who in ("e", "g")
    ),
    Step(
        "/officials/{official_id}/refuse-erasure",
        "g",
        {"reason": "under_inspection", **DECISION},
    ),
    Step("/officials/{official_id}/erase", "e", DECISION),
]
CITED = {"basis": DECISION["basis"]}
NEW_COMMUNE = {"kind": "commune", "parent_id": DISTRICT}
TERRITORY = [
    *(
        organises("/units/establish", "", "2022-06-10", unit_id=name, name=name, kind="commune")
        for name in ("xa-mot", "xa-hai", "xa-ba")
    ),
    organises(
        "/unit-kinds/{unit_kind_id}/declare",
        "economic_zone",
        "2022-06-11",
        names=["khu kinh tế"],
        level="base",
        monitored=True,
        **CITED,
    ),
    organises(
        "/unit-kinds/{unit_kind_id}/change",
        "economic_zone",
        "2022-06-12",
        names=["khu kinh tế", "KKT"],
        **CITED,
    ),
    organises("/unit-kinds/{unit_kind_id}/end", "economic_zone", "2022-06-13", **WHY, **CITED),
    organises("/units/{unit_id}/rename", "xa-mot", "2022-06-11", name="Phường Một", **CITED),
    organises("/units/{unit_id}/retype", "xa-mot", "2022-06-11", kind="ward", **CITED),
    organises("/units/{unit_id}/recode", "xa-mot", "2022-06-11", code="02200", **CITED),
    organises("/units/{unit_id}/move", "xa-mot", "2022-06-11", parent_id=DISTRICT, **CITED),
    organises(
        "/units/{unit_id}/cede", "xa-hai", "2022-06-12", to_unit="xa-mot", part="Xóm Bãi", **CITED
    ),
    organises(
        "/units/{unit_id}/merge",
        "xa-bon",
        "2022-07-01",
        predecessors=["xa-mot", "xa-hai"],
        successor={"name": "Xã Bốn", **NEW_COMMUNE},
        **CITED,
    ),
    organises(
        "/units/{unit_id}/split",
        "xa-bon",
        "2022-08-01",
        parts=[
            {"unit_id": "xa-ba"},
            {"unit_id": "xa-nam", "successor": {"name": "Xã Năm", **NEW_COMMUNE}},
        ],
        **CITED,
    ),
]
STEPS = [
    *ORGANISATION,
    *PEOPLE,
    *MONITORING,
    *BEGINNING,
    *WORK,
    *MATTERS,
    *HANDS,
    *ENDING,
    *LEAVING,
    *APPRAISAL,
    *TERRITORY,
    *PAPERS,
    *ERASING,
]
