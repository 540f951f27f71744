"""What happens to the organisation. A tenure's last day is the day before it ends."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import Field, StrictBool, StrictInt

from domain.kernel import Event, Raw, Upcaster
from domain.organisation.unit_kinds import DEFAULT_KINDS, KindId, Level
from domain.values import Code, Day, Line, OfficialId, Personal, PostId, Slug, Text, UnitId


class UnitKind(StrEnum):
    """Names of kinds of the default catalogue (requirement A8), for rules that name one.

    Which kinds there are on a day, the catalogue says (`unit_kinds`).
    """

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"
    WARD = "ward"
    TOWN = "town"
    SPECIAL_ZONE = "special_zone"
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
    PARTY_CELL = "party_cell"


class EndCause(StrEnum):
    """Why a tenure ends (requirement A5)."""

    RETIREMENT = "retirement"
    TRANSFER = "transfer"
    DISMISSAL = "dismissal"
    RESIGNATION = "resignation"
    END_OF_TERM = "end_of_term"
    DEATH = "death"


def _established_before_units_succeeded(raw: Raw) -> Raw:
    """Version 1 knew no unit that was formed from others."""
    return {**raw, "formed_from": []}


def _level(read: Mapping[str, Any]) -> Level | None:
    return DEFAULT_KINDS[read["kind"]].level


def _monitored(read: Mapping[str, Any]) -> bool:
    return DEFAULT_KINDS[read["kind"]].monitored


def _with_meaning(raw: Raw) -> Raw:
    """What a kind of the default catalogue means: earlier versions knew no other kinds."""
    return {**raw, "level": _level(raw), "monitored": _monitored(raw)}


class OfKind(Event):
    """A unit is of that kind from `effective_on`, by which it has a level and is monitored or not.

    It says itself what the kind means that day: what is declared of kinds later changes it not. A
    kind of the default catalogue need not be explained.
    """

    unit_id: UnitId
    kind: KindId
    level: Level | None = Field(default_factory=_level)
    monitored: StrictBool = Field(default_factory=_monitored)


class UnitEstablished(OfKind):
    """A unit exists from `effective_on`.

    `level` and `monitored` are what its kind means on that day. `code` is its code in the official
    list, if it has one; codes are reused and are not keys. `formed_from` names the units that it
    succeeds to, whole or in part.
    """

    TYPE: ClassVar[str] = "unit.established"
    VIETNAMESE: ClassVar[str] = "thành lập đơn vị"
    VERSION: ClassVar[int] = 3
    UPCASTERS: ClassVar[Mapping[int, Upcaster]] = {
        1: _established_before_units_succeeded,
        2: _with_meaning,
    }

    name: Line
    code: Code | None = None
    parent_id: UnitId | None = None
    formed_from: tuple[UnitId, ...] = ()


class UnitClosed(Event):
    """The unit's last day was the day before `effective_on`; nothing succeeds to it."""

    TYPE: ClassVar[str] = "unit.closed"
    VIETNAMESE: ClassVar[str] = "chấm dứt hoạt động"

    unit_id: UnitId
    reason: Text


class UnitRenamed(Event):
    """The unit bears the name from `effective_on`; earlier days keep the earlier name."""

    TYPE: ClassVar[str] = "unit.renamed"
    VIETNAMESE: ClassVar[str] = "đổi tên đơn vị"

    unit_id: UnitId
    name: Line
    former_name: Line


class UnitRetyped(OfKind):
    """The unit is of another kind from `effective_on`, as a commune that becomes a ward.

    Or of the same kind, which from that day is monitored otherwise.
    """

    TYPE: ClassVar[str] = "unit.retyped"
    VIETNAMESE: ClassVar[str] = "đổi loại đơn vị"
    VERSION: ClassVar[int] = 2
    UPCASTERS: ClassVar[Mapping[int, Upcaster]] = {1: _with_meaning}

    former_kind: KindId


class UnitRecoded(Event):
    """The unit stands under another code in the official list, or under none, from that day."""

    TYPE: ClassVar[str] = "unit.recoded"
    VIETNAMESE: ClassVar[str] = "đổi mã đơn vị"

    unit_id: UnitId
    code: Code | None
    former_code: Code | None


class UnitMoved(Event):
    """The unit belongs to another parent, or to none, from `effective_on` (A7)."""

    TYPE: ClassVar[str] = "unit.moved"
    VIETNAMESE: ClassVar[str] = "chuyển đơn vị trực thuộc"

    unit_id: UnitId
    parent_id: UnitId | None
    former_parent_id: UnitId | None


class UnitMerged(Event):
    """All of the unit goes into another, new or old; its last day was the day before."""

    TYPE: ClassVar[str] = "unit.merged"
    VIETNAMESE: ClassVar[str] = "nhập đơn vị"

    unit_id: UnitId
    into: UnitId


class UnitSplit(Event):
    """The unit's parts go into several others, new or old; its last day was the day before."""

    TYPE: ClassVar[str] = "unit.split"
    VIETNAMESE: ClassVar[str] = "chia đơn vị"

    unit_id: UnitId
    into: Annotated[tuple[UnitId, ...], Field(min_length=2)]


class UnitCeded(Event):
    """A part of the unit's territory goes to another; both go on (A7)."""

    TYPE: ClassVar[str] = "unit.ceded"
    VIETNAMESE: ClassVar[str] = "chia tách một phần địa bàn"

    unit_id: UnitId
    to_unit: UnitId
    part: Text


class PostCreated(Event):
    """A post in a unit, with the body that manages its holders and so may assign to it (A1, A2).

    `kind` is the post's class across units (`district_party_secretary`); `seats` how many may
    hold it at once (A4); `heads_unit` whether its holder is the unit's head.
    """

    TYPE: ClassVar[str] = "post.created"
    VIETNAMESE: ClassVar[str] = "đặt chức danh"

    post_id: PostId
    unit_id: UnitId
    title: Line
    kind: Slug
    managed_by: UnitId
    heads_unit: bool = False
    seats: Annotated[StrictInt, Field(ge=1, le=100)] = 1


class PostAbolished(Event):
    TYPE: ClassVar[str] = "post.abolished"
    VIETNAMESE: ClassVar[str] = "bãi bỏ chức danh"

    post_id: PostId
    unit_id: UnitId
    reason: Text


class OfficialRegistered(Event):
    """A person the ledger knows, on every day. Names and contacts are personal data."""

    TYPE: ClassVar[str] = "official.registered"
    VIETNAMESE: ClassVar[str] = "ghi tên cán bộ"
    FROM_THE_BEGINNING: ClassVar[bool] = True

    official_id: OfficialId
    full_name: Annotated[Line | None, Personal()]
    contact: Annotated[Line | None, Personal()] = None


class RetirementAnnounced(Event):
    """The official waits to retire and leaves every post from `retires_on` (A6)."""

    TYPE: ClassVar[str] = "official.retirement_announced"
    VIETNAMESE: ClassVar[str] = "thông báo nghỉ chế độ"

    official_id: OfficialId
    retires_on: Day


class ErasureGround(StrEnum):
    """On what ground of the law personal data is to be erased (Law 91/2025/QH15)."""

    REQUEST_OF_THE_PERSON = "request_of_the_person"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    PURPOSE_FULFILLED = "purpose_fulfilled"
    RETENTION_ENDED = "retention_ended"
    ORDERED_BY_AUTHORITY = "ordered_by_authority"


class ErasureRefusal(StrEnum):
    """Why personal data is not erased."""

    IN_OFFICE = "in_office"
    UNDER_INSPECTION = "under_inspection"
    RETENTION_RUNS = "retention_runs"
    REQUIRED_BY_LAW = "required_by_law"
    NOT_ESTABLISHED = "not_established"


class OfficialErasureRequested(Event):
    """Somebody asks to erase the official's personal data; a second person decides.

    `requested_for` is the body in whose name it is asked; None if the official asks in person.
    """

    TYPE: ClassVar[str] = "official.erasure_requested"
    VIETNAMESE: ClassVar[str] = "đề nghị xóa dữ liệu cá nhân"

    official_id: OfficialId
    ground: ErasureGround
    requested_by: Line
    requested_for: UnitId | None


class OfficialErasureRefused(Event):
    """The personal data stays. The document that says so in full is cited."""

    TYPE: ClassVar[str] = "official.erasure_refused"
    VIETNAMESE: ClassVar[str] = "không chấp nhận xóa dữ liệu cá nhân"

    official_id: OfficialId
    reason: ErasureRefusal
    refused_by: UnitId | None


class OfficialErased(Event):
    """The official's personal data is erased for good: the log destroys its key with this event.

    Posts, tasks and days stay, under an id that no longer tells of whom.
    """

    TYPE: ClassVar[str] = "official.erased"
    VIETNAMESE: ClassVar[str] = "xóa dữ liệu cá nhân"

    official_id: OfficialId
    ground: ErasureGround
    erased_by: UnitId


class TenureStarted(Event):
    """The official holds the post from `effective_on` (A3)."""

    TYPE: ClassVar[str] = "tenure.started"
    VIETNAMESE: ClassVar[str] = "giữ chức danh"

    official_id: OfficialId
    post_id: PostId
    unit_id: UnitId


class TenureEnded(Event):
    """The official no longer holds the post from `effective_on` (A5)."""

    TYPE: ClassVar[str] = "tenure.ended"
    VIETNAMESE: ClassVar[str] = "thôi giữ chức danh"

    official_id: OfficialId
    post_id: PostId
    unit_id: UnitId
    cause: EndCause
