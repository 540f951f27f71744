"""Cohort: the ratings of many officials at once, from one timeline that is read once.

What happened to their tasks is folded as the log's JSON has it, for of these there are the most.
All else is of events as everywhere.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from eventsourcing.dcb.domain import Selector

from domain.appraisal.cycle_events import ScoresGiven
from domain.appraisal.derivation import (
    Question,
    known,
    led_in,
    of_official,
    of_post,
    of_task,
    of_unit,
)
from domain.appraisal.events import DisciplineDecided, UnitRated
from domain.appraisal.members import decided_of, held_in
from domain.appraisal.products import PRODUCT_EVENTS, Fields, Happening, products
from domain.appraisal.rating_events import RatingDecided, RatingMoved
from domain.appraisal.shortcomings import DegradationEstablished, UnitShortcomingEstablished
from domain.kernel import Event
from domain.organisation.events import PostCreated, TenureEnded, TenureStarted
from domain.regulations.vocabulary_1.counting import EvidenceUnusable, Weights
from domain.regulations.vocabulary_1.evidence import Evidence
from domain.regulations.vocabulary_1.rating import Rating, rate
from domain.tasks.changes import ObjectiveCauseConfirmed
from domain.tasks.events import CompletionConfirmed, TaskAssigned, TaskCancelled
from domain.tasks.leadership import LEADERSHIP
from domain.timeline import Annulments, Entry, EventsAnnulled, timeline

# What happens to a task and names whoever leads it then.
NAMING = tuple(event for event in PRODUCT_EVENTS if event is not ObjectiveCauseConfirmed)
# What happens to a task is taken as the log's JSON has it.
OF_TASKS = frozenset(event.TYPE for event in PRODUCT_EVENTS)
# What names the official: of the tasks, of what was held, and what was decided.
OF_OFFICIAL = [*NAMING, *of_official("").types]
_LEADING = frozenset(event.TYPE for event in LEADERSHIP)
# Of these the one official named leads the task all the time until another is named.
_OF_THE_LEAD = frozenset({TaskAssigned.TYPE, CompletionConfirmed.TYPE, TaskCancelled.TYPE})


class Units:
    """What was seen of units, for all parts of a cohort: officials of many parts share a unit.

    A unit's history is long, as all that happens in it stands there, and its results are few.
    """

    def __init__(self) -> None:
        self._seen: dict[str, dict[int, Event]] = {}

    def of(self, unit_id: str) -> Mapping[int, Event] | None:
        """The unit's results and shortcomings, by position; None if they were not looked up."""
        return self._seen.get(unit_id)

    def know(self, unit_ids: Iterable[str], events: Mapping[int, Event]) -> None:
        """Know all that there is of these units; it is among the events."""
        seen: dict[str, dict[int, Event]] = {unit_id: {} for unit_id in unit_ids}
        for position, one in events.items():
            if isinstance(one, UnitRated | UnitShortcomingEstablished) and one.unit_id in seen:
                seen[one.unit_id][position] = one
        self._seen |= seen


class Cohort:
    """Officials whose ratings are derived together, and what is seen of the log for them.

    Args:
        questions: whose ratings, all of one cycle.
        units: what other parts of the same cohort have seen of units.
        members: whether a regulation that is asked looks at members of the units that they head.
    """

    def __init__(
        self, questions: Sequence[Question], units: Units | None = None, *, members: bool = False
    ) -> None:
        self._questions = questions
        self._units = units or Units()
        self._members = members
        self._officials = frozenset(one.official_id for one in questions)
        self._events: dict[int, Event] = {}
        self._happened: dict[str, list[Happening[str]]] = defaultdict(list)
        self._leads: dict[str, str | None] = {}
        self._looked_up: set[str] = set()
        self._seen_in_full: set[str] = set()
        self._taken: set[int] = set()
        self._headed: set[str] = set()
        self._looked_up_units: set[str] = set()
        self._unseen: list[Selector] = [Selector(types=[ObjectiveCauseConfirmed, EventsAnnulled])]
        cycle_id = questions[0].cycle_id
        if cycle_id is not None:
            self._unseen.append(Selector(types=[ScoresGiven], tags=[f"cycle:{cycle_id}"]))
        self._unseen += [
            Selector(types=OF_OFFICIAL, tags=[f"official:{one.official_id}"]) for one in questions
        ]

    def unseen(self) -> Sequence[Selector]:
        """What must still be seen of all of them, as far as what was taken tells.

        What happens to a task names whoever leads it: of a task that one official led all the time,
        nothing else has to be looked up but the causes confirmed for it, which are few.
        """
        unseen, self._unseen = self._unseen, []
        if not unseen:  # all there is of them is taken
            self._units.know(self._looked_up_units, self._events)
        return unseen

    def _look_up(self, selector: Selector) -> None:
        """See this too, unless it is seen already."""
        name = f"{selector.types[0].__name__} {selector.tags[0]}"
        if name not in self._looked_up:
            self._looked_up.add(name)
            self._unseen.append(selector)

    def take(self, events: Mapping[int, Event]) -> None:
        """Take what was read, by position; what happened to tasks is taken apart."""
        self._events |= events
        for one in events.values():
            match one:
                case TenureStarted():
                    self._take_tenure(one)
                case PostCreated() if one.heads_unit:
                    self._look_up(led_in(one.unit_id))
                    if self._members:
                        self._headed.add(one.unit_id)
                        self._look_up(held_in(one.unit_id))
                case _:
                    pass

    def _take_tenure(self, one: TenureStarted) -> None:
        if one.official_id in self._officials:
            self._look_up(of_post(one.post_id))
            self._take_unit(one.unit_id)
        if one.unit_id in self._headed:
            self._look_up(decided_of(one.official_id))

    def _take_unit(self, unit_id: str) -> None:
        known = self._units.of(unit_id)
        if known is None:
            self._looked_up_units.add(unit_id)
            self._look_up(of_unit(unit_id))
        else:
            self._events |= known

    def take_of_tasks(self, happened: Iterable[tuple[int, str, Fields]]) -> None:
        """Take what happened to tasks: its position, the type of the event and its fields.

        Of a task that others led too, or may have led, all must be seen. What is taken of it by
        then is read again with the rest.
        """
        leads, officials, of_tasks = self._leads, self._officials, self._happened
        taken = self._taken
        to_see: dict[str, None] = {}
        for position, kind, fields in happened:
            if position in taken:
                continue
            taken.add(position)
            task_id = fields["task_id"]
            of_tasks[task_id].append((fields["effective_on"], position, position, kind, fields))
            if kind in _OF_THE_LEAD:
                lead = fields["official_id"]
                if lead in officials and leads.setdefault(task_id, lead) == lead:
                    continue
            elif kind not in _LEADING:
                continue
            if task_id not in self._seen_in_full:
                to_see[task_id] = None
        for task_id in to_see:
            self._seen_in_full.add(task_id)
            self._unseen.append(of_task(task_id))
            taken.difference_update(one[2] for one in of_tasks.pop(task_id))

    def evidence(self) -> Iterator[tuple[str, Evidence]]:
        """What is known of each official, by the same rules as for one."""
        events = dict(sorted(self._events.items()))
        apart = _Apart(timeline(events), members=self._members)
        happened = self._in_order(events)
        made = {
            span: products(span.from_on.isoformat(), span.to_on.isoformat(), happened)
            for span in {one.span for one in self._questions}
        }
        for question in self._questions:
            entries = apart.of(question.official_id)
            yield question.official_id, known(question, entries, made[question.span])

    def _in_order(self, events: Mapping[int, Event]) -> dict[str, list[Happening[str]]]:
        """What happened to each task, in the order of the timeline."""
        noted: Annulments[str] | None = None
        for position, event in events.items():
            if isinstance(event, EventsAnnulled):
                noted = noted or Annulments()
                place = event.effective_on.isoformat(), event.place
                noted.note(position, event.positions, event.replacements, place)
        of_tasks = self._happened
        if noted is not None:
            of_tasks = {task_id: _standing(of, noted) for task_id, of in of_tasks.items()}
        for happened in of_tasks.values():
            happened.sort()
        return of_tasks


def _standing(happened: Iterable[Happening[str]], noted: Annulments[str]) -> list[Happening[str]]:
    """What counts of it, each where it stands."""
    return [
        (on, noted.place(at, on), at, kind, fields)
        for on, _, at, kind, fields in happened
        if at not in noted
    ]


class _Apart:
    """The entries of a timeline, beside what happened to tasks, by what they are of."""

    def __init__(self, entries: Sequence[Entry], *, members: bool) -> None:
        self._entries = entries
        self._with_members = members
        self._officials: dict[str, list[int]] = defaultdict(list)
        self._posts: dict[str, list[int]] = defaultdict(list)
        self._units: dict[str, list[int]] = defaultdict(list)
        self._held: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self._members: dict[str, set[str]] = defaultdict(set)
        self._heading: set[str] = set()
        for at, entry in enumerate(entries):
            self._take(at, entry.event)

    def _take(self, at: int, event: Event) -> None:
        """Note where the event stands, and whose it is."""
        match event:
            case TenureStarted():
                self._officials[event.official_id].append(at)
                self._held[event.official_id].add((event.post_id, event.unit_id))
                self._members[event.unit_id].add(event.official_id)
            case TenureEnded() | DisciplineDecided() | DegradationEstablished() | ScoresGiven():
                self._officials[event.official_id].append(at)
            case RatingDecided() | RatingMoved():
                self._officials[event.official_id].append(at)
            case PostCreated():
                self._posts[event.post_id].append(at)
                if event.heads_unit:
                    self._heading.add(event.post_id)
            case UnitRated() | UnitShortcomingEstablished():
                self._units[event.unit_id].append(at)
            case _:
                pass

    def of(self, official_id: str) -> list[Entry]:
        """All that is anything to the official's rating, in order."""
        places = {*self._officials[official_id]}
        for post_id, unit_id in self._held[official_id]:
            places.update(self._posts[post_id], self._units[unit_id])
            if self._with_members and post_id in self._heading:
                for member in self._members[unit_id]:
                    places.update(self._officials[member])
        return [self._entries[at] for at in sorted(places)]


def rated(weights: Weights, known: Evidence) -> Rating | None:
    """The level that follows; None where the policy has no place for what was given.

    Args:
        weights: those of the policy, for all of the cohort.
        known: of one official.
    """
    try:
        return rate(weights.policy, known, weights)
    except EvidenceUnusable:
        return None
