"""Conduct: its verbs."""

from domain.conduct.findings import RecordFinding, ReplyToFinding
from domain.conduct.replacement import DecideReplacement, ProposeReplacement
from domain.conduct.self_checks import MakeSelfCheck
from service.http.commands import Verb

CONDUCT_VERBS = (
    Verb("/officials/{official_id}/record-finding", RecordFinding, "official"),
    Verb("/officials/{official_id}/reply-to-finding", ReplyToFinding, "official"),
    Verb("/officials/{official_id}/make-self-check", MakeSelfCheck, "official"),
    Verb("/officials/{official_id}/propose-replacement", ProposeReplacement, "official"),
    Verb("/officials/{official_id}/decide-replacement", DecideReplacement, "official"),
)
