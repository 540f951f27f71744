"""Projections: what the log answers, one question per file: a table, a fold, and its queries."""

from projections.accountability import ACCOUNTABILITY
from projections.active_tasks import ACTIVE_TASKS
from projections.directory import OFFICIALS, POSTS, TENURES, UNITS
from projections.projection import Projection
from projections.responsibilities import RESPONSIBILITIES
from projections.task_proposals import TASK_PROPOSALS

PROJECTIONS: tuple[Projection, ...] = (
    ACTIVE_TASKS,
    TASK_PROPOSALS,
    RESPONSIBILITIES,
    ACCOUNTABILITY,
    UNITS,
    POSTS,
    OFFICIALS,
    TENURES,
)
