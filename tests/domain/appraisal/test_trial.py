"""Trial: a draft says whose level it would change, by which article, and what its cap does."""

from typing import Any

from domain.appraisal.cycles import Cycles, CycleSeen
from domain.appraisal.rating_events import OfCycle
from domain.appraisal.trial import Change, Tried, caps_of, changes, tried
from domain.regulations.vocabulary_1.evidence import Evidence, Product, Scored
from tests.domain.appraisal.cycle import CYCLE, opened, whole
from tests.domain.appraisal.rated import SCORED
from tests.domain.cast import (
    CHAIR,
    PREDECESSOR,
    SUCCESSOR,
)
from tests.domain.regulations.spoilt import policy

OF = OfCycle.model_validate(SCORED)
OFFICIALS = (CHAIR, PREDECESSOR, SUCCESSOR)


def known(points: int, **product: Any) -> Evidence:
    return Evidence(
        cohort="unit_heads",
        products=(Product(completed=True, exceeded=True, **product),),
        scores={"general": Scored(given=points)},  # type: ignore[arg-type]  # a whole number will do
    )


def cycle() -> CycleSeen:
    cycles = Cycles()
    for event in opened(*whole({CHAIR: "EXCELLENT", PREDECESSOR: "GOOD", SUCCESSOR: "GOOD"})):
        cycles.evolve(event)
    return cycles.known(CYCLE)


def test_a_draft_says_whose_level_it_changes_by_which_article_and_what_its_cap_does() -> None:
    draft = policy(("points: 90", "points: 99"), ("at_most: 20%\n", "at_most: 0%\n"))
    everyone = [
        (CHAIR, known(25)),
        (PREDECESSOR, known(30)),
        (SUCCESSOR, known(25, missed_deadlines=1)),
    ]
    found = list(tried(policy(), draft, cycle(), everyone))
    assert [(one.adopted, one.draft, one.decided) for one in found] == [
        ("EXCELLENT", "GOOD", "EXCELLENT"),
        ("EXCELLENT", "EXCELLENT", "GOOD"),
        (None, None, "GOOD"),
    ]
    lower = found[0].because
    assert lower is not None
    assert (lower.path, lower.article) == (("levels", 0), "8.1")
    assert "95 < 99" in lower.says
    assert changes(found) == {Change("EXCELLENT", "GOOD", "8.1"): 1}
    [cap] = caps_of(draft, cycle(), found)
    assert (cap.present, cap.allowed) == (1, 0)
    # By an override the level changes, whatever points there are.
    disciplined = Evidence(conditions={"disciplined": (1,)})
    lenient = policy(
        ("{when: disciplined, level: NOT_COMPLETED,", "{when: disciplined, level: COMPLETED,")
    )
    [changed] = tried(policy(), lenient, cycle(), [(CHAIR, disciplined)])
    assert isinstance(changed, Tried)
    assert (changed.adopted, changed.draft) == ("NOT_COMPLETED", "COMPLETED")
    assert changed.because is not None
    assert changed.because.article == "8.4c"
