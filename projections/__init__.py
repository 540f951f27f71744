"""Projections: what the log answers, one question per file: a table, a fold, and its queries."""

from projections.organisation.directory import OFFICIALS, POSTS, TENURES, UNITS
from projections.projection import Projection
from projections.search.citations import CITATIONS
from projections.search.index import (
    SEARCH_POSTS,
    SEARCH_TASKS,
    SEARCH_UNITS,
)
from projections.tasks.accountability import ACCOUNTABILITY
from projections.tasks.active_tasks import ACTIVE_TASKS
from projections.tasks.co_accountabilities import CO_ACCOUNTABILITIES
from projections.tasks.obstacles import OBSTACLES
from projections.tasks.proposals import TASK_PROPOSALS
from projections.tasks.reminders import REMINDERS
from projections.tasks.report_duties import REPORT_DUTIES
from projections.tasks.responsibilities import RESPONSIBILITIES
from projections.tasks.standings import TASK_STANDINGS
from projections.tasks.vacancies import VACANCIES

PROJECTIONS: tuple[Projection, ...] = (
    ACTIVE_TASKS,
    TASK_PROPOSALS,
    RESPONSIBILITIES,
    CO_ACCOUNTABILITIES,
    ACCOUNTABILITY,
    UNITS,
    POSTS,
    OFFICIALS,
    TENURES,
    SEARCH_TASKS,
    SEARCH_UNITS,
    SEARCH_POSTS,
    *CITATIONS,
    TASK_STANDINGS,
    REMINDERS,
    OBSTACLES,
    VACANCIES,
    REPORT_DUTIES,
)
