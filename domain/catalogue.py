"""Catalogue: every type of event there is. Whoever decodes events takes EVENT_TYPES from here.

A type is known once its module is loaded; so all the modules that define events are named.
"""

from types import ModuleType

from domain.cells import events as cells
from domain.kernel import EVENT_TYPES
from domain.monitoring import events as monitoring
from domain.organisation import events as organisation
from domain.regulations import events as regulations
from domain.tasks import changes, events
from domain.tasks.beginning import advice
from domain.tasks.ending import recurrence
from domain.tasks.matters import delegation, obstacles, reminders, solutions
from domain.tasks.responsibility import co_accountability, collective
from domain.tasks.work import effects, report_duties, results, revision

__all__ = ["EVENT_TYPES", "MODULES"]

MODULES: tuple[ModuleType, ...] = (
    organisation,
    regulations,
    monitoring,
    cells,
    events,
    changes,
    advice,
    revision,
    obstacles,
    solutions,
    reminders,
    delegation,
    co_accountability,
    collective,
    report_duties,
    results,
    effects,
    recurrence,
)
