"""Entitlement: what a body was entitled to decide, its heirs decide once it has ended.

Its heirs are the units it was merged or split into, and theirs in turn. A line that ends with no
heir leaves it to whichever body is open.
"""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import BodyRequired, Command, Context, NotTheEntitledBody, Parameters, Refusal
from domain.organisation.organisation import Organisation, UnitNotOpen, UnitUnknown
from domain.organisation.selectors import unit_selector

Params = TypeVar("Params", bound=Parameters)


def line(organisation: Organisation, body: str, on: date) -> list[str]:
    """The body and, where it ended by that day, what it went into, and so on, as far as seen."""
    bodies = [body]
    for unit_id in bodies:
        unit = organisation.units.get(unit_id)
        if unit is not None and unit.to_on <= on:
            bodies += [into for into in unit.into if into not in bodies]
    return bodies


def heirs(organisation: Organisation, body: str, on: date) -> list[str]:
    """Who decides for the body on that day: itself while it goes on, as one not seen does."""
    units = organisation.units
    followed = line(organisation, body, on)
    return [one for one in followed if one not in units or units[one].to_on > on]


def require_decides(organisation: Organisation, entitled: str, body: str, on: date) -> None:
    """Pass if the body is the one entitled, or decides for it since it ended.

    Raises:
        NotTheEntitledBody: naming whoever decides.
    """
    if body == entitled:
        return
    deciding = heirs(organisation, entitled, on)
    if not deciding and body in organisation.units and organisation.units[body].is_open(on):
        return
    if body not in deciding:
        raise NotTheEntitledBody(entitled=", ".join(deciding) or entitled, on_behalf_of=body)


def seeing_heirs(
    organisation: Organisation, entitled: Iterable[str], body: str | None, on: date
) -> list[Selector]:
    """What became of those entitled, where another body asks to decide, as far as known.

    A deciding body's tag carries all that it ever decided: it is not looked up in vain.
    """
    if body is None:
        return []
    seen: dict[str, None] = {}
    for one in sorted(set(entitled) - {body}):
        seen.update(dict.fromkeys(line(organisation, one, on)))
        if not heirs(organisation, one, on):
            seen[body] = None
    return [unit_selector(unit_id) for unit_id in seen]


class BodyCommand(Command[Params]):
    """A command that sees what became of a body entitled to decide, where another asks to."""

    def __init__(self, context: Context, params: Params) -> None:
        super().__init__(context, params)
        self.organisation = Organisation()

    def bodies(self) -> set[str]:
        """The bodies on whose right the decision turns, as far as seen."""
        return set()

    def seeing_heirs(self) -> list[Selector]:
        """What became of those bodies; nothing where each decides itself, as is usual."""
        body, on = self.context.on_behalf_of, self.context.effective_on
        return seeing_heirs(self.organisation, self.bodies(), body, on)

    def require_entitled(self, entitled: str) -> str:
        """The deciding body, which must be the one entitled or decide for it since it ended.

        Raises:
            BodyRequired, NotTheEntitledBody.
        """
        body = self.require_body()
        require_decides(self.organisation, entitled, body, self.context.effective_on)
        return body


# As `require_entitled` refuses, of a body that must itself be open.
BY_OPEN_ENTITLED_BODY: tuple[type[Refusal], ...] = (
    BodyRequired,
    NotTheEntitledBody,
    UnitUnknown,
    UnitNotOpen,
)
