"""Fields: what of an event not everybody reads, by the table of rules; to others it is null."""

from collections.abc import Mapping

from domain.access.roles import Relation
from domain.access.rules import FIELDS
from domain.conduct.events import ReplacementDecided, ReplacementProposed, SelfCheckMade
from domain.kernel import Event
from domain.organisation.events import OfficialRegistered
from domain.tasks.responsibility.collective import ResponsibilityFound
from domain.tasks.responsibility.consequences import (
    ResponsibilityDecided,
    ResponsibilityDropped,
    ResponsibilityProposed,
)
from service.access.principals import Principal

CONTACT = "official.contact"
RECORD = "official.record"
INBOX = "inbox"
FINDING = "task.finding"
SELF_CHECK = "conduct.self_check"
RATED_PERSON = "rating.person"
# What of an event not everybody reads, by the field of the rules; of the official that it names.
OF_EVENTS: Mapping[type[Event], tuple[str, tuple[str, ...]]] = {
    OfficialRegistered: (CONTACT, ("contact",)),
    ResponsibilityFound: (FINDING, ("finding",)),
    ResponsibilityProposed: (FINDING, ("reason",)),
    ResponsibilityDecided: (FINDING, ("reason",)),
    ResponsibilityDropped: (FINDING, ("reason",)),
    ReplacementProposed: (FINDING, ("reason",)),
    ReplacementDecided: (FINDING, ("reason",)),
    SelfCheckMade: (SELF_CHECK, ("manifestation", "seen", "remedy")),
}


def reads_of_all(by: Principal, field: str) -> bool:
    """Whether the caller reads the field of whomever it is."""
    granted = FIELDS[field].get(by.role, frozenset())
    return Relation.WHOLE_LEDGER in granted and by.caller.has_every_unit


def closed_to(by: Principal) -> frozenset[type[Event]]:
    """The events of which the caller does not read the field of everybody."""
    return frozenset(kind for kind, (field, _) in OF_EVENTS.items() if not reads_of_all(by, field))


def without_field(event: Event) -> Event:
    """The event without what not everybody reads of the official; of none it is as it was."""
    if getattr(event, "official_id", None) is None:
        return event
    _, names = OF_EVENTS[type(event)]
    return event.model_copy(update=dict.fromkeys(names))
