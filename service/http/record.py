"""The record: the verbs that put right what was recorded wrongly, and that close periods."""

from domain.record.annulment import AnnulEvents
from domain.record.periods import ClosePeriod, ReopenPeriod
from service.access.roles import Permission
from service.http.commands import Verb

RECORD_VERBS = (
    Verb("/events/annul", AnnulEvents, "event", Permission.ACT, of_several=True),
    Verb("/periods/close", ClosePeriod, "period", Permission.DECIDE, of_several=True),
    Verb("/periods/reopen", ReopenPeriod, "period", Permission.DECIDE, of_several=True),
)
