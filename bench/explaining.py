"""Explaining a rating that was decided, against the dossier of one of the tasks it stands on.

Both are the service's own routes. The official's twenty tasks of the year lived whole lives; the
rating is derived again from the log and shown with every step, and held against its digest.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import asyncpg

from bench import sample_log
from bench.command import PER_SECOND, Load
from bench.harness import Contender, Result, Rounds
from bench.listing import CONNECTIONS, LEDGER, SECONDS, serving
from bench.load import Shot
from domain.appraisal.derivation import Question, derive, digest
from domain.appraisal.products import Span
from domain.appraisal.rating_events import PartScore, RatingDecided
from domain.kernel import Event
from domain.organisation.events import PostCreated, TenureStarted
from domain.regulations import samples
from domain.regulations.events import PolicyAdopted
from domain.regulations.policies import checked
from domain.regulations.regulations import governed
from domain.regulations.vocabulary_1.policy import Policy

RATED, TASKS_EACH = 25, 20
# After so many tasks the sample's officials come round again.
ROUND = 600
BODY = "standing-committee"
SPAN = Span(date(2021, 1, 1), date(2021, 12, 31))
POINTS = "27.5"


def regulation() -> tuple[PolicyAdopted, Policy]:
    """The sample, as if it had been in force that year.

    Raises:
        RuntimeError: it has a fault.
    """
    source = samples.text("mau-01").replace("effective_on: 2026-01-15", "effective_on: 2021-01-01")
    found = checked(source)
    if found.policy is None:
        raise RuntimeError(found.faults)
    adopted = PolicyAdopted(
        effective_on=SPAN.from_on,
        regulation_id="mau-01",
        adopted_by=BODY,
        title=found.policy.title,
        is_sample=True,
        vocabulary=1,
        policy=found.policy.canonical(),
        source=source,
        sha256="1" * 64,
        governs=governed(found.policy),
    )
    return adopted, found.policy


def year(number: int) -> Iterator[Event]:
    """A post, who holds it, and the lives of that official's tasks."""
    who = {"post_id": f"post-{number}", "unit_id": f"unit-{number % 40}"}
    since = date(2020, 1, 1)
    yield PostCreated(effective_on=since, title="Phó", kind="deputy", managed_by=BODY, **who)
    yield TenureStarted(effective_on=since, official_id=f"official-{number}", **who)
    for nth in range(TASKS_EACH):
        yield from sample_log.life(number + ROUND * nth)


def events() -> list[Event]:
    """The year of each official, the regulation, and the ratings decided by it."""
    adopted, policy = regulation()
    lived = [adopted, *(event for number in range(RATED) for event in year(number))]
    recorded = dict(enumerate(lived, 1))
    return [*lived, *(_rated(policy, recorded, number) for number in range(RATED))]


def _rated(policy: Policy, recorded: dict[int, Event], number: int) -> RatingDecided:
    official_id = f"official-{number}"
    scores = {"general": Fraction(POINTS)}
    question = Question(official_id=official_id, cohort="unit_heads", span=SPAN, scores=scores)
    rating = derive(policy, question, recorded)
    return RatingDecided(
        effective_on=date(2022, 1, 10),
        official_id=official_id,
        decided_by=BODY,
        cycle_id=None,
        regulation="mau-01",
        cycle="year",
        cohort="unit_heads",
        from_on=SPAN.from_on,
        to_on=SPAN.to_on,
        scores=(PartScore.model_validate({"part": "general", "points": POINTS}),),
        grades=(),
        regulation_sha256="1" * 64,
        level=rating.level or "GOOD",
        derived=rating.level,
        derived_points=None,
        tree_sha256=digest(rating.step),
        stands_on=tuple(sorted(rating.step.stands_on())),
        reason=None,
    )


async def run(url: str) -> list[Result]:
    """Requests per second of both, in turns."""
    owner = await asyncpg.connect(url)
    recorded = await sample_log.store(owner, LEDGER, events())
    await owner.close()
    first = recorded - RATED + 1
    ratings = [
        f"/v1/{LEDGER}/officials/official-{number}/ratings/{first + number}"
        for number in range(RATED)
    ]
    dossiers = [f"/v1/{LEDGER}/tasks/task-{number}/dossier" for number in range(RATED)]
    async with serving(url, lambda _: None) as (host, port, token):
        load = await Load.start()

        def fired(paths: list[str]) -> Contender:
            return load.firing(Shot(host, port, paths, token, "", CONNECTIONS, SECONDS))

        turns = await Rounds({"explanations": fired(ratings), "dossiers": fired(dossiers)}).run()
        await load.end()
    return [turns.ratio("explain_vs_dossier", "explanations", "dossiers", PER_SECOND, target=0.5)]
