"""Contradictions: what is recorded late, annulled or replaced must leave what follows possible."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from domain.kernel import Conflict, Event, Refusal
from domain.record.standing import State, Violation
from domain.timeline import Entry, Moment
from domain.wording import worded

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """An event that would no longer hold, and the refusal that says why."""

    position: int
    event: Event
    why: Refusal


class ContradictsLater(Conflict):
    """These recorded events, {count} in number, would no longer hold: {reasons}.

    Có {count} sự kiện đã ghi nhận sẽ không còn đúng: {reasons}.
    """

    def __init__(
        self, contradictions: Sequence[Contradiction], actors: Mapping[int, str] | None = None
    ) -> None:
        super().__init__(count=len(contradictions))
        self.contradictions = tuple(contradictions)
        self.actors = actors or {}

    def extensions_in(self, language: str) -> Mapping[str, object]:
        """Every event with its position, type, day and actor, and why it would no longer hold.

        The position is null for what is only to be recorded.
        """
        events = [
            {
                "position": one.position if one.position in self.actors else None,
                "type": one.event.TYPE,
                "effective_on": one.event.effective_on.isoformat(),
                "actor": self.actors.get(one.position),
                "why": one.why.detail(language),
            }
            for one in self.contradictions
        ]
        reasons = "; ".join(_worded(one, language) for one in self.contradictions)
        return {**self.extensions, "events": events, "reasons": reasons}


def _worded(one: Contradiction, language: str) -> str:
    """The event, its day, and why it would no longer hold."""
    on = worded("effective_on", one.event.effective_on, language)
    what = worded("event_type", one.event.TYPE, language)
    return f"[{one.position}, {what}, {on}] {one.why.detail(language).rstrip('.')}"


def contradictions(
    before: Sequence[Entry], after: Sequence[Entry], since: Moment, *, of_posts: bool
) -> list[Contradiction]:
    """What of `after` does not hold and did hold `before`, of all that stands beyond `since`.

    `of_posts` says whether posts and their holders change, or what changes is not past yet: then
    whoever answers for a task must hold the post on every day. Who is found to have answered
    beyond that is recorded as it was.

    What did not hold before either was recorded under other rules, and is not the fault of this.
    It happened all the same, and what follows is judged with it.
    """
    seen = [entry.event for entry in (*before, *after)]
    broken = list(_broken(after, since, State(seen, of_posts=of_posts), frozenset()))
    if not broken:
        return []
    entries = frozenset(entry.at.position for entry in before)
    known = frozenset(map(_reason, _broken(before, since, State(seen, of_posts=of_posts), entries)))
    if not known:
        return broken
    held = frozenset(position for position, _ in known)
    state = State(seen, of_posts=of_posts)
    return [one for one in _broken(after, since, state, held) if _reason(one) not in known]


def _reason(one: Contradiction) -> tuple[int, type[Refusal]]:
    return one.position, type(one.why)


def _broken(
    entries: Sequence[Entry], since: Moment, state: State, happened: AbstractSet[int]
) -> Iterator[Contradiction]:
    """The events that cannot follow, or after whose day something does not hold.

    What cannot follow does not count for what comes later, but for what `happened` all the same.
    """
    standing: set[frozenset[str]] | None = None
    for on, group in groupby(entries, key=lambda entry: entry.at.on):
        day = list(group)
        if standing is None and on >= since.on:
            # What does not hold before anything changes is not the fault of what does.
            eve = since.on - ONE_DAY if since.on > date.min else since.on
            standing = {violation.tags for violation in state.violations(eve)}
        for at, event in day:
            if at >= since:
                try:
                    state.require(event)
                except Refusal as why:
                    yield Contradiction(at.position, event, why)
                    if at.position not in happened:
                        continue
            state.evolve(event)
        if standing is None:
            continue
        violations = {violation.tags: violation for violation in state.violations(on)}
        for tags in violations.keys() - standing:
            yield _blamed(day, violations[tags])
        standing = set(violations)


def _blamed(day: Sequence[Entry], violation: Violation) -> Contradiction:
    """The last event of the day that has all these tags, else the day's last."""
    matching = [entry for entry in day if violation.tags <= {*entry.event.tags()}]
    last = matching[-1] if matching else day[-1]
    return Contradiction(last.at.position, last.event, violation.refusal)
