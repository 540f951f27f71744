"""Trial over HTTP: a draft of a regulation is tried on a closed cycle; nothing is decided by it.

It is told of how many officials the level would change, by which article, and what the caps do; of
whom, only to a caller who may know that of these officials.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import StrictStr

from domain.appraisal.caps import Capped
from domain.appraisal.cohort import Cohort
from domain.appraisal.cycles import (
    Cycles,
    CycleSeen,
    CycleUnknown,
    cycle_selector,
    pinned,
    policy_of,
)
from domain.appraisal.derivation import Question
from domain.appraisal.events import CycleId, Level
from domain.appraisal.members import looks_at_members
from domain.appraisal.rating_events import OfCycle, RatingDecided
from domain.appraisal.trial import Tried, caps_of, changes, tried
from domain.kernel import Conflict, Event
from domain.regulations.files.checking import Checked
from domain.regulations.files.faults import nearest
from domain.regulations.policies import checked
from domain.regulations.policy_adoption import RegulationFaulty, require_faultless
from domain.regulations.regulations import policy_selector
from domain.regulations.vocabulary_1.policy import Policy
from domain.timeline import timeline
from domain.values import Value
from service.access.fields import RATED_PERSON
from service.components import Service
from service.grounds import of_cohort, selected
from service.handle import today
from service.http import bodies
from service.http.access import OF_A_LEDGER, LedgerName, Reader
from service.http.commands import BODY_REFUSALS
from service.http.noted import note_told
from service.http.problems import declared
from service.http.reads.fields import readable
from service.http.reads.reading import Reading

router = APIRouter(tags=["regulations"])


class CycleStillOpen(Conflict):
    """The cycle {cycle_id} is open: a draft is tried on a cycle that is closed.

    Chu kỳ xếp loại {cycle_id} chưa kết thúc: chỉ chạy thử trên chu kỳ đã kết thúc.
    """


class RegulationTrial(Value):
    """The file, and the closed cycle on which it is tried."""

    source: StrictStr
    cycle_id: CycleId


class LevelChange(Value):
    """Of how many officials the level changes from this to that, by which article of the draft.

    A level of null is for the body to decide.
    """

    adopted: Level | None
    draft: Level | None
    article: str | None
    officials: int


class PersonTried(Value):
    """An official whose level changes, and the rule of the draft to which that comes down."""

    official_id: str
    decided: Level | None
    adopted: Level | None
    draft: Level | None
    line: int | None
    rule: str | None
    article: str | None
    says: str | None


class CapTried(Value):
    """What a cap of the draft does: in how many groups too many have the level, and how many.

    `unknown` counts the groups of which it cannot be told, as the share of another group is not
    known.
    """

    level: Level
    article: str | None
    groups: int
    groups_over: int
    officials_over: int
    unknown: int


class RegulationTried(Value):
    """What a draft would change in a closed cycle.

    `persons` are those whose level changes, as far as the caller may know it of them.
    """

    cycle_id: str
    regulation_sha256: str
    officials: int
    changed: int
    changes: list[LevelChange]
    caps: list[CapTried]
    persons: list[PersonTried]


async def trial(request: Request) -> RegulationTrial:
    """Parse it from the body."""
    service: Service = request.app.state.service
    body = await bodies.read(request.scope, request.receive, service.settings.body_limit_bytes)
    return bodies.parse(RegulationTrial, body)[0]


@router.post(
    "/v1/{ledger}/regulations/try",
    operation_id="try_regulation",
    responses=declared(
        *OF_A_LEDGER, *BODY_REFUSALS, CycleUnknown, CycleStillOpen, RegulationFaulty
    ),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/RegulationTrial"},
                    "example": {"source": "regulation: mau-01\n", "cycle_id": "nam-2021"},
                }
            },
        }
    },
)
async def try_regulation(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    asked: Annotated[RegulationTrial, Depends(trial)],
) -> RegulationTried:
    """Try a draft of a regulation on a closed cycle; nothing is decided by it."""
    service: Service = request.app.state.service
    found = await asyncio.to_thread(checked, asked.source)
    draft = require_faultless(found)
    recorded = await selected(service, ledger, [cycle_selector(asked.cycle_id)])
    until = _closing(recorded, asked.cycle_id)
    recorded = {at: one for at, one in recorded.items() if at <= until}
    cycle = _cycle(recorded, asked.cycle_id)
    of_rules = [policy_selector(cycle.opened.regulation)]
    revision = pinned(cycle.opened, (await selected(service, ledger, of_rules)).values())
    questions = _questions(cycle, recorded)
    adopted = policy_of(revision)
    members = looks_at_members(adopted) or looks_at_members(draft)
    all_tried: list[Tried] = []
    async for part in of_cohort(service, ledger, questions, until, members=members):
        all_tried += await asyncio.to_thread(_tried, adopted, draft, cycle, part)
    reading = Reading(request, service, service.sources.primary, ledger, as_of=today(service.clock))
    changed = [one for one in all_tried if one.changes]
    shown = await readable(reading, RATED_PERSON, [one.official_id for one in changed])
    note_told(request.scope, shown)
    return RegulationTried(
        cycle_id=asked.cycle_id,
        regulation_sha256=revision.sha256,
        officials=len(all_tried),
        changed=len(changed),
        changes=_changes(all_tried),
        caps=_caps(caps_of(draft, cycle, all_tried)),
        persons=[_person(one, found) for one in changed if one.official_id in shown],
    )


def _cycle(recorded: Mapping[int, Event], cycle_id: str) -> CycleSeen:
    """The cycle.

    Raises:
        CycleUnknown.
    """
    cycles = Cycles()
    for entry in timeline(recorded):
        cycles.evolve(entry.event)
    return cycles.known(cycle_id)


def _closing(recorded: Mapping[int, Event], cycle_id: str) -> int:
    """The position of its closing.

    Raises:
        CycleUnknown, CycleStillOpen.
    """
    closed = _cycle(recorded, cycle_id).closed
    if closed is None:
        raise CycleStillOpen(cycle_id=cycle_id)
    return next(at for at, event in recorded.items() if event is closed)


def _questions(cycle: CycleSeen, recorded: Mapping[int, Event]) -> list[Question]:
    """Whose ratings, with what was stated when they were decided."""
    opened = cycle.opened
    fields = {name: getattr(opened, name) for name in OfCycle.model_fields if hasattr(opened, name)}
    stated = {one: OfCycle.model_validate(fields) for one in sorted(cycle.members)}
    for entry in timeline(recorded):
        if isinstance(entry.event, RatingDecided) and entry.event.official_id in stated:
            stated[entry.event.official_id] = entry.event.of
    return [Question.of(of, one, opened.cycle_id) for one, of in stated.items()]


def _tried(
    adopted: Policy,
    draft: Policy,
    cycle: CycleSeen,
    part: Cohort,
) -> list[Tried]:
    return list(tried(adopted, draft, cycle, part.evidence()))


def _changes(all_tried: Sequence[Tried]) -> list[LevelChange]:
    counted = changes(all_tried).items()
    return [
        LevelChange(adopted=one.adopted, draft=one.draft, article=one.article, officials=many)
        for one, many in sorted(counted, key=lambda item: (-item[1], str(item[0])))
    ]


def _caps(found: Sequence[Capped]) -> list[CapTried]:
    told = []
    for cap in dict.fromkeys(one.cap for one in found):
        groups = [one for one in found if one.cap == cap]
        over = [one.present - (one.allowed or 0) for one in groups if one.is_over]
        told.append(
            CapTried(
                level=cap.level,
                article=cap.article,
                groups=len(groups),
                groups_over=len(over),
                officials_over=sum(over),
                unknown=sum(one.allowed is None for one in groups),
            )
        )
    return told


def _person(one: Tried, found: Checked[Policy]) -> PersonTried:
    step = one.because
    return PersonTried(
        official_id=one.official_id,
        decided=one.decided,
        adopted=one.adopted,
        draft=one.draft,
        line=None if step is None else nearest(found.marks, step.path).line,
        rule=None if step is None else ".".join(map(str, step.path)),
        article=None if step is None else step.article,
        says=None if step is None else step.says,
    )
