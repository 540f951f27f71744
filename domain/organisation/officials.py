"""Officials: persons the ledger knows, apart from the posts they hold."""

from typing import Annotated, ClassVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import Conflict, Context, Invalid, Parameters, Refusal
from domain.organisation.command import OrganisationCommand
from domain.organisation.events import OfficialRegistered, RetirementAnnounced
from domain.organisation.organisation import OfficialUnknown, Organisation
from domain.organisation.selectors import official_selector, retirement_selector
from domain.values import Day, Line, OfficialId, Personal


class OfficialExists(Conflict):
    """There is an official {official_id} already.

    Đã có cán bộ {official_id}.
    """


class RetiresBeforeAnnounced(Invalid):
    """The retirement day {retires_on} is not after {effective_on}, when it is announced.

    Ngày nghỉ chế độ {retires_on} không ở sau ngày thông báo {effective_on}.
    """


def require_registrable(organisation: Organisation, event: OfficialRegistered) -> None:
    """Pass if the official is not known yet.

    Raises:
        OfficialExists.
    """
    if event.official_id in organisation.officials:
        raise OfficialExists(official_id=event.official_id)


def require_announceable(organisation: Organisation, event: RetirementAnnounced) -> None:
    """Pass if the official is known, and retires after the day of the announcement.

    Raises:
        OfficialUnknown, RetiresBeforeAnnounced.
    """
    organisation.require_official(event.official_id)
    if event.retires_on <= event.effective_on:
        raise RetiresBeforeAnnounced(retires_on=event.retires_on, effective_on=event.effective_on)


class NewOfficial(Parameters):
    """The person to register; `official_id` is made by the service if left out."""

    official_id: OfficialId | None = None
    full_name: Annotated[Line, Personal()]
    contact: Annotated[Line | None, Personal()] = None


class RegisterOfficial(OrganisationCommand[NewOfficial]):
    """The ledger knows the person, on every day. Name and contact are sealed as personal data.

    A person is there whenever the ledger learns of it: nothing is registered ahead.
    """

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (OfficialExists,)

    def __init__(self, context: Context, params: NewOfficial, official_id: str) -> None:
        super().__init__(context, params)
        self.official_id = official_id

    def consistency_boundary(self) -> list[Selector]:
        return [official_selector(self.official_id)]

    def execute(self) -> None:
        registered = OfficialRegistered(
            effective_on=self.context.effective_on,
            official_id=self.official_id,
            full_name=self.params.full_name,
            contact=self.params.contact,
        )
        require_registrable(self.organisation, registered)
        self.emit(registered)


class RetirementNotice(Parameters):
    """The day from which the official is retired."""

    retires_on: Day


class AnnounceRetirement(OrganisationCommand[RetirementNotice]):
    """The official waits to retire: a successor is to be found before that day.

    What lies ahead is the day of retirement; the announcement itself is made when it is recorded.
    """

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (OfficialUnknown, RetiresBeforeAnnounced)

    def __init__(self, context: Context, params: RetirementNotice, official_id: str) -> None:
        super().__init__(context, params)
        self.official_id = official_id

    def consistency_boundary(self) -> list[Selector]:
        return [retirement_selector(self.official_id)]

    def execute(self) -> None:
        announced = RetirementAnnounced(
            effective_on=self.context.effective_on,
            official_id=self.official_id,
            retires_on=self.params.retires_on,
        )
        require_announceable(self.organisation, announced)
        self.emit(announced)
