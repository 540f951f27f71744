"""Monitoring: the regulations it stands on, and the verbs of who monitors which commune."""

from domain.monitoring.monitors.allocation import AllocateCommune, SetQuota, WithdrawAllocation
from domain.monitoring.monitors.assignment import AssignMonitor
from domain.monitoring.monitors.release import ReleaseMonitor
from domain.monitoring.monitors.replacement import ReplaceMonitor
from domain.regulations.adoption import RegulateCellAttendance, RegulateCommuneMonitoring
from service.access.roles import Permission
from service.http.commands import Verb

DECIDE = Permission.DECIDE

REGULATIONS = (
    Verb(
        "/regulations/commune-monitoring/adopt",
        RegulateCommuneMonitoring,
        "regulation",
        DECIDE,
        fixed_id="commune-monitoring",
    ),
    Verb(
        "/regulations/cell-attendance/adopt",
        RegulateCellAttendance,
        "regulation",
        DECIDE,
        fixed_id="cell-attendance",
    ),
)
MONITORS = (
    Verb("/agencies/{unit_id}/set-quota", SetQuota, "unit", DECIDE),
    Verb("/communes/{unit_id}/allocate", AllocateCommune, "unit", DECIDE),
    Verb("/communes/{unit_id}/withdraw-allocation", WithdrawAllocation, "unit", DECIDE),
    Verb("/communes/{unit_id}/assign-monitor", AssignMonitor, "unit", DECIDE),
    Verb("/communes/{unit_id}/replace-monitor", ReplaceMonitor, "unit", DECIDE),
    Verb("/communes/{unit_id}/release-monitor", ReleaseMonitor, "unit", DECIDE),
)
MONITORING_VERBS = (*REGULATIONS, *MONITORS)
