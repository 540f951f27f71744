"""A corrected report reads otherwise from the correction on."""

from datetime import date, timedelta

import pytest

from domain.kernel import Event
from domain.tasks.events import ProgressReported
from tests.domain.cast import ASSIGNED, SHARED
from tests.projections.conftest import Recorder
from tests.projections.tasks.recorded_lives import BEFORE, LATER, corrected, recorded_life


def reported(on: date, actual: int, share: int) -> Event:
    return ProgressReported.model_validate(
        {
            **SHARED,
            "effective_on": on,
            "narrative": "Đang làm",
            "share_percent": share,
            "values": [{"code": "kilns", "actual": actual}],
        }
    )


@pytest.mark.parametrize("batch", [1, 500])
async def test_a_corrected_report_reads_otherwise_from_the_correction_on(
    recorder: Recorder, batch: int
) -> None:
    first, second = ASSIGNED + timedelta(1), ASSIGNED + timedelta(2)
    reports = (reported(first, 40, 40), reported(second, 60, 60))
    of_first = corrected(4, {"kind": "progress", "share_percent": 41}, on=LATER)
    of_second = corrected(
        5,
        {"kind": "progress", "values": [{"code": "kilns", "actual": 50}]},
        on=LATER + timedelta(1),
    )
    life = await recorded_life(recorder, *reports, of_first, of_second, batch=batch)
    read = [
        (found["share_percent"], found["indicators"][0]["actual"])
        for found in [await life.task(day) for day in (first, BEFORE, LATER, LATER + timedelta(1))]
    ]
    assert read == [("40", "40"), ("60", "60"), ("60", "60"), ("60", "50")]
