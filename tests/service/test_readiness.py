"""Readiness: what concerns every ledger is a fault, what concerns one degrades the service."""

from dataclasses import replace

from service.observability.readiness import Standstills, judged
from service.read_models.projector import follower
from service.read_models.standings import Standing, State

HERE, THERE = "hoa-binh", "tuyen-quang"
ALL = frozenset({"tasks"})


def at(
    position: int, ledger: str = HERE, head: int = 10, state: State = "running", **stopped: object
) -> Standing:
    return Standing(
        projection="tasks",
        ledger=ledger,
        position=position,
        head=head,
        state=state,
        stopped_at=stopped.get("stopped_at"),  # type: ignore[arg-type]  # as given
        error="broken" if stopped else None,
        moved_at=None,
    )


def test_a_read_model_stands_still_once_it_lacks_events_and_has_not_moved_for_a_while() -> None:
    now = 0.0
    standstills = Standstills(10, lambda: now)
    assert standstills.note([at(5)]) == {}
    now = 9.0
    assert standstills.note([at(5)]) == {}
    now = 11.0
    assert standstills.note([at(5)]) == {("tasks", HERE): 11.0}
    assert standstills.note([at(6)]) == {}
    now = 30.0
    assert standstills.note([at(6)]) == {("tasks", HERE): 19.0}


def test_a_read_model_that_was_at_rest_for_days_does_not_stand_still_at_the_next_event() -> None:
    now = 0.0
    standstills = Standstills(10, lambda: now)
    assert standstills.note([at(10)]) == {}
    now = 1_000_000.0
    assert standstills.note([at(10, head=11)]) == {}


def test_a_stopped_read_model_of_one_ledger_degrades_the_service() -> None:
    stopped = at(5, state="stopped", stopped_at=6)
    for ledgers in ({HERE}, {HERE, THERE}):
        report = judged({}, ledgers, [stopped], {}, ALL)
        assert not report.faults
        assert report.degraded == {f"projection tasks of {HERE}": "stopped at 6: broken"}


def test_a_ledger_whose_read_models_stand_still_degrades_the_service() -> None:
    report = judged({}, {HERE, THERE}, [at(5)], {("tasks", HERE): 60.0}, ALL)
    assert not report.faults
    assert report.degraded == {f"read models of {HERE}": "tasks stand still at 5 of 10"}


def test_a_service_is_not_ready_when_the_read_models_of_every_ledger_stand_still() -> None:
    still = {("tasks", HERE): 60.0, ("tasks", THERE): 60.0}
    report = judged({}, {HERE, THERE}, [at(5), at(5, THERE)], still, ALL)
    assert report.faults.keys() == {
        "read models",
        f"read models of {HERE}",
        f"read models of {THERE}",
    }
    assert not report.degraded


def test_a_task_of_the_whole_service_that_fails_is_a_fault_and_one_of_a_ledger_is_not() -> None:
    report = judged(
        {"imports": "it failed", follower(HERE): "it failed"}, {HERE, THERE}, [], {}, ALL
    )
    assert report.faults == {"task imports": "it failed"}
    assert report.degraded == {f"task {follower(HERE)}": "it failed"}
    every = judged({follower(HERE): "it failed", follower(THERE): "it"}, {HERE, THERE}, [], {}, ALL)
    assert "read models" in every.faults


def test_a_read_model_of_another_build_is_a_fault() -> None:
    report = judged({}, {HERE}, [at(10, state="outdated")], {}, ALL)
    assert report.faults == {"projection tasks": "outdated"}


def test_one_read_model_that_stands_still_beside_others_that_move_degrades_the_service() -> None:
    projections = ALL | {"units"}
    report = judged({}, {HERE}, [at(5)], {("tasks", HERE): 60.0}, projections)
    assert not report.faults
    assert report.degraded == {f"read models of {HERE}": "tasks stand still at 5 of 10"}


def test_a_read_model_that_is_stopped_does_not_count_as_one_that_moves() -> None:
    stopped = replace(at(5, state="stopped", stopped_at=6), projection="units")
    still = {("tasks", HERE): 60.0}
    report = judged({}, {HERE}, [at(5), stopped], still, ALL | {"units"})
    assert "read models" in report.faults
