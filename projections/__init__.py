"""Projections: what the log answers, one question per file: a table, a fold, and its queries."""

from projections.appraisal.cycles import APPRAISAL_CYCLES, OFFICIALS_OF_CYCLE
from projections.appraisal.objections import RATING_OBJECTIONS
from projections.appraisal.ratings import DECIDED_RATINGS, SHAKEN_RATINGS
from projections.commune_coverage.communes import COMMUNE_MONITORS, COMMUNES_BY_COVERAGE
from projections.commune_coverage.gaps import COVERAGE_GAPS
from projections.commune_coverage.trend import COVERAGE_TREND
from projections.commune_coverage.uncovered_days import UNCOVERED_DAYS
from projections.conduct.findings import FINDINGS_OF_CONDUCT
from projections.conduct.replacements import REPLACEMENTS_PROPOSED
from projections.duties.board import DUTIES
from projections.duties.trend import DUTY_TREND
from projections.inbox.inbox import READ_INBOX
from projections.indicators.attainment import ATTAINMENT
from projections.listing import Listing
from projections.monitoring.agency_assessments import ASSESSED_AGENCIES
from projections.monitoring.cell_attendance import ATTENDANCE, ATTENDED_MEETINGS
from projections.monitoring.commendations import PROPOSED_COMMENDATIONS
from projections.monitoring.figures import REPORTED_FIGURES
from projections.monitoring.good_practices import RECORDED_PRACTICES
from projections.monitoring.owed_papers import LISTS as OWED_PAPERS
from projections.monitoring.recommendations import MADE_RECOMMENDATIONS
from projections.monitoring.replacement_requests import REQUESTS_MADE
from projections.monitoring.visits import VISIT_COUNTS, VISITS
from projections.organisation.officials import OFFICIALS
from projections.organisation.posts import EXISTING_POSTS
from projections.organisation.tenures import RUNNING_TENURES
from projections.organisation.units import EXISTING_UNITS
from projections.projection import Projection
from projections.record.access import ACCESS_RECORD
from projections.record.backdated import BACKDATED
from projections.record.history import HISTORY
from projections.record.scheduled import SCHEDULED
from projections.regulations.days_off import DAYS_OFF
from projections.regulations.revisions import REGULATION_REVISIONS, REGULATIONS_IN_FORCE
from projections.search.citations import CITATIONS
from projections.search.index import SEARCH_POSTS, SEARCH_TASKS, SEARCH_UNITS
from projections.tasks.cases import CASES_OF_TASK
from projections.tasks.completion_rates import COMPLETION_RATES
from projections.tasks.obstacles import OPEN_OBSTACLES
from projections.tasks.overdue_trend import OVERDUE_TREND
from projections.tasks.portfolios import PORTFOLIO
from projections.tasks.proposals import TASK_PROPOSALS
from projections.tasks.reminders import UNANSWERED_REMINDERS
from projections.tasks.report_duties import LATE_REPORTS
from projections.tasks.responsibility_spans import (
    RESPONSIBILITIES_FOR_TASK,
    RESPONSIBILITIES_OF_OFFICIAL,
)
from projections.tasks.states import TASK_STATES
from projections.tasks.task_lists import ACTIVE_TASKS, ALL_TASKS
from projections.tasks.three_clears import TASKS_BY_CLEARS
from projections.tasks.vacancies import OPEN_VACANCIES
from projections.territory.lineage import UNIT_LINEAGE
from projections.territory.loose_ends import LOOSE_ENDS

# The lists: each is served as it is declared.
LISTINGS: tuple[Listing, ...] = (
    READ_INBOX,
    DUTIES,
    DUTY_TREND,
    ACTIVE_TASKS,
    ALL_TASKS,
    PORTFOLIO,
    COMPLETION_RATES,
    TASK_STATES,
    OVERDUE_TREND,
    RESPONSIBILITIES_FOR_TASK,
    RESPONSIBILITIES_OF_OFFICIAL,
    OPEN_OBSTACLES,
    UNANSWERED_REMINDERS,
    OPEN_VACANCIES,
    LATE_REPORTS,
    TASKS_BY_CLEARS,
    FINDINGS_OF_CONDUCT,
    REPLACEMENTS_PROPOSED,
    EXISTING_UNITS,
    EXISTING_POSTS,
    RUNNING_TENURES,
    LOOSE_ENDS,
    COMMUNES_BY_COVERAGE,
    COMMUNE_MONITORS,
    COVERAGE_GAPS,
    UNCOVERED_DAYS,
    COVERAGE_TREND,
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
    REGULATIONS_IN_FORCE,
    REGULATION_REVISIONS,
    DAYS_OFF,
    ATTAINMENT,
    DECIDED_RATINGS,
    SHAKEN_RATINGS,
    APPRAISAL_CYCLES,
    OFFICIALS_OF_CYCLE,
    RATING_OBJECTIONS,
    CASES_OF_TASK,
    SCHEDULED,
    BACKDATED,
    HISTORY,
    ACCESS_RECORD,
)

# Those that answer what is no list: one thing in full, a search, a figure.
UNLISTED: tuple[Projection, ...] = (
    TASK_PROPOSALS,
    OFFICIALS,
    UNIT_LINEAGE,
    REPORTED_FIGURES,
    SEARCH_TASKS,
    SEARCH_UNITS,
    SEARCH_POSTS,
    *CITATIONS,
)
PROJECTIONS: tuple[Projection, ...] = tuple(
    dict.fromkeys((*(read for listing in LISTINGS for read in listing.projections), *UNLISTED))
)
