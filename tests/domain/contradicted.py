"""Which recorded events a command would leave without ground, and why."""

import pytest

from domain.kernel import Event, Refusal
from domain.record.contradictions import ContradictsLater
from tests.domain.scenario import Scenario


def contradicted(scenario: Scenario) -> list[tuple[Event, type[Refusal]]]:
    """The events named as no longer holding, each with the refusal that says why."""
    with pytest.raises(ContradictsLater) as caught:
        scenario.decide()
    for language in ("en", "vi"):
        assert "{" not in caught.value.detail(language)
    return [(one.event, type(one.why)) for one in caught.value.contradictions]
