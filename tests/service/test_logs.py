"""Log lines: one event each, for machines or people, and without secrets."""

import json
import subprocess
import sys

import pytest

PROGRAMME = """
import logging, sys
import structlog
from service.observability import logs

def fail(token):
    raise ValueError(f"{len(token)} characters")

logs.configure("info", sys.argv[1])
structlog.get_logger().info("started", port=8090)
structlog.get_logger().debug("not asked for")
logging.getLogger("uvicorn.error").warning("of a library")
try:
    fail("gv_" + "secret")
except ValueError:
    structlog.get_logger().exception("broken")
    logging.getLogger("uvicorn.error").exception("broken too")
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


def test_a_line_for_machines_is_one_json_object() -> None:
    lines = [json.loads(line) for line in written("json").splitlines()]
    assert [line["event"] for line in lines] == ["started", "of a library", "broken", "broken too"]
    assert lines[0]["port"] == 8090
    assert lines[0]["level"] == "info"
    assert lines[0]["timestamp"].endswith("Z")
