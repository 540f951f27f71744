"""Matters of communes: recommendations, requests and proposals that monitoring puts to a body.

A recommendation awaits the body that it was made to; a request for another monitor and a proposal
to commend one await the body that assigned the monitor.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, TypedDict

from domain.kernel import Event
from domain.monitoring import events as monitoring
from projections.inbox.matters import (
    ClosedMatter,
    MatterKind,
    MatterRow,
    OpenMatter,
    Shown,
    closed_matters,
    indexed,
    told,
    unit,
)
from projections.projection import Fold, Name, Projection, RecordedEvent, Rows, read_table


class CommuneMatterRow(MatterRow):
    """A matter of a commune."""

    unit_id: Name


class ClosedCommuneMatter(ClosedMatter):
    """One that was closed."""

    unit_id: Name


TABLE = indexed(read_table("commune_matters", CommuneMatterRow))
CLOSED = closed_matters(TABLE, ClosedCommuneMatter, "unit_id")


class Pending(TypedDict):
    """What was put to a body, or to the one that assigned the monitor, and is not answered.

    `since` is the first day of the monitor's, `span` names both.
    """

    kind: MatterKind
    number: int | None
    to: str | None
    official_id: str
    since: str
    span: str
    year: int | None
    since_on: str
    position: int
    due_on: str | None


class Workings(Shown):
    """Which body assigned each monitor, by official and first day; and what is not answered."""

    bodies: dict[str, str]
    pending: list[Pending]


Step: TypeAlias = Callable[[Workings, RecordedEvent], Workings]
NOTHING: Workings = {"bodies": {}, "pending": [], "shown": [], "rows": 0}


def _then(step: Step) -> Fold[CommuneMatterRow]:
    def fold(row: CommuneMatterRow | None, event: RecordedEvent) -> Rows[CommuneMatterRow]:
        was: Any = NOTHING if row is None else row["workings"]
        workings = step(was, event)
        thing = {"unit_id": event.data["unit_id"]}
        return told(thing, event, workings, _matters(workings))

    return fold


def _matters(workings: Workings) -> list[OpenMatter]:
    bodies = workings["bodies"]
    return [
        (
            one["kind"],
            one["to"] or bodies[one["span"]],
            one["since_on"],
            one["position"],
            one["number"],
            one["due_on"],
            one["official_id"],
            one["year"],
            None,
        )
        for one in workings["pending"]
        if one["to"] or one["span"] in bodies
    ]


def _span(official_id: str, since: str) -> str:
    return f"{official_id} {since}"


def _monitored(official_id: str, body: str) -> Step:
    """An official monitors from now on; the event says under these names who, and by whom."""

    def step(workings: Workings, event: RecordedEvent) -> Workings:
        span = _span(event.data[official_id], event.day)
        return {**workings, "bodies": {**workings["bodies"], span: unit(event.data[body])}}

    return step


def _opened(kind: MatterKind) -> Step:
    def step(workings: Workings, event: RecordedEvent) -> Workings:
        data = event.data
        opened: Pending = {
            "kind": kind,
            "number": data.get("number"),
            "to": unit(data["to_body"]) if "to_body" in data else None,
            "official_id": data["official_id"],
            "since": data["since"],
            "span": _span(data["official_id"], data["since"]),
            "year": data.get("year"),
            "since_on": event.day,
            "position": event.position,
            "due_on": data.get("answer_due_on"),
        }
        return {**workings, "pending": [*workings["pending"], opened]}

    return step


def _settled(kind: MatterKind, *named: str) -> Step:
    """The matter is settled of which the event says the same under these names."""

    def step(workings: Workings, event: RecordedEvent) -> Workings:
        def is_meant(one: Mapping[str, Any]) -> bool:
            return one["kind"] == kind and all(one[name] == event.data[name] for name in named)

        pending = [one for one in workings["pending"] if not is_meant(one)]
        return {**workings, "pending": pending}

    return step


FOLDS: Mapping[type[Event], Step] = {
    monitoring.MonitorAssigned: _monitored("official_id", "assigned_by"),
    monitoring.MonitorReplaced: _monitored("to_official", "replaced_by"),
    monitoring.RecommendationMade: _opened("recommendation"),
    monitoring.RecommendationAnswered: _settled("recommendation", "number"),
    monitoring.ReplacementRequested: _opened("replacement_request"),
    monitoring.ReplacementAnswered: _settled("replacement_request", "number"),
    monitoring.CommendationProposed: _opened("commendation"),
    monitoring.CommendationDecided: _settled("commendation", "official_id", "since", "year"),
}

COMMUNE_MATTERS = Projection(
    table=TABLE,
    row=CommuneMatterRow,
    key=("unit_id",),
    kept=(CLOSED,),
    since="matter",
    until="open_until",
    folds={event.TYPE: _then(step) for event, step in FOLDS.items()},
)
