"""Monitoring and attendance at cells, naively: who monitors where on which days, and what of it."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from tests.domain.record.naive.facts import Breach, Fact
from tests.domain.record.naive.organisation import Organisation

COMMUNES = ("commune", "ward", "town")
BEGINS = ("monitoring.monitor_assigned", "monitoring.monitor_replaced")
OF_THE_DAY = (
    "monitoring.visit_recorded",
    "monitoring.good_practice_recorded",
    "monitoring.recommendation_made",
    "monitoring.replacement_requested",
)
OF_THE_YEAR = (
    "monitoring.programme_submitted",
    "monitoring.annual_report_submitted",
    "monitoring.monitor_reviewed",
    "monitoring.commendation_proposed",
)
# What happens once of the same, by the fields that say what is the same.
ONCE: dict[str, tuple[str, ...]] = {
    "monitoring.monitor_reviewed": ("unit_id", "official_id", "since", "year"),
    "monitoring.commendation_proposed": ("unit_id", "official_id", "since", "year"),
    "monitoring.commendation_decided": ("unit_id", "official_id", "since", "year"),
    "monitoring.replacement_answered": ("unit_id", "number"),
    "monitoring.recommendation_answered": ("unit_id", "number"),
    "monitoring.agency_assessed": ("unit_id", "year"),
    "cell.meeting_attended": ("unit_id", "official_id", "effective_on"),
    "regulation.commune_monitoring_adopted": ("effective_on",),
    "regulation.cell_attendance_adopted": ("effective_on",),
}
# What must have happened before, and of which it must be the same.
AFTER: dict[str, tuple[str, tuple[str, ...]]] = {
    "monitoring.commendation_decided": (
        "monitoring.commendation_proposed",
        ("unit_id", "official_id", "since", "year"),
    ),
    "monitoring.replacement_answered": ("monitoring.replacement_requested", ("unit_id", "number")),
    "monitoring.recommendation_answered": ("monitoring.recommendation_made", ("unit_id", "number")),
}


class Span(NamedTuple):
    """An official monitors a commune in a post, or attends a cell; `until` is None while so."""

    where: str
    who: str
    post: str
    agency: str
    exception: str | None
    since: str
    until: str | None
    position: int

    def covers(self, day: str) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


def breaches_of_monitoring(facts: Sequence[Fact], organisation: Organisation) -> Iterator[Breach]:
    said = _Said(facts, organisation)
    for at, fact in enumerate(facts):
        for rule in said.rules_of(at, fact):
            yield Breach(rule, fact.position, f"{fact.type} {fact.on} {fact.said}")
    for span in said.monitors(len(facts)):
        if not organisation.holds_throughout(span.who, span.post, span.since, span.until):
            yield Breach("whoever monitors holds the post every day", span.position, str(span))
        if not any(
            first <= span.since and (end is None or (span.until is not None and span.until <= end))
            for first, end in organisation.unit_days(span.where)
        ):
            yield Breach("a commune that is monitored exists every day", span.position, str(span))


class _Said:
    """The facts of monitoring; `at` is how many facts of all come before."""

    def __init__(self, facts: Sequence[Fact], organisation: Organisation) -> None:
        self._organisation = organisation
        kinds = ("monitoring.", "cell.", "regulation.")
        self._facts = [(at, f) for at, f in enumerate(facts) if f.type.startswith(kinds)]

    def before(self, at: int, *types: str, **same: object) -> list[Fact]:
        """The facts before of these types that say the same."""
        return [
            fact
            for when, fact in self._facts
            if when < at
            and fact.type in types
            and all(fact.said[name] == value for name, value in same.items())
        ]

    def monitors(self, at: int, **where: str) -> list[Span]:
        """Who monitors and monitored; of all communes, or of one."""
        spans: list[Span] = []
        for fact in self.before(at, *BEGINS, "monitoring.monitor_released", **where):
            unit_id, said = fact.said["unit_id"], fact.said
            spans = [
                span._replace(until=fact.on)
                if (span.where, span.until) == (unit_id, None)
                else span
                for span in spans
            ]
            if fact.type in BEGINS:
                who = said.get("to_official") or said["official_id"]
                beginning = (said["post_id"], said["agency_id"], said["exception"], fact.on)
                spans.append(Span(unit_id, who, *beginning, None, fact.position))
        return spans

    def agencies(self, at: int) -> dict[str, tuple[str, str, str | None]]:
        """Of every allocated commune its agency, since when, and the exception."""
        of: dict[str, tuple[str, str, str | None]] = {}
        both = ("monitoring.commune_allocated", "monitoring.allocation_withdrawn")
        for fact in self.before(at, *both):
            of.pop(fact.said["unit_id"], None)
            if fact.type == both[0]:
                said = fact.said
                of[said["unit_id"]] = (said["agency_id"], fact.on, said["exception"])
        return of

    def limit(self, at: int) -> int:
        adopted = self.before(at, "regulation.commune_monitoring_adopted")
        if not adopted:
            return 1
        most: int = json.loads(adopted[-1].said["policy"])["communes_per_official"]
        return most

    def rules_of(self, at: int, fact: Fact) -> Iterator[str]:  # noqa: C901  one case a kind
        """The rules that the fact breaks."""
        said = fact.said
        if fact.type in ONCE:
            same = {name: said[name] for name in ONCE[fact.type]}
            if self.before(at, fact.type, **same):
                yield f"{fact.type} happens once"
        if fact.type in AFTER:
            first, fields = AFTER[fact.type]
            if not self.before(at, first, **{name: said[name] for name in fields}):
                yield f"{first} comes before {fact.type}"
        if fact.type.startswith("cell."):
            yield from self._of_cell(at, fact)
        elif fact.type in {*BEGINS, "monitoring.monitor_released"}:
            yield from self._of_monitor(at, fact)
        elif fact.type in OF_THE_DAY:
            if not any(
                (span.who, span.since) == (said["official_id"], said["since"])
                and span.covers(fact.on)
                for span in self.monitors(at, unit_id=said["unit_id"])
            ):
                yield "what is written of a day is of whoever monitored on it"
        elif fact.type in OF_THE_YEAR:
            if not self._in_year(at, fact, unit_id=said["unit_id"]):
                yield "what is written of a year is of whoever monitored in it"
        else:
            yield from self._of_agency(at, fact)

    def _in_year(self, at: int, fact: Fact, **where: str) -> bool:
        """Whether a span that the fact is of has a day in its year by that day."""
        first, last = f"{fact.said['year']}-01-01", min(fact.on, f"{fact.said['year']}-12-31")
        return any(
            span.since <= last
            and (span.until is None or span.until > first)
            and (
                (span.who, span.since) == (fact.said["official_id"], fact.said["since"])
                if where
                else span.agency == fact.said["unit_id"]
            )
            for span in self.monitors(at, **where)
        )

    def _of_monitor(self, at: int, fact: Fact) -> Iterator[str]:  # noqa: C901  rule by rule
        said, organisation = fact.said, self._organisation
        spans = self.monitors(at, unit_id=said["unit_id"])
        running = spans[-1] if spans and spans[-1].until is None else None
        if running is not None:
            if running.since >= fact.on:
                yield "whoever monitors does so for a day"
            if self.before(
                at, "monitoring.visit_recorded", unit_id=said["unit_id"], effective_on=fact.on
            ):
                yield "whoever was there on a day monitors until after it"
        goes = said.get("from_official") or said.get("official_id")
        if fact.type != BEGINS[0]:
            if running is None or running.who != goes:
                yield "whoever is replaced or released monitors"
            if fact.type not in BEGINS:
                if running is not None and running.since != said["since"]:
                    yield "whoever is released monitors since that day"
                return
        kind = organisation.unit_says(said["unit_id"], "kind", at)
        if not organisation.unit_exists(said["unit_id"], at) or kind not in COMMUNES:
            yield "what is monitored is a commune"
        who = said.get("to_official") or said["official_id"]
        if who not in organisation.holders(said["post_id"], at):
            yield "whoever begins to monitor holds the post"
        agency = self.agencies(at).get(said["unit_id"])
        if agency is not None and agency[0] != said["agency_id"]:
            yield "a commune's monitor is of the agency it is allocated to"
        ordinary = [
            span
            for span in self.monitors(at)
            if (span.who, span.until, span.exception) == (who, None, None)
            and span.where != said["unit_id"]
        ]
        if said["exception"] is None and len(ordinary) >= self.limit(at):
            yield "nobody monitors more communes than allowed without an exception"

    def _of_agency(self, at: int, fact: Fact) -> Iterator[str]:  # noqa: C901  one case a type
        said, organisation = fact.said, self._organisation
        of = self.agencies(at)
        match fact.type:
            case "monitoring.commune_allocated":
                if said["unit_id"] in of:
                    yield "a commune is allocated to one agency"
                units = (said["unit_id"], said["agency_id"])
                if not all(organisation.unit_exists(unit, at) for unit in units):
                    yield "an existing commune is allocated to an existing agency"
                quotas = self.before(at, "monitoring.quota_set", unit_id=said["agency_id"])
                most = quotas[-1].said["leaders"] * self.limit(at) if quotas else 0
                ordinary = [one for one in of.values() if one[0::2] == (said["agency_id"], None)]
                if said["exception"] is None and len(ordinary) >= most:
                    yield "an agency has no more communes than its quota without an exception"
            case "monitoring.allocation_withdrawn":
                agency = of.get(said["unit_id"])
                if agency is None or agency[0] != said["agency_id"]:
                    yield "what is withdrawn was allocated"
                elif agency[1] >= fact.on:
                    yield "an allocation lasts a day"
            case "monitoring.agency_assessed":
                if not self._in_year(at, fact):
                    yield "an agency is assessed that sent somebody"
            case "monitoring.quota_set" | "monitoring.figure_reported":
                if not organisation.unit_exists(said["unit_id"], at):
                    yield "a quota or figure is of a unit that exists"
            case _:
                pass

    def attends_since(self, at: int, fact: Fact) -> str | None:
        """Since when the official of the fact attends the cell."""
        both = ("cell.attendant_assigned", "cell.attendant_released")
        same: dict[str, Any] = {name: fact.said[name] for name in ("unit_id", "official_id")}
        changes = self.before(at, *both, **same)
        return changes[-1].on if changes and changes[-1].type == both[0] else None

    def _of_cell(self, at: int, fact: Fact) -> Iterator[str]:
        since, cell = self.attends_since(at, fact), fact.said["unit_id"]
        match fact.type:
            case "cell.attendant_assigned":
                if since is not None:
                    yield "an official attends a cell once at a time"
                kind = self._organisation.unit_says(cell, "kind", at)
                if not self._organisation.unit_exists(cell, at) or kind != "party_cell":
                    yield "what is attended is a party cell"
            case "cell.attendant_released":
                if since is None or since != fact.said["since"] or since >= fact.on:
                    yield "whoever is released attended for a day, since then"
            case _:
                if since is None:
                    yield "whoever was at a meeting attends the cell"
