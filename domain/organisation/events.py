"""What happens to the organisation. A tenure's last day is the day before it ends."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field, StrictInt

from domain.kernel import Event
from domain.values import Code, Day, Line, OfficialId, Personal, PostId, Slug, Text, UnitId


class UnitKind(StrEnum):
    """The kinds of units of a province and its Party committee (requirement A8)."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"
    WARD = "ward"
    TOWN = "town"
    DEPARTMENT = "department"
    DIVISION = "division"
    PARTY_COMMITTEE = "party_committee"
    STANDING_COMMITTEE = "standing_committee"
    PARTY_AGENCY = "party_agency"
    PEOPLES_COUNCIL = "peoples_council"
    PEOPLES_COMMITTEE = "peoples_committee"
    FRONT = "front"
    MASS_ORGANISATION = "mass_organisation"
    CENTRAL_VERTICAL_AGENCY = "central_vertical_agency"
    PUBLIC_SERVICE = "public_service"
    ENTERPRISE = "enterprise"


class EndCause(StrEnum):
    """Why a tenure ends (requirement A5)."""

    RETIREMENT = "retirement"
    TRANSFER = "transfer"
    DISMISSAL = "dismissal"
    RESIGNATION = "resignation"
    END_OF_TERM = "end_of_term"
    DEATH = "death"


class UnitEstablished(Event):
    """A unit exists from `effective_on`.

    `code` is its code in the official list, if it has one; codes are reused and are not keys.
    """

    TYPE: ClassVar[str] = "unit.established"

    unit_id: UnitId
    name: Line
    kind: UnitKind
    code: Code | None = None
    parent_id: UnitId | None = None


class UnitClosed(Event):
    """The unit's last day was the day before `effective_on`."""

    TYPE: ClassVar[str] = "unit.closed"

    unit_id: UnitId
    reason: Text


class PostCreated(Event):
    """A post in a unit, with the body that manages its holders and so may assign to it (A1, A2).

    `kind` is the post's class across units (`district_party_secretary`); `seats` how many may
    hold it at once (A4); `heads_unit` whether its holder is the unit's head.
    """

    TYPE: ClassVar[str] = "post.created"

    post_id: PostId
    unit_id: UnitId
    title: Line
    kind: Slug
    managed_by: UnitId
    heads_unit: bool = False
    seats: Annotated[StrictInt, Field(ge=1, le=100)] = 1


class PostAbolished(Event):
    TYPE: ClassVar[str] = "post.abolished"

    post_id: PostId
    unit_id: UnitId
    reason: Text


class OfficialRegistered(Event):
    """A person the ledger knows. Names and contacts are personal data."""

    TYPE: ClassVar[str] = "official.registered"

    official_id: OfficialId
    full_name: Annotated[Line | None, Personal()]
    contact: Annotated[Line | None, Personal()] = None


class RetirementAnnounced(Event):
    """The official waits to retire and leaves every post from `retires_on` (A6)."""

    TYPE: ClassVar[str] = "official.retirement_announced"

    official_id: OfficialId
    retires_on: Day


class TenureStarted(Event):
    """The official holds the post from `effective_on` (A3)."""

    TYPE: ClassVar[str] = "tenure.started"

    official_id: OfficialId
    post_id: PostId
    unit_id: UnitId


class TenureEnded(Event):
    """The official no longer holds the post from `effective_on` (A5)."""

    TYPE: ClassVar[str] = "tenure.ended"

    official_id: OfficialId
    post_id: PostId
    unit_id: UnitId
    cause: EndCause
