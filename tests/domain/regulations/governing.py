"""Regulations written as files that govern the monitoring of communes and cells' meetings."""

from collections.abc import Mapping
from datetime import date

from domain.regulations.events import PolicyAdopted
from domain.regulations.policies import checked
from domain.regulations.regulations import governed
from tests.domain.cast import COMMITTEE
from tests.domain.scenario import DECISION

BASIS = DECISION.model_dump(mode="json")
COMMUNES = """
communes_per_official: 2
leading_post_kinds: [department_leader]
duties:
  - {paper: monitoring_report, each: year, day: 31, month: 12, if_day_off: previous_working_day}
"""
CELLS = "cell_meetings: {each_month: 2, scale_points: 10}\n"


def written(content: str, on: date, body: str = COMMITTEE, basis: Mapping[str, str] = BASIS) -> str:
    """The file of such a content."""
    return (
        "regulation: theo-doi\n"
        "title: Theo dõi cơ sở\n"
        f"basis: {{number: {basis['number']}, issued_on: {basis['issued_on']}, "
        f"issuing_body: {basis['issuing_body']}}}\n"
        f"decided_by: {body}\n"
        f"effective_on: {on}\n"
        f"{content}"
    )


def governing(content: str, on: date) -> PolicyAdopted:
    """The file, adopted."""
    source = written(content, on)
    found = checked(source)
    assert found.policy is not None, found.faults
    return PolicyAdopted(
        effective_on=on,
        regulation_id="theo-doi",
        adopted_by=COMMITTEE,
        title=found.policy.title,
        is_sample=False,
        vocabulary=1,
        policy=found.policy.canonical(),
        source=source,
        sha256="0" * 64,
        governs=governed(found.policy),
    )
