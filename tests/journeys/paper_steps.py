"""The verbs of monitoring's papers and of cell attendance, step by step, in one commune."""

from typing import Any

from tests.journeys.steps import COMMITTEE, DECISION, WHY, Step, organises

COMMUNE, PARTY, SENDING, CELL = "xa-cao-son", "dang-uy-cao-son", "so-van-hoa", "chi-bo-thon-1"
MONITOR, POST = "f", "giam-doc-van-hoa"
FOUNDED, BEGUN = "2023-01-01", "2023-01-03"
BY_PARTY = {"on_behalf_of": PARTY}
YEAR = {"year": 2023}


def says(verb: str, subject: str, on: str, *more: dict[str, Any], **said: object) -> Step:
    """A verb of the clerks; `more` are groups of what is said that recur."""
    whole = {name: value for group in (*more, said) for name, value in group.items()}
    return Step(verb, subject, {"effective_on": on, **whole})


def paper(verb: str, on: str, *more: dict[str, Any], **said: object) -> Step:
    """A paper of the monitor's or of the commune."""
    return says(f"/communes/{{unit_id}}/{verb}", COMMUNE, on, *more, **said)


def recorded_paper(verb: str, on: str, *more: dict[str, Any], **said: object) -> Step:
    """What the registry records for the monitor or the commune, so that clerks may answer it."""
    return paper(verb, on, *more, **said)._replace(by="registrar")


MONITORED = [
    *(
        organises(
            "/units/establish", "", FOUNDED, unit_id=unit_id, name=unit_id, kind=kind, parent_id=of
        )
        for unit_id, kind, of in (
            (COMMUNE, "commune", None),
            (PARTY, "party_committee", COMMUNE),
            (SENDING, "department", None),
            (CELL, "party_cell", None),
        )
    ),
    organises(
        "/posts/create",
        "",
        FOUNDED,
        post_id=POST,
        unit_id=SENDING,
        title="Giám đốc",
        kind="leader",
        managed_by=COMMITTEE,
        heads_unit=True,
    ),
    organises("/officials/register", "", FOUNDED, official_id=MONITOR, full_name="Cán bộ f"),
    organises("/posts/{post_id}/appoint", POST, FOUNDED, official_id=MONITOR),
    paper("assign-monitor", BEGUN, DECISION, official_id=MONITOR, post_id=POST),
]
OF_THE_YEAR = [
    recorded_paper("submit-programme", "2023-01-10", YEAR, content="Mỗi quý một lần."),
    recorded_paper("record-visit", "2023-02-01", occasion="party_meeting", content="Dự họp."),
    recorded_paper(
        "make-recommendation",
        "2023-02-02",
        to_body=COMMITTEE,
        content="Sửa đường.",
        answer_due_on="2023-03-01",
    ),
    paper("answer-recommendation", "2023-02-20", DECISION, number=1, answer="Đồng ý."),
    recorded_paper("record-good-practice", "2023-03-01", title="Tổ tự quản", content="Mỗi thôn."),
    recorded_paper("request-replacement", "2023-04-01", BY_PARTY, WHY),
    paper(
        "answer-replacement-request",
        "2023-04-20",
        DECISION,
        number=1,
        granted=False,
        answer="Tiếp tục theo dõi.",
    ),
    recorded_paper("submit-annual-report", "2023-12-10", YEAR, content="Đã theo dõi."),
    paper("review-monitor", "2023-12-20", BY_PARTY, YEAR, level="good", remarks="Sâu sát."),
    recorded_paper("propose-commendation", "2023-12-21", BY_PARTY, YEAR, WHY),
    paper(
        "decide-commendation",
        "2024-01-15",
        DECISION,
        YEAR,
        WHY,
        official_id=MONITOR,
        commended=True,
    ),
    says(
        "/agencies/{unit_id}/assess",
        SENDING,
        "2024-01-20",
        DECISION,
        YEAR,
        level="excellent",
        remarks="Kịp thời.",
    ),
    says(
        "/units/{unit_id}/report-figure",
        COMMITTEE,
        "2024-01-30",
        YEAR,
        measure="commendation_share",
        reported="84.4",
    ),
]
CELLS = [
    says("/cells/{unit_id}/assign-attendant", CELL, BEGUN, DECISION, official_id=MONITOR),
    says(
        "/cells/{unit_id}/record-attendance",
        CELL,
        "2023-02-03",
        official_id=MONITOR,
        remarks="Đúng nội dung.",
    )._replace(by="registrar"),
    says(
        "/cells/{unit_id}/release-attendant", CELL, "2023-03-01", DECISION, WHY, official_id=MONITOR
    ),
]
PAPERS = [*MONITORED, *OF_THE_YEAR, *CELLS]
