"""Projections: what the log answers, one question per file: a table, a fold, and its queries."""

from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.listing import Listing
from projections.monitoring.agency_assessments import AGENCY_ASSESSMENTS, ASSESSED_AGENCIES
from projections.monitoring.allocations import COMMUNE_ALLOCATIONS
from projections.monitoring.cell_attendance import (
    ATTENDANCE,
    ATTENDED_MEETINGS,
    CELL_ATTENDANTS,
    CELL_MEETINGS,
)
from projections.monitoring.commendations import COMMENDATIONS, PROPOSED_COMMENDATIONS
from projections.monitoring.figures import REPORTED_FIGURES
from projections.monitoring.good_practices import GOOD_PRACTICES, RECORDED_PRACTICES
from projections.monitoring.owed_papers import LISTS as OWED_PAPERS
from projections.monitoring.papers import ANNUAL_REPORTS, PROGRAMMES, REVIEWS
from projections.monitoring.recommendations import MADE_RECOMMENDATIONS, RECOMMENDATIONS
from projections.monitoring.replacement_requests import REPLACEMENT_REQUESTS, REQUESTS_MADE
from projections.monitoring.visits import COMMUNE_VISITS, VISIT_COUNTS, VISITS
from projections.organisation.directory import OFFICIALS, POSTS, TENURES, UNITS
from projections.organisation.lineage import UNIT_LINEAGE
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
from projections.tasks.obstacles import OBSTACLES, OPEN_OBSTACLES
from projections.tasks.proposals import TASK_PROPOSALS
from projections.tasks.reminders import REMINDERS, UNANSWERED_REMINDERS
from projections.tasks.report_duties import LATE_REPORTS, REPORT_DUTIES
from projections.tasks.responsibilities import RESPONSIBILITIES
from projections.tasks.standings import TASK_STANDINGS
from projections.tasks.vacancies import OPEN_VACANCIES, VACANCIES

PROJECTIONS: tuple[Projection, ...] = (
    ACTIVE_TASKS,
    TASK_PROPOSALS,
    RESPONSIBILITIES,
    CO_ACCOUNTABILITIES,
    ACCOUNTABILITY,
    UNITS,
    UNIT_LINEAGE,
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
    COMMUNE_ALLOCATIONS,
    COMMUNE_COVERAGE,
    PROGRAMMES,
    ANNUAL_REPORTS,
    REVIEWS,
    COMMUNE_VISITS,
    COMMENDATIONS,
    REPLACEMENT_REQUESTS,
    RECOMMENDATIONS,
    GOOD_PRACTICES,
    AGENCY_ASSESSMENTS,
    REPORTED_FIGURES,
    CELL_ATTENDANTS,
    CELL_MEETINGS,
)

# Each is served as it is declared.
LISTINGS: tuple[Listing, ...] = (
    OPEN_OBSTACLES,
    UNANSWERED_REMINDERS,
    OPEN_VACANCIES,
    LATE_REPORTS,
    *OWED_PAPERS.values(),
    VISITS,
    VISIT_COUNTS,
    PROPOSED_COMMENDATIONS,
    REQUESTS_MADE,
    MADE_RECOMMENDATIONS,
    RECORDED_PRACTICES,
    ASSESSED_AGENCIES,
    ATTENDANCE,
    ATTENDED_MEETINGS,
)
