"""Derivation over HTTP: what a regulation, or a draft of one, gives for an official, step by step.

Nothing is decided by it. A rating that was decided is derived again from what was known then, and
held against the digest of its steps.
"""

import asyncio
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Annotated, NamedTuple

from eventsourcing.dcb.domain import Selector
from fastapi import APIRouter, Depends, Path, Request
from pydantic import StrictStr

from domain.access.authority import NotRelated
from domain.appraisal.cycles import Cycles, CycleSeen, CycleUnknown, lifetime_of, policy_of
from domain.appraisal.derivation import digest, seeing
from domain.appraisal.events import CycleId, Level
from domain.appraisal.members import looks_at_members, some_look_at_members
from domain.appraisal.rating import (
    NotOfTheCycle,
    NotOfTheRegulation,
    RegulationNotInForce,
    ScoresUnusable,
    derived,
    require_of,
    require_of_cycle,
    revision_of,
)
from domain.appraisal.rating_events import OfCycle, RatingDecided
from domain.kernel import Event, NotFound
from domain.organisation.events import OfficialRegistered
from domain.organisation.organisation import OfficialUnknown
from domain.regulations.events import PolicyAdopted
from domain.regulations.files.checking import Checked
from domain.regulations.files.faults import Marks, nearest
from domain.regulations.policies import checked
from domain.regulations.policy_adoption import RegulationFaulty, require_faultless
from domain.regulations.regulations import RegulationUnknown, policy_selector
from domain.regulations.vocabulary_1.amounts import plain
from domain.regulations.vocabulary_1.policy import Policy
from domain.regulations.vocabulary_1.rating import Rating
from domain.regulations.vocabulary_1.steps import Step
from domain.timeline import timeline
from domain.values import OfficialId, Value
from projections.filters import Id
from service.components import Service
from service.grounds import widened
from service.http import bodies
from service.http.access import OF_A_LEDGER, LedgerName, Reader
from service.http.commands import BODY_REFUSALS
from service.http.noted import note_told
from service.http.problems import declared
from service.http.reads.ratings import require_own
from service.off_loop import off_loop

router = APIRouter(tags=["appraisal"])
# Of the files read last; one that was adopted stays as it is.
MOST_FILES = 16
_MARKS: dict[str, Marks] = {}


class RatingUnknown(NotFound):
    """No rating of {official_id} was decided at position {position}.

    Không có quyết định xếp loại nào của {official_id} ở vị trí {position}.
    """


class DerivationQuestion(Value):
    """Whose rating, of which cycle; by a draft of the regulation, if one is given.

    `cycle_id` names the cycle that was opened for it: then its council's scores count.
    """

    official_id: OfficialId
    cycle_id: CycleId | None = None
    of: OfCycle
    draft: StrictStr | None = None


class DerivationStep(Value):
    """One step: its rule in the file, what it says, and the events that make it so.

    `depth` is how many steps it is within; what a step is made of stands before it.
    """

    depth: int
    line: int
    rule: str
    article: str | None
    says: str
    positions: list[int]


class Derivation(Value):
    """What a regulation gives, and every step to it; a level of null is for the body to decide.

    `no_better_than` is what a level that the body decides may not be above. `tree_sha256` is of all
    steps; `stands_on` are the events that were looked at.
    """

    level: Level | None
    no_better_than: Level | None
    points: str | None
    regulation_sha256: str | None
    tree_sha256: str
    stands_on: list[int]
    steps: list[DerivationStep]


class Replay(Value):
    """A rating derived again from what was known when it was decided.

    `is_the_same` says that its steps have the digest that was recorded.
    """

    position: int
    level: Level
    reason: str | None
    is_the_same: bool
    derivation: Derivation


class Asked(NamedTuple):
    """Whose rating, of which cycle, and the id of the one that was opened for it."""

    of: OfCycle
    official_id: str
    cycle_id: str | None


def _looked_at(
    asked: Asked, recorded: Mapping[int, Event], draft: Checked[Policy] | None = None
) -> Iterator[Selector]:
    """What a derivation looks at, as far as what is seen tells."""
    of, official_id, cycle_id = asked
    of_draft = draft is not None and draft.policy is not None and looks_at_members(draft.policy)
    yield policy_selector(of.regulation)
    yield Selector(types=[OfficialRegistered], tags=[f"official:{official_id}"])
    members = of_draft or some_look_at_members(recorded.values())
    yield from seeing(official_id, recorded, cycle_id, members=members)
    if cycle_id is not None:
        yield lifetime_of(cycle_id)


async def _rated(
    service: Service, ledger: str, official_id: str, position: int
) -> tuple[RatingDecided, dict[int, Event]]:
    """A rating, and what was to be looked at for it when it was decided.

    What the official led and held is asked for with the rating, whatever that says.

    Raises:
        RatingUnknown.
    """

    def looked_at(recorded: Mapping[int, Event]) -> Iterator[Selector]:
        yield Selector(types=[RatingDecided], tags=[f"official:{official_id}"])
        rated = recorded.get(position)
        if isinstance(rated, RatingDecided):
            asked = Asked(rated.of, official_id, rated.cycle_id)
            yield from _looked_at(asked, recorded)
        elif not recorded:
            yield from seeing(official_id, recorded)

    recorded = await widened(service, ledger, looked_at, position)
    rated = recorded.pop(position, None)
    if not isinstance(rated, RatingDecided) or rated.official_id != official_id:
        raise RatingUnknown(official_id=official_id, position=position)
    return rated, recorded


def _derived(marks: Marks, sha256: str | None, rating: Rating) -> Derivation:
    return Derivation(
        level=rating.level,
        no_better_than=rating.no_better_than,
        points=None if rating.points is None else plain(rating.points),
        regulation_sha256=sha256,
        tree_sha256=digest(rating.step),
        stands_on=sorted(rating.step.stands_on()),
        steps=_steps(rating.step, marks),
    )


def _steps(step: Step, marks: Marks, depth: int = 0) -> list[DerivationStep]:
    within = [line for one in step.steps for line in _steps(one, marks, depth + 1)]
    itself = DerivationStep(
        depth=depth,
        line=nearest(marks, step.path).line,
        rule=".".join(map(str, step.path)),
        article=step.article,
        says=step.says,
        positions=list(step.positions),
    )
    return [*within, itself]


async def question(request: Request) -> DerivationQuestion:
    """Parse it from the body."""
    service: Service = request.app.state.service
    body = await bodies.read(request.scope, request.receive, service.settings.body_limit_bytes)
    return bodies.parse(DerivationQuestion, body)[0]


async def _of_revision(
    recorded: Mapping[int, Event], asked: Asked
) -> tuple[Derivation, PolicyAdopted]:
    """What the revision that was in force, or pinned, gives."""
    revision = revision_of(asked.of, recorded, _cycle(recorded, asked))
    marks = await _marks(revision)
    return await off_loop(len(recorded), _by, revision, marks, recorded, asked), revision


def _by(
    revision: PolicyAdopted, marks: Marks, recorded: Mapping[int, Event], asked: Asked
) -> Derivation:
    policy = policy_of(revision)
    require_of(policy, asked.of)
    rating = derived(policy, asked.of, asked.official_id, recorded, asked.cycle_id)
    return _derived(marks, revision.sha256, rating)


async def _marks(revision: PolicyAdopted) -> Marks:
    """Where the rules of a regulation stand in its file; that is read by a thread, and once."""
    source = revision.source
    if source not in _MARKS:
        _MARKS[source] = (await asyncio.to_thread(checked, source)).marks
        if len(_MARKS) > MOST_FILES:
            del _MARKS[next(iter(_MARKS))]
    return _MARKS[source]


def _cycle(recorded: Mapping[int, Event], asked: Asked) -> CycleSeen | None:
    """The cycle that was opened.

    Raises:
        CycleUnknown, NotOfTheCycle.
    """
    if asked.cycle_id is None:
        return None
    cycles = Cycles()
    for entry in timeline(recorded):
        cycles.evolve(entry.event)
    cycle = cycles.known(asked.cycle_id)
    require_of_cycle(cycle, asked.of)
    return cycle


def _of_draft(draft: Checked[Policy], recorded: Mapping[int, Event], asked: Asked) -> Derivation:
    policy = require_faultless(draft)
    require_of(policy, asked.of)
    _cycle(recorded, asked)
    rating = derived(policy, asked.of, asked.official_id, recorded, asked.cycle_id)
    return _derived(draft.marks, None, rating)


@router.post(
    "/v1/{ledger}/appraisal/derive",
    operation_id="derive_rating",
    responses=declared(
        *OF_A_LEDGER,
        *BODY_REFUSALS,
        OfficialUnknown,
        CycleUnknown,
        NotOfTheCycle,
        RegulationUnknown,
        RegulationNotInForce,
        RegulationFaulty,
        NotOfTheRegulation,
        ScoresUnusable,
    ),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/DerivationQuestion"},
                    "example": {
                        "official_id": "a",
                        "of": {
                            "regulation": "theo-doi-xa",
                            "cycle": "year",
                            "cohort": "unit_heads",
                            "from_on": "2021-01-01",
                            "to_on": "2021-12-31",
                        },
                    },
                }
            },
        }
    },
)
async def derive_rating(
    request: Request,
    ledger: LedgerName,
    _: Reader,
    asked: Annotated[DerivationQuestion, Depends(question)],
) -> Derivation:
    """Derive what the regulation in force, or a draft, gives; nothing is decided by it."""
    note_told(request.scope, [asked.official_id])
    service: Service = request.app.state.service
    of = Asked(asked.of, asked.official_id, asked.cycle_id)
    draft = None if asked.draft is None else await asyncio.to_thread(checked, asked.draft)
    recorded = await widened(service, ledger, partial(_looked_at, of, draft=draft))
    if not any(isinstance(one, OfficialRegistered) for one in recorded.values()):
        raise OfficialUnknown(official_id=asked.official_id)
    if draft is not None:
        return await off_loop(len(recorded), _of_draft, draft, recorded, of)
    found, _revision = await _of_revision(recorded, of)
    return found


@router.get(
    "/v1/{ledger}/officials/{official_id}/ratings/{position}",
    operation_id="replay_rating",
    responses=declared(*OF_A_LEDGER, RatingUnknown, NotRelated),
)
async def replay_rating(
    request: Request,
    ledger: LedgerName,
    official_id: Annotated[Id, Path(description="Whose rating it is.")],
    position: Annotated[int, Path(ge=1, le=2**53 - 1, description="Of the decision in the log.")],
    caller: Reader,
) -> Replay:
    """Derive a rating again from what was known when it was decided, and prove it by its digest."""
    require_own(caller, "replay_rating", official_id)
    service: Service = request.app.state.service
    rated, recorded = await _rated(service, ledger, official_id, position)
    asked = Asked(rated.of, official_id, rated.cycle_id)
    found, revision = await _of_revision(recorded, asked)
    is_the_same = (found.tree_sha256, revision.sha256) == (
        rated.tree_sha256,
        rated.regulation_sha256,
    )
    return Replay(
        position=position,
        level=rated.level,
        reason=rated.reason,
        is_the_same=is_the_same,
        derivation=found,
    )
