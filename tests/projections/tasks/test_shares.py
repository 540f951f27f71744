"""Shares: the results of an inherited task are credited by the days that each answered for."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given

from domain.kernel import Event
from domain.tasks.events import (
    CompletionClaimed,
    CompletionConfirmed,
    ProgressReported,
    TaskEvent,
)
from domain.tasks.proposal import IndicatorValue
from projections.tasks.shares import TaskShares, shares
from tests.domain.cast import (
    COMMITTEE,
    HANDED_OVER,
    HANDOVER,
    IN_PROGRESS,
    PREDECESSOR,
    SHARED,
    SUCCESSOR,
    TASK,
    TASK_ASSIGNED,
    TASK_REGISTERED,
)
from tests.projections.answers import EXAMPLES
from tests.projections.lives import lives, with_day
from tests.projections.tasks.test_dossier import read, recorded

BACKLOG = date(2017, 12, 31)
AFTER = SHARED | {"official_id": SUCCESSOR}


def kilns(number: int) -> tuple[IndicatorValue, ...]:
    return (IndicatorValue(code="kilns", actual=Decimal(number)),)


def shared(events: list[Event], day: date) -> TaskShares:
    found = shares(TASK, recorded(events), day)
    assert found is not None
    return found


def test_results_are_credited_by_days_and_the_backlog_is_as_old_as_at_the_takeover() -> None:
    proposal = TASK_REGISTERED.proposal.model_copy(update={"original_due_on": BACKLOG})
    begun = TASK_REGISTERED.model_copy(update={"proposal": proposal})
    own = [begun if one is TASK_REGISTERED else one for one in IN_PROGRESS]
    before = HANDOVER - timedelta(days=1)
    done = HANDOVER + timedelta(days=60)
    report: dict[str, Any] = {"narrative": "Đã dỡ"}
    events: list[Event] = [
        *(one for one in own if isinstance(one, TaskEvent)),
        ProgressReported(**SHARED, effective_on=before, **report, values=kilns(40)),
        HANDED_OVER,
        ProgressReported(**AFTER, effective_on=done, **report, values=kilns(92)),
    ]
    held = (HANDOVER - TASK_ASSIGNED.effective_on).days
    on = shared(events, done)
    first, second = on.items
    assert (first.official_id, first.days, first.inherited) == (PREDECESSOR, held, False)
    assert (second.official_id, second.days, second.inherited) == (SUCCESSOR, 61, True)
    assert on.days == held + 61
    assert second.fraction == str(Fraction(61, held + 61))
    assert second.backlog_days_at_takeover == (HANDOVER - BACKLOG).days
    [credit] = second.results
    assert credit.credited == str(Fraction(92 * 61, held + 61))
    assert [credit.found, credit.reported, credit.actual] == [Decimal(n) for n in (40, 92, 92)]
    [credit] = first.results
    assert [credit.found, credit.reported] == [None, Decimal(40)]

    # What was done on a day and confirmed later is shared by the days until it was done.
    claim = CompletionClaimed(
        **AFTER,
        effective_on=done,
        claimed_by=f"official:{SUCCESSOR}",
        summary="Xong",
        values=(),
        evidence=(),
    )
    confirmed = CompletionConfirmed(
        **AFTER,
        effective_on=done + timedelta(days=30),
        confirmed_by=COMMITTEE,
        completed_on=done,
    )
    after = shared([*events, claim, confirmed], done + timedelta(days=90))
    assert (after.until_on, after.completed_on) == (done, done)
    assert [one.fraction for one in after.items] == [one.fraction for one in on.items]


@EXAMPLES
@given(history=lives("t1").flatmap(with_day))
def test_of_any_life_the_shares_are_one_whole_and_the_days_are_those_of_the_dossier(
    history: tuple[list[Event], date],
) -> None:
    events, day = history
    found = shares("t1", recorded(events), day)
    if found is None:
        assert not [one for one in events if one.effective_on <= day]
        return
    assert sum(Fraction(one.fraction) for one in found.items) == (1 if found.items else 0)
    until = min(day, found.completed_on or day)
    days: dict[str, set[date]] = {}
    for span in read("t1", events, day).responsibilities:
        last = min(span.to_on or until, until)
        for number in range((last - span.from_on).days + 1):
            if span.official_id is not None:
                answered = days.setdefault(span.official_id, set())
                answered.add(span.from_on + timedelta(days=number))
    assert {one.official_id: one.days for one in found.items} == {
        who: len(answered) for who, answered in days.items()
    }
    for number, indicator in enumerate(read("t1", events, day).indicators):
        parts = [one.results[number] for one in found.items]
        assert all(part.actual == indicator.actual for part in parts)
        if parts and indicator.actual is not None:
            whole = sum(Fraction(part.credited or 0) for part in parts)
            assert whole == Fraction(indicator.actual)
