"""Monitors: 141 leaders of agencies, the posts they hold, and the communes they monitor.

With 151 communes, ten leaders monitor two each. All of them are placeholders.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from domain.organisation.events import EndCause, OfficialRegistered, PostCreated, TenureStarted
from domain.organisation.officials import NewOfficial
from domain.organisation.posts import NewPost
from domain.organisation.tenures import Appointment
from service.demo.hoa_binh.communes import COMMUNES
from service.demo.hoa_binh.places import AGENCIES, COMMITTEE, FOUNDED_ON, NAMES
from service.demo.steps import Chain, Step

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
    cause: EndCause = EndCause.RETIREMENT


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
    return [_registered(official_id) for official_id in (*official_ids, replacement().official_id)]


def _registered(official_id: str) -> Chain:
    params = NewOfficial(
        official_id=official_id,
        full_name=f"Cán bộ {official_id.removeprefix('can-bo-')}",
        effective_on=HELD_SINCE,
    )
    return Chain(
        f"official:{official_id}", (Step("officials/register", params, OfficialRegistered),)
    )


def post_chains() -> list[Chain]:
    """Every post with its first holders."""
    return [
        Chain(
            f"post:{post}",
            (
                _created(post, agency),
                *(_appointed(m.official_id, post) for m in monitors() if m.post_id == post),
            ),
        )
        for agency in AGENCIES
        for post in (head(agency), deputies(agency))
    ]


def _created(post_id: str, agency: str) -> Step:
    heads = post_id == head(agency)
    params = NewPost(
        post_id=post_id,
        unit_id=agency,
        title=f"{'Thủ trưởng' if heads else 'Cấp phó'} {NAMES[agency]}",
        kind="agency_head" if heads else DEPUTY,
        managed_by=COMMITTEE,
        heads_unit=heads,
        seats=1 if heads else 5,
        effective_on=FOUNDED_ON,
    )
    return Step("posts/create", params, PostCreated)


def _appointed(official_id: str, post_id: str, on: date = HELD_SINCE) -> Step:
    params = Appointment(official_id=official_id, effective_on=on)
    return Step(f"posts/{post_id}/appoint", params, TenureStarted)


def successor_chains() -> Iterator[Chain]:
    """The appointments of 2024 to the posts that retirements left vacant, and one more deputy."""
    for retirement in retirements():
        post_id = retirement.monitor.post_id
        yield Chain(
            f"post:{post_id}", (_appointed(retirement.successor_id, post_id, APPOINTED_ON),)
        )


def replacement_chain() -> Chain:
    """The deputy who takes over in February 2024 is appointed in January."""
    new = replacement()
    return Chain(
        f"post:{new.post_id}", (_appointed(new.official_id, new.post_id, date(2024, 1, 2)),)
    )
