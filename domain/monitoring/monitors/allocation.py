"""Allocation: an agency gives leaders as monitors, within its quota, and communes go to it (D9)."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, ClassVar

from eventsourcing.dcb.domain import Selector
from pydantic import Field, StrictInt

from domain.kernel import (
    BodyRequired,
    Conflict,
    DocumentRequired,
    NotTheEntitledBody,
    Parameters,
    Refusal,
)
from domain.monitoring.command import IS_COMMUNE, MonitoringCommand, Sight
from domain.monitoring.events import AllocationWithdrawn, CommuneAllocated, QuotaSet
from domain.monitoring.monitoring import Allocation, Monitoring, Quota, allocation_to_agency
from domain.organisation.organisation import UnitNotOpen, UnitUnknown
from domain.organisation.selectors import unit_selector
from domain.regulations.regulations import commune_monitoring_selector
from domain.values import Text, UnitId


class QuotaUnchanged(Conflict):
    """The quota of {unit_id} is {leaders} leaders already.

    Số lượng lãnh đạo giao cho {unit_id} đã là {leaders}.
    """


class QuotaNotSet(Conflict):
    """The agency {agency_id} has no quota of leaders on {on}: set it first.

    Cơ quan {agency_id} chưa được giao số lượng lãnh đạo theo dõi xã vào ngày {on}.
    """


class QuotaUsed(Conflict):
    """The {leaders} leaders of {agency_id} have {communes} communes: beyond, say the `exception`.

    Cơ quan {agency_id} có {leaders} lãnh đạo, đã nhận {communes} xã: thêm thì nêu `exception`.
    """


class CommuneAllocatedAlready(Conflict):
    """The commune {unit_id} is allocated to {agency_id} since {since}.

    Xã {unit_id} đã phân bổ cho {agency_id} từ ngày {since}.
    """


class CommuneNotAllocated(Conflict):
    """The commune {unit_id} is allocated to no agency.

    Xã {unit_id} chưa phân bổ cho cơ quan nào.
    """


class AllocatedForNoDay(Conflict):
    """The commune {unit_id} is allocated since {since}: until {until} that is no day.

    Xã {unit_id} được phân bổ từ {since}: đến {until} thì không đủ một ngày.
    """


class MonitorOfAnotherAgency(Conflict):
    """The official {official_id} of {agency_id} monitors {unit_id}: replace or release them first.

    Cán bộ {official_id} của {agency_id} đang theo dõi {unit_id}: cần thay thế hoặc cho thôi trước.
    """


def require_allocable(monitoring: Monitoring, unit_id: str, agency_id: str) -> None:
    """Pass if the commune is allocated to no agency, and its monitor, if any, is of this one.

    Raises:
        CommuneAllocatedAlready, MonitorOfAnotherAgency.
    """
    allocation, span = monitoring.allocation(unit_id), monitoring.open_span(unit_id)
    if allocation is not None:
        raise CommuneAllocatedAlready(
            unit_id=unit_id, agency_id=allocation.agency_id, since=allocation.since
        )
    if span is not None and span.agency_id != agency_id:
        raise MonitorOfAnotherAgency(
            official_id=span.official_id, agency_id=span.agency_id, unit_id=unit_id
        )


def quota_of(monitoring: Monitoring, agency_id: str, on: date) -> Quota:
    """The agency's quota.

    Raises:
        QuotaNotSet.
    """
    quota = monitoring.quotas.get(agency_id)
    if quota is None:
        raise QuotaNotSet(agency_id=agency_id, on=on)
    return quota


def require_within_quota(
    sight: Sight, quota: Quota, allocations: Iterable[Allocation], agency_id: str, on: date
) -> None:
    """Pass if the agency's leaders may monitor more communes than these that it has.

    Raises:
        QuotaUsed.
    """
    communes = sum(allocation.until > on for allocation in allocations)
    if communes >= quota.leaders * sight.limit(on):
        raise QuotaUsed(agency_id=agency_id, leaders=quota.leaders, communes=communes)


def allocated(monitoring: Monitoring, unit_id: str) -> Allocation:
    """The commune's allocation to an agency.

    Raises:
        CommuneNotAllocated.
    """
    allocation = monitoring.allocation(unit_id)
    if allocation is None:
        raise CommuneNotAllocated(unit_id=unit_id)
    return allocation


def require_lasted(allocation: Allocation, on: date) -> None:
    """Pass if the allocation lasted a day at least.

    Raises:
        AllocatedForNoDay.
    """
    if on <= allocation.since:
        raise AllocatedForNoDay(unit_id=allocation.unit_id, since=allocation.since, until=on)


class LeadersQuota(Parameters):
    """How many of the agency's leaders monitor communes."""

    leaders: Annotated[StrictInt, Field(ge=0, le=1000)]


class SetQuota(MonitoringCommand[LeadersQuota]):
    """The agency gives so many leaders as monitors, by the body's document.

    What is allocated to it beyond a lower quota stays until it is withdrawn.
    """

    AHEAD: ClassVar[bool] = True
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        BodyRequired,
        DocumentRequired,
        UnitUnknown,
        UnitNotOpen,
        QuotaUnchanged,
    )

    def consistency_boundary(self) -> list[Selector]:
        return [unit_selector(self.unit_id), allocation_to_agency(self.unit_id)]

    def execute(self) -> None:
        on, leaders, body = self.context.effective_on, self.params.leaders, self.require_body()
        self.require_basis()
        self.organisation.open_unit(self.unit_id, on)
        quota = self.monitoring.quotas.get(self.unit_id)
        if quota is not None and quota.leaders == leaders:
            raise QuotaUnchanged(unit_id=self.unit_id, leaders=leaders)
        self.emit(QuotaSet(effective_on=on, unit_id=self.unit_id, leaders=leaders, set_by=body))


class CommuneAllocation(Parameters):
    """The agency whose leaders the commune's monitors are.

    `exception` is why the agency is allocated more communes than its leaders may monitor by the
    regulation in force; it is recorded only where that is so.
    """

    agency_id: UnitId
    exception: Text | None = None


class AllocateCommune(MonitoringCommand[CommuneAllocation]):
    """The body allocates the commune to an agency, within its quota of leaders, by its document."""

    AHEAD: ClassVar[bool] = True
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        BodyRequired,
        DocumentRequired,
        *IS_COMMUNE,
        CommuneAllocatedAlready,
        MonitorOfAnotherAgency,
        QuotaNotSet,
        QuotaUsed,
    )

    def consistency_boundary(self) -> list[Selector]:
        agency_id = self.params.agency_id
        return [
            *super().consistency_boundary(),
            unit_selector(agency_id),
            allocation_to_agency(agency_id),
            commune_monitoring_selector(),
        ]

    def execute(self) -> None:
        params, on, body = self.params, self.context.effective_on, self.require_body()
        self.require_basis()
        self.sight.require_commune(self.unit_id, on)
        self.organisation.open_unit(params.agency_id, on)
        require_allocable(self.monitoring, self.unit_id, params.agency_id)
        self.emit(
            CommuneAllocated(
                effective_on=on,
                unit_id=self.unit_id,
                agency_id=params.agency_id,
                allocated_by=body,
                exception=self._exception(on),
            )
        )

    def _exception(self, on: date) -> str | None:
        """Why the agency is allocated more communes than its leaders may monitor, if it is.

        Raises:
            QuotaNotSet, QuotaUsed.
        """
        agency_id, exception = self.params.agency_id, self.params.exception
        quota = quota_of(self.monitoring, agency_id, on)
        communes = self.monitoring.allocations_to(agency_id)
        if exception is None:
            require_within_quota(self.sight, quota, communes, agency_id, on)
        most = quota.leaders * self.sight.limit(on)
        later = self.sight.later().allocations_to(agency_id)
        beyond = sum(one.until > on for one in communes) >= most or any(
            sum(one.covers(day) for one in later) >= most
            for day in {one.since for one in later if one.since > on}
        )
        return exception if beyond else None


class AllocationEnd(Parameters):
    """Why the commune is the agency's no longer."""

    reason: Text


class WithdrawAllocation(MonitoringCommand[AllocationEnd]):
    """The body that allocated the commune withdraws it, by its document; its monitor goes on."""

    AHEAD: ClassVar[bool] = True
    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        CommuneNotAllocated,
        BodyRequired,
        NotTheEntitledBody,
        DocumentRequired,
        AllocatedForNoDay,
    )

    def bodies(self) -> set[str]:
        allocation = self.monitoring.allocation(self.unit_id)
        return set() if allocation is None else {allocation.allocated_by}

    def execute(self) -> None:
        on = self.context.effective_on
        allocation = allocated(self.monitoring, self.unit_id)
        body = self.require_entitled(allocation.allocated_by)
        self.require_basis()
        require_lasted(allocation, on)
        self.emit(
            AllocationWithdrawn(
                effective_on=on,
                unit_id=self.unit_id,
                agency_id=allocation.agency_id,
                withdrawn_by=body,
                reason=self.params.reason,
            )
        )
