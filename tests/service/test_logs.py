"""Log lines: one event each, for machines or people, and without secrets."""

import json
import subprocess
import sys

import pytest

from service.error_texts import without_data

PROGRAMME = """
import logging, sys
import structlog
from service.observability import logs

def fail(token):
    raise ValueError(f"{len(token)} characters\\x9b2J")

logs.configure("info", sys.argv[1])
structlog.get_logger().info("started", port=8090)
structlog.get_logger().debug("not asked for")
logging.getLogger("uvicorn.error").warning("of a library")
structlog.get_logger().info("named", name="\\x1b[2J\\u202e")
structlog.get_logger().info("two", name="a\\n2026-01-01 [info] forged\\r\\u2028{}")
logging.getLogger("uvicorn.error").warning("of\\n{'event': 'forged'}")
try:
    fail("gv_" + "secret")
except ValueError:
    structlog.get_logger().exception("broken")
    logging.getLogger("uvicorn.error").exception("broken too")
try:
    try:
        {}["Đinh Công Tráng"]
    except KeyError as cause:
        raise ExceptionGroup("many", [ValueError("no\\nĐinh Công Tráng")]) from cause
except Exception:
    structlog.get_logger().exception("with data")
"""


def written(form: str) -> str:
    return subprocess.run(  # noqa: S603  our own programme
        [sys.executable, "-c", PROGRAMME, form], capture_output=True, text=True, check=True
    ).stderr


@pytest.mark.parametrize("form", ["json", "console"])
def test_an_error_is_told_without_the_values_of_variables(form: str) -> None:
    lines = written(form)
    assert lines.count("9 characters") == 2
    assert "gv_secret" not in lines
    assert all(line.isprintable() for line in lines.splitlines())
    assert "2J" in lines


def test_a_line_for_machines_is_one_json_object() -> None:
    lines = [json.loads(line) for line in written("json").splitlines()]
    assert [line["event"] for line in lines] == [
        *("started", "of a library", "named", "two", "of\n{'event': 'forged'}"),
        *("broken", "broken too", "with data"),
    ]
    assert lines[0]["port"] == 8090
    assert lines[0]["level"] == "info"
    assert lines[0]["timestamp"].endswith("Z")


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_value_begins_no_line_of_its_own(form: str) -> None:
    lines = written(form).splitlines()
    assert len([line for line in lines if "forged" in line]) == 2
    assert not [line for line in lines if line.startswith(("2026-01-01", "{'event"))]


@pytest.mark.parametrize("form", ["json", "console"])
def test_the_data_in_an_error_s_text_is_not_told(form: str) -> None:
    lines = written(form)
    assert "with data" in lines
    assert all(kind in lines for kind in ("KeyError", "ExceptionGroup", "ValueError"))
    assert "Tráng" not in lines
    assert "Tr\\u00e1ng" not in lines


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("9 characters", "9 characters"),
        ("'gv_1'", "'…'"),
        ("the unit's name 'a\\'b' is \"c", "the unit's name '…' is '…'"),
        ('duplicate key "tasks_pk"\nDETAIL:  Key (name)=(a) exists.', "duplicate key '…'"),
        ("invalid input for query argument $1: Decimal(1) (no text)", None),
        ("invalid input for query argument $12: 17 (no text)", None),
        ("no such item: {'a': [1]}", "no such item: '…'"),
        ("1 validation error for Unit\nname\n  input_value='a'", "1 validation error for Unit"),
        ("", ""),
    ],
)
def test_of_an_error_s_text_its_first_line_is_told_without_what_is_quoted(
    text: str, told: str | None
) -> None:
    number = text.partition("$")[2].partition(":")[0]
    expected = f"invalid input for query argument ${number}: '…'" if told is None else told
    assert without_data(text) == expected
