"""A naive scorer, written apart from ours: it reads the file's own text and counts one by one."""

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import yaml  # type: ignore[import-untyped]  # its stubs are not among our tools

from domain.regulations.vocabulary_1.evidence import Evidence, Product

ORDER = ["EXCELLENT", "GOOD", "COMPLETED", "NOT_COMPLETED"]


def share(text: str) -> Fraction:
    assert text.endswith("%")
    return Fraction(Decimal(text[:-1])) / 100


def has(what: str, product: Product, *, forgiving: bool) -> bool:
    missed, returned = product.missed_deadlines, product.returned_claims
    if forgiving:
        missed -= product.missed_excused
        returned -= product.returned_excused
    return {
        "assigned": True,
        "completed": product.completed,
        "accepted": product.completed and not returned,
        "in_time": product.completed and not missed,
        "late": missed > 0,
        "exceeded": product.completed and product.exceeded,
    }[what]


def measure(rule: dict[str, str], products: tuple[Product, ...]) -> Fraction | None:
    forgiving = "unless" in rule
    top = bottom = Fraction(0)
    for product in products:
        if not has(rule["of"], product, forgiving=forgiving):
            continue
        weight = product.weight if "weighted_by" in rule else Fraction(1)
        bottom += weight
        what = rule["count"]
        if (what, rule.get("per")) in {
            ("in_time", "missed_deadline"),
            ("accepted", "returned_claim"),
            ("accepted", "content_failure"),
        }:
            what = "completed"
        if not has(what, product, forgiving=forgiving):
            continue
        times = 0
        if rule.get("per") == "missed_deadline":
            times = product.missed_deadlines - (product.missed_excused if forgiving else 0)
        if rule.get("per") == "content_failure":
            times = product.content_failures - (product.failures_excused if forgiving else 0)
        if rule.get("per") == "returned_claim":
            times = product.returned_claims - (product.returned_excused if forgiving else 0)
        left = Fraction(1)
        for _ in range(times):
            left -= share(rule["minus"])
        if left > 0:
            top += weight * left
    return top / bottom if bottom else None


def score(source: str, evidence: Evidence) -> tuple[str | None, str | None, Fraction | None]:
    """The level, the ceiling of what the body may decide, and the rounded points."""
    policy: dict[str, Any] = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506  text alone
    own = {name: measure(rule, evidence.products) for name, rule in policy["measures"].items()}
    unit = {
        name: measure(rule, evidence.unit_products or ())
        for name, rule in policy["measures"].items()
    }
    total: Fraction | None = Fraction(0)
    for part in policy["points"]:
        value: Fraction | None
        if "given_by" in part:
            scored = evidence.scores.get(part["name"])
            value = None if scored is None else scored.given
        else:
            shares = [own[name] for name in part["mean_of"]]
            value = (
                None
                if None in shares
                else sum((one for one in shares if one is not None), Fraction(0))
                / len(shares)
                * int(part["most"])
            )
        if (
            value is not None
            and "reduced" in part
            and part["reduced"]["when"] in evidence.conditions
        ):
            value *= share(part["reduced"]["to"])
        total = None if total is None or value is None else total + value
    points = None if total is None else nearest(total, policy["rounding"])
    compared = points if policy["rounding"].get("compare", "rounded") == "rounded" else total
    level = first_level(policy, evidence, compared, own, unit)
    return override(policy, evidence, level, points)


def nearest(value: Fraction, rule: dict[str, str]) -> Fraction:
    unit = Fraction(Decimal(rule["to"]))
    below = math.floor(value / unit) * unit
    if below == value:
        return below
    above = below + unit
    nearer = {"down": below, "up": above}.get(rule["mode"])
    if nearer is not None:
        return nearer
    if value - below != above - value:
        return below if value - below < above - value else above
    if rule["mode"] == "half_up":
        return above
    return below if (below / unit) % 2 == 0 else above


def first_level(
    policy: dict[str, Any],
    evidence: Evidence,
    points: Fraction | None,
    own: dict[str, Fraction | None],
    unit: dict[str, Fraction | None],
) -> str | None:
    for level in policy["levels"]:
        if not level.keys() & {"points", "below", "require"}:
            continue
        answers: list[bool | None] = []
        if "points" in level:
            answers.append(None if points is None else points >= int(level["points"]))
        if "below" in level:
            answers.append(None if points is None else points < int(level["below"]))
        answers += [
            answer(rule, evidence, own, unit)
            for rule in level.get("require", [])
            if "only_for" not in rule or evidence.cohort in rule["only_for"]
        ]
        if False in answers:
            continue
        return None if None in answers else str(level["level"])
    return None


def answer(
    rule: dict[str, str],
    evidence: Evidence,
    own: dict[str, Fraction | None],
    unit: dict[str, Fraction | None],
) -> bool | None:
    if "without" in rule:
        return rule["without"] not in evidence.conditions
    value = (unit if rule.get("taken_of") == "unit" else own)[rule["measure"]]
    if value is None:
        return None
    if "at_least" in rule:
        return value >= share(rule["at_least"])
    if "at_most" in rule:
        return value <= share(rule["at_most"])
    base = own[rule["above"]]
    return None if base is None else value >= raised(base, rule["by"])


def raised(base: Fraction, by: str) -> Fraction:
    if by.endswith("pp"):
        return base + Fraction(Decimal(by[:-2])) / 100
    return base + base * share(by)


def override(
    policy: dict[str, Any], evidence: Evidence, level: str | None, points: Fraction | None
) -> tuple[str | None, str | None, Fraction | None]:
    fixed = [level] if level else []
    ceilings = []
    for rule in policy["overrides"]:
        if rule["when"] in evidence.conditions and (
            "only_for" not in rule or evidence.cohort in rule["only_for"]
        ):
            if "level" in rule:
                fixed.append(rule["level"])
            else:
                ceilings.append(rule["no_better_than"])
    ceiling = max(ceilings, key=ORDER.index) if ceilings else None
    if not fixed:
        return None, ceiling, points
    return max([*fixed, *ceilings], key=ORDER.index), ceiling, points


def most_allowed(percent: Fraction, denominator: str, better: int, rated: int) -> int:
    """How many may be excellent, found by trying every number."""
    most = 0
    for excellent in range(better + 1):
        among = {
            "rated_good": better - excellent,
            "rated_good_or_better": better,
            "all_rated": rated,
        }[denominator]
        if excellent <= percent * among:
            most = excellent
    return most
