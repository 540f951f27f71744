"""Catalogue: every type of event there is. Whoever decodes events takes EVENT_TYPES from here.

A type is known once its module is loaded; so all the modules that define events are named.
"""

from importlib import import_module

from domain.kernel import EVENT_TYPES

__all__ = ["EVENT_TYPES", "MODULES"]

MODULES = (
    "domain.organisation.unit_kinds",
    "domain.organisation.events",
    "domain.timeline",
    "domain.regulations.events",
    "domain.monitoring.events",
    "domain.cells.events",
    "domain.indicators.events",
    "domain.tasks.events",
    "domain.tasks.changes",
    "domain.tasks.beginning.advice",
    "domain.tasks.work.revision",
    "domain.tasks.work.report_duties",
    "domain.tasks.work.missed_reports",
    "domain.tasks.work.results",
    "domain.tasks.work.effects",
    "domain.tasks.work.cases",
    "domain.tasks.matters.obstacles",
    "domain.tasks.matters.solutions",
    "domain.tasks.matters.reminders",
    "domain.tasks.matters.delegation",
    "domain.tasks.responsibility.co_accountability",
    "domain.tasks.responsibility.collective",
    "domain.tasks.responsibility.consequences",
    "domain.tasks.ending.recurrence",
    "domain.appraisal.events",
    "domain.appraisal.rating_events",
    "domain.appraisal.cycle_events",
    "domain.appraisal.shortcomings",
    "domain.conduct.events",
    "domain.record.periods",
)

for _module in MODULES:
    import_module(_module)
