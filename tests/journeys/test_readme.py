"""The README's example, run on the sample province: it prints what the page says."""

import json
import subprocess
from typing import Any

from tests.giaoviec import Served
from tests.pages import README, blocks, section, shortened

ADDRESS = "http://127.0.0.1:8090"


def test_the_example_prints_what_the_readme_says(served: Served, figures: dict[str, Any]) -> None:
    assert figures
    command, reply = (block.text for block in blocks(section(README, "One example")))
    script = command.replace(ADDRESS, served.address)
    ran = subprocess.run(  # noqa: S603  the page's own block
        [
            "/bin/bash",
            "-euo",
            "pipefail",
            "-c",
            script.replace(".data/", f"{served.giaoviec.data_dir}/"),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert ran.returncode == 0, ran.stderr
    expected = json.loads(reply)
    assert shortened(json.loads(ran.stdout), expected) == expected, ran.stdout
