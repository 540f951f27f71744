"""Terminal: what a file, a log or another host says is shown, and does nothing."""

import json
import re

import pytest
import typer

from service.cli.output import err, fail, print_json, print_rows, print_table, print_within
from service.terminal import harmless

# Clears the screen, sets its title, the same by eight-bit controls, overrides the order of reading.
NAMES = (
    "\x1b[2J",
    "\x1b]0;title\x07",
    "\x9b2J",
    "a\rb",
    "\u202egnp.exe",
    "\u2028",
    "\udcff",
    "\x7f",
)
OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028\ud800-\udfff]")


def test_text_stays_as_it_is() -> None:
    text = "Nguyễn Văn Đồng\tlà “cán bộ”\n👨‍👩‍👧"
    assert harmless(text) == text
    assert harmless("\x1b[2J\u202e") == "\\x1b[2J\\u202e"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_that_is_printed_is_obeyed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_table([f"head {name}"], [[name]])
    print_within(["first", "second"], [[name, name]])
    print_rows([{"name": name}], as_json=False, empty="")
    err().print(f"of {name}")
    with pytest.raises(typer.Exit):
        fail(f"the ledger {name} is unknown")
    written = capsys.readouterr()
    assert OBEYED.findall(written.out + written.err) == []
    assert written.out.count(harmless(name)) == 5
    assert written.err.count(harmless(name)) == 2


@pytest.mark.parametrize("name", NAMES)
def test_json_holds_what_it_is_given_and_nothing_that_is_obeyed(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    print_json([{"name": name}])
    written = capsys.readouterr().out
    assert OBEYED.findall(written) == []
    assert json.loads(written) == [{"name": name}]
