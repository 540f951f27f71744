"""Indicators: the verbs by which targets are set and actuals recorded."""

from domain.indicators.actuals import RecordActual
from domain.indicators.targets import SetIndicators
from service.http.commands import Verb

INDICATOR_VERBS = (
    Verb("/units/{unit_id}/set-indicators", SetIndicators, "unit"),
    Verb("/units/{unit_id}/record-actual", RecordActual, "unit"),
)
