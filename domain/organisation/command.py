"""The shape of a command of the organisation: it sees the units, posts and officials it names."""

from typing import TypeVar

from domain.kernel import Command, Context, Event, Parameters
from domain.organisation.organisation import Organisation

Params = TypeVar("Params", bound=Parameters)


class OrganisationCommand(Command[Params]):
    """A command whose boundary shows part of the organisation."""

    def __init__(self, context: Context, params: Params) -> None:
        super().__init__(context, params)
        self.organisation = Organisation()

    def evolve(self, event: Event) -> None:
        self.organisation.evolve(event)
