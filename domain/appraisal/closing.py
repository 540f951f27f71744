"""Closing: a body closes a cycle once all levels are decided and every cap is kept or excepted.

Whoever is moved so that a cap is kept, is moved by an event of its own, with its reason.
"""

from typing import Annotated, ClassVar

from eventsourcing.dcb.domain import Selector
from pydantic import Field

from domain.appraisal.caps import CapExceeded, Capped, ShareUnknown, capped, require_kept
from domain.appraisal.command import (
    BY_DECIDING_BODY,
    CycleCommand,
    OfCycleParameters,
    RatingCommand,
)
from domain.appraisal.cycle_events import (
    CapExceptionGranted,
    Count,
    CycleClosed,
    NamedId,
    ShareOfGroup,
)
from domain.appraisal.cycles import (
    CycleIsClosed,
    CycleSeen,
    NotInTheCycle,
    NotRatedYet,
    cycle_selector,
)
from domain.appraisal.events import Level
from domain.appraisal.facts import CycleNotOver, require_over
from domain.appraisal.rating_events import RatingMoved
from domain.kernel import Conflict, Invalid, Parameters, Refusal
from domain.regulations.vocabulary_1.organising import Matter
from domain.regulations.vocabulary_1.shapes import LEVELS
from domain.values import Text

SAID = 20


class NotAllRated(Conflict):
    """{count} officials of the cycle are not rated yet: {officials}.

    Còn {count} cán bộ trong chu kỳ chưa được xếp loại: {officials}.
    """


class NoSuchCap(Conflict):
    """By the regulation no cap on {level} holds for that group.

    Quy định không giới hạn tỷ lệ mức {level} cho nhóm đó.
    """


class NoExceptionAllowed(Conflict):
    """The regulation lets no body except the cap on {level}.

    Quy định không cho phép vượt tỷ lệ tối đa của mức {level}.
    """


class ExceptionTooSmall(Invalid):
    """The regulation allows {allowed} of that group without an exception; {given} is no more.

    Nhóm này được {allowed} người mà không cần ngoại lệ; {given} không nhiều hơn.
    """


class NothingToFit(Conflict):
    """The cap on {level} is kept in the group: {present} of {allowed}; nobody is moved for it.

    Nhóm chưa vượt tỷ lệ tối đa của mức {level}: {present} trong {allowed}; không cần điều chỉnh.
    """


class NotLower(Invalid):
    """To fit the cap a rating moves below {level}, not to {to_level}.

    Để đúng tỷ lệ, mức xếp loại phải thấp hơn {level}, không phải {to_level}.
    """


def require_all_rated(cycle: CycleSeen) -> None:
    """Pass if every official of the cycle is rated.

    Raises:
        NotAllRated: naming the first of those who are not.
    """
    left = sorted(one for one, member in cycle.members.items() if member.level is None)
    if left:
        raise NotAllRated(count=len(left), officials=left[:SAID])


class CapException(Parameters):
    """Of which group how many may have the level, and why.

    `group` names the group by what the cap is within, in that order, such as an agency and a duty
    group.
    """

    level: Level
    group: Annotated[tuple[NamedId, ...], Field(min_length=1, max_length=4)]
    allowed: Count
    reason: Text
    shares: Annotated[tuple[ShareOfGroup, ...], Field(max_length=20)] = ()


class GrantException(CycleCommand[CapException]):
    """The body lets more of a group have the level than the cap says, as the regulation allows."""

    MATTER: ClassVar[Matter] = "cap_exception"
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *BY_DECIDING_BODY,
        CycleIsClosed,
        NoSuchCap,
        NoExceptionAllowed,
        ExceptionTooSmall,
    )

    def execute(self) -> None:
        params = self.params
        body = self.deciding()
        self.cycle.require_open()
        found = [
            one
            for one in capped(self.policy, self.cycle, params.shares)
            if (one.cap.level, one.group) == (params.level, params.group)
        ]
        if not found:
            raise NoSuchCap(level=params.level)
        of = found[0]
        if of.cap.exception is None:
            raise NoExceptionAllowed(level=params.level)
        if of.allowed is not None and params.allowed <= of.allowed:
            raise ExceptionTooSmall(allowed=of.allowed, given=params.allowed)
        self.emit(
            CapExceptionGranted(
                effective_on=self.context.effective_on,
                cycle_id=self.cycle_id,
                decided_by=body,
                level=params.level,
                group=params.group,
                allowed=params.allowed,
                article=of.cap.exception.article or of.cap.article,
                reason=params.reason,
            )
        )


class RatingMove(OfCycleParameters):
    """To which level, and why this official is moved."""

    to_level: Level
    reason: Text
    shares: Annotated[tuple[ShareOfGroup, ...], Field(max_length=20)] = ()


class MoveRating(RatingCommand[RatingMove]):
    """The body moves the official below the capped level of which the group has too many."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *BY_DECIDING_BODY,
        CycleIsClosed,
        NotInTheCycle,
        NotRatedYet,
        NotAllRated,
        ShareUnknown,
        NothingToFit,
        NoSuchCap,
        NotLower,
    )

    def seeing_cycle(self) -> list[Selector]:
        return [cycle_selector(self.cycle_id)]

    def execute(self) -> None:
        params, cycle = self.params, self.cycle
        body = self.deciding()
        cycle.require_open()
        level = cycle.rated(self.official_id)
        require_all_rated(cycle)
        over = self._over(level)
        if LEVELS.index(params.to_level) <= LEVELS.index(level):
            raise NotLower(level=level, to_level=params.to_level)
        opened = cycle.opened
        self.emit(
            RatingMoved(
                effective_on=self.context.effective_on,
                official_id=self.official_id,
                cycle_id=self.cycle_id,
                regulation=opened.regulation,
                cycle=opened.cycle,
                from_on=opened.from_on,
                decided_by=body,
                from_level=level,
                to_level=params.to_level,
                allowed=over.allowed or 0,
                present=over.present,
                article=over.cap.article,
                reason=params.reason,
            )
        )

    def _over(self, level: Level) -> Capped:
        """The cap on the level that the official's group exceeds.

        Raises:
            NoSuchCap, ShareUnknown, NothingToFit.
        """
        groups = self.cycle.groups(self.official_id)
        own = [
            one
            for one in capped(self.policy, self.cycle, self.params.shares)
            if one.cap.level == level
            and one.group == tuple(groups[grouping] for grouping in one.cap.within)
        ]
        for one in own:
            if one.allowed is None:
                raise ShareUnknown(group=one.cap.share_among)
            if one.is_over:
                return one
        if not own:
            raise NoSuchCap(level=level)
        raise NothingToFit(level=level, present=own[0].present, allowed=own[0].allowed)


class CycleClosing(Parameters):
    """The shares of groups outside the cycle, to which caps of the regulation refer."""

    shares: Annotated[tuple[ShareOfGroup, ...], Field(max_length=20)] = ()


class CloseCycle(CycleCommand[CycleClosing]):
    """The body closes the cycle; what was known is everything recorded before."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        *BY_DECIDING_BODY,
        CycleIsClosed,
        CycleNotOver,
        NotAllRated,
        ShareUnknown,
        CapExceeded,
    )

    def execute(self) -> None:
        cycle, on = self.cycle, self.context.effective_on
        body = self.deciding()
        cycle.require_open()
        require_over(cycle.opened.to_on, on)
        require_all_rated(cycle)
        require_kept(capped(self.policy, cycle, self.params.shares))
        self.emit(
            CycleClosed(
                effective_on=on,
                cycle_id=self.cycle_id,
                decided_by=body,
                shares=self.params.shares,
            )
        )
