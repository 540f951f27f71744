"""Policy adoption: a body adopts a file as a whole, revision by revision, and without a fault."""

from datetime import date
from hashlib import sha256
from typing import Any

import pytest

from domain.kernel import BodyRequired, DocumentRequired
from domain.regulations.events import PolicyAdopted
from domain.regulations.policy_adoption import (
    AdoptPolicy,
    RegulationFaulty,
    RegulationStatesOtherwise,
)
from domain.regulations.regulations import RegulatedFromThatDay
from domain.regulations.vocabulary_1.policy import Policy
from domain.values import Basis
from tests.domain.regulations.spoilt import SAMPLE, policy, spoilt
from tests.domain.scenario import Scenario

FROM, LATER = date(2026, 1, 15), date(2026, 7, 1)
BASIS = Basis(
    number="01-QĐ/MAU",
    issued_on=date(2026, 1, 5),
    issuing_body="Ban Thường vụ Tỉnh ủy Mẫu",
)
REVISED = spoilt(("effective_on: 2026-01-15", "effective_on: 2026-07-01"))


def adopted(source: str, on: date) -> PolicyAdopted:
    changed = (f"effective_on: {FROM}", f"effective_on: {on}")
    return PolicyAdopted(
        effective_on=on,
        regulation_id="mau-01",
        adopted_by="ban-thuong-vu",
        title="Đánh giá cán bộ bằng sản phẩm",
        is_sample=True,
        vocabulary=1,
        policy=policy(changed).canonical(),
        source=source,
        sha256=sha256(source.encode()).hexdigest(),
        governs=("commune-monitoring",),
    )


def adopt(scenario: Scenario, source: str = SAMPLE, **said: Any) -> Scenario:
    decision = {"on": FROM, "on_behalf_of": "ban-thuong-vu", "basis": BASIS, "source": source}
    return scenario.when(AdoptPolicy, "mau-01", **{**decision, **said})


NONE = Scenario(())


def test_a_body_adopts_a_file_and_later_a_whole_revision() -> None:
    first = adopt(NONE).then(adopted(SAMPLE, FROM))
    revised = adopt(first, REVISED, on=LATER).then(adopted(REVISED, LATER))
    adopt(revised, on=FROM).refuses(RegulatedFromThatDay)
    event = adopted(SAMPLE, FROM)
    assert Policy.of(event.policy) == policy()
    assert event.tags() == [
        "regulation:mau-01",
        "unit:ban-thuong-vu",
        "regulation:commune-monitoring",
    ]


def test_a_file_is_adopted_by_a_body_by_the_document_and_day_that_it_states() -> None:
    adopt(NONE, on_behalf_of=None).refuses(BodyRequired)
    adopt(NONE, basis=None).refuses(DocumentRequired)
    for otherwise in (
        {"on": LATER},
        {"on_behalf_of": "ban-to-chuc"},
        {"basis": BASIS.model_copy(update={"number": "02-QĐ/MAU"})},
        {"basis": BASIS.model_copy(update={"issued_on": FROM})},
        {"source": spoilt(("regulation: mau-01", "regulation: mau-02"))},
    ):
        adopt(NONE, **otherwise).refuses(RegulationStatesOtherwise)
    with pytest.raises(RegulationStatesOtherwise) as refused:
        adopt(NONE, on=LATER).decide()
    assert refused.value.detail("vi") == (
        "Tệp nêu 15/01/2026 ở `effective_on`, còn yêu cầu nêu 01/7/2026."
    )


def test_a_bad_file_is_never_half_adopted() -> None:
    bad = spoilt(("cycles: [quarter, year]", "cycles: no"), ("most: 30", "most: 25"))
    adopt(NONE, bad).refuses(RegulationFaulty)
    with pytest.raises(RegulationFaulty) as refused:
        adopt(NONE, bad).decide()
    assert refused.value.detail("vi") == (
        "Tệp quy định có 2 lỗi: 8:1 cycles: phải là danh sách; 17:1 points: tổng điểm tối đa phải "
        "là 100 (hiện là 95)."
    )
    assert refused.value.extensions_in("en")["faults"] == [
        {"line": 8, "column": 1, "path": "cycles", "what": "Input should be a valid tuple"},
        {
            "line": 17,
            "column": 1,
            "path": "points",
            "what": "the most points must sum to 100 (now 95)",
        },
    ]
