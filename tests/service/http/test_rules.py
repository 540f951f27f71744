"""Rules between fields: what the schema of a body says of them is what the service decides."""

from typing import Any

import pytest
from fastapi import FastAPI
from openapi_schema_validator import OAS31Validator
from pydantic import BaseModel, ValidationError

from domain.record.annulment import Annulment
from domain.regulations.events import YearlyDeadline
from domain.succession.leaver import EndOfTenure
from domain.succession.portfolio import PortfolioHandover
from domain.tasks.beginning.assignment import Assignment
from domain.tasks.changes import CorrectedProposal
from domain.tasks.matters.delegation import Part
from domain.tasks.responsibility.collective import Finding
from domain.tasks.work.report_duties import ReportDuty
from domain.tasks.work.revision import Revision

PART = {"title": "Vận động", "due_on": "2021-03-15"}
FINDING = {"finding": "Chậm tiến độ."}
WHY = {"reason": "Theo tình hình thực tế."}
LEAVING = {"official_id": "a", "cause": "retirement"}
STATE = {"state_summary": "Đang thực hiện."}
TAKER = {"official_id": "b", **STATE}
TARGETS = [{"code": "kilns", "target": 90}]
ANNULLED = {"positions": [3], **WHY}

Case = tuple[type[BaseModel], dict[str, Any]]

TAKEN: list[Case] = [
    (Part, {**PART, "delegate_unit": "xa-cu"}),
    (Part, {**PART, "delegate_unit": None, "delegate_person": "Ông Ba"}),
    (Finding, {**FINDING, "unit_id": "xa-cu"}),
    (Finding, {**FINDING, "unit_id": None, "official_id": "a"}),
    (Revision, {**WHY, "due_on": "2021-06-30"}),
    (Revision, {**WHY, "targets": TARGETS}),
    (Assignment, {}),
    (Assignment, {"post_id": "bi-thu", "coordinators": ["xa-cu", "xa-hai"]}),
    (EndOfTenure, LEAVING),
    (EndOfTenure, {**LEAVING, "vacate": True, **WHY}),
    (EndOfTenure, {**LEAVING, "vacate": False, "succession": TAKER}),
    (PortfolioHandover, {**STATE, "to_official": "b"}),
    (YearlyDeadline, {"month": 2, "day": 28}),
    (ReportDuty, {"cadence": "quarterly", "day": 1, "months_after": -2}),
    (Annulment, {**ANNULLED, "effective_on": None}),
    (CorrectedProposal, {"kind": "proposal", "field": "land"}),
]
REFUSED: list[Case] = [
    (Part, PART),
    (Part, {**PART, "delegate_unit": "xa-cu", "delegate_person": "Ông Ba"}),
    (Finding, FINDING),
    (Finding, {**FINDING, "official_id": None}),
    (Finding, {**FINDING, "unit_id": "xa-cu", "official_id": "a"}),
    (Revision, WHY),
    (Revision, {**WHY, "targets": [], "due_on": None}),
    (Assignment, {"post_id": "bi-thu", "unit_id": "xa-cu"}),
    (Assignment, {"coordinators": ["xa-cu", "xa-cu"]}),
    (EndOfTenure, {**LEAVING, "vacate": True}),
    (EndOfTenure, {**LEAVING, "vacate": True, **WHY, "succession": TAKER}),
    (PortfolioHandover, STATE),
    (YearlyDeadline, {"month": 2, "day": 29}),
    (YearlyDeadline, {"month": 6, "day": 31}),
    (ReportDuty, {"cadence": "monthly", "day": 1, "months_after": -1}),
    (ReportDuty, {"cadence": "quarterly", "day": 1, "months_after": -3}),
    (Annulment, {**ANNULLED, "effective_on": "2021-01-01"}),
    (CorrectedProposal, {"kind": "proposal"}),
    (CorrectedProposal, {"kind": "proposal", "field": None}),
]


def faults(app: FastAPI, model: type[BaseModel], body: dict[str, Any]) -> list[object]:
    """What the description finds wrong with it."""
    document = app.openapi()
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    whole = {**schema, "components": document["components"]}
    return list(OAS31Validator(whole).iter_errors(body))


@pytest.mark.parametrize(("model", "body"), TAKEN)
def test_what_is_taken_follows_the_schema(
    app: FastAPI, model: type[BaseModel], body: dict[str, Any]
) -> None:
    model.model_validate(body, strict=False)
    assert faults(app, model, body) == []


@pytest.mark.parametrize(("model", "body"), REFUSED)
def test_what_is_refused_does_not(
    app: FastAPI, model: type[BaseModel], body: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(body)
    assert faults(app, model, body)
