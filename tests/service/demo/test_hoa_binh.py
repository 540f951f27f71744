"""Hoà Bình: the official list, the conversion table, and the sample built on them."""

import csv
import os
from collections import Counter
from pathlib import Path

import pytest

from service.demo.hoa_binh import monitors, story
from service.demo.hoa_binh.communes import COMMUNES, PROVINCE_CODE
from service.demo.hoa_binh.mergers import SUCCESSORS
from service.imports.reading.words import normalise
from service.imports.territory.layouts import EXTENTS

DATA = Path(os.environ.get("SHARED_DATA", Path(__file__).parents[3].parent / "shared" / "data"))
at_hand = pytest.mark.skipif(not DATA.exists(), reason="the real lists are not at hand")


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@at_hand
def test_the_communes_are_those_of_the_official_list() -> None:
    listed = {
        (row["unit_code"], row["unit_name"], row["district_code"], row["district_name"])
        for row in rows("hoa_binh_2023")
    }
    assert set(COMMUNES) == listed


@at_hand
def test_the_successors_are_those_of_the_conversion_table() -> None:
    converted = {
        (row["old_code"], row["new_code"], row["new_name"], EXTENTS[normalise(row["merge_note"])])
        for row in rows("successors_2025-07-01")
        if row["old_province_code"] == PROVINCE_CODE
    }
    whole = {(code, to.code, to.name, "whole") for to in SUCCESSORS for code in to.whole}
    part = {(code, to.code, to.name, "part") for to in SUCCESSORS for code in to.part}
    assert whole | part == converted


def test_every_commune_goes_somewhere_and_none_twice_as_a_whole() -> None:
    whole = Counter(code for successor in SUCCESSORS for code in successor.whole)
    part = Counter(code for successor in SUCCESSORS for code in successor.part)
    assert set(whole.values()) == {1}
    assert min(part.values()) > 1
    assert set(whole) | set(part) == {commune.code for commune in COMMUNES}


def test_ten_of_141_monitors_follow_two_communes() -> None:
    communes = Counter(monitor.official_id for _, monitor in monitors.assigned())
    assert Counter(communes.values()) == {1: 131, 2: 10}


def test_the_counts_of_the_report_are_said_step_by_step() -> None:
    steps = [step for stage in story.stages() for chain in stage for step in chain.steps]
    counts = Counter(step.event.TYPE.partition(".")[2] for step in steps)
    assert counts["visit_recorded"] == story.VISITS
    assert counts["commendation_proposed"] == story.COMMENDED
    assert counts["monitor_reviewed"] == len(COMMUNES)
