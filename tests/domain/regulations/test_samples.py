"""Samples: they have no fault, say that they are samples, and state the facts of their sources."""

from fractions import Fraction

import pytest

from domain.regulations import samples
from domain.regulations.policies import checked
from domain.regulations.vocabulary_1.evidence import Evidence, Product, Scored
from domain.regulations.vocabulary_1.policy import Policy
from domain.regulations.vocabulary_1.rating import rate


def sample(name: str) -> Policy:
    found = checked(samples.text(name))
    assert found.policy is not None, found.faults
    return found.policy


@pytest.mark.parametrize("name", samples.names())
def test_a_sample_may_be_adopted_and_says_that_it_is_one(name: str) -> None:
    policy = sample(name)
    assert policy.regulation == name
    assert policy.sample


def test_one_person_has_two_levels_by_two_national_rules() -> None:
    """95 points, all in time, one of four exceeded: 366 asks for 30 % exceeded, 335 does not."""
    products = (
        Product(completed=True, exceeded=True),
        *(Product(completed=True) for _ in range(3)),
    )
    scores = {"total": Scored(given=Fraction(95))}
    party = Evidence(cohort="officials", products=products, scores=scores)
    state = Evidence(cohort="civil_servants", products=products, scores=scores)
    assert rate(sample("366-qd-tw"), party).level == "GOOD"
    assert rate(sample("335-2025-nd-cp"), state).level == "EXCELLENT"


def test_a_leader_is_excellent_only_with_the_unit() -> None:
    own = (Product(completed=True, exceeded=True),)
    scores = {"total": Scored(given=Fraction(95))}

    def level(cohort: str, *unit: Product) -> str | None:
        known = Evidence(cohort=cohort, products=own, unit_products=unit, scores=scores)
        return rate(sample("366-qd-tw"), known).level

    assert level("leaders", Product(completed=True, exceeded=True)) == "EXCELLENT"
    assert level("leaders", Product(completed=True)) == "GOOD"
    assert level("leaders", Product(missed_deadlines=1), *own) == "COMPLETED"
    assert level("leaders") is None
    assert level("officials") == "EXCELLENT"


def test_the_provincial_samples_state_what_their_sources_say() -> None:
    quotas = {cohort.name: cohort.tasks for cohort in sample("371-qd-tu").cohorts}
    assert quotas == {
        "state_agencies": 5,
        "party_agencies": 3,
        "front_and_unions": 3,
        "districts": None,
    }
    assert sample("26-qd-tu").communes_per_official == 1
    manifestations = sample("24-ct-tu").manifestations
    assert manifestations is not None
    assert (manifestations.counted, manifestations.listed) == (25, ())
