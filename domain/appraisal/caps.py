"""Caps of a cycle: in which groups more have a level than may, unless an exception was granted."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from domain.appraisal.cycle_events import ShareOfGroup
from domain.appraisal.cycles import CycleSeen
from domain.appraisal.events import Level
from domain.kernel import Conflict
from domain.regulations.vocabulary_1.capping import Cap
from domain.regulations.vocabulary_1.policy import Policy
from domain.regulations.vocabulary_1.quotas import Rated, quotas
from domain.regulations.vocabulary_1.shapes import LEVEL_WORDS

SAID = 3


class Capped(NamedTuple):
    """A cap for one group of a cycle.

    Attributes:
        cap: the rule.
        group: the group, in the order of the cap's `within`.
        allowed: how many may have the level, by the rule or by an exception; None where the share
            of another group is not known.
        present: how many have it.
        says: how that was found.
    """

    cap: Cap
    group: tuple[str, ...]
    allowed: int | None
    present: int
    says: str

    @property
    def is_over(self) -> bool:
        """Whether too many have the level."""
        return self.allowed is not None and self.present > self.allowed


class CapExceeded(Conflict):
    """More have a level than the regulation allows, in {count} groups: {reasons}.

    Có {count} nhóm vượt tỷ lệ tối đa theo quy định: {reasons}.
    """

    def __init__(self, over: Sequence[Capped]) -> None:
        super().__init__(count=len(over))
        self.over = tuple(over)

    def extensions_in(self, language: str) -> Mapping[str, object]:
        """Every group with the level, how many may have it, and how many do."""
        groups = [
            {
                "level": one.cap.level,
                "group": list(one.group),
                "allowed": one.allowed,
                "present": one.present,
                "article": one.cap.article,
            }
            for one in self.over
        ]
        reasons = "; ".join(_worded(one, language) for one in self.over[:SAID])
        return {**self.extensions, "groups": groups, "reasons": reasons}


def _worded(one: Capped, language: str) -> str:
    group = ", ".join(one.group)
    if language == "vi":
        words = LEVEL_WORDS[one.cap.level]
        return f"{group}: {words} {one.present} người, được {one.allowed}"
    return f"{group}: {one.present} {one.cap.level}, {one.allowed} allowed"


class ShareUnknown(Conflict):
    """A cap refers to the share in the group {group}, which is not known: give it in `shares`.

    Tỷ lệ tối đa căn cứ vào tỷ lệ của nhóm {group}, chưa biết: cần nêu ở `shares`.
    """


def capped(
    policy: Policy,
    cycle: CycleSeen,
    shares: Sequence[ShareOfGroup] = (),
    levels: Mapping[str, Level] | None = None,
) -> list[Capped]:
    """Every cap of the policy for every group of the cycle.

    Args:
        policy: whose caps.
        cycle: with its officials, and the exceptions granted.
        shares: those of groups outside the cycle.
        levels: of officials, instead of those that are decided.
    """
    others = levels or {}
    standing = {one: others.get(one, member.level) for one, member in cycle.members.items()}
    rated = [
        Rated(level, cycle.groups(official_id))
        for official_id, level in standing.items()
        if level is not None
    ]
    known = {one.group: Fraction(one.have, one.rated) for one in shares}
    found = []
    for quota in quotas(policy, rated, known):
        cap = (
            policy.caps[0] if quota.step.path == ("cap",) else policy.caps[int(quota.step.path[1])]
        )
        granted = [
            one.allowed
            for one in cycle.exceptions
            if (one.level, one.group) == (cap.level, quota.group)
        ]
        allowed = None if quota.may_have is None else max([quota.may_have, *granted[-1:]])
        found.append(Capped(cap, quota.group, allowed, quota.have, quota.step.says))
    return found


def require_kept(found: Sequence[Capped]) -> None:
    """Pass if in no group more have a level than may.

    Raises:
        ShareUnknown, CapExceeded.
    """
    for one in found:
        if one.allowed is None:
            raise ShareUnknown(group=one.cap.share_among)
    over = [one for one in found if one.is_over]
    if over:
        raise CapExceeded(over)
