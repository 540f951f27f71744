"""A cohort of 2,000 officials with 20 tasks each is rated: all together, and one after another.

One after another each official's events are read until nothing that is seen names more, as a
decision on that official reads them. Both ways give levels and points, and the same steps to them;
the steps are not worded while the time is taken.
"""

import asyncio
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

import asyncpg
from eventsourcing.dcb.domain import Selector
from pydantic import SecretStr

from bench import sample_log
from bench.harness import Figures, Result, Rounds
from domain.appraisal.cohort import Cohort, rated
from domain.appraisal.derivation import Question, derive, digest, seeing
from domain.appraisal.products import Span
from domain.kernel import Event
from domain.organisation.events import PostCreated, TenureStarted
from domain.regulations import samples
from domain.regulations.policies import checked
from domain.regulations.vocabulary_1.counting import Weights
from domain.regulations.vocabulary_1.policy import Policy
from domain.regulations.vocabulary_1.rating import Rating
from domain.tasks.events import CompletionConfirmed, CompletionReturned, TaskAssigned
from service.app import create_app
from service.components import Service
from service.grounds import of_cohort, widened
from service.observability import logs
from service.server import settle_memory
from service.settings import Settings

LEDGER = "bench"
OFFICIALS, TASKS_EACH = 2_000, 20
SPAN = Span(date(2021, 1, 1), date(2021, 12, 31))
BODY = "standing-committee"
ROUNDS = 3
RATED = "officials/s"
# Of so many tasks one is late, one is returned, one exceeds what was required.
LATE, RETURNED, EXCEEDED = 11, 7, 3


def events() -> Iterator[Event]:
    """Posts, tenures, and the tasks of a year, in the order of their days."""
    first = date(2020, 1, 1)
    for number in range(OFFICIALS):
        yield PostCreated(
            effective_on=first, post_id=f"post-{number}", unit_id=f"unit-{number % 200}",
            title="Phó", kind="deputy", managed_by=BODY,
        )  # fmt: skip
        yield TenureStarted(
            effective_on=first, official_id=f"official-{number}", post_id=f"post-{number}",
            unit_id=f"unit-{number % 200}",
        )  # fmt: skip
    lives = [[*_life(number)] for number in range(OFFICIALS * TASKS_EACH)]
    yield from sorted((one for life in lives for one in life), key=lambda one: one.effective_on)


def _life(number: int) -> Iterator[Event]:
    who = number % OFFICIALS
    of = {"task_id": f"task-{number}"}
    whose = {
        "official_id": f"official-{who}",
        "post_id": f"post-{who}",
        "unit_id": f"unit-{who % 200}",
    }
    day = SPAN.from_on + timedelta(days=number % 200)
    due = day + timedelta(days=90)
    done = due + timedelta(days=20 if number % LATE == 0 else -10)
    yield TaskAssigned(
        effective_on=day, assigned_by=BODY, addressed_to="post", due_on=due, **of, **whose
    )
    if number % RETURNED == 0:
        yield CompletionReturned(
            effective_on=done, returned_by=BODY, reason="Thiếu hồ sơ", **of, **whose
        )
    yield CompletionConfirmed(
        effective_on=done, confirmed_by=BODY, completed_on=done,
        exceeded=number % EXCEEDED == 0, **of, **whose,
    )  # fmt: skip


def questions() -> Sequence[Question]:
    """Whose ratings; each has so many points for the part that a council gives."""
    return [
        Question(
            official_id=f"official-{number}",
            cohort="unit_heads",
            span=SPAN,
            scores={"general": Fraction(20 + number % 10)},
        )
        for number in range(OFFICIALS)
    ]


def policy() -> Policy:
    """The sample regulation.

    Raises:
        RuntimeError: it has a fault.
    """
    found = checked(samples.text("mau-01"))
    if found.policy is None:
        raise RuntimeError(found.faults)
    return found.policy


async def together(service: Service, by: Policy) -> dict[str, Rating | None]:
    """The cohort part by part."""
    ratings: dict[str, Rating | None] = {}
    weights = Weights(by)
    async for part in of_cohort(service, LEDGER, questions()):
        ratings |= await asyncio.to_thread(_rated, weights, part)
    return ratings


def _rated(weights: Weights, part: Cohort) -> dict[str, Rating | None]:
    return {official_id: rated(weights, known) for official_id, known in part.evidence()}


async def one_by_one(service: Service, by: Policy) -> dict[str, Rating | None]:
    """Each official by oneself."""
    ratings: dict[str, Rating | None] = {}
    for question in questions():

        def of_one(
            recorded: Mapping[int, Event], official_id: str = question.official_id
        ) -> Iterator[Selector]:
            return seeing(official_id, recorded)

        recorded = await widened(service, LEDGER, of_one)
        ratings[question.official_id] = derive(by, question, recorded)
    return ratings


def _told(ratings: Mapping[str, Rating | None]) -> dict[str, str | None]:
    """Each with the digest of its steps."""
    return {
        official_id: None if rating is None else digest(rating.step)
        for official_id, rating in ratings.items()
    }


async def run(url: str) -> list[Result]:
    """How many officials are rated in a second, both ways in turns."""
    owner = await asyncpg.connect(url)
    await sample_log.store(owner, LEDGER, events())
    await owner.close()
    by = policy()
    settings = Settings(
        database_url=url, master_key=SecretStr(b64encode(bytes(32)).decode()), projector=False
    )
    logs.configure("warning", "console")
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        service: Service = app.state.service
        settle_memory()
        if _told(await together(service, by)) != _told(await one_by_one(service, by)):
            raise RuntimeError("together officials are rated otherwise than one by one")

        async def all_together() -> Figures:
            begun = time.perf_counter()
            await together(service, by)
            return {RATED: OFFICIALS / (time.perf_counter() - begun)}

        async def each_by_oneself() -> Figures:
            begun = time.perf_counter()
            await one_by_one(service, by)
            return {RATED: OFFICIALS / (time.perf_counter() - begun)}

        turns = await Rounds(
            {"together": all_together, "one by one": each_by_oneself}, ROUNDS
        ).run()
    return [turns.ratio("cohort_vs_one_by_one", "together", "one by one", RATED, target=10)]
