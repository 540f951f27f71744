"""What single facts come to that are recorded late, annulled or replaced."""

from datetime import date
from typing import Any

from domain.kernel import Event
from domain.monitoring.events import AllocationWithdrawn, CommuneAllocated, MonitorAssigned
from domain.organisation.events import (
    OfficialRegistered,
    RetirementAnnounced,
    UnitClosed,
    UnitEstablished,
    UnitKind,
    UnitRenamed,
)
from projections.commune_coverage.allocations import COMMUNE_ALLOCATIONS
from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.organisation.officials import ALWAYS, OFFICIALS
from projections.organisation.units import UNITS
from projections.projection import FOREVER, Projection
from projections.tasks.tasks import TASKS
from tests.domain.cast import TASK_APPROVED, TASK_ASSIGNED, TASK_REGISTERED
from tests.projections.out_of_order import Record, rows, tag
from tests.projections.tasks.recorded_lives import corrected
from tests.projections.tasks.test_task_change_folds import reported

JANUARY, FEBRUARY, MARCH, APRIL = (date(2021, month, 1) for month in (1, 2, 3, 4))
COMMUNE = UnitEstablished(
    effective_on=JANUARY, unit_id="c1", name="Xã Một", kind=UnitKind.COMMUNE, parent_id="d1"
)


def renamed(on: date, name: str) -> Event:
    return UnitRenamed(effective_on=on, unit_id="c1", name=name, former_name="Xã Một")


def monitored(on: date, official: str) -> Event:
    return MonitorAssigned(
        effective_on=on, unit_id="c1", official_id=official, post_id="p", agency_id="a1",
        assigned_by="btv",
    )  # fmt: skip


def recorded(*events: Event) -> Record:
    record = Record()
    for event in events:
        assert record.append(event), event
    return record


def found(record: Record, projection: Projection, *columns: str) -> list[tuple[Any, ...]]:
    of = tag(record.events[1])
    return [tuple(row[name] for name in columns) for row in rows(projection, record.lives[of])]


def test_a_name_given_late_stands_between_and_moves_the_version() -> None:
    record = recorded(COMMUNE, renamed(APRIL, "Phường Một"), renamed(FEBRUARY, "Xã Hai"))
    assert found(record, UNITS, "name", "valid_from", "valid_to", "position") == [
        ("Xã Một", "2021-01-01", "2021-02-01", 1),
        ("Xã Hai", "2021-02-01", "2021-04-01", 3),
        ("Phường Một", "2021-04-01", FOREVER, 3),
    ]


def test_an_annulled_end_lets_the_unit_live_on_under_the_annulments_version() -> None:
    record = recorded(COMMUNE, UnitClosed(effective_on=MARCH, unit_id="c1", reason="giải thể"))
    assert found(record, UNITS, "valid_to", "position") == [("2021-03-01", 2)]
    assert record.annul(2)
    assert found(record, UNITS, "valid_to", "position") == [(FOREVER, 3)]


def test_a_replacement_stands_within_its_day_where_that_stood_which_it_replaces() -> None:
    record = recorded(COMMUNE, renamed(MARCH, "Sai"), renamed(MARCH, "Sau cùng"))
    assert record.annul(2, renamed(MARCH, "Đúng"))
    assert found(record, UNITS, "name", "position") == [("Xã Một", 4), ("Sau cùng", 5)]


def test_the_monitor_of_an_old_gap_ends_the_day_before_the_next_begins() -> None:
    record = recorded(COMMUNE, monitored(APRIL, "o2"), monitored(FEBRUARY, "o1"))
    assert found(record, COMMUNE_COVERAGE, "official_id", "valid_from", "valid_to") == [
        (None, "2021-01-01", "2021-02-01"),
        ("o1", "2021-02-01", "2021-04-01"),
        ("o2", "2021-04-01", FOREVER),
    ]


def test_an_allocation_before_another_ends_where_that_begins() -> None:
    def allocated(on: date, agency: str) -> Event:
        return CommuneAllocated(effective_on=on, unit_id="c1", agency_id=agency, allocated_by="btv")

    record = recorded(allocated(MARCH, "a2"), allocated(JANUARY, "a1"))
    assert found(record, COMMUNE_ALLOCATIONS, "agency_id", "from_on", "until_on") == [
        ("a1", "2021-01-01", "2021-03-01"),
        ("a2", "2021-03-01", FOREVER),
    ]
    withdrawn = AllocationWithdrawn(
        effective_on=FEBRUARY, unit_id="c1", agency_id="a1", withdrawn_by="btv", reason="thôi"
    )
    assert record.append(withdrawn)
    assert found(record, COMMUNE_ALLOCATIONS, "agency_id", "until_on") == [
        ("a1", "2021-02-01"),
        ("a2", FOREVER),
    ]


def test_an_official_registered_late_may_have_a_retirement_announced_before() -> None:
    record = recorded(
        OfficialRegistered(effective_on=APRIL, official_id="o1", full_name="Cán bộ"),
        RetirementAnnounced(effective_on=MARCH, official_id="o1", retires_on=date(2021, 9, 1)),
        RetirementAnnounced(effective_on=FEBRUARY, official_id="o1", retires_on=date(2021, 8, 1)),
    )
    assert found(record, OFFICIALS, "valid_from", "retires_on", "named_position") == [
        (ALWAYS, None, 1),
        ("2021-02-01", "2021-08-01", 1),
        ("2021-03-01", "2021-09-01", 1),
    ]


def test_a_correction_finds_its_report_though_others_are_annulled_or_late() -> None:
    first, second, late, when = (date(2021, 6, day) for day in (2, 4, 3, 20))
    record = recorded(TASK_REGISTERED, TASK_APPROVED, TASK_ASSIGNED, reported(first, 10, 10))
    assert record.append(reported(second, 20, 20))
    assert record.annul(4)
    assert record.append(reported(late, 15, 15))
    assert record.append(corrected(5, {"kind": "progress", "share_percent": 25}, on=when))
    shares = dict(found(record, TASKS, "valid_from", "share_percent"))
    assert [shares.get(f"2021-06-0{day}") for day in (2, 3, 4)] == [None, "15", "20"]
    assert shares["2021-06-20"] == "25"
