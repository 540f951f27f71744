"""The catalogue knows every type of event, and every event names its task first."""

import importlib
import pkgutil

import domain
from domain.catalogue import EVENT_TYPES, MODULES
from domain.tasks.events import TaskEvent

for module in pkgutil.walk_packages(domain.__path__, "domain."):
    importlib.import_module(module.name)


def test_no_module_defines_an_event_that_the_catalogue_does_not_load() -> None:
    defining = {event.__module__ for event in EVENT_TYPES.values()}
    # Other tests have event types of their own, in the same process.
    assert {name for name in defining if name.startswith("domain.")} == set(MODULES)


def test_every_event_is_called_in_vietnamese() -> None:
    names = {
        event.TYPE: event.VIETNAMESE
        for event in EVENT_TYPES.values()
        if event.__module__.startswith("domain.")
    }
    assert all(names.values()), [name for name, called in names.items() if not called]
    assert len(set(names.values())) == len(names)


def test_an_event_of_a_task_stands_first_in_the_history_of_that_task() -> None:
    for event in EVENT_TYPES.values():
        if issubclass(event, TaskEvent):
            assert event.TAGGED[0] == ("task_id", "task")
            assert [prefix for _, prefix in event.TAGGED].count("task") == 1
