"""Late: the things whose timeline a batch of events changes elsewhere than at its end.

They are folded anew. An event that counts from no earlier day than any folded before it stands last
in every timeline: for it nothing is looked up. For any other the log is asked, once a batch,
whether something of the same thing counts from a later day.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeAlias

from domain.timeline import EventsAnnulled
from projections.projection import Projection
from service.database.engine import Acquired
from service.read_models.events import Stored, annulled

# From which day the latest event of each type counts that was recorded of a thing. The limit keeps
# the planner to the two keys.
LATEST = """
SELECT one.tag, e.type, max(e.effective_on)
FROM unnest($2::text[]) AS one (tag)
JOIN log.words w ON w.ledger = $1 AND w.word = one.tag
CROSS JOIN LATERAL (
    SELECT position
    FROM log.tagged
    WHERE tag = w.id AND position <= $3::bigint AND type = ANY (
        ARRAY(SELECT id FROM log.words WHERE ledger = $1 AND word = ANY ($4::text[]))
    )
) t
CROSS JOIN LATERAL (
    SELECT type, tags[1] AS first_tag, effective_on
    FROM log.events
    WHERE ledger = $1 AND position = t.position
    LIMIT 1
) e
WHERE e.first_tag = one.tag
GROUP BY one.tag, e.type
"""
NAMED = """
SELECT type, tags[1] FROM log.events WHERE ledger = $1 AND position = ANY ($2::bigint[])
"""

Latest: TypeAlias = Mapping[str, Mapping[str, date]]


class Standing(NamedTuple):
    """Where a projection stands in a ledger.

    Attributes:
        position: the last event that its rows contain.
        latest_on: the latest day from which an event counts that it folded, or a later one; None
            if it folded none.
    """

    position: int
    latest_on: date | None


class Of(NamedTuple):
    """The type of an event, and the tag of the thing it is of."""

    type: str
    tag: str


async def anew(
    connection: Acquired,
    ledger: str,
    standing: Mapping[Projection, Standing],
    events: Sequence[Stored],
) -> dict[Projection, set[str]]:
    """The tags of the things to fold anew, by projection; all stand right before the events."""
    changed = [Of(*row) for row in await _of_annulments(connection, ledger, events)]
    asked = {
        projection: _not_the_latest(projection, at.latest_on, events)
        for projection, at in standing.items()
    }
    latest = await _latest(connection, ledger, events[0].position - 1, asked) if events else {}
    return {
        projection: {
            *(one.tag for one in changed if one.type in projection.folds),
            *_naming(projection, events),
            *_late(projection, tags, latest, events),
        }
        for projection, tags in asked.items()
    }


def latest_on(projection: Projection, before: date | None, events: Iterable[Stored]) -> date | None:
    """The latest day from which one of the events counts, or something did before them."""
    days = (event.effective_on for event in _dated(projection, events))
    return max(filter(None, (before, *days)), default=None)


def _dated(projection: Projection, events: Iterable[Stored]) -> Iterator[Stored]:
    """What the projection folds and what has a day: what makes a thing known stands first."""
    undated = projection.from_the_beginning
    return (one for one in events if one.type in projection.folds and one.type not in undated)


def _not_the_latest(
    projection: Projection, latest: date | None, events: Sequence[Stored]
) -> set[str]:
    """The things of events before whose end in the timeline they may stand."""
    tags: set[str] = set()
    for event in events:
        if event.type not in projection.folds:
            continue
        if event.type in projection.from_the_beginning:
            tags.add(event.tag or "")
        elif latest is None or event.effective_on >= latest:
            latest = event.effective_on
        else:
            tags.add(event.tag or "")
    return tags


async def _latest(
    connection: Acquired, ledger: str, until: int, asked: Mapping[Projection, set[str]]
) -> Latest:
    """What is recorded of the things up to a position: one query for those of a kind."""
    found: defaultdict[str, dict[str, date]] = defaultdict(dict)
    kinds: defaultdict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for projection, of_projection in asked.items():
        if of_projection:
            tags, types = kinds[projection.tag_prefix]
            tags |= of_projection
            types |= {*projection.types}
    for tags, types in kinds.values():
        for tag, kind, day in await connection.fetch(LATEST, ledger, [*tags], until, [*types]):
            found[tag][kind] = day
    return found


def _late(
    projection: Projection, asked: set[str], latest: Latest, events: Iterable[Stored]
) -> Iterator[str]:
    """Those of the things asked about of which something counts from a later day indeed."""
    undated = projection.from_the_beginning
    days: dict[str, date] = {}
    for tag in asked:
        of_tag = latest.get(tag, {})
        known = [kind for kind in of_tag if kind in projection.folds]
        if known:
            dated = [of_tag[kind] for kind in known if kind not in undated]
            days[tag] = max(dated, default=date.min)
    for event in events:
        if event.tag not in asked or event.type not in projection.folds:
            continue
        if event.type in undated:
            if event.tag in days:
                yield event.tag
            days.setdefault(event.tag, date.min)
        elif event.effective_on < days.get(event.tag, date.min):
            yield event.tag
        else:
            days[event.tag] = event.effective_on


def _naming(projection: Projection, events: Iterable[Stored]) -> Iterator[str]:
    return (event.tag for event in events if event.type in projection.naming and event.tag)


async def _of_annulments(
    connection: Acquired, ledger: str, events: Sequence[Stored]
) -> list[tuple[str, str]]:
    """Of what is annulled, and of what is recorded instead: the types and the things."""
    positions: list[int] = []
    for event in events:
        if event.type == EventsAnnulled.TYPE:
            named, instead = annulled(event.position, event.data)
            positions += [*named, *instead]
    if not positions:
        return []
    return [(row[0], row[1]) for row in await connection.fetch(NAMED, ledger, positions)]
