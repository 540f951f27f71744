"""The version of a thing is the position of the last event that makes it up."""

from datetime import date

import pytest

from domain.kernel import Event, matches
from domain.organisation.events import RetirementAnnounced, UnitKind, UnitMerged, UnitRenamed
from domain.record.versions import version, version_selector
from domain.timeline import EventsAnnulled
from tests.domain.cast import (
    ASSIGNED,
    CHAIR,
    CHAIRMAN,
    COMMITTEE,
    DISTRICT_STATE,
    HANDED_OVER,
    HANDOVER,
    TASK,
    TASK_ASSIGNED,
    holds,
    official,
    post,
    unit,
)
from tests.domain.monitoring.people import CAO_SON, LAN, REGULATION, assigned

RETIRING = RetirementAnnounced(
    effective_on=HANDOVER, official_id=CHAIR, retires_on=date(2022, 1, 1)
)


def annulled(position: int, *tagged: str) -> EventsAnnulled:
    return EventsAnnulled(
        effective_on=HANDOVER,
        positions=(position,),
        tagged=tagged,
        replacements=0,
        place=1,
        annulled_by=COMMITTEE,
        reason="Ghi nhầm",
    )


RECORDED: dict[int, Event] = dict(
    enumerate(
        (
            unit(COMMITTEE, UnitKind.STANDING_COMMITTEE),
            unit(DISTRICT_STATE, UnitKind.PEOPLES_COMMITTEE, COMMITTEE),
            unit(CAO_SON, UnitKind.COMMUNE, COMMITTEE),
            UnitRenamed(effective_on=ASSIGNED, unit_id=CAO_SON, name="A", former_name="B"),
            post(CHAIRMAN, DISTRICT_STATE),
            official(CHAIR),
            RETIRING,
            holds(CHAIR, CHAIRMAN, DISTRICT_STATE),
            assigned(LAN, CAO_SON),
            TASK_ASSIGNED,
            HANDED_OVER,
            REGULATION,
        ),
        1,
    )
)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (f"unit:{COMMITTEE}", 1),
        (f"unit:{DISTRICT_STATE}", 2),
        (f"unit:{CAO_SON}", 9),
        (f"post:{CHAIRMAN}", 8),
        (f"official:{CHAIR}", 8),
        (f"task:{TASK}", 11),
        ("regulation:commune-monitoring", 12),
        ("regulation:cell-attendance", 0),
        ("unit:nowhere", 0),
        ("", 0),
    ],
)
def test_a_thing_is_of_the_version_of_its_own_last_event(subject: str, expected: int) -> None:
    assert version(subject, RECORDED) == expected


def test_of_the_units_that_an_event_names_only_the_first_is_changed() -> None:
    merged = UnitMerged(effective_on=HANDOVER, unit_id=CAO_SON, into=DISTRICT_STATE)
    recorded = {**RECORDED, 13: merged}
    assert version(f"unit:{CAO_SON}", recorded) == 13
    assert version(f"unit:{DISTRICT_STATE}", recorded) == 2


def test_an_annulment_changes_everything_that_it_touches() -> None:
    recorded = {**RECORDED, 13: annulled(8, *RECORDED[8].tags())}
    assert version(f"post:{CHAIRMAN}", recorded) == 13
    assert version(f"official:{CHAIR}", recorded) == 13
    assert version(f"unit:{DISTRICT_STATE}", recorded) == 13
    assert version(f"unit:{CAO_SON}", recorded) == 9


@pytest.mark.parametrize("subject", [f"unit:{CAO_SON}", f"post:{CHAIRMAN}", f"official:{CHAIR}"])
def test_what_is_selected_for_a_version_tells_it(subject: str) -> None:
    selectors = [version_selector(subject)]
    selected = {at: event for at, event in RECORDED.items() if matches(selectors, event)}
    assert len(selected) < len(RECORDED)
    assert version(subject, selected) == version(subject, RECORDED)
    assert version(subject, {}) == 0
