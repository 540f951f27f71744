"""The examples of the API's bodies: for every verb what the journey through every verb sends.

`python -m tests.journeys.examples` writes them to where the service describes itself.
"""

import json
from pathlib import Path
from typing import Any

from tests.journeys.every_verb import STEPS
from tests.journeys.steps import DECISION

FILE = Path(__file__).parents[2] / "service" / "http" / "examples.json"
# About the record itself, in a ledger that holds the organisation only.
OF_THE_RECORD: dict[str, dict[str, Any]] = {
    "/events/annul": {"positions": [7], "reason": "Ghi nhầm.", **DECISION},
    "/periods/close": {"last_day": "2021-12-31", **DECISION},
    "/periods/reopen": {"last_day": "2021-12-31", **DECISION},
}


def examples() -> dict[str, dict[str, Any]]:
    """By the path of the verb: the first that is said of it in the journey."""
    first = {step.verb: step.said for step in reversed(STEPS)}
    return {f"/v1/{{ledger}}{verb}": said for verb, said in sorted((first | OF_THE_RECORD).items())}


def written() -> str:
    return json.dumps(examples(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
