"""Matters of officials: what is objected by them or proposed of them, and awaits a body's answer.

A rating that was reopened awaits the body that rates; an objection the body that answers it by the
regulation; a proposal to replace the body that manages the post.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, TypedDict

from domain.appraisal.rating_events import (
    ObjectionAnswered,
    ObjectionRaised,
    RatingDecided,
    RatingReopened,
)
from domain.conduct.events import ReplacementDecided, ReplacementProposed
from domain.kernel import Event
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


class OfficialMatterRow(MatterRow):
    """A matter of an official: its key is that of whom it is about."""


class ClosedOfficialMatter(ClosedMatter):
    """One that was closed."""

    official_id: Name


TABLE = indexed(read_table("official_matters", OfficialMatterRow))
CLOSED = closed_matters(TABLE, ClosedOfficialMatter, "official_id")


class Pending(TypedDict):
    """What awaits `to`, the body: of a cycle, or none; of a number, or none."""

    kind: MatterKind
    number: int | None
    cycle_id: str | None
    to: str
    since_on: str
    position: int


class Workings(Shown):
    """Which body decided on the rating of each cycle, and what is not answered."""

    bodies: dict[str, str]
    pending: list[Pending]


Step: TypeAlias = Callable[[Workings, RecordedEvent], Workings]
NOTHING: Workings = {"bodies": {}, "pending": [], "shown": [], "rows": 0}


def _then(*steps: Step) -> Fold[OfficialMatterRow]:
    def fold(row: OfficialMatterRow | None, event: RecordedEvent) -> Rows[OfficialMatterRow]:
        before: Any = NOTHING if row is None else row["workings"]
        workings = before
        for step in steps:
            workings = step(workings, event)
        if workings == before:
            return ()
        thing = {"official_id": event.data["official_id"]}
        return told(thing, event, workings, _matters(thing["official_id"], workings))

    return fold


def _matters(official_id: str, workings: Workings) -> list[OpenMatter]:
    return [
        (
            one["kind"],
            one["to"],
            one["since_on"],
            one["position"],
            one["number"],
            None,
            official_id,
            None,
            one["cycle_id"],
        )
        for one in workings["pending"]
    ]


def _pending(
    workings: Workings, event: RecordedEvent, kind: MatterKind, body: str | None
) -> Workings:
    """With the matter, if it says which body it awaits."""
    if body is None:
        return workings
    opened: Pending = {
        "kind": kind,
        "number": event.data.get("number") if kind in NUMBERED else None,
        "cycle_id": event.data.get("cycle_id"),
        "to": unit(body),
        "since_on": event.day,
        "position": event.position,
    }
    return {**workings, "pending": [*workings["pending"], opened]}


NUMBERED: frozenset[MatterKind] = frozenset({"objection", "replacement_proposal"})


def _opened(kind: MatterKind, body: str) -> Step:
    """A matter is opened; the event says under `body` whom it awaits."""

    def step(workings: Workings, event: RecordedEvent) -> Workings:
        return _pending(workings, event, kind, event.data[body])

    return step


def _settled(kind: MatterKind) -> Step:
    """The matter is settled that is of the same cycle, and number if it has one."""

    def step(workings: Workings, event: RecordedEvent) -> Workings:
        cycle, number = event.data.get("cycle_id"), event.data.get("number")

        pending = [
            one
            for one in workings["pending"]
            if (one["kind"], one["cycle_id"]) != (kind, cycle)
            or (one["number"] is not None and one["number"] != number)
        ]
        return {**workings, "pending": pending}

    return step


def _decided(workings: Workings, event: RecordedEvent) -> Workings:
    """The body is kept: it decides anew once the rating is reopened."""
    data = event.data
    if data["cycle_id"] is None:
        return workings
    bodies = {**workings["bodies"], data["cycle_id"]: data["decided_by"]}
    return {**workings, "bodies": bodies}


def _upheld(workings: Workings, event: RecordedEvent) -> Workings:
    """An objection that is upheld reopens the rating, once."""
    data = event.data
    if not data["upheld"]:
        return workings
    body = workings["bodies"].get(data["cycle_id"])
    return _pending(_settled("reopened_rating")(workings, event), event, "reopened_rating", body)


FOLDS: Mapping[type[Event], Fold[OfficialMatterRow]] = {
    RatingDecided: _then(_decided, _settled("reopened_rating")),
    RatingReopened: _then(_opened("reopened_rating", "decided_by")),
    ObjectionRaised: _then(_opened("objection", "addressed_to")),
    ObjectionAnswered: _then(_settled("objection"), _upheld),
    ReplacementProposed: _then(_opened("replacement_proposal", "managed_by")),
    ReplacementDecided: _then(_settled("replacement_proposal")),
}

OFFICIAL_MATTERS = Projection(
    table=TABLE,
    row=OfficialMatterRow,
    key=("official_id",),
    kept=(CLOSED,),
    since="matter",
    until="open_until",
    folds={event.TYPE: fold for event, fold in FOLDS.items()},
)
