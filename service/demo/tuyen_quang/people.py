"""People: the posts that the Standing Committee manages, and who held them from 2019 to 2021."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from domain.kernel import Parameters
from domain.organisation.events import EndCause
from domain.organisation.posts import NewPost
from domain.organisation.tenures import Appointment
from domain.succession.leaver import EndOfTenure
from service.demo.organisation import (
    AGENCIES,
    COMMITTEE,
    DEPARTMENTS,
    MASS_ORGANISATIONS,
    PARTY_AGENCIES,
    official,
)
from service.demo.steps import Chain
from service.demo.tuyen_quang.places import (
    DISTRICTS,
    FOUNDED_ON,
    district_name,
    party_committee_name,
)

HELD_SINCE = date(2018, 1, 1)
YEN_SON_ELECTED_ON = date(2020, 6, 1)
DIRECTORS_CHANGED_ON = date(2019, 7, 1)
# 25 officials of 21 titles in 2019: four titles changed hands within the year.
CHANGED_IN_2019 = tuple(DEPARTMENTS)[8:12]
VICE_CHAIRS = 13


@dataclass(frozen=True, slots=True)
class Seat:
    """A post, how many hold it at once, and whether it heads its unit."""

    post_id: str
    unit_id: str
    title: str
    kind: str
    seats: int = 1
    heads_unit: bool = True


@dataclass(frozen=True, slots=True)
class Tenure:
    """An official in a post from `from_on`, until the day before `to_on` if it ended."""

    official_id: str
    post_id: str
    from_on: date = HELD_SINCE
    to_on: date | None = None
    cause: EndCause = EndCause.TRANSFER


def secretary(district: str) -> str:
    return f"bi-thu-{district}"


def chairman(district: str) -> str:
    return f"chu-tich-{district}"


def head(unit_id: str) -> str:
    return f"nguoi-dung-dau-{unit_id}"


def seats() -> list[Seat]:
    """Every post, the districts' first."""
    posts = [seat for district in DISTRICTS for seat in _district_seats(district)]
    for units, kind in (
        (DEPARTMENTS, "department_director"),
        (PARTY_AGENCIES, "party_agency_head"),
        (MASS_ORGANISATIONS, "mass_organisation_head"),
    ):
        posts += [Seat(head(unit_id), unit_id, AGENCIES[unit_id].head, kind) for unit_id in units]
    return posts


def _district_seats(district: str) -> Iterator[Seat]:
    party, people = f"huyen-uy-{district}", f"ubnd-{district}"
    committee, name = party_committee_name(district), district_name(district)
    chair = f"Chủ tịch UBND {name}"
    yield Seat(secretary(district), party, f"Bí thư {committee}", "district_party_secretary")
    yield Seat(chairman(district), people, chair, "district_chairman")
    yield Seat(
        f"pho-bi-thu-{district}",
        party,
        f"Phó Bí thư Thường trực {committee}",
        "district_deputy_secretary",
        heads_unit=False,
    )
    yield Seat(
        f"pho-chu-tich-{district}",
        people,
        f"Phó {chair}",
        "district_vice_chairman",
        seats=2,
        heads_unit=False,
    )


@cache
def tenures() -> tuple[Tenure, ...]:
    """Every tenure. The officials are numbered in order, "Cán bộ 001" …."""
    numbers = iter(range(1, 1000))
    vice_chairs_left = VICE_CHAIRS
    held: list[Tenure] = []
    for seat in seats():
        if seat.post_id == secretary("yen-son"):
            held.append(Tenure(_official(numbers), seat.post_id, to_on=YEN_SON_ELECTED_ON))
        elif seat.post_id == chairman("yen-son"):
            held += _elected_secretary(_official(numbers), _official(numbers))
        elif seat.unit_id in CHANGED_IN_2019:
            held += _changed(seat.post_id, _official(numbers), _official(numbers))
        elif seat.seats > 1:
            taken = min(seat.seats, vice_chairs_left)
            vice_chairs_left -= taken
            held += [Tenure(_official(numbers), seat.post_id) for _ in range(taken)]
        else:
            held.append(Tenure(_official(numbers), seat.post_id))
    return tuple(held)


def _official(numbers: Iterator[int]) -> str:
    return f"can-bo-{next(numbers):03d}"


def _elected_secretary(elected: str, new_chairman: str) -> list[Tenure]:
    """The chairman of Yên Sơn, elected secretary of its Party committee in June 2020 (A3)."""
    return [
        Tenure(elected, chairman("yen-son"), to_on=YEN_SON_ELECTED_ON),
        Tenure(elected, secretary("yen-son"), YEN_SON_ELECTED_ON),
        Tenure(new_chairman, chairman("yen-son"), YEN_SON_ELECTED_ON),
    ]


def _changed(post_id: str, first: str, second: str) -> list[Tenure]:
    return [
        Tenure(first, post_id, to_on=DIRECTORS_CHANGED_ON, cause=EndCause.RETIREMENT),
        Tenure(second, post_id, DIRECTORS_CHANGED_ON),
    ]


def holders(post_id: str, on: date) -> list[str]:
    """Who held the post on that day."""
    return [
        t.official_id
        for t in tenures()
        if t.post_id == post_id and t.from_on <= on and (t.to_on is None or on < t.to_on)
    ]


def official_chains() -> list[Chain]:
    """A registration of every official."""
    officials = dict.fromkeys(tenure.official_id for tenure in tenures())
    return [official(official_id, HELD_SINCE) for official_id in officials]


def post_chains() -> list[Chain]:
    """Every post, then its tenures by their days."""
    return [
        Chain(f"post:{seat.post_id}", _created(seat), *_filled(seat.post_id)) for seat in seats()
    ]


def _created(seat: Seat) -> NewPost:
    return NewPost(
        post_id=seat.post_id,
        unit_id=seat.unit_id,
        title=seat.title,
        kind=seat.kind,
        managed_by=COMMITTEE,
        heads_unit=seat.heads_unit,
        seats=seat.seats,
        effective_on=FOUNDED_ON,
    )


def _filled(post_id: str) -> Iterator[Parameters]:
    for tenure in tenures():
        if tenure.post_id != post_id:
            continue
        who = tenure.official_id
        yield Appointment(official_id=who, effective_on=tenure.from_on)
        if tenure.to_on is not None:
            yield EndOfTenure(official_id=who, cause=tenure.cause, effective_on=tenure.to_on)
