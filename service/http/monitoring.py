"""Monitoring: the regulations it stands on, and the verbs of who monitors which commune."""

from domain.monitoring.monitors.allocation import AllocateCommune, SetQuota, WithdrawAllocation
from domain.monitoring.monitors.assignment import AssignMonitor
from domain.monitoring.monitors.release import ReleaseMonitor
from domain.monitoring.monitors.replacement import ReplaceMonitor
from domain.regulations.adoption import (
    AdoptDaysOff,
    RegulateCellAttendance,
    RegulateCommuneMonitoring,
)
from service.http.commands import Verb

REGULATIONS = (
    Verb(
        "/regulations/commune-monitoring/adopt",
        RegulateCommuneMonitoring,
        "regulation",
        fixed_id="commune-monitoring",
    ),
    Verb(
        "/regulations/cell-attendance/adopt",
        RegulateCellAttendance,
        "regulation",
        fixed_id="cell-attendance",
    ),
    Verb("/regulations/days-off/adopt", AdoptDaysOff, "regulation", fixed_id="days-off"),
)
MONITORS = (
    Verb("/agencies/{unit_id}/set-quota", SetQuota, "unit"),
    Verb("/communes/{unit_id}/allocate", AllocateCommune, "unit"),
    Verb("/communes/{unit_id}/withdraw-allocation", WithdrawAllocation, "unit"),
    Verb("/communes/{unit_id}/assign-monitor", AssignMonitor, "unit"),
    Verb("/communes/{unit_id}/replace-monitor", ReplaceMonitor, "unit"),
    Verb("/communes/{unit_id}/release-monitor", ReleaseMonitor, "unit"),
)
MONITORING_VERBS = (*REGULATIONS, *MONITORS)
