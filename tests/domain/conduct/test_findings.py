"""Conduct: findings and self-checks by what the catalogue in force lists, numbered; replies."""

from datetime import date, timedelta
from typing import Any

from domain.conduct.events import FindingRecorded, FindingReplied, SelfCheckMade
from domain.conduct.findings import (
    FindingRepliedBefore,
    FindingUnknown,
    ManifestationUnlisted,
    OnlyThePerson,
    RecordFinding,
    ReplyToFinding,
)
from domain.conduct.self_checks import MakeSelfCheck
from domain.kernel import Actor, BodyRequired
from domain.organisation.organisation import OfficialUnknown
from domain.regulations.events import PolicyAdopted
from domain.regulations.policies import checked
from domain.regulations.regulations import RegulationUnknown
from tests.domain.cast import COMMITTEE, DONE, EVIDENCE, ORGANISATION, PREDECESSOR, SUCCESSOR
from tests.domain.scenario import BY_BODY, given

REGULATED = date(2021, 2, 1)
SOURCE = f"""\
regulation: ky-cuong
title: Quy định mẫu về kỷ cương
sample: true
basis: {{number: 24-CT/TU, issued_on: 2021-01-04, issuing_body: Ban Thường vụ}}
decided_by: {COMMITTEE}
effective_on: {REGULATED}
manifestations: {{counted: 25, listed: [{{code: "7", text: "Đùn đẩy, né tránh"}}]}}
"""


def adopted() -> PolicyAdopted:
    policy = checked(SOURCE).policy
    assert policy is not None
    return PolicyAdopted(
        effective_on=REGULATED,
        regulation_id="ky-cuong",
        adopted_by=COMMITTEE,
        title=policy.title,
        is_sample=True,
        vocabulary=1,
        policy=policy.canonical(),
        source=SOURCE,
        sha256="0" * 64,
    )


SEEN: dict[str, Any] = {
    "regulation_id": "ky-cuong",
    "manifestation": "7",
    "finding": "Chuyển hồ sơ lòng vòng",
    "evidence": (EVIDENCE,),
}
FOUNDED = given(*ORGANISATION, adopted())
FOUND = FindingRecorded(
    effective_on=DONE, official_id=PREDECESSOR, number=1, inspected_by=COMMITTEE, **SEEN
)
REPLY: dict[str, Any] = {"number": 1, "reply": "Đã khắc phục"}
REPLIED = FindingReplied(effective_on=DONE, official_id=PREDECESSOR, **REPLY)


def test_a_finding_is_by_what_the_catalogue_in_force_lists() -> None:
    FOUNDED.when(RecordFinding, PREDECESSOR, on=DONE, **BY_BODY, **SEEN).then(FOUND)
    again = given(*ORGANISATION, adopted(), FOUND)
    second = FOUND.model_copy(update={"number": 2})
    again.when(RecordFinding, PREDECESSOR, on=DONE, **BY_BODY, **SEEN).then(second)
    other = {**SEEN, "manifestation": "8"}
    FOUNDED.when(RecordFinding, PREDECESSOR, on=DONE, **BY_BODY, **other).refuses(
        ManifestationUnlisted
    )
    before = REGULATED - timedelta(1)
    FOUNDED.when(RecordFinding, PREDECESSOR, on=before, **BY_BODY, **SEEN).refuses(
        RegulationUnknown
    )
    FOUNDED.when(RecordFinding, "nobody", on=DONE, **BY_BODY, **SEEN).refuses(OfficialUnknown)
    nobody: dict[str, Any] = {**BY_BODY, "on_behalf_of": None}
    FOUNDED.when(RecordFinding, PREDECESSOR, on=DONE, **nobody, **SEEN).refuses(BodyRequired)


def test_the_person_replies_once_and_nobody_else_does() -> None:
    found = given(*ORGANISATION, adopted(), FOUND)
    found.when(ReplyToFinding, PREDECESSOR, on=DONE, **REPLY).then(REPLIED)
    found.when(
        ReplyToFinding, PREDECESSOR, on=DONE, by=Actor(f"official:{SUCCESSOR}"), **REPLY
    ).refuses(OnlyThePerson)
    unknown = {**REPLY, "number": 2}
    found.when(ReplyToFinding, PREDECESSOR, on=DONE, **unknown).refuses(FindingUnknown)
    replied = given(*ORGANISATION, adopted(), FOUND, REPLIED)
    replied.when(ReplyToFinding, PREDECESSOR, on=DONE, **REPLY).refuses(FindingRepliedBefore)


def test_officials_check_themselves_by_the_catalogue_and_nobody_does_it_for_them() -> None:
    check: dict[str, Any] = {
        "regulation_id": "ky-cuong",
        "manifestation": "7",
        "seen": "Còn để việc kéo dài",
        "remedy": None,
    }
    made = SelfCheckMade(effective_on=DONE, official_id=PREDECESSOR, number=1, **check)
    own, other = Actor(f"official:{PREDECESSOR}"), Actor(f"official:{SUCCESSOR}")
    founded = given(*ORGANISATION, adopted(), FOUND)
    founded.when(MakeSelfCheck, PREDECESSOR, on=DONE, by=own, **check).then(made)
    founded.when(MakeSelfCheck, PREDECESSOR, on=DONE, by=other, **check).refuses(OnlyThePerson)
    unlisted = {**check, "manifestation": "8"}
    founded.when(MakeSelfCheck, PREDECESSOR, on=DONE, by=own, **unlisted).refuses(
        ManifestationUnlisted
    )
    again = given(*ORGANISATION, adopted(), made)
    second = made.model_copy(update={"number": 2})
    again.when(MakeSelfCheck, PREDECESSOR, on=DONE, by=own, **check).then(second)
