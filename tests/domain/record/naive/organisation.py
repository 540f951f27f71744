"""The organisation, naively: units, posts within units, tenures within posts, seats."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.domain.record.naive.facts import Breach, Fact

UNIT_ENDS = ("unit.closed", "unit.merged", "unit.split")
# What changes in a unit. How it was before is said as it was known when that was recorded.
CHANGES = {
    "unit.renamed": "name",
    "unit.retyped": "kind",
    "unit.recoded": "code",
    "unit.moved": "parent_id",
}
SAYING_KIND = {"unit.established", "unit.retyped"}


class Organisation:
    """The facts in their order; `at` is how many of them come before."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self._facts = facts
        self._units: defaultdict[str, list[tuple[int, Fact]]] = defaultdict(list)
        self._posts: defaultdict[str, list[tuple[int, Fact]]] = defaultdict(list)
        self.created: dict[str, Mapping[str, Any]] = {}
        self._known: set[str] = set()
        for at, fact in enumerate(facts):
            kind, _, _ = fact.type.partition(".")
            if kind == "unit":
                self._units[fact.said["unit_id"]].append((at, fact))
            elif kind in {"post", "tenure"}:
                self._posts[fact.said["post_id"]].append((at, fact))
            if fact.type == "post.created":
                self.created[fact.said["post_id"]] = fact.said
            elif fact.type == "official.registered":
                self._known.add(fact.said["official_id"])

    def unit_exists(self, unit_id: str, at: int) -> bool:
        there = False
        for when, fact in self._units[unit_id]:
            if when < at:
                there = (there or fact.type == "unit.established") and fact.type not in UNIT_ENDS
        return there

    def unit_says(self, unit_id: str, field: str, at: int) -> object:
        """The unit's name, kind, code or parent as it then was."""
        says: object = None
        for when, fact in self._units[unit_id]:
            if when < at and (fact.type == "unit.established" or CHANGES.get(fact.type) == field):
                says = fact.said[field]
        return says

    def unit_days(self, unit_id: str) -> list[tuple[str, str | None]]:
        """The days on which the unit exists: the first, and the day after the last."""
        days: list[tuple[str, str | None]] = []
        for _, fact in self._units[unit_id]:
            if fact.type == "unit.established":
                days.append((fact.on, None))
            elif fact.type in UNIT_ENDS and days:
                days[-1] = (days[-1][0], fact.on)
        return days

    def post_exists(self, post_id: str, at: int) -> bool:
        there = False
        for when, fact in self._posts[post_id]:
            if when < at and fact.type in {"post.created", "post.abolished"}:
                there = fact.type == "post.created"
        return there

    def holders(self, post_id: str, at: int) -> set[str]:
        """Who holds the post after so many facts."""
        holders: set[str] = set()
        for when, fact in self._posts[post_id]:
            if when < at and fact.type == "tenure.started":
                holders.add(fact.said["official_id"])
            elif when < at and fact.type == "tenure.ended":
                holders.discard(fact.said["official_id"])
        return holders

    def holds_throughout(self, who: str, post_id: str, since: str, until: str | None) -> bool:
        """Whether the official holds the post on every day from one until another."""
        for first, end in self.tenures(who, post_id):
            if first <= since and (end is None or (until is not None and until <= end)):
                return True
        return False

    def tenures(self, who: str, post_id: str) -> list[tuple[str, str | None]]:
        """The days on which the official holds the post; what follows without a gap is one."""
        days: list[tuple[str, str | None]] = []
        for _, fact in self._posts[post_id]:
            if fact.type == "tenure.started" and fact.said["official_id"] == who:
                if days and days[-1][1] == fact.on:
                    days[-1] = (days[-1][0], None)
                else:
                    days.append((fact.on, None))
            elif fact.type == "tenure.ended" and fact.said["official_id"] == who and days:
                days[-1] = (days[-1][0], fact.on)
        return days

    def breaches(self) -> Iterator[Breach]:
        for at, fact in enumerate(self._facts):
            kind, _, _ = fact.type.partition(".")
            if kind == "unit":
                broken = self._of_unit(at, fact)
            elif kind == "post":
                broken = self._of_post(at, fact)
            elif kind == "tenure":
                broken = self._of_tenure(at, fact)
            else:
                continue
            for rule in broken:
                yield Breach(rule, fact.position, f"{fact.type} {fact.on} {fact.said}")

    def _of_unit(self, at: int, fact: Fact) -> Iterator[str]:  # noqa: C901  rule by rule
        unit_id, said = fact.said["unit_id"], fact.said
        if fact.type == "unit.established":
            if any(when < at for when, _ in self._units[unit_id]):
                yield "a unit is established once"
        elif not self.unit_exists(unit_id, at):
            yield "a unit changes and ends while it exists"
        others = [said.get("parent_id"), said.get("into"), said.get("to_unit")]
        if fact.type == "unit.split":
            others = said["into"]
        for other in others:
            if other is not None and not self.unit_exists(other, at):
                yield "a unit belongs or goes to one that exists"
            if other == unit_id:
                yield "a unit is no part of itself"
        if fact.type in CHANGES:
            field = CHANGES[fact.type]
            before: object = self.unit_says(unit_id, field, at)
            means = field == "kind" and said["monitored"] != self._is_monitored(unit_id, at)
            if said[field] == before and not means:
                yield "a change of a unit changes something"
        if fact.type in {"unit.established", "unit.moved"} and self._within(unit_id, at + 1):
            yield "a unit is no part of itself"
        if fact.type == "unit.closed":
            yield from self._of_closed(at, unit_id)

    def _is_monitored(self, unit_id: str, at: int) -> object:
        """What the unit's kind meant, as last said of it."""
        says = [f for when, f in self._units[unit_id] if when < at and f.type in SAYING_KIND]
        return says[-1].said["monitored"] if says else None

    def _within(self, unit_id: str, at: int) -> bool:
        """Whether the unit stands above itself."""
        above, seen = self.unit_says(unit_id, "parent_id", at), set[object]()
        while above is not None and above not in seen:
            seen.add(above)
            above = self.unit_says(str(above), "parent_id", at)
        return unit_id in seen

    def _of_closed(self, at: int, unit_id: str) -> Iterator[str]:
        for post_id, said in self.created.items():
            if said["unit_id"] == unit_id and self.post_exists(post_id, at):
                yield "a unit that closes has no posts"
        for below in [*self._units]:
            if self.unit_exists(below, at) and self.unit_says(below, "parent_id", at) == unit_id:
                yield "a unit that closes has no units below it"

    def _of_post(self, at: int, fact: Fact) -> Iterator[str]:
        post_id, said = fact.said["post_id"], fact.said
        if fact.type == "post.created":
            if any(when < at for when, _ in self._posts[post_id]):
                yield "a post is created once, before all else"
            if not self.unit_exists(said["unit_id"], at):
                yield "a post is of a unit that exists"
            if not self.unit_exists(said["managed_by"], at):
                yield "a post is managed by a body that exists"
            if said["heads_unit"]:
                for other, one in self.created.items():
                    same = other != post_id and one["unit_id"] == said["unit_id"]
                    if same and one["heads_unit"] and self.post_exists(other, at):
                        yield "a unit has one head"
        elif not self.post_exists(post_id, at):
            yield "a post is abolished while it exists"
        elif self.holders(post_id, at):
            yield "nobody holds a post that is abolished"

    def _of_tenure(self, at: int, fact: Fact) -> Iterator[str]:
        post_id, who = fact.said["post_id"], fact.said["official_id"]
        if who not in self._known:
            yield "a holder is known"
        if not self.post_exists(post_id, at):
            yield "a tenure is of a post that exists"
        elif fact.said["unit_id"] != self.created[post_id]["unit_id"]:
            yield "a tenure is in the unit of the post"
        held = self.holders(post_id, at)
        if fact.type == "tenure.ended":
            if who not in held:
                yield "a tenure ends that runs"
            if any(first == end for first, end in self.tenures(who, post_id)):
                yield "a tenure lasts a day"
        elif who in held:
            yield "nobody holds a post twice at once"
        elif post_id in self.created and len(held) >= self.created[post_id]["seats"]:
            yield "no more hold a post than it has seats"
