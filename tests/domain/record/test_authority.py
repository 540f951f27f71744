"""Who may annul: the body that decided, a report's author, an administrator with a document."""

from datetime import date
from typing import Any

from domain.kernel import Actor, BodyRequired, DocumentRequired, Event, NotTheEntitledBody
from domain.organisation.events import UnitClosed, UnitKind, UnitMerged
from domain.record.annulment import NotTheAuthor, OnlyAnAdministrator
from domain.tasks.events import ProgressReported
from tests.domain.cast import (
    AGENCY,
    CHAIR,
    COMMITTEE,
    IN_PROGRESS,
    ORGANISATION,
    PREDECESSOR,
    SHARED,
    unit,
)
from tests.domain.monitoring.people import LAN, READY, assigned
from tests.domain.scenario import BY_ADMINISTRATOR, DECISION, OFFICE, Scenario, given

HEIR, STRANGER = "btv-moi", "btv-khac"
ENDED = date(2021, 5, 1)
BODIES: tuple[Event, ...] = tuple(
    unit(body, UnitKind.STANDING_COMMITTEE) for body in (HEIR, STRANGER)
)
MERGED = UnitMerged(effective_on=ENDED, unit_id=COMMITTEE, into=HEIR)
REPORT = ProgressReported(**SHARED, effective_on=ENDED, narrative="Đã tháo dỡ 40 lò")
MISTAKEN = unit("don-vi-nham", UnitKind.DIVISION)


def by(body: str | None, actor: Actor = OFFICE, **context: Any) -> dict[str, Any]:
    return {"by": actor, "on_behalf_of": body, **context}


def decided(*further: Event) -> Scenario:
    """The committee assigned a monitor."""
    return READY.given(assigned(LAN), by=OFFICE, on_behalf_of=COMMITTEE).given(*BODIES, *further)


def test_what_a_body_decided_that_body_annuls() -> None:
    decided().annulling(assigned(LAN), **by(COMMITTEE)).then()
    decided().annulling(assigned(LAN), **by(STRANGER)).refuses(NotTheEntitledBody)
    decided().annulling(assigned(LAN), **by(None)).refuses(BodyRequired)
    decided().annulling(assigned(LAN), **by(None), **BY_ADMINISTRATOR).refuses(BodyRequired)


def test_what_a_body_decided_that_has_ended_its_heir_annuls() -> None:
    decided(MERGED).annulling(assigned(LAN), **by(HEIR)).then()
    decided(MERGED).annulling(assigned(LAN), **by(STRANGER)).refuses(NotTheEntitledBody)
    closed = UnitClosed(effective_on=ENDED, unit_id=COMMITTEE, reason="Bãi bỏ")
    decided(closed).annulling(assigned(LAN), **by(STRANGER)).then()


def test_what_was_reported_its_author_annuls() -> None:
    reported = given(*IN_PROGRESS).given(REPORT, by=OFFICE)
    reported.annulling(REPORT, by=OFFICE).then()
    reported.annulling(REPORT, by=Actor(f"official:{PREDECESSOR}")).then()
    reported.annulling(REPORT, by=Actor(f"official:{CHAIR}")).refuses(NotTheAuthor)
    reported.annulling(REPORT, by=Actor("client:other")).refuses(NotTheAuthor)
    reported.annulling(REPORT, by=Actor("client:other"), **BY_ADMINISTRATOR).refuses(NotTheAuthor)


def test_what_was_set_up_an_administrator_annuls_citing_the_document() -> None:
    organisation = given(*ORGANISATION, MISTAKEN)
    organisation.annulling(MISTAKEN, organises=True, basis=DECISION).then()
    organisation.annulling(MISTAKEN, organises=True).refuses(DocumentRequired)
    organisation.annulling(MISTAKEN, basis=DECISION).refuses(OnlyAnAdministrator)
    in_its_name = given(*ORGANISATION).given(MISTAKEN, by=OFFICE, on_behalf_of=COMMITTEE)
    in_its_name.annulling(MISTAKEN, **by(COMMITTEE)).then()
    in_its_name.annulling(MISTAKEN, **by(AGENCY)).refuses(NotTheEntitledBody)


def test_of_several_events_each_must_be_the_callers_to_annul() -> None:
    mixed = given(*IN_PROGRESS, MISTAKEN).given(REPORT, by=OFFICE)
    mixed.annulling(MISTAKEN, REPORT, by=OFFICE, **BY_ADMINISTRATOR).then()
    mixed.annulling(MISTAKEN, REPORT, by=OFFICE).refuses(OnlyAnAdministrator)
    mixed.annulling(MISTAKEN, REPORT, **BY_ADMINISTRATOR).refuses(NotTheAuthor)
