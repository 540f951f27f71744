"""Transitions: what a row of a conversion table says of one unit, once the unit is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from service.imports.sheets import Row
from service.imports.territory.units import UnitVersion

# A successor, as the rows name it: by its day and its code.
Target: TypeAlias = tuple[date, str]


@dataclass(frozen=True, slots=True)
class Transition:
    """A row whose unit is known: the unit goes to the target, under the province."""

    row: Row
    day: date
    old: UnitVersion
    kind: str
    name: str
    province_id: str

    @property
    def target(self) -> Target:
        return self.day, self.row.values["new_code"]

    @property
    def monitor_continues(self) -> bool:
        """Whether the row says that the unit's monitor continues in the target."""
        return self.row.values.get("monitor_goes_on") is True

    @property
    def successor(self) -> Mapping[str, object]:
        """The successor's name, kind, code and parent."""
        return {
            "name": self.name,
            "kind": self.kind,
            "code": self.row.values["new_code"],
            "parent_id": self.province_id,
        }


Transitions: TypeAlias = Sequence[Transition]
