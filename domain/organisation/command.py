"""The shape of a command of the organisation: it sees the units, posts and officials it names."""

from typing import TypeVar

from domain.kernel import Command, Context, Event, Parameters
from domain.organisation.organisation import Organisation

Said = TypeVar("Said", bound=Parameters)


class OrganisationCommand(Command[Said]):
    """A command whose boundary shows part of the organisation."""

    def __init__(self, context: Context, said: Said) -> None:
        super().__init__(context, said)
        self.organisation = Organisation()

    def evolve(self, event: Event) -> None:
        self.organisation.evolve(event)
