"""Quotas: how many of each group have a capped level, and how many may; nobody is moved here.

Who is moved so that a cap is kept, or why an exception is made, the body decides.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from domain.regulations.files.faults import Path
from domain.regulations.vocabulary_1.capping import GROUPING_WORDS, Cap, Grouping, allowed
from domain.regulations.vocabulary_1.policy import Policy
from domain.regulations.vocabulary_1.shapes import LevelName, article
from domain.regulations.vocabulary_1.steps import Step, shown

BETTER = frozenset({"EXCELLENT", "GOOD"})


class Rated(NamedTuple):
    """One person's level, and the groups that the person belongs to."""

    level: LevelName
    groups: Mapping[Grouping, str]


class Quota(NamedTuple):
    """What a cap means for one group.

    Attributes:
        group: the names of the group, in the order of the cap's `within`.
        have: how many have the level.
        may_have: how many may; None where the share of another group is not known.
        over: how many too many.
        step: how it was found.
    """

    group: tuple[str, ...]
    have: int
    may_have: int | None
    over: int
    step: Step


def quotas(
    policy: Policy, rated: Sequence[Rated], shares: Mapping[str, Fraction]
) -> Iterator[Quota]:
    """Every cap of the policy for every group, by name.

    Args:
        policy: whose caps these are.
        rated: all who are rated.
        shares: those that a capped level has in the other groups to which caps refer.
    """
    for at, cap in enumerate(policy.caps):
        path: Path = ("cap",) if isinstance(policy.cap, Cap) else ("cap", at)
        groups: dict[tuple[str, ...], list[LevelName]] = {}
        for one in rated:
            group = tuple(one.groups[grouping] for grouping in cap.within)
            groups.setdefault(group, []).append(one.level)
        for group, levels in sorted(groups.items()):
            yield _quota(cap, path, group, levels, shares)


def _quota(
    cap: Cap,
    path: Path,
    group: tuple[str, ...],
    levels: Sequence[LevelName],
    shares: Mapping[str, Fraction],
) -> Quota:
    have = levels.count(cap.level)
    better = sum(level in BETTER for level in levels)
    names = ", ".join(
        f"{GROUPING_WORDS[grouping]} {name}"
        for grouping, name in zip(cap.within, group, strict=True)
    )
    share = cap.at_most if cap.share_among is None else shares.get(cap.share_among)
    if share is None:
        says = f"{names}: {have} {cap.level}; chưa biết tỷ lệ của nhóm {cap.share_among}"
        return Quota(group, have, None, 0, Step(path=path, says=says, article=cap.article))
    may, exact = allowed(cap, good_or_better=better, rated=len(levels), share=share)
    over = max(0, have - may)
    among = len(levels) if cap.of == "all_rated" else better
    says = f"{names}: {have} {cap.level}, được {may} trong {among} ({shown(exact, 2)})"
    if over:
        says += f", vượt {over}"
        if cap.exception is not None:
            says += f"; chỉ khi cơ quan quyết định{article(cap.exception.article)}"
    return Quota(group, have, may, over, Step(path=path, says=says, article=cap.article))
