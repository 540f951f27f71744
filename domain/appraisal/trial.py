"""Trial: what a draft of a regulation would give for a closed cycle, beside the one in force.

Nothing is decided by it. Where the draft leaves a level to the body, the decided one is kept.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from domain.appraisal.caps import Capped, capped
from domain.appraisal.cohort import rated
from domain.appraisal.cycles import CycleSeen
from domain.appraisal.events import Level
from domain.regulations.files.faults import Path
from domain.regulations.vocabulary_1.counting import Weights
from domain.regulations.vocabulary_1.evidence import Evidence
from domain.regulations.vocabulary_1.policy import Policy
from domain.regulations.vocabulary_1.rating import Rating
from domain.regulations.vocabulary_1.shapes import LEVELS
from domain.regulations.vocabulary_1.steps import Step


class Tried(NamedTuple):
    """One official: what was decided, what is given today, and what the draft gives.

    Attributes:
        official_id: whose.
        decided: the level as it stood when the cycle was closed.
        adopted: by the revision that was pinned; None where it leaves it to the body.
        draft: by the draft; None where it leaves it to the body, or has no place for what was
            given.
        because: the draft's rule to which that comes down.
    """

    official_id: str
    decided: Level | None
    adopted: Level | None
    draft: Level | None
    because: Step | None

    @property
    def changes(self) -> bool:
        """Whether the draft gives another level than the revision that was pinned."""
        return self.adopted != self.draft


def tried(
    adopted: Policy, draft: Policy, cycle: CycleSeen, known: Iterable[tuple[str, Evidence]]
) -> Iterator[Tried]:
    """Each official by both."""
    before_weights, after_weights = Weights(adopted), Weights(draft)
    for official_id, evidence in known:
        before, after = rated(before_weights, evidence), rated(after_weights, evidence)
        level = None if before is None else before.level
        yield Tried(
            official_id,
            cycle.member(official_id).level,
            level,
            None if after is None else after.level,
            None if after is None else because(after, level),
        )


def because(rating: Rating, before: Level | None) -> Step | None:
    """The step that made it so: an override, the level that holds, or the one that no longer does.

    Args:
        rating: by the draft.
        before: the level without it.
    """
    steps = {step.path: step for step in rating.step.steps}
    overrides = [step for path, step in steps.items() if path[0] == "overrides"]
    if overrides:
        return overrides[-1]
    of_levels = [step for path, step in steps.items() if _is_level(path)]
    lower = rating.level is None or before is None
    if before is not None and rating.level is not None:
        lower = LEVELS.index(rating.level) > LEVELS.index(before)
    failing = [step for step in of_levels if before is not None and step.says.startswith(before)]
    if lower and failing:
        return failing[0]
    if rating.level is not None and of_levels:
        return of_levels[-1]
    return steps.get(("otherwise",)) or steps.get(("levels",))


def _is_level(path: Path) -> bool:
    return path[0] == "levels" and len(path) > 1


class Change(NamedTuple):
    """Of how many officials the level changes so, by which article of the draft."""

    adopted: Level | None
    draft: Level | None
    article: str | None


def changes(all_tried: Sequence[Tried]) -> Mapping[Change, int]:
    """How many would change, by from where to where and by which article."""
    return Counter(
        Change(one.adopted, one.draft, None if one.because is None else one.because.article)
        for one in all_tried
        if one.changes
    )


def caps_of(draft: Policy, cycle: CycleSeen, all_tried: Sequence[Tried]) -> list[Capped]:
    """What the draft's caps mean for the levels that the draft gives."""
    levels = {one.official_id: one.draft for one in all_tried if one.draft is not None}
    shares = () if cycle.closed is None else cycle.closed.shares
    return capped(draft, cycle, shares, levels)
