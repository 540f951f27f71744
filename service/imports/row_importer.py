"""Row importer: row after row through the commands of the API, each row once for ever.

A row's steps have idempotency keys made from the layout and the row's identity. So a second run
records nothing twice, and one after an interruption resumes where it was, whoever runs it.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import islice
from typing import Any, Literal, NamedTuple, TypeAlias
from uuid import UUID, uuid5

from eventsourcing.dcb.domain import Selector
from pydantic import ValidationError

from domain.access.rules import called
from domain.kernel import Conflict, Event, Forbidden, Parameters, personal
from domain.organisation.events import PostCreated, UnitEstablished
from domain.tasks.events import TaskCommissioned, TaskRegistered
from projections.search.vietnamese import words
from service.access.entries import Entry, of_command, refused
from service.access.principals import Principal
from service.handle import CommandHandler
from service.imports.annulled import Annulled
from service.imports.cell_parsers import DIGEST_LENGTH
from service.imports.findings import Finding
from service.imports.layout import RowLayout, Step
from service.imports.made_ids import MadeIds
from service.imports.names import Names
from service.imports.row_faults import (
    FAULTS,
    ApproverMissing,
    MadeIdTaken,
    RecordedOtherwise,
    StepInvalid,
    findings_of,
)
from service.imports.sheets import Row, Sheet
from service.log.events import Idempotency, IdempotencyKeyReused, LogBusy, OutcomeUnknown
from service.requests import CommandRequest, Contended, Outcome

# The keys of imports differ from those of tokens, whose ids are sixteen hexadecimal digits.
IDEMPOTENCY_CLIENT = "import"
ATTEMPTS = 6
PAUSE_SECONDS = 0.2
TRANSIENT = (LogBusy, OutcomeUnknown, Contended)

RowStatus: TypeAlias = Literal["imported", "unchanged", "refused"]


class RowResult(NamedTuple):
    """The result of importing a row."""

    row: int
    status: RowStatus
    findings: tuple[Finding, ...] = ()


OnResults: TypeAlias = Callable[[list[RowResult]], Awaitable[None]]
OnForbidden: TypeAlias = Callable[[Entry], None]


@dataclass(frozen=True, slots=True)
class RowImporter:
    """Imports rows into a ledger.

    Attributes:
        job: makes the rows known again that it recorded before an interruption.
        proposer: gives the commands; `approver` decides on what is registered.
        annulled: what counts no more of what rows recorded before.
        made_ids: from which texts ids were made before.
        on_forbidden: takes what a rule refused, for the access record.
    """

    commands: CommandHandler
    job: UUID
    ledger: str
    proposer: Principal
    approver: Principal | None
    correlation_id: UUID
    on_forbidden: OnForbidden
    annulled: Annulled = field(default_factory=Annulled)
    made_ids: MadeIds = field(default_factory=MadeIds)

    async def import_rows(
        self, sheet: Sheet, layout: RowLayout, on_results: OnResults, start: int = 0
    ) -> None:
        """Import every row from `start` on; `on_results` is called every few rows, in order.

        Raises:
            LogUnavailable, LogBusy, OutcomeUnknown: to be resumed after the last rows reported.
        """
        await self.made_ids.load(self.ledger)
        rows, names = sheet.rows(start), Names(self.commands, self.ledger, self.made_ids)
        while window := list(islice(rows, layout.concurrency)):
            results = asyncio.gather(
                *(self._import_row(sheet, layout, row, names) for row in window)
            )
            await on_results(list(await results))

    async def _import_row(
        self, sheet: Sheet, layout: RowLayout, row: Row, names: Names
    ) -> RowResult:
        if row.findings:
            return RowResult(row.number, "refused", row.findings)
        notes: list[Finding] = []
        try:
            values, notes = await names.resolve(sheet, row)
            try:
                new = await self._take(layout, row, values, names)
            except MadeIdTaken as taken:
                if layout.id_column is None:
                    raise
                values[layout.id_column] = taken.other_id
                new = await self._take(layout, row, values, names)
            await names.keep(row)
        except FAULTS as fault:
            return RowResult(row.number, "refused", (*notes, *findings_of(fault, sheet, row)))
        return RowResult(row.number, "imported" if new else "unchanged", tuple(notes))

    async def _take(
        self, layout: RowLayout, row: Row, values: Mapping[str, Any], names: Names
    ) -> bool:
        """Execute the row's steps; whether anything new was recorded.

        Raises:
            Exception: one of the FAULTS.
        """
        new, client_reference = False, uuid5(self.job, str(row.number))
        steps = validated(layout.steps(values))
        registers = steps[0][0].verb == "register"
        if registers and self.approver is None and any(step.decides for step, _ in steps):
            raise ApproverMissing
        for step, params in steps:
            outcome = await self._once(layout, step, params, client_reference)
            if outcome is not None:
                new |= not outcome.replayed or outcome.client_reference == client_reference
            if step.name is not None and layout.names is not None:
                names.add(layout.names, step.subject_id, step.name)
        return new

    async def _once(
        self, layout: RowLayout, step: Step, params: Parameters, client_reference: UUID
    ) -> Outcome | None:
        """Execute a step, once for ever; None if another way recorded the same before.

        A step that was recorded with other contents is tried with these: the log takes it only
        where nothing of the other stands, as when that was annulled.

        Raises:
            Refusal, RecordedOtherwise, MadeIdTaken.
        """
        key = await self._idempotency(layout, step, params)
        try:
            return await self._standing(step, params, key, client_reference)
        except IdempotencyKeyReused:
            pass
        except Conflict:
            if not step.same or not await self._is_same(step, params):
                raise
            return None
        anew = replace(key, key=f"{key.key}:{key.digest.hex()[:DIGEST_LENGTH]}")
        try:
            return await self._standing(step, params, anew, client_reference)
        except (Conflict, IdempotencyKeyReused):
            if step.same and await self._is_same(step, params):
                return None
            await self._require_same_text(layout, step)
            raise RecordedOtherwise from None

    async def _idempotency(self, layout: RowLayout, step: Step, params: Parameters) -> Idempotency:
        identity = sha256(f"{layout.name}\x1f{step.subject_id}".encode()).hexdigest()
        request = [step.verb, params.model_dump(mode="json")]
        plain = sha256(json.dumps(request, sort_keys=True).encode()).digest()
        person = step.subject_id if step.subject == "official" and personal(type(params)) else None
        digest = await self.commands.digest(self.ledger, plain, person)
        return Idempotency(IDEMPOTENCY_CLIENT, f"{identity}:{step.verb}", digest, plain)

    async def _standing(
        self, step: Step, params: Parameters, key: Idempotency, client_reference: UUID
    ) -> Outcome:
        """Execute a step once; and once more after each time that what it recorded was annulled."""
        outcome = await self.execute(step, params, key, client_reference)
        while outcome.replayed and await self.annulled.has(self.commands, self.ledger, outcome):
            again = replace(key, key=f"{key.key}:{outcome.position}")
            outcome = await self.execute(step, params, again, client_reference)
        return outcome

    async def _recorded(self, step: Step) -> Event | None:
        """The event by which the object of the step is known, if there is one."""
        selector = Selector(types=step.recorded, tags=[f"{step.subject}:{step.subject_id}"])
        events = await self.commands.read_timeline(self.ledger, [selector])
        return events[-1] if events else None

    async def _is_same(self, step: Step, params: Parameters) -> bool:
        """Whether the object on record is the one that the step tells of, as far as it tells."""
        recorded, told = await self._recorded(step), params.model_dump(exclude_none=True)
        return recorded is not None and all(
            getattr(recorded, name) == told[name] for name in step.same if name in told
        )

    async def _require_same_text(self, layout: RowLayout, step: Step) -> None:
        """Pass unless the id that is made from a text was made from another before.

        A name without any marks may be the same, written without them; a title is another task.

        Raises:
            MadeIdTaken.
        """
        recorded = await self._recorded(step) if step.made_from is not None else None
        if step.made_from is None or recorded is None:
            return
        other, spelled = _text_of(recorded), list(words(step.made_from))
        is_clear = layout.id_column is not None or any(word.spelled for word in spelled)
        if is_clear and list(words(other)) != spelled:
            raise MadeIdTaken(step.subject_id, step.made_from, other)

    async def execute(
        self,
        step: Step,
        params: Parameters,
        idempotency: Idempotency | None = None,
        client_reference: UUID | None = None,
    ) -> Outcome:
        """Have the command handled; a transient failure is retried."""
        principal = self.approver if step.decides and self.approver else self.proposer
        try:
            return await self._handled(
                self._request(principal, step, params, idempotency, client_reference)
            )
        except Forbidden as refusal:
            subject, action = f"{step.subject}:{step.subject_id}", called(step.command)
            entry = of_command(action, principal, self.ledger, subject)
            self.on_forbidden(refused(entry, type(refusal)))
            raise

    def _request(
        self,
        principal: Principal,
        step: Step,
        params: Parameters,
        idempotency: Idempotency | None,
        client_reference: UUID | None,
    ) -> CommandRequest:
        authority = principal.authority(step.command, self.ledger, in_name_of=params.on_behalf_of)
        return CommandRequest(
            ledger=self.ledger,
            command=step.command,
            params=params,
            ids={f"{step.subject}_id": step.subject_id},
            subject=f"{step.subject}:{step.subject_id}",
            actor=principal.actor,
            authority=authority,
            correlation_id=self.correlation_id,
            idempotency=idempotency,
            client_reference=client_reference,
            client=principal.token_id,
        )

    async def _handled(self, request: CommandRequest) -> Outcome:
        for attempt in range(1, ATTEMPTS):
            try:
                return await self.commands.handle(request)
            except TRANSIENT:
                await asyncio.sleep(PAUSE_SECONDS * attempt)
        return await self.commands.handle(request)


def validated(steps: Iterable[Step]) -> list[tuple[Step, Parameters]]:
    """The steps with their parameters as the commands take them.

    Every step is validated before the first is executed: half a row is worse than none.

    Raises:
        StepInvalid: a command does not take them.
    """
    return [(step, _validated_params(step)) for step in steps]


def _validated_params(step: Step) -> Parameters:
    try:
        return step.command.PARAMETERS.model_validate(dict(step.params))
    except ValidationError as cause:
        raise StepInvalid(step, cause) from None


def _text_of(event: Event) -> str:
    """The text that the id of the event's object may have been made from."""
    match event:
        case UnitEstablished():
            return event.name
        case PostCreated():
            return event.title
        case TaskRegistered() | TaskCommissioned():
            return event.proposal.title
    return ""


def once_in(job: UUID, step: Step, params: Parameters) -> Idempotency:
    """The key by which the job records a step once, however many processes work on it."""
    told = [step.verb, step.subject, step.subject_id, params.model_dump(mode="json")]
    digest = sha256(json.dumps(told, sort_keys=True).encode()).digest()
    return Idempotency(IDEMPOTENCY_CLIENT, f"{job}:{digest.hex()}", digest)
