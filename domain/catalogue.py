"""Catalogue: every type of event there is. Whoever decodes events takes EVENT_TYPES from here.

A type is known once its module is loaded; so all the modules that define events are named.
"""

from types import ModuleType

from domain.kernel import EVENT_TYPES
from domain.monitoring import cell_events as cells
from domain.monitoring import events as monitoring
from domain.organisation import events as organisation
from domain.regulations import events as regulations
from domain.tasks import (
    advice,
    changes,
    co_accountability,
    collective,
    delegation,
    effects,
    events,
    obstacles,
    recurrence,
    reminders,
    reports_due,
    results,
    revision,
    solutions,
)

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
    reports_due,
    results,
    effects,
    recurrence,
)
