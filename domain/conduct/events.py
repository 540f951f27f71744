"""What happens in conduct: findings and replies, self-checks, replacements proposed (E1, E2, E3).

A manifestation is a hint at what to look for, not an offence: a finding says what was seen, with
evidence, and stands beside the person's reply. What officials see in themselves is for them alone.
"""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field, StrictBool, StrictInt, StrictStr

from domain.kernel import Event, Raw, Upcaster
from domain.tasks.proposal import Evidence
from domain.values import ID_PATTERN, BodyRef, OfficialId, Personal, PostId, Text, UnitId

RegulationName = Annotated[StrictStr, Field(pattern=ID_PATTERN)]
ManifestationCode = Annotated[StrictStr, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$")]
FindingNumber = Annotated[StrictInt, Field(ge=1)]


class FindingEvent(Event):
    """An event of a finding; `number` counts those of the official from 1."""

    official_id: OfficialId
    number: FindingNumber


class FindingRecorded(FindingEvent):
    """An inspecting unit found something that the catalogue in force that day lists."""

    TYPE: ClassVar[str] = "conduct.finding_recorded"
    VIETNAMESE: ClassVar[str] = "ghi nhận biểu hiện"

    inspected_by: UnitId
    regulation_id: RegulationName
    manifestation: ManifestationCode
    finding: Text
    evidence: tuple[Evidence, ...]


class FindingReplied(FindingEvent):
    """The person whom it is about replies; the finding stands, and so does the reply."""

    TYPE: ClassVar[str] = "conduct.finding_replied"
    VIETNAMESE: ClassVar[str] = "giải trình về biểu hiện"

    reply: Text


class SelfCheckMade(Event):
    """An official looked at himself or herself by the catalogue ("tự soi, tự sửa", E2).

    That there was one is known. What it says reads null to everybody else, and to everybody once
    the person is erased. `number` counts those of the official from 1.
    """

    TYPE: ClassVar[str] = "conduct.self_check_made"
    VIETNAMESE: ClassVar[str] = "tự soi, tự sửa"

    official_id: OfficialId
    number: FindingNumber
    regulation_id: RegulationName
    manifestation: Annotated[ManifestationCode | None, Personal()]
    seen: Annotated[Text | None, Personal()]
    remedy: Annotated[Text | None, Personal()]


def _put_to_nobody(raw: Raw) -> Raw:
    """Before proposals named it, the body that answers was found in the post alone."""
    return {**raw, "managed_by": None}


class ReplacementProposed(Event):
    """A unit proposes that the official does not keep the post (E3); `number` counts from 1.

    `managed_by` is the body that manages the post and answers. `findings` are those of the official
    that it stands on. What is written of the official reads
    null to whom the rules do not open it.
    """

    TYPE: ClassVar[str] = "conduct.replacement_proposed"
    VIETNAMESE: ClassVar[str] = "đề xuất thay thế, điều chuyển cán bộ"
    VERSION: ClassVar[int] = 2
    UPCASTERS: ClassVar[Mapping[int, Upcaster]] = {1: _put_to_nobody}

    official_id: OfficialId
    number: FindingNumber
    post_id: PostId
    proposed_by: UnitId
    managed_by: BodyRef | None
    findings: tuple[FindingNumber, ...]
    reason: Text | None


class ReplacementDecided(Event):
    """The managing body accepts the proposal or not; the tenure ends by its own verb."""

    TYPE: ClassVar[str] = "conduct.replacement_decided"
    VIETNAMESE: ClassVar[str] = "trả lời đề xuất thay thế, điều chuyển"

    official_id: OfficialId
    number: FindingNumber
    post_id: PostId
    decided_by: UnitId
    accepted: StrictBool
    reason: Text | None
