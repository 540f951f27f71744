"""Regulations and evidence made at random, for a second scorer to judge."""

from fractions import Fraction
from typing import Any

import yaml  # type: ignore[import-untyped]  # its stubs are not among our tools
from hypothesis import strategies as st

from domain.regulations.vocabulary_1.evidence import Evidence, Product, Scored

COHORTS = ["heads", "staff"]
CONDITIONS: list[Any] = ["disciplined", "unit_not_good", "member_not_completed"]
COUNTED = ["completed", "accepted", "in_time", "late", "exceeded"]
MEASURES = ["one", "two", "three"]
SHARES = ["0%", "20%", "33.3%", "50%", "75%", "100%"]
HEAD: dict[str, Any] = {
    "regulation": "made",
    "title": "Quy định sinh ngẫu nhiên",
    "basis": {"number": "1", "issued_on": "2026-01-05", "issuing_body": "Mẫu"},
    "decided_by": "body",
    "effective_on": "2026-01-15",
    "cohorts": COHORTS,
    "cycles": ["year"],
}


@st.composite
def measure(draw: st.DrawFn) -> dict[str, str]:
    counted = draw(st.sampled_from(COUNTED))
    made = {"count": counted, "of": "assigned"}
    if draw(st.booleans()):
        made["weighted_by"] = "conversion"
    if draw(st.booleans()):
        made["minus"] = draw(st.sampled_from(["12.5%", "25%", "60%"]))
        made["per"] = draw(
            st.sampled_from(["returned_claim", "content_failure", "missed_deadline"])
        )
        if draw(st.booleans()):
            made["unless"] = "objective_cause"
    return made


@st.composite
def requirement(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(["at_least", "at_most", "without", "above"]))
    made: dict[str, Any] = {}
    if kind == "without":
        made["without"] = draw(st.sampled_from(CONDITIONS))
    elif kind == "above":
        made["measure"], made["above"] = draw(st.permutations(MEASURES))[:2]
        made["by"] = draw(st.sampled_from(["15%", "0.8pp", "20pp"]))
    else:
        made["measure"] = draw(st.sampled_from(MEASURES))
        made[kind] = draw(st.sampled_from(SHARES))
        if draw(st.booleans()):
            made["taken_of"] = "unit"
    if draw(st.booleans()):
        made["only_for"] = [draw(st.sampled_from(COHORTS))]
    return made


@st.composite
def policies(draw: st.DrawFn) -> str:
    """A regulation's file."""
    given = draw(st.integers(10, 60))
    mean: dict[str, Any] = {
        "name": "mean",
        "most": str(100 - given),
        "mean_of": draw(st.lists(st.sampled_from(MEASURES), min_size=1, max_size=3)),
    }
    if draw(st.booleans()):
        mean["reduced"] = {"to": "50%", "when": "member_not_completed"}
    thresholds = sorted(draw(st.sets(st.integers(1, 100), min_size=3, max_size=3)), reverse=True)
    levels: list[dict[str, Any]] = [
        {
            "level": level,
            "points": str(points),
            "require": draw(st.lists(requirement(), max_size=2)),
        }
        for level, points in zip(("EXCELLENT", "GOOD", "COMPLETED"), thresholds, strict=True)
    ]
    lowest = draw(st.sampled_from([{}, {"below": str(thresholds[2])}]))
    levels.append({"level": "NOT_COMPLETED", **lowest})
    made = {
        **HEAD,
        "measures": {name: draw(measure()) for name in MEASURES},
        "points": [{"name": "given", "most": str(given), "given_by": "council"}, mean],
        "rounding": {
            "to": draw(st.sampled_from(["1", "0.1", "0.01"])),
            "mode": draw(st.sampled_from(["half_up", "half_even", "down", "up"])),
            "compare": draw(st.sampled_from(["rounded", "exact"])),
        },
        "levels": levels,
        "otherwise": {"by": "decision"},
        "overrides": [
            {"when": "disciplined", "level": draw(st.sampled_from(["COMPLETED", "NOT_COMPLETED"]))},
            {"when": "unit_not_good", "no_better_than": "GOOD", "only_for": ["heads"]},
        ],
    }
    text: str = yaml.safe_dump(made, sort_keys=False, allow_unicode=True)
    return text


@st.composite
def products(draw: st.DrawFn) -> Product:
    missed, returned = draw(st.integers(0, 3)), draw(st.integers(0, 3))
    failed = draw(st.integers(0, returned))
    return Product(
        weight=Fraction(draw(st.integers(1, 12)), draw(st.sampled_from([1, 2, 3]))),
        completed=draw(st.booleans()),
        exceeded=draw(st.booleans()),
        missed_deadlines=missed,
        missed_excused=draw(st.integers(0, missed)),
        returned_claims=returned,
        returned_excused=draw(st.integers(0, returned)),
        content_failures=failed,
        failures_excused=draw(st.integers(0, failed)),
        positions=(draw(st.integers(1, 10**6)),),
    )


@st.composite
def evidence(draw: st.DrawFn) -> Evidence:
    """What is known of an official; not always enough."""
    scored = Scored(given=Fraction(draw(st.integers(0, 100)), 10))
    return Evidence(
        cohort=draw(st.sampled_from(COHORTS)),
        products=tuple(draw(st.lists(products(), max_size=4))),
        unit_products=draw(st.sampled_from([None, (Product(completed=True),), (Product(),)])),
        scores={"given": scored} if draw(st.integers(0, 9)) else {},
        conditions=dict.fromkeys(draw(st.sets(st.sampled_from(CONDITIONS))), (1,)),
    )
