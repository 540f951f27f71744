"""Of a file with a great many faults so many are kept as somebody may mend, and it is said so."""

import pytest

from service.imports import findings as findings_of
from service.imports.findings import MANY_MORE, Finding, Message, kept
from tests.service.imports.office import Office

WRONG = "Mã đơn vị;Tên đơn vị;Loại đơn vị;Có hiệu lực từ\n" + "a;A;lạ;31/02/2021\n" * 60


def test_the_last_that_is_kept_says_that_there_were_more() -> None:
    one = Finding(Message("a", "a"), Message("b", "b"))
    most = findings_of.MOST_KEPT
    assert len(kept([one] * 5, most - 5)) == 5
    assert kept([one] * 5, most - 2) == (one, one, MANY_MORE)
    assert kept([one] * 5, most) == (MANY_MORE,)
    assert kept([one] * 5, most + 1) == ()


async def test_a_file_with_a_great_many_faults_is_told_of_some(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings_of, "MOST_KEPT", 20)
    job = await office.imports("units", WRONG)
    assert (job["state"], job["refused"], job["findings_total"]) == ("done", 60, 21)
    assert sum(one["what"] == MANY_MORE.what.en for one in job["findings"]) == 1
