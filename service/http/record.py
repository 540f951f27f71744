"""The record: the verbs that put right what was recorded wrongly, and that close periods."""

from domain.record.annulment import AnnulEvents
from domain.record.periods import ClosePeriod, ReopenPeriod
from service.http.commands import Verb

RECORD_VERBS = (
    Verb("/events/annul", AnnulEvents, "event", of_several=True),
    Verb("/periods/close", ClosePeriod, "period", of_several=True),
    Verb("/periods/reopen", ReopenPeriod, "period", of_several=True),
)
