"""Rating: from evidence to a level, by the policy alone. Pure and exact; every step is kept.

Where no level holds, or one cannot be told, the level is None: for the body to decide.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, partial
from typing import NamedTuple, TypeAlias

from domain.regulations.vocabulary_1.amounts import percent, plain, reaches
from domain.regulations.vocabulary_1.counting import (
    Measures,
    Tally,
    Weights,
    require_usable,
    rounded,
    totalled,
)
from domain.regulations.vocabulary_1.evidence import Evidence, Positions
from domain.regulations.vocabulary_1.holes import within
from domain.regulations.vocabulary_1.levelling import (
    ExcessRequired,
    FactExcluded,
    GradeRequired,
    Level,
    MeasureRequired,
    Override,
    RatedAt,
    Requirement,
    Whose,
)
from domain.regulations.vocabulary_1.measuring import Rounding
from domain.regulations.vocabulary_1.policy import Policy
from domain.regulations.vocabulary_1.rating_sentences import bounds, of_requirement
from domain.regulations.vocabulary_1.shapes import (
    CONDITION_WORDS,
    LEVELS,
    LevelName,
    article,
)
from domain.regulations.vocabulary_1.steps import Step, Telling, shown, shown_percent

SIGNS: Mapping[str, tuple[str, str]] = {
    "at_least": ("≥", "<"),
    "at_most": ("≤", ">"),
    "more_than": (">", "≤"),
    "less_than": ("<", "≥"),
}
DECIDED_BY_BODY = "do cơ quan quyết định"


@dataclass(frozen=True, kw_only=True, eq=False)
class Rating:
    """What the policy says of one official.

    Attributes:
        level: None where the body must decide.
        no_better_than: what a level that the body decides may not be above, if anything.
        points: the total, rounded if the policy says so; None where there are no points, or where
            not all are known.
        step: how it was derived; told once, when it is first read.
    """

    level: LevelName | None
    no_better_than: LevelName | None
    points: Fraction | None
    telling: Callable[[], tuple[Step, ...]] = field(repr=False)

    @cached_property
    def step(self) -> Step:
        says = f"xếp loại: {self.level or DECIDED_BY_BODY}"
        if self.level is None and self.no_better_than is not None:
            says += f", không cao hơn {self.no_better_than}"
        return Step(path=("levels",), says=says, steps=self.telling())


Words: TypeAlias = Callable[[], str]


class Verdict(NamedTuple):
    """Whether something holds (None: it cannot be told), how that is worded, by which events."""

    holds: bool | None
    words: Words
    positions: Positions = ()


class Seen(NamedTuple):
    """What levels look at."""

    policy: Policy
    evidence: Evidence
    points: Fraction | None
    measures: Measures


def rate(policy: Policy, evidence: Evidence, weights: Weights | None = None) -> Rating:
    """The level that follows from the evidence.

    Args:
        policy: the regulation.
        evidence: what is known.
        weights: those of the policy, where more officials are rated by it.

    Raises:
        EvidenceUnusable: the evidence has what the policy has no place for.
    """
    of = weights or Weights(policy)
    own, unit = Tally(evidence.products), Tally(evidence.unit_products or ())
    require_usable(of, evidence, (*own.kinds, *unit.kinds))
    tellings: list[Telling] = []
    found = _found(evidence, Measures(of, own, unit), tellings)
    # Of many ratings few are told, and all are kept: what is found is found again to be told.
    telling = partial(_told, tellings) if weights is None else partial(_found_again, of, evidence)
    return Rating(
        level=found.level, no_better_than=found.ceiling, points=found.points, telling=telling
    )


class _Found(NamedTuple):
    level: LevelName | None
    ceiling: LevelName | None
    points: Fraction | None


def _found(evidence: Evidence, measures: Measures, tellings: list[Telling]) -> _Found:
    policy = measures.policy
    points = None
    compared = None
    if policy.points:
        total = totalled(evidence, measures)
        tellings.append(lambda: total.step)
        points = compared = total.value
        if total.value is not None and policy.rounding is not None:
            points = rounded(policy.rounding, total.value)
            compared = points if policy.rounding.compare == "rounded" else total.value
            tellings.append(partial(_rounding_step, policy.rounding, total.value, points))
    level = _level(policy, Seen(policy, evidence, compared, measures), tellings)
    final, ceiling = _overridden(policy, evidence, level, tellings)
    return _Found(final, ceiling, points)


def _told(tellings: Iterable[Telling]) -> tuple[Step, ...]:
    return tuple(telling() for telling in tellings)


def _found_again(weights: Weights, evidence: Evidence) -> tuple[Step, ...]:
    """The steps to what is found."""
    tellings: list[Telling] = []
    own, unit = Tally(evidence.products), Tally(evidence.unit_products or ())
    _found(evidence, Measures(weights, own, unit), tellings)
    return _told(tellings)


def _rounding_step(rounding: Rounding, exact: Fraction, points: Fraction) -> Step:
    says = f"làm tròn {shown(exact, 6)} = {plain(points)}"
    return Step(path=("rounding",), says=says, article=rounding.article)


def _level(policy: Policy, seen: Seen, tellings: list[Telling]) -> LevelName | None:
    """The first level that holds; none if one before it cannot be told."""
    for at, level in enumerate(policy.levels):
        verdicts = _verdicts(level, seen)
        tellings.append(partial(_level_step, at, level, verdicts, seen))
        holds = [verdict.holds for verdict in verdicts]
        if level.is_bare or False in holds:
            continue
        if None not in holds:
            return level.level
        break
    if policy.levels:
        tellings.append(partial(_otherwise_step, policy))
    return None


def _level_step(at: int, level: Level, verdicts: Sequence[Verdict], seen: Seen) -> Step:
    failing = [verdict for verdict in verdicts if verdict.holds is False]
    unknown = [verdict for verdict in verdicts if verdict.holds is None]
    said = failing or unknown
    outcome = "không đạt" if failing else "chưa xác định" if unknown else "đạt"
    why = f": {'; '.join(verdict.words() for verdict in said)}" if said else ""
    if level.is_bare:
        outcome, why = "chỉ cơ quan quyết định", ""
    return Step(
        path=("levels", at),
        says=f"{level.level}{article(level.article)} = {outcome}{why}",
        article=level.article,
        positions=tuple(dict.fromkeys(one for verdict in verdicts for one in verdict.positions)),
        steps=_measures_looked_at(level, seen),
    )


def _otherwise_step(policy: Policy) -> Step:
    cited = policy.otherwise.article if policy.otherwise else None
    place = "otherwise" if policy.otherwise else "levels"
    says = f"không mức nào đạt{article(cited)}: {DECIDED_BY_BODY}"
    return Step(path=(place,), says=says, article=cited)


def _measures_looked_at(level: Level, seen: Seen) -> tuple[Step, ...]:
    """The steps of the measures that the level's requirements name, each once."""
    found: dict[tuple[Whose, str], Step] = {}
    for requirement in level.require:
        if not _concerns(requirement, seen):
            continue
        whose: Whose = getattr(requirement, "taken_of", "own")
        for key in ("measure", "above"):
            name = getattr(requirement, key, None)
            if name is not None:
                found[whose, name] = seen.measures.of(whose, name).step
    return tuple(found.values())


def _concerns(requirement: Requirement, seen: Seen) -> bool:
    return not requirement.only_for or seen.evidence.cohort in requirement.only_for


def _verdicts(level: Level, seen: Seen) -> list[Verdict]:
    verdicts: list[Verdict] = []
    if level.points is not None or level.below is not None:
        verdicts += _of_points(level, seen.points)
    verdicts += [_verdict(one, seen) for one in level.require if _concerns(one, seen)]
    return verdicts


def _of_points(level: Level, points: Fraction | None) -> list[Verdict]:
    if points is None:
        return [Verdict(None, lambda: "chưa có đủ điểm")]
    verdicts: list[Verdict] = []
    if level.points is not None:
        holds = reaches(points, level.points)
        verdicts.append(_of_bound("at_least", points, level.points, holds=holds))
    if level.below is not None:
        holds = not reaches(points, level.below)
        verdicts.append(_of_bound("less_than", points, level.below, holds=holds))
    return verdicts


def _of_bound(name: str, points: Fraction, bound: Fraction, *, holds: bool) -> Verdict:
    return Verdict(holds, partial(_point_words, points, SIGNS[name][not holds], bound))


def _point_words(points: Fraction, sign: str, bound: Fraction) -> str:
    return f"điểm {plain(points)} {sign} {plain(bound)}"


def _verdict(requirement: Requirement, seen: Seen) -> Verdict:
    match requirement:
        case MeasureRequired():
            return _of_measure(requirement, seen)
        case ExcessRequired():
            return _of_excess(requirement, seen)
        case FactExcluded():
            positions = seen.evidence.conditions.get(requirement.without)
            no = "không" if positions is None else "có"
            condition = CONDITION_WORDS[requirement.without]
            return Verdict(positions is None, lambda: f"{no} việc: {condition}", positions or ())
        case GradeRequired():
            return _of_grade(requirement, seen)


def _of_measure(requirement: MeasureRequired, seen: Seen) -> Verdict:
    value = seen.measures.of(requirement.taken_of, requirement.measure).value
    holds = None if value is None else within(requirement, value)
    return Verdict(holds, partial(_measure_words, requirement, value, holds=holds))


def _measure_words(
    requirement: MeasureRequired, value: Fraction | None, *, holds: bool | None
) -> str:
    whose = " của đơn vị" if requirement.taken_of == "unit" else ""
    if value is None:
        return f"{requirement.measure}{whose} không xác định"
    ((name, bound),) = bounds(requirement)
    sign = SIGNS[name][0 if holds else 1]
    return f"{requirement.measure}{whose} {shown_percent(value)} {sign} {bound}"


def _of_excess(requirement: ExcessRequired, seen: Seen) -> Verdict:
    value = seen.measures.of("own", requirement.measure).value
    base = seen.measures.of("own", requirement.above).value
    if value is None or base is None:
        return Verdict(None, lambda: f"{of_requirement(requirement)}: không xác định")
    least = requirement.by.above(base)
    return Verdict(value >= least, partial(_excess_words, requirement, value, least))


def _excess_words(requirement: ExcessRequired, value: Fraction, least: Fraction) -> str:
    sign = "≥" if value >= least else "<"
    words = of_requirement(requirement)
    return f"{words}: {shown_percent(value)} {sign} {shown_percent(least)}"


def _of_grade(requirement: GradeRequired, seen: Seen) -> Verdict:
    criteria = seen.policy.criteria
    if criteria is None:
        return Verdict(None, lambda: "không có tiêu chí")
    given = seen.evidence.grades
    missing = [one.title for one in criteria.of if one.name not in given]
    positions = tuple(one for name in given for one in given[name].positions)
    if missing:
        return Verdict(None, lambda: f"chưa xếp: {', '.join(missing)}", positions)
    enough = criteria.grades[: criteria.grades.index(requirement.graded) + 1]
    of = len(criteria.of)
    reached = sum(given[one.name].given in enough for one in criteria.of)
    holds = reached >= requirement.share * of
    return Verdict(holds, partial(_grade_words, requirement, reached, of), positions)


def _grade_words(requirement: GradeRequired, reached: int, of: int) -> str:
    return (
        f"{reached} / {of} tiêu chí đạt mức {requirement.graded} trở lên, "
        f"cần {percent(requirement.share)}"
    )


def _overridden(
    policy: Policy, evidence: Evidence, level: LevelName | None, tellings: list[Telling]
) -> tuple[LevelName | None, LevelName | None]:
    """The level after all overrides, and what a level that the body decides may not be above."""
    ceiling: LevelName | None = None
    for at, override in enumerate(policy.overrides):
        positions = evidence.conditions.get(override.when)
        if positions is None or (override.only_for and evidence.cohort not in override.only_for):
            continue
        if isinstance(override, RatedAt):
            level = override.level if level is None else lower(level, override.level)
        else:
            limit = override.no_better_than
            ceiling = limit if ceiling is None else lower(ceiling, limit)
        tellings.append(partial(_override_step, at, override, positions))
    if level is not None and ceiling is not None:
        level = lower(level, ceiling)
    return level, ceiling


def _override_step(at: int, override: Override, positions: Positions) -> Step:
    limit = (
        f"xếp {override.level}"
        if isinstance(override, RatedAt)
        else f"không cao hơn {override.no_better_than}"
    )
    says = f"{CONDITION_WORDS[override.when]}{article(override.article)}: {limit}"
    return Step(path=("overrides", at), says=says, article=override.article, positions=positions)


def lower(one: LevelName, other: LevelName) -> LevelName:
    """The lower of two levels."""
    return max(one, other, key=LEVELS.index)
