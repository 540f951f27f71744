"""A naive reading of a whole ledger, in plain loops: what in it cannot be.

It shares no code with the domain: it reads the events as the log and the feed show them. It is slow
and obvious, and knows no rights: only what can have happened, in the order of the days.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from domain.kernel import Event
from tests.domain.record.naive.facts import Breach, Fact, standing
from tests.domain.record.naive.kinds import breaches_of_kinds
from tests.domain.record.naive.monitoring import breaches_of_monitoring
from tests.domain.record.naive.numbers import breaches_of_numbers
from tests.domain.record.naive.organisation import Organisation
from tests.domain.record.naive.tasks import breaches_of_tasks

# Officials keep their tasks where it was found late that they had left the post: decision 0019.
KEPT_BEYOND_TENURE = "answers beyond the tenure"


def breaches(log: Sequence[Fact]) -> list[Breach]:
    """What in the log cannot be."""
    return list(_breaches(log))


def _breaches(log: Sequence[Fact]) -> Iterator[Breach]:
    facts = standing(log)
    organisation = Organisation(facts)
    yield from organisation.breaches()
    yield from breaches_of_kinds(facts)
    yield from breaches_of_tasks(facts, organisation)
    yield from breaches_of_monitoring(facts, organisation)
    yield from breaches_of_numbers(log)


def breaches_of_history(history: Sequence[Event]) -> list[Breach]:
    """What cannot be in the events of a domain test, in the order of recording."""
    return breaches(
        [
            Fact(position, event.TYPE, event.model_dump(mode="json"))
            for position, event in enumerate(history, 1)
        ]
    )


def rules(found: Sequence[Breach]) -> Counter[str]:
    """How often each rule is broken."""
    return Counter(breach.rule for breach in found)
