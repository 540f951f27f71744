"""Cell attendance: officials attend party cells' meetings, once a day each, and judge them."""

from datetime import date
from typing import Any

import pytest

from domain.cells.attendance import (
    AssignAttendant,
    BeyondScale,
    NoScaleInForce,
    NotAPartyCell,
    OnlyTheAttendant,
    RecordMeetingAttended,
    ReleaseAttendant,
)
from domain.cells.command import (
    AttendanceWouldBeEmpty,
    AttendsAlready,
    MeetingRecorded,
    NotAnAttendant,
)
from domain.cells.events import AttendantAssigned, AttendantReleased, MeetingAttended
from domain.cells.preconditions import PRECONDITIONS
from domain.kernel import EVENT_TYPES, Actor, BodyRequired, Event, NotTheEntitledBody, Refusal
from domain.organisation.events import EndCause, OfficialRegistered, TenureEnded, UnitKind
from domain.organisation.organisation import OfficialUnknown, UnitUnknown
from domain.record.standing import State
from domain.regulations.events import CellAttendanceRegulated, PolicyAdopted
from domain.regulations.regulations import RegulatedFromThatDay
from tests.domain.contradicted import contradicted
from tests.domain.monitoring.commune import (
    BY_COMMITTEE,
    COMMITTEE,
    COMMUNE,
    FIRST,
    OTHER_BODY,
    SECOND,
    TODAY,
    unit,
)
from tests.domain.regulations.governing import CELLS, governing
from tests.domain.scenario import given

CELL = "chi-bo-thon-1"
SINCE, MET = date(2021, 1, 10), date(2021, 3, 3)
ORGANISATION = given(
    unit(COMMITTEE, UnitKind.STANDING_COMMITTEE),
    unit(OTHER_BODY, UnitKind.PARTY_AGENCY),
    unit(COMMUNE, UnitKind.COMMUNE),
    unit(CELL, UnitKind.PARTY_CELL),
    OfficialRegistered(effective_on=SINCE, official_id=FIRST, full_name="Cán bộ 001"),
)
ASSIGNED = AttendantAssigned(
    effective_on=SINCE, unit_id=CELL, official_id=FIRST, assigned_by=COMMITTEE
)
RELEASED = AttendantReleased(
    effective_on=TODAY,
    unit_id=CELL,
    official_id=FIRST,
    since=SINCE,
    reason="Chuyển công tác",
    released_by=COMMITTEE,
)
ATTENDING = ORGANISATION.given(ASSIGNED)
REGULATED = CellAttendanceRegulated.by_parameters(
    effective_on=date(2021, 2, 1), adopted_by=COMMITTEE, meetings_per_month=1, scale_points=100
)
WHO: dict[str, Any] = {"official_id": FIRST}
RELEASE: dict[str, Any] = {**WHO, "reason": "Chuyển công tác"}
NOTES: dict[str, Any] = {**WHO, "remarks": "Đúng nội dung"}


def met(on: date, points: int | None = None) -> MeetingAttended:
    return MeetingAttended(effective_on=on, unit_id=CELL, quality_points=points, **NOTES)


def test_an_official_is_assigned_to_a_party_cell() -> None:
    by_committee: dict[str, Any] = {"on": SINCE, "on_behalf_of": COMMITTEE, **WHO}
    ORGANISATION.when(AssignAttendant, CELL, **by_committee).then(ASSIGNED).when(
        AssignAttendant, CELL, **BY_COMMITTEE, **WHO
    ).refuses(AttendsAlready)
    ORGANISATION.when(AssignAttendant, COMMUNE, **by_committee).refuses(NotAPartyCell)
    ORGANISATION.when(AssignAttendant, "ma", **by_committee).refuses(UnitUnknown)
    ORGANISATION.when(AssignAttendant, CELL, on=SINCE, **WHO).refuses(BodyRequired)
    ORGANISATION.when(AssignAttendant, CELL, **{**by_committee, "official_id": SECOND}).refuses(
        OfficialUnknown
    )


def test_an_attendant_is_released_by_the_body_that_assigned_and_may_return() -> None:
    released = ATTENDING.when(ReleaseAttendant, CELL, **BY_COMMITTEE, **RELEASE).then(RELEASED)
    released.when(ReleaseAttendant, CELL, **BY_COMMITTEE, **RELEASE).refuses(NotAnAttendant)
    released.when(AssignAttendant, CELL, **BY_COMMITTEE, **WHO).then(
        ASSIGNED.model_copy(update={"effective_on": TODAY})
    )
    before: dict[str, Any] = {"on": date(2021, 11, 30), "on_behalf_of": COMMITTEE}
    released.when(AssignAttendant, CELL, **before, **WHO).refuses(AttendsAlready)
    other: dict[str, Any] = {"on": TODAY, "on_behalf_of": OTHER_BODY}
    ATTENDING.when(ReleaseAttendant, CELL, **other, **RELEASE).refuses(NotTheEntitledBody)


def test_an_attendance_ends_after_its_first_day_and_its_last_meeting() -> None:
    on_first: dict[str, Any] = {"on": SINCE, "on_behalf_of": COMMITTEE}
    ATTENDING.when(ReleaseAttendant, CELL, **on_first, **RELEASE).refuses(AttendanceWouldBeEmpty)
    on_meeting: dict[str, Any] = {"on": MET, "on_behalf_of": COMMITTEE}
    ATTENDING.given(met(MET)).when(ReleaseAttendant, CELL, **on_meeting, **RELEASE).refuses(
        AttendanceWouldBeEmpty
    )


def test_a_meeting_is_recorded_once_a_day_within_the_attendance() -> None:
    by_self: dict[str, Any] = {"by": Actor(f"official:{FIRST}"), **NOTES}
    ATTENDING.when(RecordMeetingAttended, CELL, on=MET, **by_self).then(met(MET)).when(
        RecordMeetingAttended, CELL, on=MET, **by_self
    ).refuses(MeetingRecorded)
    ATTENDING.given(met(MET)).when(
        RecordMeetingAttended, CELL, on=date(2021, 2, 3), **by_self
    ).then(met(date(2021, 2, 3)))
    ATTENDING.when(RecordMeetingAttended, CELL, on=date(2021, 1, 9), **by_self).refuses(
        NotAnAttendant
    )
    ATTENDING.given(RELEASED).when(RecordMeetingAttended, CELL, on=TODAY, **by_self).refuses(
        NotAnAttendant
    )
    stranger = Actor(f"official:{SECOND}")
    ATTENDING.when(RecordMeetingAttended, CELL, on=MET, by=stranger, **NOTES).refuses(
        OnlyTheAttendant
    )


def test_a_meeting_is_judged_on_the_scale_in_force_that_day() -> None:
    regulated = ATTENDING.given(REGULATED)
    regulated.when(RecordMeetingAttended, CELL, on=MET, quality_points=100, **NOTES).then(
        met(MET, 100)
    )
    regulated.when(RecordMeetingAttended, CELL, on=MET, quality_points="100.5", **NOTES).refuses(
        BeyondScale
    )
    regulated.when(
        RecordMeetingAttended, CELL, on=date(2021, 1, 20), quality_points=90, **NOTES
    ).refuses(NoScaleInForce)


def test_the_end_of_a_tenure_does_not_end_an_attendance() -> None:
    ended = TenureEnded(
        effective_on=date(2021, 2, 1),
        official_id=FIRST,
        post_id="giam-doc",
        unit_id=OTHER_BODY,
        cause=EndCause.TRANSFER,
    )
    ATTENDING.given(ended).when(RecordMeetingAttended, CELL, on=MET, **NOTES).then(met(MET))


def test_meetings_attended_later_stand_in_the_way_of_an_earlier_end() -> None:
    met_on = met(MET)
    early: dict[str, Any] = {"on": date(2021, 2, 1), "on_behalf_of": COMMITTEE}
    release = ATTENDING.given(met_on).when(ReleaseAttendant, CELL, **early, **RELEASE)
    assert contradicted(release) == [(met_on, NotAnAttendant)]
    assert contradicted(
        ATTENDING.given(RELEASED).when(ReleaseAttendant, CELL, **early, **RELEASE)
    ) == [(RELEASED, NotAnAttendant)]


def test_an_attendance_recorded_late_leaves_no_room_for_a_later_one() -> None:
    since = ASSIGNED.model_copy(update={"effective_on": MET})
    early: dict[str, Any] = {"on": SINCE, "on_behalf_of": COMMITTEE}
    assert contradicted(ORGANISATION.given(since).when(AssignAttendant, CELL, **early, **WHO)) == [
        (since, AttendsAlready)
    ]


OTHER_DAY = ASSIGNED.model_copy(update={"effective_on": date(2021, 1, 9)})
CANNOT_FOLLOW: list[tuple[list[Event], Event, type[Refusal]]] = [
    ([ASSIGNED], ASSIGNED, AttendsAlready),
    ([], ASSIGNED.model_copy(update={"unit_id": COMMUNE}), NotAPartyCell),
    ([], RELEASED, NotAnAttendant),
    ([OTHER_DAY], RELEASED, AttendsAlready),
    ([ASSIGNED, met(TODAY)], RELEASED, AttendanceWouldBeEmpty),
    ([], met(MET), NotAnAttendant),
    ([ASSIGNED, met(MET)], met(MET), MeetingRecorded),
    ([REGULATED], REGULATED, RegulatedFromThatDay),
    ([REGULATED], governing(CELLS, date(2021, 2, 1)), RegulatedFromThatDay),
]


@pytest.mark.parametrize(("given", "event", "refusal"), CANNOT_FOLLOW)
def test_what_cannot_follow_is_refused(
    given: list[Event], event: Event, refusal: type[Refusal]
) -> None:
    state = State()
    for one in (*ORGANISATION.history, *given):
        state.evolve(one)
    with pytest.raises(refusal):
        state.require(event)


def test_every_event_of_cells_has_a_precondition_which_can_fail() -> None:
    of_cells = {e for e in EVENT_TYPES.values() if e.TYPE.startswith("cell.")}
    assert of_cells | {CellAttendanceRegulated, PolicyAdopted} == set(PRECONDITIONS)
    assert set(PRECONDITIONS) == {type(event) for _, event, _ in CANNOT_FOLLOW}


def test_the_body_that_let_the_official_attend_decides_on_the_meetings() -> None:
    state = State()
    for event in (ASSIGNED, met(MET), RELEASED):
        state.evolve(event)
    assert state.deciding_body(met(MET)) == COMMITTEE
    assert state.deciding_body(met(date(2021, 1, 9))) is None
