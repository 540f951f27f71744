"""Rating: points, levels, overrides and caps follow from the evidence by the policy alone."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.regulations.policies import checked
from domain.regulations.vocabulary_1.amounts import reaches
from domain.regulations.vocabulary_1.capping import Cap, Denominator, Grouping, allowed
from domain.regulations.vocabulary_1.counting import EvidenceUnusable, Weights
from domain.regulations.vocabulary_1.evidence import Evidence, Graded, Product, Scored
from domain.regulations.vocabulary_1.quotas import Rated, quotas
from domain.regulations.vocabulary_1.rating import rate
from tests.domain.regulations import naive
from tests.domain.regulations.policies_made import evidence, policies
from tests.domain.regulations.spoilt import policy, spoilt
from tests.domain.regulations.test_provisions import adopted

# Four products: one came late, another was returned once and exceeds what was required.
FOUR = (
    Product(
        weight=Fraction(1), completed=True, exceeded=True, returned_claims=1, positions=(1201,)
    ),
    Product(weight=Fraction(1), completed=True, positions=(1377,)),
    Product(weight=Fraction(3, 2), completed=True, missed_deadlines=1, positions=(1402,)),
    Product(weight=Fraction(2), completed=True, positions=(1450,)),
)
COUNCIL = {"general": Scored(given=Fraction("28.5"), positions=(1500,))}


def test_an_official_with_95_85_points_does_not_fall_to_the_lowest_level() -> None:
    found = checked(spoilt())
    assert found.policy is not None
    rating = rate(found.policy, Evidence(products=FOUR, scores=COUNCIL))
    assert rating.level is None
    assert rating.points == Fraction("95.85")
    assert list(rating.step.lines(found.marks)) == [
        "[18] general (tối đa 30, do hội đồng tư vấn chấm) = 28.5000 ← #1500",
        "[11] quantity: 11/2 / 11/2 = 100.00% ← #1201, #1377, #1402, #1450",
        "[12] quality: 21/4 / 11/2 = 95.45% ← #1201, #1377, #1402, #1450",
        "[13] progress: 41/8 / 11/2 = 93.18% ← #1201, #1377, #1402, #1450",
        "[19] results (tối đa 70) = 67.3485",
        "[17] tổng điểm = 95.848485",
        "[ 9] làm tròn 95.848485 = 95.85",
        "[14] on_time: 3 / 4 = 75.00% ← #1201, #1377, #1450",
        "[15] exceeded: 1 / 4 = 25.00% ← #1201",
        "[21] EXCELLENT (Điều 8.1) = không đạt: on_time 75.00% < 100%; exceeded 25.00% < 30%",
        "[14] on_time: 3 / 4 = 75.00% ← #1201, #1377, #1450",
        "[22] GOOD (Điều 8.2) = không đạt: on_time 75.00% < 100%",
        "[16] late: 1 / 4 = 25.00% ← #1402",
        "[23] COMPLETED (Điều 8.3) = không đạt: late 25.00% > 20%",
        "[24] NOT_COMPLETED (Điều 8.4) = chỉ cơ quan quyết định",
        "[20] không mức nào đạt: do cơ quan quyết định",
        "[20] xếp loại: do cơ quan quyết định",
    ]
    assert rating.step.stands_on() == {1201, 1377, 1402, 1450, 1500}
    assert all(step.path for step in rating.step.leaves())


def test_a_confirmed_objective_cause_is_not_deducted() -> None:
    excused = Product(completed=True, missed_deadlines=1, missed_excused=1)
    full = Evidence(products=(excused,), scores=COUNCIL)
    assert rate(policy(), full).points == Fraction("98.5")
    unexcused = Product(completed=True, missed_deadlines=1)
    late = Evidence(products=(unexcused,), scores=COUNCIL)
    assert rate(policy(), late).points == Fraction("92.67")


def test_what_is_not_known_is_not_zero() -> None:
    nothing = rate(policy(), Evidence(scores=COUNCIL))
    assert (nothing.level, nothing.points) == (None, None)
    in_time = tuple(Product(completed=True) for _ in range(4))
    unscored = rate(policy(), Evidence(products=in_time))
    assert (unscored.level, unscored.points) == (None, None)
    assert "GOOD (Điều 8.2) = chưa xác định: chưa có đủ điểm" in unscored.step.steps[-2].says


def test_overrides_lower_a_level_and_never_raise_it() -> None:
    good = tuple(Product(completed=True, positions=(n,)) for n in range(1, 5))
    every = Evidence(products=good, scores=COUNCIL)
    assert rate(policy(), every).level == "GOOD"
    unit = Evidence(products=good, scores=COUNCIL, conditions={"unit_not_completed": (7,)})
    assert rate(policy(), unit).level == "COMPLETED"
    both = Evidence(
        products=good, scores=COUNCIL, conditions={"unit_not_completed": (7,), "disciplined": (8,)}
    )
    rating = rate(policy(), both)
    assert rating.level == "NOT_COMPLETED"
    assert {7, 8} <= rating.step.stands_on()
    undecided = rate(
        policy(), Evidence(products=FOUR, scores=COUNCIL, conditions={"unit_not_completed": (7,)})
    )
    assert (undecided.level, undecided.no_better_than) == (None, "COMPLETED")
    mild = policy(("when: disciplined, level: NOT_COMPLETED", "when: disciplined, level: GOOD"))
    low = Evidence(
        products=good, scores={"general": Scored(given=Fraction(0))}, conditions={"disciplined": ()}
    )
    assert rate(mild, low).level == "GOOD"
    poor = Evidence(
        products=(Product(completed=True, returned_claims=4), Product(completed=True)),
        scores={"general": Scored(given=Fraction(0))},
        conditions={"disciplined": ()},
    )
    assert rate(mild, poor).points == Fraction("58.33")
    assert rate(mild, poor).level == "COMPLETED"


def test_criteria_lead_to_a_level_by_their_grades() -> None:
    graded = adopted("graded")
    in_time = (Product(completed=True, exceeded=True), Product(completed=True))

    def level(*grades: str) -> str | None:
        names = ("politics", "conduct", "work")
        given = {name: Graded(given=grade) for name, grade in zip(names, grades, strict=False)}
        return rate(graded, Evidence(products=in_time, grades=given)).level

    assert level("excellent", "excellent", "excellent") == "EXCELLENT"
    assert level("excellent", "good", "excellent") == "GOOD"
    assert level("excellent", "poor", "fair") == "COMPLETED"
    assert level("poor", "poor", "fair") == "NOT_COMPLETED"
    assert level("excellent", "good") is None


def test_evidence_beyond_the_policy_is_refused() -> None:
    for unusable in (
        Evidence(scores={"general": Scored(given=Fraction(31))}),
        Evidence(scores={"results": Scored(given=Fraction(1))}),
        Evidence(grades={"politics": Graded(given="good")}),
        Evidence(products=(Product(missed_excused=1),)),
        Evidence(products=(Product(weight=Fraction(0)),)),
    ):
        with pytest.raises(EvidenceUnusable):
            rate(policy(), unusable)


@given(policies(), evidence())
def test_a_naive_scorer_agrees(source: str, known: Evidence) -> None:
    found = checked(source)
    assert found.policy is not None, found.faults
    rating = rate(found.policy, known)
    assert (rating.level, rating.no_better_than, rating.points) == naive.score(source, known)
    assert all(step.path in found.marks for step in rating.step.leaves())


@given(policies(), st.lists(evidence(), min_size=2, max_size=4), st.permutations(range(4)))
def test_of_many_each_is_rated_as_alone(
    source: str, many: list[Evidence], order: list[int]
) -> None:
    by = checked(source).policy
    assert by is not None
    weights = Weights(by)
    # Some have the products of others, in another order and beside other scores.
    alike = [
        replace(one, products=tuple(many[(at + 1) % len(many)].products[::-1]))
        for at, one in enumerate(many)
    ]
    both = [*many, *alike]
    for known in [both[at] for at in order if at < len(both)] + both:
        rating, alone = rate(by, known, weights), rate(by, known)
        assert (rating.level, rating.no_better_than, rating.points, rating.step) == (
            alone.level,
            alone.no_better_than,
            alone.points,
            alone.step,
        )


@given(st.fractions(), st.fractions())
def test_a_value_reaches_a_bound_as_fractions_compare(value: Fraction, bound: Fraction) -> None:
    assert reaches(value, bound) == (value >= bound)
    assert reaches(value, value)


def test_twenty_per_cent_of_141_is_23_or_28_by_the_denominator() -> None:
    cap = policy().caps[0]
    twenty = Fraction(1, 5)
    assert allowed(cap, good_or_better=141, rated=151, share=twenty) == (23, Fraction("23.5"))
    wider = cap.model_copy(update={"of": "rated_good_or_better"})
    assert allowed(wider, good_or_better=141, rated=151, share=twenty) == (28, Fraction("28.2"))


@given(
    st.integers(0, 400),
    st.integers(0, 200),
    st.integers(0, 100),
    st.sampled_from(["rated_good", "rated_good_or_better", "all_rated"]),
)
def test_a_cap_is_the_most_that_satisfies_it(
    better: int, worse: int, percent: int, of: Denominator
) -> None:
    cap = policy().caps[0].model_copy(update={"of": of})
    share, rated = Fraction(percent, 100), better + worse
    may, _ = allowed(cap, good_or_better=better, rated=rated, share=share)
    assert min(may, better) == naive.most_allowed(share, of, better, rated)


def test_a_group_too_small_for_the_cap_is_told_its_exception() -> None:
    groups: dict[Grouping, str] = {"agency": "so-a", "duty_group": "phap-che"}
    rated = [Rated("EXCELLENT", groups), Rated("GOOD", groups), Rated("GOOD", groups)]
    (quota,) = quotas(policy(), rated, {})
    assert (quota.group, quota.have, quota.may_have, quota.over) == (("so-a", "phap-che"), 1, 0, 1)
    assert quota.step.says == (
        "cơ quan so-a, nhóm có nhiệm vụ tương đồng phap-che: 1 EXCELLENT, được 0 trong 3 (0.50), "
        "vượt 1; chỉ khi cơ quan quyết định (Điều 10.2)"
    )


def test_a_cap_may_refer_to_the_share_of_another_group() -> None:
    cap = Cap.model_validate(
        {
            "level": "EXCELLENT",
            "share_among": "party_members",
            "of": "all_rated",
            "within": ["agency"],
            "fraction": "half_up",
        }
    )
    capped = adopted("every_shape").model_copy(update={"cap": cap})
    rated = [Rated("EXCELLENT", {"agency": "so-a"})] * 2 + [Rated("GOOD", {"agency": "so-a"})]
    (unknown,) = quotas(capped, rated, {})
    assert (unknown.may_have, unknown.over) == (None, 0)
    (known,) = quotas(capped, rated, {"party_members": Fraction(1, 2)})
    assert (known.may_have, known.over) == (2, 0)


@pytest.mark.parametrize(
    ("bound", "level"),
    [
        ("at_most: 20%", "COMPLETED"),
        ("at_least: 20%", "COMPLETED"),
        ("above: exceeded, by: 20pp", "COMPLETED"),
        ("above: late, by: 0pp", "COMPLETED"),
        ("more_than: 20%", None),
        ("less_than: 20%", None),
        ("above: exceeded, by: 20.01pp", None),
    ],
)
def test_a_bound_that_is_just_met_is_met(bound: str, level: str | None) -> None:
    """One of five is late."""
    if "above: late" in bound:
        required = policy(("measure: late, at_most: 20%", f"measure: on_time, {bound}"))
    else:
        required = policy(("measure: late, at_most: 20%", f"measure: late, {bound}"))
    late = Product(completed=True, missed_deadlines=1)
    five = (late, *(Product(completed=True) for _ in range(4)))
    assert rate(required, Evidence(products=five, scores=COUNCIL)).level == level


def test_the_strictest_of_several_overrides_counts_in_whatever_order() -> None:
    known = Evidence(conditions={"unit_not_completed": (), "degraded": ()})
    ceiling = "{when: unit_not_completed, no_better_than: COMPLETED"
    for other, lowest in (("GOOD", "COMPLETED"), ("NOT_COMPLETED", "NOT_COMPLETED")):
        two = f"{{when: degraded, no_better_than: {other}}}\n  - {ceiling}"
        assert rate(policy((ceiling, two)), known).no_better_than == lowest
