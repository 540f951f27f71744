"""`giaoviec import`: the same files from the command line."""

import csv
import json
from pathlib import Path
from uuid import uuid4

import pytest

from service.access.roles import Role
from service.access.tokens import Tokens
from service.database.engine import Pool
from tests.giaoviec import Giaoviec
from tests.service.imports.files import OFFICIALS, POSTS, TASK_HEADINGS, UNITS, tasks, workbook
from tests.service.imports.territories import HEADINGS, LIST, row

NEW = ("04831", "Xã Đà Bắc")
FILES = {"units.csv": UNITS, "posts.csv": POSTS, "officials.csv": OFFICIALS}


@pytest.fixture
async def giaoviec(database_url: str, tmp_path: Path, pool: Pool, ledger: str) -> Giaoviec:
    """The command line with both tokens and the ledger in its environment."""
    made = Giaoviec(tmp_path / "data", database_url)
    made.environment["GIAOVIEC_LEDGER"] = ledger
    for variable, unit in (("TOKEN", "*"), ("APPROVER_TOKEN", "ban-thuong-vu")):
        name = f"{variable.lower()}-{uuid4()}"[:64]
        _, text = await Tokens(pool).create(name, Role.AUTHORITY, units=[unit])
        made.environment[f"GIAOVIEC_{variable}"] = text
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    (tmp_path / "tasks.csv").write_text(tasks({}), encoding="utf-8-sig")
    return made


def test_a_province_is_imported_from_its_files_and_nothing_is_doubled(
    giaoviec: Giaoviec, tmp_path: Path
) -> None:
    for expected in ("imported", "unchanged"):
        for kind in ("units", "posts", "officials", "tasks"):
            found = json.loads(
                giaoviec.done("import", kind, str(tmp_path / f"{kind}.csv"), "--json")
            )
            assert found.pop(expected) > 0
            assert [found[name] for name in ("refused", "findings")] == [0, []]


def test_what_is_wrong_is_reported_and_the_exit_code_says_so(
    giaoviec: Giaoviec, tmp_path: Path
) -> None:
    file, report = tmp_path / "units.xlsx", tmp_path / "report.csv"
    file.write_bytes(workbook(("Tên đơn vị", "Loại"), ("Xã A", "xã"), ("Xã B", "lạ")))
    words = ("import", "units", str(file), "--report", str(report))
    code, out, err = giaoviec.run(*words, "--dry-run")
    assert code == 1
    assert "“lạ” không thuộc danh mục" in out
    assert out.split()[:4] == ["Hàng", "Cột", "Lỗi", "Cách"]
    assert "1 hàng đã nhập, 0 hàng không thay đổi, 1 hàng bị từ chối (chạy thử" in err
    heads, row = csv.reader(report.read_text(encoding="utf-8-sig").splitlines())
    assert (heads[:3], row[:3]) == (["Tệp", "Hàng", "Cột"], ["units.xlsx", "3", "Loại"])
    in_english = ("import", "units", str(file), "--dry-run", "--language", "en")
    code, out, err = giaoviec.run(*in_english, "--report", "/dev/full")
    assert (code, out.split()[:4]) == (1, ["row", "column", "what", "mend"])
    assert "1 imported, 0 unchanged, 1 refused (dry run: nothing recorded)" in err
    assert "the report /dev/full cannot be written: No space left on device" in err
    code, out, _ = giaoviec.run(*words, "--json", "--language", "en")
    assert (code, json.loads(out)["imported"]) == (1, 1), "the dry run recorded nothing"


def test_a_token_that_is_not_valid_ends_it_before_the_first_row(
    giaoviec: Giaoviec, tmp_path: Path
) -> None:
    words = ("import", "units", str(tmp_path / "units.csv"))
    forged = {"GIAOVIEC_TOKEN": "gv_forged"}
    code, out, err = giaoviec.run(*words, **forged)
    assert (code, out) == (1, "")
    assert "not valid" in err
    code, _, err = giaoviec.run("import", "units", str(tmp_path / "data"))
    assert code == 2


def test_a_token_comes_from_a_file_or_the_environment_and_never_from_the_words_of_a_command(
    giaoviec: Giaoviec, tmp_path: Path
) -> None:
    words = ("import", "units", str(tmp_path / "units.csv"), "--dry-run")
    token = giaoviec.environment.pop("GIAOVIEC_TOKEN")
    file = tmp_path / "registrar.token"
    file.write_text(f"{token}\n", encoding="ascii")
    giaoviec.done(*words, "--token-file", str(file))
    for given in ((), ("--token", token), ("--token-file", str(tmp_path / "none"))):
        code, out, err = giaoviec.run(*words, *given)
        assert (code, out) == (2, "")
        assert token not in err
    file.write_text("gv_forged", encoding="ascii")
    code, _, err = giaoviec.run(*words, "--token-file", str(file))
    assert code == 1
    assert "registrar.token is not valid" in " ".join(err.split())


def test_a_workbook_of_tasks_says_which_cells_are_missing(
    giaoviec: Giaoviec, tmp_path: Path
) -> None:
    file = tmp_path / "tasks.xlsx"
    file.write_bytes(workbook(TASK_HEADINGS, ("kilns",)))
    code, out, _ = giaoviec.run("import", "tasks", str(file), "--dry-run", "--json")
    assert code == 1
    missing = [found["column"] for found in json.loads(out)["findings"]]
    assert missing == [
        "Chức danh",
        "Tên việc",
        "Mục tiêu",
        "Lộ trình",
        "Loại việc",
        "Lĩnh vực",
        "Thời hạn giao",
    ]


def test_a_conversion_table_is_taken_under_the_act_given_beside_it(
    giaoviec: Giaoviec, tmp_path: Path
) -> None:
    files = {"list.csv": LIST, "table.csv": HEADINGS + row("04831", "Thị trấn Đà Bắc", *NEW)}
    for name, content in files.items():
        (tmp_path / name).write_text(content.replace(",25,", ",17,"), encoding="utf-8")
    words = ("import", "territory", "--json", "--language", "en")
    act = ("--document", "12/NQ-MAU", "16/06/2025", "Quốc hội")
    assert json.loads(giaoviec.done(*words, str(tmp_path / "list.csv")))["imported"] == 6
    code, out, _ = giaoviec.run(*words, str(tmp_path / "table.csv"))
    assert (code, json.loads(out)["refused"]) == (1, 1)
    assert "cite its document" in json.loads(out)["findings"][0]["what"]
    code, out, _ = giaoviec.run(*words, *act, str(tmp_path / "table.csv"), "--dry-run")
    assert (code, json.loads(out)["imported"]) == (1, 1), "five communes are left out of the table"
    for expected in ("imported", "unchanged"):
        code, out, _ = giaoviec.run(*words, *act, str(tmp_path / "table.csv"))
        found = json.loads(out)
        assert (code, found[expected], len(found["findings"])) == (1, 1, 5)
    code, _, err = giaoviec.run(*words, "--document", "1", "hôm qua", "QH", str(tmp_path))
    assert code == 2, err
