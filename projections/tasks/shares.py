"""Shares: what is credited to each official who led a task, by the days answered for.

The days are those from the assignment to the day on which the work was done, or the day asked
about; a day on which nobody led counts for nobody. The share is an exact fraction of these days.
Beside it stands what each found at the takeover, and what each reported.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from domain.tasks import events
from domain.tasks.work.results import PartialResultRecorded
from projections.put_right import PutRight
from projections.rounding import percent_of, to_hundredth
from projections.tasks.dossier import NOTHING_PUT_RIGHT, age_of_backlog, proposal_of, spans_of
from projections.tasks.dossier_sections import DossierSpan, Section
from projections.tasks.standings import TASK_STANDINGS
from projections.tasks.task_life import Known, Life


class CreditedResult(Section):
    """A result of the task, and what of it is credited to the official.

    Attributes:
        actual: what the task reached, by whoever reported it last.
        credited: the official's share of it, in lowest terms such as `1472/207`.
        credited_rounded: the same to two decimals.
        found: what stood when the official took over; null where nothing was reported by then.
        reported: what the official reported last; null where nothing.
    """

    code: str
    name: str
    actual: Decimal | None
    credited: str | None
    credited_rounded: Decimal | None
    found: Decimal | None
    reported: Decimal | None


class TaskShare(Section):
    """The part of one official who led the task.

    Attributes:
        took_over_on: the first day; of whoever leads again, the first of all.
        inherited: whether somebody led the task before.
        backlog_days_at_takeover: how old the matter was then, counted from the deadline first set.
        days: answered for.
        fraction: of all days answered for, in lowest terms such as `5/12`.
    """

    official_id: str
    took_over_on: date
    inherited: bool
    backlog_days_at_takeover: int | None
    days: int
    fraction: str
    share_percent: Decimal | None
    results: list[CreditedResult]


class TaskShares(Section):
    """How the results of a task are shared by those who led it, in the order in which they did.

    Attributes:
        until_on: the last day counted: of the work done, or the day asked about.
        days: that anybody answered for.
    """

    task_id: str
    position: int
    original_due_on: date | None
    completed_on: date | None
    until_on: date
    days: int
    items: list[TaskShare]


class _Reported(NamedTuple):
    """What somebody reported of an indicator."""

    official_id: str
    on: date
    code: str
    actual: Decimal


def shares(
    task_id: str,
    recorded: Sequence[Known],
    as_of: date,
    put_right: PutRight = NOTHING_PUT_RIGHT,
) -> TaskShares | None:
    """The shares in a task of which these are all events; None before its first."""
    life = Life(recorded, put_right, as_of)
    if not life.recorded:
        return None
    done_on = life.rows(TASK_STANDINGS)[-1]["completed_on"]
    completed_on = None if done_on is None else date.fromisoformat(done_on)
    until = min(as_of, completed_on or as_of)
    days = _days(spans_of(life), until)
    return TaskShares(
        task_id=task_id,
        position=life.position,
        original_due_on=proposal_of(life).original_due_on,
        completed_on=completed_on,
        until_on=until,
        days=sum(days.values()),
        items=list(_shares(life, days)),
    )


def _days(spans: Sequence[DossierSpan], until: date) -> dict[tuple[str, date], int]:
    """How many days each official answered for until then, with the first of these."""
    first: dict[str, date] = {}
    days: dict[str, int] = {}
    for span in spans:
        last = until if span.to_on is None else min(span.to_on, until)
        if span.official_id is None or last < span.from_on:
            continue
        first.setdefault(span.official_id, span.from_on)
        held = (last - span.from_on).days + 1
        days[span.official_id] = days.get(span.official_id, 0) + held
    return {(who, first[who]): held for who, held in days.items()}


def _shares(life: Life, days: dict[tuple[str, date], int]) -> Iterator[TaskShare]:
    total, proposal = sum(days.values()), proposal_of(life)
    reported = list(_reported(life))
    for number, ((who, since), held) in enumerate(days.items()):
        share = Fraction(held, total)
        yield TaskShare(
            official_id=who,
            took_over_on=since,
            inherited=number > 0,
            backlog_days_at_takeover=age_of_backlog(proposal, since),
            days=held,
            fraction=str(share),
            share_percent=percent_of(held, total),
            results=[
                _credited(one.code, one.name, share, who, since, reported)
                for one in proposal.indicators
            ],
        )


def _credited(  # noqa: PLR0913, PLR0917  an indicator, whose part, and what was reported
    code: str, name: str, share: Fraction, who: str, since: date, reported: Sequence[_Reported]
) -> CreditedResult:
    of_code = [one for one in reported if one.code == code]
    actual = _last(of_code)
    credited = None if actual is None else Fraction(actual) * share
    rounded = None if credited is None else _rounded(credited)
    return CreditedResult(
        code=code,
        name=name,
        actual=actual,
        credited=None if credited is None else str(credited),
        credited_rounded=rounded,
        found=_last([one for one in of_code if one.on < since]),
        reported=_last([one for one in of_code if one.official_id == who]),
    )


def _last(reported: Sequence[_Reported]) -> Decimal | None:
    return reported[-1].actual if reported else None


def _rounded(exact: Fraction) -> Decimal:
    """To two decimals, halves away from zero: the quotient is cut off far beyond these."""
    return to_hundredth(Decimal(exact.numerator) / Decimal(exact.denominator))


def _reported(life: Life) -> Iterator[_Reported]:
    """What was reported, as it reads, in the order in which it counts."""
    saying = (events.ProgressReported, PartialResultRecorded, events.CompletionClaimed)
    for one in life.of(*saying):
        for value in life.reading(one).get("values", ()):
            on = one.event.effective_on
            yield _Reported(one.event.official_id, on, value.code, value.actual)
