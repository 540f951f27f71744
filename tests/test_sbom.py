"""The bill of materials names everything that is shipped, with its hashes."""

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.pages import ROOT

PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ \\]+)", re.MULTILINE)


def test_the_bill_of_materials_is_of_the_lock(tmp_path: Path) -> None:
    lock, made = ROOT / "requirements.lock", tmp_path / "sbom.json"
    subprocess.run(  # noqa: S603  as `make sbom` does
        [
            *(sys.executable, "-m", "cyclonedx_py", "requirements"),
            *("--pyproject", ROOT / "pyproject.toml", "--output-reproducible"),
            *("--spec-version", "1.6", "--output-format", "JSON", "--output-file", made, lock),
        ],
        check=True,
        capture_output=True,
    )
    bill = json.loads(made.read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["name"] == "giaoviec"
    components = {one["name"]: one for one in bill["components"]}
    pins = dict(PIN.findall(lock.read_text(encoding="utf-8")))
    assert {name: one["version"] for name, one in components.items()} == pins
    for one in components.values():
        assert one["purl"].startswith("pkg:pypi/")
        assert any(reference["hashes"] for reference in one["externalReferences"])
