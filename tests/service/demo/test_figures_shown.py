"""The demo's figures, as they are shown to people."""

import pytest

from service.cli.demo import lines_of
from service.cli.output import print_within

FIGURES = {
    "tasks_2020": 52,
    "handover": {"on": "2020-06-10", "that_day": "can-bo-002"},
    "gaps": {"days": 3, "named": ["04789"], "of": [{"unit_id": "04789", "name": "Xã Lạc Sỹ" * 9}]},
}


def test_what_lies_within_a_figure_has_lines_of_its_own_within_the_window(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [line for name, figure in FIGURES.items() for line in lines_of(name, figure)]
    assert lines == [
        ("tasks_2020", "52"),
        ("handover", "on: 2020-06-10, that_day: can-bo-002"),
        ("gaps", "days: 3"),
        ("gaps.named", "04789"),
        ("gaps.of.1", "unit_id: 04789, name: " + "Xã Lạc Sỹ" * 9),
    ]
    monkeypatch.setenv("COLUMNS", "60")
    print_within(("what is known", ""), lines)
    shown = capsys.readouterr().out.splitlines()
    assert max(map(len, shown)) == 60
    assert [line.split()[0] for line in shown[1:6]] == [name for name, _ in lines]
    assert "".join("".join(line.split()) for line in shown[5:]).endswith("XãLạcSỹ" * 9)
