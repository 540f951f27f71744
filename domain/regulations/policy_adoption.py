"""Policy adoption: a body adopts a regulation that an office wrote as a file, revision by revision.

Each revision is the whole regulation; the one in force on a day is the last that took effect by
then. A file with a fault is not adopted at all.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Annotated, ClassVar, get_args

from eventsourcing.dcb.domain import Selector
from pydantic import Field, StrictStr

from domain.kernel import (
    BodyRequired,
    Context,
    DocumentRequired,
    Invalid,
    Parameters,
    Refusal,
)
from domain.regulations.adoption import Adoption
from domain.regulations.events import PolicyAdopted, Topic
from domain.regulations.files.checking import Checked
from domain.regulations.files.faults import Fault
from domain.regulations.policies import checked
from domain.regulations.regulations import (
    RegulatedFromThatDay,
    governed,
    policy_selector,
    require_alone,
    topic_selector,
)
from domain.regulations.vocabulary_1.policy import Policy

# Of one file: a decision that is taken anew, or after its dry run, does not read it again.
_read = lru_cache(maxsize=4)(checked)


class RegulationFaulty(Invalid):
    """The regulation's file has faults, {count} in number: {reasons}.

    Tệp quy định có {count} lỗi: {reasons}.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(count=len(faults))
        self.faults = tuple(faults)

    def extensions_in(self, language: str) -> Mapping[str, object]:
        """Every fault with its line and column, and the first few as a sentence."""
        told = [
            {
                "line": fault.mark.line,
                "column": fault.mark.column,
                "path": fault.dotted,
                "what": fault.says(language),
            }
            for fault in self.faults
        ]
        reasons = "; ".join(
            f"{fault.mark.line}:{fault.mark.column} {fault.dotted}: {fault.says(language)}"
            for fault in self.faults[:SAID]
        )
        return {**self.extensions, "faults": told, "reasons": reasons}


SAID = 3


class RegulationStatesOtherwise(Invalid):
    """The file states {stated} as `{name}`, and the request {given}.

    Tệp nêu {stated} ở `{name}`, còn yêu cầu nêu {given}.
    """


class RegulationFile(Parameters):
    """The regulation as an office wrote it."""

    source: Annotated[
        StrictStr,
        Field(description="The whole file: YAML, as `POST /regulations/check` takes it."),
    ]


class AdoptPolicy(Adoption[RegulationFile]):
    """The body adopts the regulation, or a revision of it, as its file states it.

    Its day, body and document are those that the file states.
    """

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (
        BodyRequired,
        DocumentRequired,
        RegulationFaulty,
        RegulationStatesOtherwise,
        RegulatedFromThatDay,
    )

    def __init__(self, context: Context, params: RegulationFile, regulation_id: str) -> None:
        super().__init__(context, params)
        self.regulation_id = regulation_id

    def consistency_boundary(self) -> list[Selector]:
        return [
            policy_selector(self.regulation_id),
            *map(topic_selector, get_args(Topic)),
        ]

    def execute(self) -> None:
        on, body = self.context.effective_on, self.require_body()
        basis = self.require_basis()
        policy = require_faultless(_read(self.params.source))
        require_stated("regulation", policy.regulation, self.regulation_id)
        require_stated("effective_on", policy.effective_on, on)
        require_stated("decided_by", policy.decided_by, body)
        for name in ("number", "issued_on", "issuing_body"):
            require_stated(f"basis.{name}", getattr(policy.basis, name), getattr(basis, name))
        require_alone(self.regulations.revisions(self.regulation_id), on)
        governs = governed(policy)
        for topic in governs:
            require_alone(self.regulations.on_topic(topic), on)
        self.emit(
            PolicyAdopted(
                effective_on=on,
                regulation_id=self.regulation_id,
                adopted_by=body,
                title=policy.title,
                is_sample=policy.sample,
                vocabulary=int(policy.vocabulary),
                policy=policy.canonical(),
                source=self.params.source,
                sha256=sha256(self.params.source.encode()).hexdigest(),
                governs=governs,
            )
        )


def require_faultless(found: Checked[Policy]) -> Policy:
    """The policy of the file.

    Raises:
        RegulationFaulty: with every fault.
    """
    if found.policy is None:
        raise RegulationFaulty([fault for fault in found.faults if fault.weight == "fault"])
    return found.policy


def require_stated(name: str, stated: object, given: object) -> None:
    """Pass if the file and the request say the same.

    Raises:
        RegulationStatesOtherwise.
    """
    if stated != given:
        raise RegulationStatesOtherwise(name=name, stated=stated, given=given)
