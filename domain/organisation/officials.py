"""Officials: persons the ledger knows, apart from the posts they hold."""

from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import Conflict, Context, Event, Invalid, Parameters, Refusal
from domain.organisation.command import OrganisationCommand
from domain.organisation.events import OfficialRegistered, RetirementAnnounced
from domain.organisation.organisation import OfficialUnknown, official_selector
from domain.values import Day, Line, OfficialId


class OfficialExists(Conflict):
    """There is an official {official_id} already.

    Đã có cán bộ {official_id}.
    """


class RetiresBeforeAnnounced(Invalid):
    """The retirement day {retires_on} is not after {effective_on}, when it is announced.

    Ngày nghỉ chế độ {retires_on} không ở sau ngày thông báo {effective_on}.
    """


class NewOfficial(Parameters):
    """The person to register; `official_id` is made by the service if left out."""

    official_id: OfficialId | None = None
    full_name: Line
    contact: Line | None = None


class RegisterOfficial(OrganisationCommand[NewOfficial]):
    """The ledger knows the person from now on. Name and contact are sealed as personal data."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (OfficialExists,)

    def __init__(self, context: Context, params: NewOfficial, official_id: str) -> None:
        super().__init__(context, params)
        self.official_id = official_id

    def consistency_boundary(self) -> list[Selector]:
        return [official_selector(self.official_id)]

    def execute(self) -> None:
        if self.official_id in self.organisation.officials:
            raise OfficialExists(official_id=self.official_id)
        self.emit(
            OfficialRegistered(
                effective_on=self.context.effective_on,
                official_id=self.official_id,
                full_name=self.params.full_name,
                contact=self.params.contact,
            )
        )


class RetirementNotice(Parameters):
    """The day from which the official is retired."""

    retires_on: Day


class AnnounceRetirement(OrganisationCommand[RetirementNotice]):
    """The official waits to retire: a successor is to be found before that day."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (OfficialUnknown, RetiresBeforeAnnounced)

    def __init__(self, context: Context, params: RetirementNotice, official_id: str) -> None:
        super().__init__(context, params)
        self.official_id = official_id

    def consistency_boundary(self) -> list[Selector]:
        types: list[type[Event]] = [OfficialRegistered, RetirementAnnounced]
        return [Selector(types=types, tags=[f"official:{self.official_id}"])]

    def execute(self) -> None:
        on = self.context.effective_on
        if self.official_id not in self.organisation.officials:
            raise OfficialUnknown(official_id=self.official_id)
        if self.params.retires_on <= on:
            raise RetiresBeforeAnnounced(retires_on=self.params.retires_on, effective_on=on)
        self.emit(
            RetirementAnnounced(
                effective_on=on, official_id=self.official_id, retires_on=self.params.retires_on
            )
        )
