"""Regulation: who is assessed in each year, as the sample of 371-QĐ/TU has it for 2022."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.regulations import samples
from domain.regulations.policy_adoption import RegulationFile
from domain.values import Basis
from service.demo.organisation import COMMITTEE
from service.demo.steps import Chain

REGULATION = "371-qd-tu"
ISSUER = "Ban Thường vụ Tỉnh ủy Vĩnh Phúc"
SAMPLE_BODY = "ban-thuong-vu"
# The day is invented: the report says that it was adopted in 2021.
SOURCE_2021 = f"""\
# MẪU theo bài báo về Vĩnh Phúc (2021). Văn bản không công khai: đây không phải quy định thật.
regulation: {REGULATION}
sample: true
title: Giao nhiệm vụ, đánh giá cán bộ bằng sản phẩm (mẫu theo Vĩnh Phúc, năm 2021)
basis: {{number: 371-QĐ/TU, issued_on: 2021-01-04, issuing_body: {ISSUER}}}
decided_by: {COMMITTEE}
effective_on: 2021-01-04
cohorts:
  - {{name: districts, title: "9 huyện, thành ủy"}}
  - {{name: agencies, title: "13 cơ quan khối Đảng, Mặt trận và đoàn thể cấp tỉnh"}}
  - {{name: departments, title: "6 giám đốc sở"}}
cycles: [year]
deciders:
  - {{matter: rating, body: {COMMITTEE}}}
duties:
  - {{paper: progress_report, each: quarter, day: last}}
"""
SOURCE_2022 = samples.text(REGULATION).replace(SAMPLE_BODY, COMMITTEE)


@dataclass(frozen=True, slots=True)
class Year:
    """A year of assessment: its regulation, and the day on which its targets are set."""

    number: int
    adopted_on: date
    issued_on: date
    set_on: date
    source: str

    @property
    def last_day(self) -> date:
        return date(self.number, 12, 31)

    @property
    def basis(self) -> Basis:
        return Basis(number="371-QĐ/TU", issued_on=self.issued_on, issuing_body=ISSUER)

    def decision(self, on: date | None = None) -> dict[str, Any]:
        """What the committee's decisions of the year have in common."""
        return {
            "effective_on": on or self.set_on,
            "on_behalf_of": COMMITTEE,
            "basis": self.basis,
        }


REGULATION_2021 = Year(2021, date(2021, 1, 4), date(2021, 1, 4), date(2021, 2, 26), SOURCE_2021)
REGULATION_2022 = Year(2022, date(2022, 1, 1), date(2021, 12, 31), date(2022, 2, 25), SOURCE_2022)


def adopted() -> Chain:
    """Both revisions, one after the other."""
    files = [
        RegulationFile(source=year.source, **year.decision(year.adopted_on))
        for year in (REGULATION_2021, REGULATION_2022)
    ]
    return Chain(f"regulation:{REGULATION}", *files)
