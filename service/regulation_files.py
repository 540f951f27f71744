"""Regulation files: what is told of one: its faults, its rules in sentences, what it changes."""

from typing import Annotated, Literal

from pydantic import Field

from domain.regulations.files.checking import Checked
from domain.regulations.files.faults import nearest
from domain.regulations.vocabulary_1.differences import differences
from domain.regulations.vocabulary_1.policy import Policy
from domain.regulations.vocabulary_1.provisions import Provision, provisions
from domain.values import Value
from service.language import Language


class FileFault(Value):
    """One thing that is wrong in a file, or that its office may not expect."""

    line: Annotated[int, Field(ge=1)]
    column: Annotated[int, Field(ge=1)]
    path: str
    weight: Literal["fault", "advice"]
    what: str


class RuleSentence(Value):
    """One rule as a sentence, and the line of the file where it stands."""

    rule: str
    line: Annotated[int, Field(ge=1)]
    sentence: str


class RuleDifference(Value):
    """One rule that differs: as it was, and as it is; null where there is none."""

    kind: Literal["added", "dropped", "changed"]
    rule: str
    old: RuleSentence | None
    new: RuleSentence | None


def faults_of(found: Checked[Policy], language: Language) -> list[FileFault]:
    """What is wrong in the file, in the order of its lines."""
    return [
        FileFault(
            line=fault.mark.line,
            column=fault.mark.column,
            path=fault.dotted,
            weight=fault.weight,
            what=fault.says(language),
        )
        for fault in found.faults
    ]


def rules_of(found: Checked[Policy]) -> list[RuleSentence]:
    """Every rule of a file that has no fault; none of another."""
    rules = provisions(found.policy) if found.policy is not None else ()
    return [_sentence(rule, found) for rule in rules]


def differences_of(old: Checked[Policy], new: Checked[Policy]) -> list[RuleDifference]:
    """What the new file changes of the old one; nothing if either has a fault."""
    if old.policy is None or new.policy is None:
        return []
    return [
        RuleDifference(
            kind=one.kind,
            rule=".".join(filter(None, one.key)),
            old=one.old and _sentence(one.old, old),
            new=one.new and _sentence(one.new, new),
        )
        for one in differences(old.policy, new.policy)
    ]


def _sentence(rule: Provision, found: Checked[Policy]) -> RuleSentence:
    return RuleSentence(
        rule=".".join(filter(None, rule.key)),
        line=nearest(found.marks, rule.path).line,
        sentence=rule.sentence,
    )
