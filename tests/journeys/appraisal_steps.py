"""The journey's steps of a cycle in which two officials are rated, of whom one has left."""

from typing import Any

from tests.journeys.monitoring_steps import decides
from tests.journeys.steps import BASIS, COMMITTEE, DISTRICT, Step

ON = "2022-06-03"
CYCLE = "dau-nam-2022"
REGULATION = f"""\
regulation: xep-loai
title: Quy định mẫu về xếp loại
sample: true
basis:
  number: {BASIS["number"]}
  issued_on: {BASIS["issued_on"]}
  issuing_body: {BASIS["issuing_body"]}
decided_by: {COMMITTEE}
effective_on: 2022-06-01
cohorts: [leaders]
cycles: [ad_hoc]
points:
  - {{name: general, most: 100, given_by: council}}
levels:
  - {{level: EXCELLENT, points: 90}}
  - {{level: GOOD, points: 70}}
  - {{level: COMPLETED, points: 50}}
  - {{level: NOT_COMPLETED, below: 50}}
cap:
  level: EXCELLENT
  at_most: 20%
  of: rated_good
  within: [agency]
  fraction: down
  exception: {{by: decision, article: "10.2"}}
leavers: {{gives_opinion_after_months: 3}}
"""
OF: dict[str, Any] = {
    "regulation": "xep-loai",
    "cycle": "ad_hoc",
    "cohort": "leaders",
    "from_on": "2022-01-01",
    "to_on": "2022-06-02",
}
ENROLLED = [{"official_id": who, "agency": DISTRICT} for who in ("c", "d")]
SCORES = {"judged_by": ["b"], "scores": [{"part": "general", "points": 95}]}


def in_cycle(verb: str, **said: object) -> Step:
    return decides(f"/cycles/{{cycle_id}}/{verb}", CYCLE, ON, **said)


def rating(verb: str, official_id: str, **said: object) -> Step:
    return decides(f"/officials/{{official_id}}/{verb}", official_id, ON, cycle_id=CYCLE, **said)


def by_registrar(step: Step, **said: object) -> Step:
    """Said for an official or an agency, so that the clerks may decide on it."""
    of = {name: value for name, value in step.said.items() if name != "on_behalf_of"}
    return step._replace(by="registrar", said={**of, **said})


def rated(official_id: str) -> list[Step]:
    of = {"official_id": official_id}
    return [
        in_cycle("give-scores", **of, **SCORES),
        rating("decide-rating", official_id, of=OF, level="EXCELLENT"),
    ]


APPRAISAL = [
    decides("/regulations/{regulation_id}/adopt", "xep-loai", "2022-06-01", source=REGULATION),
    decides("/cycles/open", "", ON, cycle_id=CYCLE, **OF),
    in_cycle("enrol", officials=ENROLLED),
    by_registrar(
        in_cycle("assess-oneself", official_id="d", claimed="EXCELLENT", text="Đã xong mọi việc.")
    ),
    in_cycle("report-former-work", official_id="d", opinion="Đúng hạn.", on_behalf_of=DISTRICT),
    in_cycle("form-council", members=["b", "c"]),
    by_registrar(
        in_cycle("propose-level", official_id="d", level="EXCELLENT"), on_behalf_of=DISTRICT
    ),
    *rated("c"),
    *rated("d"),
    in_cycle(
        "grant-exception", level="EXCELLENT", group=[DISTRICT], allowed=1, reason="Dẫn đầu tỉnh."
    ),
    rating("move-rating", "d", to_level="GOOD", reason="Ít việc vượt yêu cầu hơn."),
    in_cycle("close"),
    by_registrar(rating("object-to-rating", "c", step="levels", reason="Còn một việc đã xong.")),
    rating("answer-objection", "c", number=1, upheld=False, answer="Việc đó ngoài kỳ."),
    rating("reopen-rating", "d", reason="Xem lại hồ sơ."),
]
