"""Holes: cases that no level holds for. Around every threshold each side is tried.

What stands in a relation in the world, such as in time and late, is tried in every combination: a
hole that cannot come about is answered by `otherwise` too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, product
from typing import NamedTuple, TypeAlias

from domain.regulations.files.wording import Words
from domain.regulations.vocabulary_1.amounts import percent, plain, reaches
from domain.regulations.vocabulary_1.levelling import (
    FactExcluded,
    GradeRequired,
    Level,
    MeasureRequired,
    Requirement,
)
from domain.regulations.vocabulary_1.shapes import CONDITION_WORDS

MOST_CASES = 20_000
NEAR = Fraction(1, 10**6)
Question: TypeAlias = tuple[str, ...]


class Tried(NamedTuple):
    """A value that is tried, and how it is told."""

    value: Fraction
    words: Words


Case: TypeAlias = Mapping[Question, Tried]


def hole(levels: Sequence[Level], cohorts: Sequence[str]) -> Words | None:
    """A case that no level holds for, if one is found among the first `MOST_CASES`."""
    thresholds = _thresholds(levels)
    questions = [*thresholds]
    choices = [[*_tried(question, thresholds[question])] for question in questions]
    limited = any(requirement.only_for for level in levels for requirement in level.require)
    cases = ((of, values) for of in (cohorts if limited else [""]) for values in product(*choices))
    for cohort, values in islice(cases, MOST_CASES):
        case = dict(zip(questions, values, strict=True))
        if not any(_holds(level, case, cohort) for level in levels):
            return _told(case.values(), cohort)
    return None


def _thresholds(levels: Sequence[Level]) -> dict[Question, set[Fraction]]:
    """Where the answer to a question begins to matter."""
    found: dict[Question, set[Fraction]] = {}
    for level in levels:
        for threshold in (level.points, level.below):
            if threshold is not None:
                found.setdefault(("points",), set()).add(threshold)
        for requirement in level.require:
            found.setdefault(_question(requirement), set()).update(_bounds(requirement))
    return found


def _question(requirement: Requirement) -> Question:
    match requirement:
        case MeasureRequired():
            return ("measure", requirement.measure, requirement.taken_of)
        case FactExcluded():
            return ("fact", requirement.without)
        case GradeRequired():
            return ("grade", requirement.graded)
        case _:
            return ("excess", requirement.measure, requirement.above, str(requirement.by))


def _bounds(requirement: Requirement) -> Iterator[Fraction]:
    names = ("at_least", "at_most", "more_than", "less_than", "share")
    yield from (bound for name in names if (bound := getattr(requirement, name, None)) is not None)


def _tried(question: Question, thresholds: Iterable[Fraction]) -> Iterator[Tried]:
    kind = question[0]
    if kind in {"fact", "excess"}:
        yield Tried(Fraction(1), _of_truth(question, holds=True))
        yield Tried(Fraction(0), _of_truth(question, holds=False))
        return
    most = 100 if kind == "points" else 1
    for threshold in sorted(thresholds, reverse=True):
        shown = plain(threshold) if kind == "points" else percent(threshold)
        name = Words("điểm", "points") if kind == "points" else Words(question[1], question[1])
        if threshold < most:
            yield Tried(
                threshold + NEAR, Words(f"{name[0]} trên {shown}", f"{name[1]} above {shown}")
            )
        yield Tried(threshold, Words(f"{name[0]} bằng {shown}", f"{name[1]} at {shown}"))
        if threshold > 0:
            yield Tried(
                threshold - NEAR, Words(f"{name[0]} dưới {shown}", f"{name[1]} below {shown}")
            )


def _of_truth(question: Question, *, holds: bool) -> Words:
    if question[0] == "fact":
        no, negation = ("", "") if holds else ("không ", "not ")
        return Words(f"{no}{CONDITION_WORDS[question[1]]}", f"{negation}{question[1]}")
    _, measure, above, _ = question
    english = f"{measure} {'' if holds else 'not '}enough above {above}"
    return Words(f"{measure} {'' if holds else 'không '}đủ cao hơn {above}", english)


def _holds(level: Level, case: Case, cohort: str) -> bool:
    if level.is_bare:
        return False
    points = case[("points",)].value if ("points",) in case else Fraction(0)
    if level.points is not None and points < level.points:
        return False
    if level.below is not None and points >= level.below:
        return False
    return all(
        _met(requirement, case[_question(requirement)].value)
        for requirement in level.require
        if not requirement.only_for or cohort in requirement.only_for
    )


def _met(requirement: Requirement, value: Fraction) -> bool:
    match requirement:
        case MeasureRequired():
            return within(requirement, value)
        case FactExcluded():
            return value == 0
        case GradeRequired():
            return value >= requirement.share
        case _:
            return value == 1


def within(requirement: MeasureRequired, value: Fraction) -> bool:
    """Whether the measure is within the bound that is given."""
    if requirement.at_least is not None:
        return reaches(value, requirement.at_least)
    if requirement.at_most is not None:
        return reaches(requirement.at_most, value)
    if requirement.more_than is not None:
        return not reaches(requirement.more_than, value)
    return requirement.less_than is not None and not reaches(value, requirement.less_than)


def _told(tried: Iterable[Tried], cohort: str) -> Words:
    told = [one.words for one in tried]
    if cohort:
        told.append(Words(f"nhóm {cohort}", f"cohort {cohort}"))
    return Words(*("; ".join(one[language] for one in told) for language in (0, 1)))
