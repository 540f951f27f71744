"""The command line on a regulation's file: its faults, its sentences, what a revision changes."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from service.cli import app
from tests.domain.regulations.spoilt import SAMPLE, spoilt


def invoke(*words: str | Path) -> Any:
    return CliRunner().invoke(app, ["regulations", *map(str, words)])


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A sample, a revision of it, and a spoilt copy."""
    sample, revised, bad = (tmp_path / name for name in ("mau.yaml", "sua-doi.yaml", "bad.yaml"))
    sample.write_text(SAMPLE, encoding="utf-8")
    revised.write_text(spoilt(("level: GOOD, points: 70", "level: GOOD, points: 75")), "utf-8")
    bad.write_text(spoilt(("cycles: [quarter, year]", "cycles: no"), ("most: 30", "most: 20")))
    return sample, revised, bad


def test_a_file_is_checked_and_its_faults_are_printed_by_their_place(
    files: tuple[Path, Path, Path],
) -> None:
    sample, _, bad = files
    good = invoke("check", sample)
    assert good.exit_code == 0
    assert "mau.yaml:24:5: levels.3: lưu ý: NOT_COMPLETED" in good.stdout
    spoilt_file = invoke("check", bad)
    assert spoilt_file.exit_code == 1
    assert spoilt_file.stdout.splitlines()[:2] == [
        "bad.yaml:8:1: cycles: phải là danh sách",
        "bad.yaml:17:1: points: tổng điểm tối đa phải là 100 (hiện là 90)",
    ]
    english = invoke("check", bad, "--language", "en", "--json")
    assert json.loads(english.stdout)[1] == {
        "line": 17,
        "column": 1,
        "path": "points",
        "weight": "fault",
        "what": "the most points must sum to 100 (now 90)",
    }


def test_a_file_is_explained_and_compared_only_without_a_fault(
    files: tuple[Path, Path, Path],
) -> None:
    sample, revised, bad = files
    explained = invoke("explain", sample)
    assert explained.exit_code == 0
    assert "[40] Mỗi cán bộ theo dõi tối đa 1 xã; nhiều hơn phải có lý do." in explained.stdout
    assert json.loads(invoke("explain", sample, "--json").stdout)[-1]["line"] == 40
    good = "22: Hoàn thành tốt nhiệm vụ (GOOD) (Điều 8.2): từ {} điểm; on_time ít nhất 100%."
    assert invoke("diff", sample, revised).stdout.splitlines() == [
        "- mau.yaml:" + good.format(70),
        "+ sua-doi.yaml:" + good.format(75),
    ]
    (change,) = json.loads(invoke("diff", sample, revised, "--json").stdout)
    assert (change["kind"], change["rule"]) == ("changed", "level.GOOD")
    assert invoke("diff", sample, sample).stdout == ""
    for words in (("explain", bad), ("diff", bad, sample), ("diff", sample, bad)):
        refused = invoke(*words)
        assert refused.exit_code == 1
        assert "bad.yaml:8:1: cycles" in refused.stdout


def test_a_file_in_another_encoding_is_told_so(tmp_path: Path) -> None:
    file = tmp_path / "utf-16.yaml"
    file.write_text(SAMPLE, encoding="utf-16")
    refused = invoke("check", file)
    assert refused.exit_code == 1
    assert refused.stdout.startswith("utf-16.yaml:1:1: dòng này không phải UTF-8")


def test_a_sample_is_printed_as_the_file_to_begin_from(tmp_path: Path) -> None:
    names = invoke("sample").stdout.split()
    assert {"366-qd-tw", "335-2025-nd-cp", "mau-01"} <= {*names}
    printed = tmp_path / "366.yaml"
    printed.write_text(invoke("sample", "366-qd-tw").stdout, encoding="utf-8")
    assert invoke("check", printed).exit_code == 0
    assert invoke("sample", "khac").exit_code == 2
