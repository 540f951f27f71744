"""Tasks, naively: each in a state that its events allow, one lead at a time, matters in order."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from tests.domain.record.naive.facts import Breach, Fact
from tests.domain.record.naive.organisation import Organisation
from tests.domain.record.naive.states import CHANGES, Told

OPENS = {
    "task.obstacle_raised": "obstacle",
    "task.reminder_issued": "reminder",
    "task.solution_proposed": "solution",
    "task.part_delegated": "part",
    "task.revision_requested": "revision",
}
SETTLES = {
    "task.obstacle_resolved": "obstacle",
    "task.reminder_answered": "reminder",
    "task.solution_approved": "solution",
    "task.solution_rejected": "solution",
    "task.part_closed": "part",
    "task.revision_refused": "revision",
}
# What names a unit that must exist on the day.
UNITS = ("advised_by", "addressed_to", "issued_by", "proposed_to", "delegate_unit", "collective")
NAMING_UNITS = ("task.advised", "task.collective_bound", *OPENS)
WHOLE_PERCENT = 100


def breaches_of_tasks(facts: Sequence[Fact], organisation: Organisation) -> Iterator[Breach]:
    of_task: defaultdict[str, list[tuple[int, Fact]]] = defaultdict(list)
    for at, fact in enumerate(facts):
        if fact.type.startswith("task."):
            of_task[fact.said["task_id"]].append((at, fact))
    for life in of_task.values():
        yield from _Life(organisation).breaches(life)
    goes_on = {
        (f.said["task_id"], f.said.get("to_task") or f.said["instance"]): f.position
        for f in facts
        if f.type in {"task.carried_over", "task.year_opened"}
    }
    goes_on_from = {
        (f.said["from_task"], f.said["task_id"]): f.position
        for f in facts
        if f.type == "task.continued"
    }
    for pair in goes_on.keys() ^ goes_on_from.keys():
        position = goes_on.get(pair) or goes_on_from[pair]
        yield Breach("a task goes on as another, and that from it", position, str(pair))


class _Life:
    """One task's life, walked through once."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self.told = Told()
        self._matters: dict[tuple[str, int], Fact] = {}
        self._settled: set[tuple[str, int]] = set()
        self._bound: set[str] = set()
        self._years: set[int] = set()
        self._before: list[Fact] = []

    def breaches(self, life: Sequence[tuple[int, Fact]]) -> Iterator[Breach]:
        for at, fact in life:
            for rule in (
                *self.told.rules_of(fact),
                *self._hands(at, fact),
                *self._matter(at, fact),
                *self._once(fact),
            ):
                yield Breach(rule, fact.position, f"{fact.type} {fact.on} {fact.said['task_id']}")
            self.told.take(fact)
            self._before.append(fact)
        for place, since, until, position in self.told.stretches():
            if not self._organisation.holds_throughout(place.who, place.post, since, until):
                what = f"{place} {since} {until}"
                yield Breach("answers beyond the tenure", position, what)

    def _hands(self, at: int, fact: Fact) -> Iterator[str]:
        """Whoever comes to answer, proposes or is offered the task holds the post on that day."""
        said, who, post = fact.said, None, str(fact.said.get("post_id"))
        match fact.type:
            case "task.registered" | "task.assigned" | "task.vacancy_filled":
                who = said["official_id"]
            case "task.co_accountable_added":
                who = said["official_id"]
            case (
                "task.handover_offered" | "task.handed_over" | "task.co_accountability_handed_over"
            ):
                who = said["to_official"]
            case "task.transferred":
                who, post = said["to_official"], said["to_post"]
            case "task.commissioned" | "task.continued":
                pass
            case _:
                return
        if not self._organisation.post_exists(post, at):
            yield "a task is for a post that exists"
        elif who is not None and who not in self._organisation.holders(post, at):
            yield "whoever comes to answer holds the post"

    def _matter(self, at: int, fact: Fact) -> Iterator[str]:
        said = fact.said
        if fact.type in NAMING_UNITS:
            for unit in filter(None, (said.get(field) for field in UNITS)):
                if not self._organisation.unit_exists(unit, at):
                    yield "a matter is for a unit that exists"
        if fact.type in OPENS:
            yield from self._opened(fact)
        elif fact.type in SETTLES:
            yield from self._settles(SETTLES[fact.type], said["number"])
        elif fact.type == "task.revised" and said["request"] is not None:
            yield from self._settles("revision", said["request"])
        elif fact.type == "task.part_reported" and (
            ("part", said["number"]) not in self._matters.keys() - self._settled
        ):
            yield "a part is reported on while it is open"

    def _opened(self, fact: Fact) -> Iterator[str]:
        matter = (OPENS[fact.type], fact.said["number"])
        if matter in self._matters:
            yield "a matter is opened once"
        pending = {kind for kind, _ in self._matters.keys() - self._settled}
        if matter[0] == "revision" and "revision" in pending:
            yield "one request for a revision waits at a time"
        self._matters[matter] = fact
        parts = [one.said for (kind, _), one in self._matters.items() if kind == "part"]
        if sum(Decimal(part["weight_percent"] or 0) for part in parts) > WHOLE_PERCENT:
            yield "parts are no more than the whole"

    def _settles(self, kind: str, number: int) -> Iterator[str]:
        if (kind, number) not in self._matters:
            yield "a matter is opened before it is settled"
        if (kind, number) in self._settled:
            yield "a matter is settled once"
        self._settled.add((kind, number))

    def _once(self, fact: Fact) -> Iterator[str]:
        said = fact.said
        if fact.type == "task.collective_bound":
            if said["collective"] in self._bound:
                yield "a collective is bound once"
            self._bound.add(said["collective"])
        elif fact.type == "task.year_opened":
            if said["year"] in self._years:
                yield "a year is opened once"
            self._years.add(said["year"])
        elif fact.type == "task.corrected" and not any(
            one.type == said["corrected_type"] for one in self._before
        ):
            yield "what is corrected stands"
        if fact.type not in CHANGES:
            yield "the type of a task's event is known"
