"""The record: the verbs by which what was recorded wrongly is put right."""

from domain.record.annulment import AnnulEvents
from service.access.roles import Permission
from service.http.commands import Verb

RECORD_VERBS = (Verb("/events/annul", AnnulEvents, "event", Permission.ACT, of_several=True),)
