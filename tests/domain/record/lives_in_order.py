"""Lives recorded in the order of their days: of tasks, of communes, of an organisation.

And the journey through every verb, in which several things happen on one day.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from domain.kernel import Actor, Command, Event, Refusal
from domain.monitoring.monitors.release import ReleaseMonitor
from domain.monitoring.papers.figures import ReportFigure
from domain.monitoring.papers.recommendation import MakeRecommendation
from domain.organisation.erasure import EraseOfficial, RefuseErasure, RequestErasure
from domain.succession.division import SplitUnit
from domain.succession.merger import MergeUnits
from service.app import VERBS
from service.http.commands import Verb
from service.http.record import RECORD_VERBS
from tests.domain.cast import COMMITTEE
from tests.domain.monitoring import test_lives as of_communes
from tests.domain.monitoring.people import COMMUNES, CULTURE, NOTE, OVERLOAD, WHY
from tests.domain.organisation import test_lives as of_organisations
from tests.domain.record.typing_order import Call
from tests.domain.scenario import OFFICE, decide
from tests.domain.tasks import test_lives as of_tasks
from tests.journeys.every_verb import STEPS
from tests.journeys.steps import FOUNDED, Step

ONE_DAY = timedelta(days=1)
LENGTH = 60
FIGURE = {"year": 2020, "measure": "visits", "reported": "12"}
LONG_BEFORE = date(2020, 1, 1)
# All but those of the record: what a period's closing forbids depends on when it was closed.
EVERY = {verb.path: verb for verbs in VERBS for verb in verbs if verb not in RECORD_VERBS}


class Lived(NamedTuple):
    """What was there before, and the commands, each with what it recorded."""

    there: list[Event]
    calls: list[Call]


class _Tasks(of_tasks.Lives):
    """Nothing is recorded late."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []

    def attempt(
        self, command: type[Command[Any]], ids: Sequence[str], by: Actor, params: Any
    ) -> None:
        self.late_days, before = 0, len(self.history)
        super().attempt(command, ids, by, params)
        events = self.history[before:]
        if events:
            body = command.PARAMETERS.model_validate(params).on_behalf_of or COMMITTEE
            self.calls.append(Call(command, tuple(ids), by, self.today, body, params, events))
            self.today += ONE_DAY


def tasks(chance: Random) -> Lived:
    life = _Tasks()
    there = [*life.history]
    life.a_task_is_registered_and_one_under_way(chance)
    for _ in range(LENGTH):
        life.something_happens(chance)
    return Lived(there, life.calls)


class _Communes(of_communes.Lives):
    """Nothing is recorded late or ahead."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []

    def attempt(
        self, command: type[Command[Any]], ids: Sequence[str], body: str, ago: int, **params: Any
    ) -> None:
        before, on = len(self.history), self.today
        super().attempt(command, ids, body, ago, **params)
        events = self.history[before:]
        if events:
            if not any(getattr(event, "exception", None) for event in events):
                params = _without_exceptions(params)
            self.calls.append(Call(command, tuple(ids), OFFICE, on, body, params, events))


def _without_exceptions(said: Any) -> Any:
    """What is said without the reasons that were not needed on the day."""
    if isinstance(said, dict):
        return {name: _without_exceptions(one) for name, one in said.items() if name != "exception"}
    return [*map(_without_exceptions, said)] if isinstance(said, list) else said


def communes(chance: Random) -> Lived:
    life = _Communes()
    there = [*life.history]
    for _ in range(LENGTH):
        _something_happens(life, chance)
    return Lived(there, life.calls)


def _something_happens(life: _Communes, chance: Random) -> None:
    unit, other = (chance.choice([*COMMUNES, *of_communes.MORE]) for _ in range(2))
    who, successor = chance.sample(of_communes.OFFICIALS, 2)
    new = chance.choice(of_communes.NEW)
    reason = chance.choice((None, OVERLOAD))
    monitor, held = (who, of_communes.HELD[who]), of_communes.HELD[successor]
    body, ago, number = COMMITTEE, 0, chance.choice((1, 2))
    happens: list[Callable[[], object]] = [
        *[lambda: life.monitors_are_assigned([(unit, monitor, reason)], body, ago)] * 4,
        lambda: life.a_monitor_is_replaced(unit, (successor, held), reason, body, ago),
        lambda: life.a_monitor_is_released(unit, body, ago),
        lambda: life.a_portfolio_is_handed_over(who, successor, reason, body, ago),
        lambda: life.a_tenure_ends(
            monitor=monitor, to=successor, succeeded=number == 1, exception=reason, ago=ago
        ),
        lambda: life.an_official_is_appointed(monitor, ago),
        lambda: life.a_commune_is_allocated(unit, CULTURE, reason, ago),
        lambda: life.an_allocation_is_withdrawn(unit, body, ago),
        *[lambda: life.something_is_written(unit, ago)] * 2,
        *[lambda: life.something_is_written_of_a_year(unit, 2021, ago)] * 2,
        *[lambda: life.something_is_asked_and_answered(unit, number, who, ago)] * 2,
        lambda: life.an_agency_is_assessed(CULTURE, 2021, ago),
        lambda: life.attempt(ReportFigure, [CULTURE], CULTURE, ago, **FIGURE),
        lambda: life.a_commune_is_established(new, ago),
        lambda: life.a_commune_is_closed(new, ago),
        lambda: _territory(life, chance, unit, other, new),
    ]
    chance.choice(happens)()


def _territory(life: _Communes, chance: Random, unit: str, other: str, new: str) -> None:
    successor = None if new in life.exist() else of_communes.COMMUNE
    parts = [{"unit_id": other}, {"unit_id": new, "successor": successor}]
    if chance.random() < 0.5:
        params = {"parts": parts, "monitor_goes_on_in": chance.choice((None, other, new))}
        life.attempt(SplitUnit, [unit], COMMITTEE, 0, **params)
    else:
        merged = {"predecessors": [unit], "successor": successor, "monitor_of": None}
        life.attempt(MergeUnits, [new], COMMITTEE, 0, **merged)
    life.attempt(MakeRecommendation, [other], COMMITTEE, 0, to_body=CULTURE, content=NOTE)
    life.attempt(ReleaseMonitor, [new], COMMITTEE, 0, reason=WHY)


def organisations(chance: Random) -> Lived:
    return _organised(of_organisations._attempts(chance), chance)  # noqa: SLF001  the same verbs


def kinds_of_units(chance: Random) -> Lived:
    return _organised(of_organisations._attempts_with_kinds(chance), chance)  # noqa: SLF001  the same


def _organised(attempts: Sequence[Callable[[], of_organisations.Attempt]], chance: Random) -> Lived:
    on = of_organisations.FIRST
    return in_order((*chance.choice(attempts)(), OFFICE, on, COMMITTEE) for _ in range(LENGTH * 3))


def in_order(given: Any) -> Lived:
    """What of the given commands is accepted, each on the day after the one before."""
    history: list[Event] = []
    calls: list[Call] = []
    for verb, ids, said, by, first, body in given:
        on = max(first, calls[-1].on + ONE_DAY) if calls else first
        call = Call(verb, tuple(ids), by, on, body, said)
        try:
            events = decide(history, call.build(on, on, said))
        except Refusal:
            continue
        if events:
            history += events
            calls.append(call.with_events(events))
    return Lived([], calls)


# An erasure counts from the day on which it is recorded, and never from another.
AT_ONCE = {RequestErasure, RefuseErasure, EraseOfficial}


def every_verb(_: Random) -> Lived:
    """The journey, in which every verb has its place; its commands have days of their own."""
    steps = [step for step in STEPS if EVERY[step.verb].command not in AT_ONCE]
    given = sorted(map(_given, steps), key=lambda one: one[4])
    lived = in_order(given)
    assert len(lived.calls) == len(steps), "every step is accepted"
    return lived


def _given(step: Step) -> tuple[type[Command[Any]], list[str], dict[str, Any], Actor, date, Any]:
    verb, said = EVERY[step.verb], dict(step.said)
    day = said.pop("effective_on")
    on = LONG_BEFORE if day == FOUNDED else date.fromisoformat(day)
    body, _ = said.pop("on_behalf_of", None), said.pop("basis", None)
    return verb.command, _ids(verb, step), said, Actor(f"client:{step.by}"), on, body


def _ids(verb: Verb, step: Step) -> list[str]:
    if verb.fixed_id is not None:
        return []
    ids = [step.said[verb.id_name] if verb.creates else step.subject]
    return ids if verb.begins is None else [*ids, step.said[verb.begins]]
