"""Preconditions: what must hold on its day for an event of the organisation to follow.

The same functions guard the commands.
"""

from collections.abc import Iterator, Sequence

from eventsourcing.dcb.domain import Selector

from domain.kernel import Event
from domain.organisation.events import (
    PostAbolished,
    PostCreated,
    TenureEnded,
    TenureStarted,
)
from domain.organisation.organisation import (
    Organisation,
    post_selector,
)
from domain.organisation.tenures import ending, starting


class OrganisationState(Organisation):
    """The organisation on a day, and what may follow on it."""

    def require(self, event: Event) -> None:
        """Pass if the event can follow, as far as what it names is seen.

        Raises:
            Refusal: it cannot.
        """
        match event:
            case TenureStarted():
                starting(self, event.post_id, event.official_id, event.effective_on)
            case TenureEnded():
                ending(self, event.post_id, event.official_id, event.effective_on, event.cause)
            case _:
                pass


def organisation_concerned(changed: Sequence[Event], seen: Sequence[Event]) -> Iterator[Selector]:
    """What stands on the changed events in the organisation."""
    for event in changed:
        match event:
            case TenureStarted() | TenureEnded() | PostCreated() | PostAbolished():
                yield post_selector(event.post_id)
            case _:
                pass
