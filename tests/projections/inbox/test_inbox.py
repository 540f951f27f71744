"""The inbox holds what awaits somebody on the day, and nothing else, however it was folded."""

from collections.abc import Iterator, Mapping
from datetime import date

from hypothesis import given

from domain.kernel import Event
from domain.tasks.events import HandoverOffered
from domain.tasks.matters.obstacles import ObstacleRaised
from projections.inbox.inbox import READ_INBOX
from projections.inbox.of_tasks import OF_STATES
from projections.listing import page
from tests.projections import recount
from tests.projections.answers import EXAMPLES, batches, items, recorded
from tests.projections.conftest import Recorder
from tests.projections.lives import BODY, OFFICIALS, UNITS, histories_and_days

NO_PAPERS: Mapping[str, object] = {
    "due_by": date(2199, 12, 31),
    "years": [2021],
    **{f"{of}_due_ons": [None] for of in ("programmes", "annual_reports", "reviews")},
    **{f"{of}_expected_ons": [None] for of in ("programmes", "annual_reports", "reviews")},
}


def awaited(events: list[Event], day: date) -> Iterator[tuple[str, str, str]]:
    """Whom something awaits, of which kind, under which task: told by hand."""
    for name, task in recount.accounts(events, day).items():
        own = [
            one
            for one in events
            if one.effective_on <= day and getattr(one, "task_id", None) == name
        ]
        if task.state in OF_STATES:
            yield f"unit:{BODY}", OF_STATES[task.state], name
        if task.state in {"in_progress", "claimed"} and task.obstacles:
            raised = [one.addressed_to for one in own if isinstance(one, ObstacleRaised)]
            for addressed_to in raised[-task.obstacles :]:
                yield f"unit:{addressed_to}", "obstacle", name
        if task.state == "in_progress":
            for offer in own[_last_turn(own) + 1 :]:
                if isinstance(offer, HandoverOffered):
                    yield f"official:{offer.to_official}", "handover", name


def _last_turn(own: list[Event]) -> int:
    """Where the task last changed hands."""
    turns = ("task.handed_over", "task.transferred", "task.vacated")
    return max((at for at, one in enumerate(own) if one.TYPE in turns), default=-1)


@EXAMPLES
@given(history=histories_and_days(), batch=batches)
async def test_what_awaits_somebody_is_what_a_clerk_would_tell(
    recorder: Recorder, history: tuple[list[Event], date], batch: int
) -> None:
    events, day = history
    ledger = await recorded(recorder, events, batch)
    expected = sorted(awaited(events, day))
    found: list[tuple[str, str, str]] = []
    whoever = [f"unit:{one}" for one in (BODY, *UNITS)] + [f"official:{one}" for one in OFFICIALS]
    for whom in whoever:
        kind, _, name = whom.partition(":")
        asked = {"official": None, "unit": None, kind: name, "whom": whom, "as_of": day}
        told = await items(recorder, ledger, page(READ_INBOX), **asked, **NO_PAPERS)
        found += [(whom, one["kind"], one["task_id"]) for one in told]
        order = [(one["since_on"], one["position"]) for one in told]
        assert order == sorted(order)
    assert sorted(found) == expected
