"""The cases of a task: 419 of the 712 projects of Hà Nội are processed, and 293 are left."""

from datetime import date, timedelta

from domain.kernel import Event
from domain.tasks.work.cases import CaseRecorded
from projections.listing import page
from projections.tasks.cases import CASES_OF_TASK, CaseCounts, case_counts
from tests.domain.cast import IN_PROGRESS, SHARED, TASK
from tests.projections.answers import fetched, items, recorded
from tests.projections.conftest import Recorder

BEGUN = date(2023, 1, 10)
PROJECTS, PROCESSED = 712, 419


def case(number: int, processed_on: date | None, on: date) -> CaseRecorded:
    return CaseRecorded(
        **SHARED,
        effective_on=on,
        code=f"DA-{number:03}",
        title=f"Dự án {number}",
        in_charge=f"Quận {number % 30}",
        processed_on=processed_on,
        outcome=None,
    )


async def test_the_share_of_the_cases_processed_is_told_on_every_day(recorder: Recorder) -> None:
    later = BEGUN + timedelta(200)
    events: list[Event] = [*IN_PROGRESS]
    events += [case(number, None, BEGUN) for number in range(PROJECTS)]
    events += [case(number, BEGUN + timedelta(number % 200), later) for number in range(PROCESSED)]
    ledger = await recorded(recorder, events, 500)
    for as_of, processed, percent in ((BEGUN, 0, "0.00"), (later, PROCESSED, "58.85")):
        asked = {"as_of": as_of, "task": TASK}
        [row] = await fetched(recorder, ledger, case_counts(frozenset()), **asked)
        assert CaseCounts(**row) == CaseCounts(
            cases=PROJECTS, processed=processed, left=PROJECTS - processed, percent=percent
        )
    left = page(CASES_OF_TASK, frozenset({"processed", "in_charge"}))
    narrowed = {"as_of": later, "task": TASK, "processed": False, "in_charge": "Quận 1"}
    found = await items(recorder, ledger, left, **narrowed)
    assert [one["code"] for one in found] == [
        f"DA-{number:03}" for number in range(PROCESSED, PROJECTS) if number % 30 == 1
    ]
    other = {"as_of": later, "task": "khac"}
    [none] = await fetched(recorder, ledger, case_counts(frozenset()), **other)
    assert CaseCounts(**none) == CaseCounts(cases=0, processed=0, left=0, percent=None)
