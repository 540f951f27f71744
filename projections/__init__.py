"""Projections: what the log answers, one question per file: a table, a fold, and its queries."""

from projections.accountability import ACCOUNTABILITY
from projections.active_tasks import ACTIVE_TASKS
from projections.citations import CITATIONS
from projections.co_accountabilities import CO_ACCOUNTABILITIES
from projections.directory import OFFICIALS, POSTS, TENURES, UNITS
from projections.obstacles import OBSTACLES
from projections.projection import Projection
from projections.reminders import REMINDERS
from projections.report_duties import REPORT_DUTIES
from projections.responsibilities import RESPONSIBILITIES
from projections.search_index import (
    SEARCH_POSTS,
    SEARCH_TASKS,
    SEARCH_UNITS,
)
from projections.task_proposals import TASK_PROPOSALS
from projections.task_standings import TASK_STANDINGS
from projections.vacancies import VACANCIES

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
