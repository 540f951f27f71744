"""Monitors: 141 leaders of agencies, the posts they hold, and the communes they monitor.

With 151 communes, ten leaders monitor two each. All of them are placeholders.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from domain.organisation.posts import NewPost
from domain.organisation.tenures import Appointment
from service.demo.hoa_binh.communes import COMMUNES
from service.demo.hoa_binh.places import FOUNDED_ON
from service.demo.organisation import AGENCIES, COMMITTEE, Agency, official
from service.demo.steps import Chain

MONITORS, WITH_TWO = 141, 10
TWO = 2
# A stride without a factor in common with 141 = 3 · 47 keeps the ten apart.
STRIDE = 14
DEPUTY = "deputy_head"
HELD_SINCE = date(2021, 7, 1)
APPOINTED_ON = date(2024, 6, 3)


@dataclass(frozen=True, slots=True)
class Monitor:
    """An official, and the post held in an agency."""

    official_id: str
    post_id: str
    agency_id: str


@dataclass(frozen=True, slots=True)
class Retirement:
    """A monitor retires on `on`; `successor_id` is appointed to the post months later."""

    monitor: Monitor
    on: date
    successor_id: str


def _official(number: int) -> str:
    return f"can-bo-{number:03d}"


@cache
def monitors() -> tuple[Monitor, ...]:
    """The leaders who monitor from the first year: a head and its deputies in every agency."""
    size, more = divmod(MONITORS, len(AGENCIES))
    numbers = iter(range(1, MONITORS + 1))
    return tuple(
        Monitor(_official(next(numbers)), deputies(agency) if seat else head(agency), agency)
        for index, agency in enumerate(AGENCIES)
        for seat in range(size + (index < more))
    )


def head(agency: str) -> str:
    return f"thu-truong-{agency}"


def deputies(agency: str) -> str:
    return f"cap-pho-{agency}"


@cache
def assigned() -> tuple[tuple[str, Monitor], ...]:
    """Every commune's code with its monitor; the last ten go to monitors who have one already."""
    first = monitors()
    twice = [first[index * STRIDE] for index in range(WITH_TWO)]
    return tuple(
        (commune.code, monitor) for commune, monitor in zip(COMMUNES, (*first, *twice), strict=True)
    )


@cache
def retirements() -> tuple[Retirement, ...]:
    """Three monitors, one of whom monitors two communes, retire early in 2024."""
    first = monitors()
    days = (date(2024, 2, 1), date(2024, 3, 1), date(2024, 4, 1))
    return tuple(
        Retirement(first[index], on, _official(MONITORS + number))
        for number, (index, on) in enumerate(zip((0, 5, 9), days, strict=True), start=1)
    )


def replacement() -> Monitor:
    """The monitor who takes over the commune whose committee requested another one in 2023."""
    agency = monitors()[20].agency_id
    return Monitor(_official(MONITORS + len(retirements()) + 1), deputies(agency), agency)


def official_chains() -> list[Chain]:
    """A registration of every official."""
    official_ids = [monitor.official_id for monitor in monitors()]
    official_ids += [retirement.successor_id for retirement in retirements()]
    official_ids.append(replacement().official_id)
    return [official(official_id, HELD_SINCE) for official_id in official_ids]


def post_chains() -> list[Chain]:
    """Every post with its first holders."""
    return [
        chain
        for agency in AGENCIES.values()
        for chain in (
            _post(head(agency.agency_id), agency, heads=True),
            _post(deputies(agency.agency_id), agency, heads=False),
        )
    ]


def _post(post_id: str, agency: Agency, *, heads: bool) -> Chain:
    created = NewPost(
        post_id=post_id,
        unit_id=agency.agency_id,
        title=f"{'Thủ trưởng' if heads else 'Cấp phó'} {agency.name}",
        kind="agency_head" if heads else DEPUTY,
        managed_by=COMMITTEE,
        heads_unit=heads,
        seats=1 if heads else 5,
        effective_on=FOUNDED_ON,
    )
    holders = [monitor.official_id for monitor in monitors() if monitor.post_id == post_id]
    appointments = [Appointment(official_id=who, effective_on=HELD_SINCE) for who in holders]
    return Chain(f"post:{post_id}", created, *appointments)


def successor_chains() -> Iterator[Chain]:
    """The appointments of 2024 to the posts that retirements left vacant."""
    for retirement in retirements():
        params = Appointment(official_id=retirement.successor_id, effective_on=APPOINTED_ON)
        yield Chain(f"post:{retirement.monitor.post_id}", params)


def replacement_chain() -> Chain:
    """The deputy who takes over in February 2024 is appointed in January."""
    new = replacement()
    params = Appointment(official_id=new.official_id, effective_on=date(2024, 1, 2))
    return Chain(f"post:{new.post_id}", params)
