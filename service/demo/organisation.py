"""Organisation: the agencies of a sample province, and the units and officials of any."""

from datetime import date
from pathlib import Path
from typing import NamedTuple

from domain.organisation.events import UnitKind
from domain.organisation.officials import NewOfficial
from domain.organisation.units import NewUnit
from service.demo.files import rows_of
from service.demo.steps import Chain

COMMITTEE = "ban-thuong-vu-tinh-uy"


class Agency(NamedTuple):
    """An agency of the province, and what its head is called."""

    agency_id: str
    name: str
    kind: UnitKind
    head: str


AGENCIES = {
    row["agency_id"]: Agency(row["agency_id"], row["name"], UnitKind(row["kind"]), row["head"])
    for row in rows_of(Path(__file__).with_name("agencies.csv"))
}


def _names(kind: UnitKind) -> dict[str, str]:
    return {id_: agency.name for id_, agency in AGENCIES.items() if agency.kind is kind}


DEPARTMENTS = _names(UnitKind.DEPARTMENT)
PARTY_AGENCIES = _names(UnitKind.PARTY_AGENCY)
MASS_ORGANISATIONS = _names(UnitKind.MASS_ORGANISATION)


def unit(unit_id: str, name: str, kind: UnitKind, parent_id: str | None, since: date) -> Chain:
    """The establishment of a unit."""
    params = NewUnit(unit_id=unit_id, name=name, kind=kind, parent_id=parent_id, effective_on=since)
    return Chain(f"unit:{unit_id}", params)


def official(official_id: str, since: date) -> Chain:
    """The registration of an official, whose name is a placeholder."""
    name = f"Cán bộ {official_id.removeprefix('can-bo-')}"
    params = NewOfficial(official_id=official_id, full_name=name, effective_on=since)
    return Chain(f"official:{official_id}", params)
