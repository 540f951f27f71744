"""The sample's plan, before it is sent: its sums are the reports'."""

import unicodedata
from collections import Counter
from datetime import date

from domain.tasks.beginning.assignment import Assignment
from domain.tasks.beginning.commission import Commission
from domain.tasks.beginning.registration import Registration
from service.demo.steps import Chain, Client
from service.demo.tuyen_quang import year_2019, year_2020, year_2021
from service.demo.tuyen_quang.people import chairman, holders, seats, secretary, tenures
from service.demo.tuyen_quang.province import stages


def officials(chains: list[Chain]) -> set[str]:
    """The officials to whom the tasks are assigned."""
    return {
        str(step.params.official_id)
        for chain in chains
        for step in chain.steps
        if isinstance(step.params, Assignment)
    }


def test_25_tasks_of_2019_go_to_25_officials_of_21_titles() -> None:
    chains = year_2019.chains()
    titles = {
        step.params.post_id
        for chain in chains
        for step in chain.steps
        if isinstance(step.params, Assignment)
    }
    assert (len(chains), len(officials(chains)), len(titles)) == (25, 25, 21)


def test_ten_are_ordered_from_a_director_five_secretaries_and_four_chairmen() -> None:
    kinds = {seat.post_id: seat.kind for seat in seats()}
    ordered = [
        kinds[step.params.post_id]
        for chain in year_2019.chains()
        for step in chain.steps
        if isinstance(step.params, Commission)
    ]
    assert Counter(ordered) == {
        "department_director": 1,
        "district_party_secretary": 5,
        "district_chairman": 4,
    }


def test_52_tasks_of_2020_go_to_22_officials() -> None:
    chains = year_2020.chains()
    assert (len(chains), len(officials(chains))) == (52, 22)


def test_221_tasks_of_2021_go_to_64_officials_by_their_terms() -> None:
    chains = year_2021.chains()
    terms = Counter(
        step.params.proposal.term.label
        for chain in chains
        for step in chain.steps
        if isinstance(step.params, Registration)
    )
    assert len(officials(chains)) == 64
    assert terms == {"2021": 39, "yearly": 4, "2021-2022": 2, "2021-2023": 6, "2021-2025": 170}


def test_the_chairman_of_yen_son_is_its_secretary_from_june_2020() -> None:
    official = year_2020.elected()
    assert holders(chairman("yen-son"), date(2020, 5, 31)) == [official]
    assert holders(secretary("yen-son"), date(2020, 5, 31)) == [year_2020.predecessor()]
    assert holders(secretary("yen-son"), date(2020, 6, 1)) == [official]
    assert official not in holders(chairman("yen-son"), date(2020, 6, 1))


def test_nobody_holds_two_posts_on_one_day() -> None:
    for day in (date(2019, 6, 30), date(2019, 7, 1), date(2020, 6, 1), date(2021, 12, 31)):
        held = [who for seat in seats() for who in holders(seat.post_id, day)]
        assert len(held) == len(set(held)), day


def test_no_post_has_more_holders_than_seats() -> None:
    for seat in seats():
        days = {tenure.from_on for tenure in tenures() if tenure.post_id == seat.post_id}
        assert all(len(holders(seat.post_id, day)) <= seat.seats for day in days), seat.post_id


def test_effective_days_of_a_task_never_run_backwards() -> None:
    for chain in stages()[-1]:
        days = [step.params.effective_on for step in chain.steps]
        assert days == sorted(days, key=str), chain.subject


def test_every_subject_has_one_chain() -> None:
    subjects = [chain.subject for stage in stages() for chain in stage]
    assert len(subjects) == len(set(subjects))


def test_whoever_registers_does_not_approve() -> None:
    for chain in stages()[-1]:
        by = {step.path.rpartition("/")[2]: step.by for step in chain.steps}
        if "approve" in by:
            assert (by["register"], by["approve"]) == (Client.REGISTRY, Client.COMMITTEE)


def test_names_are_in_nfc_and_write_the_vietnamese_letter_of_their_own() -> None:
    for stage in stages():
        for chain in stage:
            for step in chain.steps:
                text = step.body().decode()
                assert unicodedata.is_normalized("NFC", text)
                assert "\u00d0" not in text
                assert "\u00a0" not in text
