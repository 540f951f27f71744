"""Taking in: row after row through the commands of the API, each row once for ever.

A row's steps go under idempotency keys made from the kind of file and the row's identity. So a
second run doubles nothing, and one after an interruption goes on where it was, whoever runs it.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Literal, NamedTuple, TypeAlias
from uuid import UUID, uuid5

from pydantic import ValidationError

from domain.kernel import Conflict, Forbidden, NotFound, Parameters, Refusal
from service.access.tokens import Principal
from service.handle import CommandHandler, CommandRequest, Contended, Outcome
from service.imports.findings import Finding, NotUnderstood, Words
from service.imports.layout import Kind, Step
from service.imports.sheets import Row, Sheet
from service.log.events import Idempotency, IdempotencyKeyReused, LogBusy, OutcomeUnknown
from service.validation import body_faults, message

# Keys of importers stand apart from those of tokens, whose ids are sixteen hexadecimal digits.
CLIENT = "import"
ATTEMPTS = 6
PAUSE_SECONDS = 0.2
PASSING = (LogBusy, OutcomeUnknown, Contended)

Fate: TypeAlias = Literal["imported", "unchanged", "refused"]

NO_APPROVER = Finding(
    0,
    None,
    Words(
        "it is to be approved, and nobody is named who may",
        "cần phê duyệt nhưng chưa nêu người có thẩm quyền",
    ),
    Words(
        "name a second caller: whoever registers a task may not approve it",
        "nêu mã truy cập thứ hai: người đăng ký không được tự phê duyệt",
    ),
)
CHANGED = Finding(
    0,
    None,
    Words(
        "this row was imported before, with other contents",
        "hàng này đã được nhập trước đây với nội dung khác",
    ),
    Words(
        "what was recorded stays: change it by its own verb, or give the row an id of its own",
        "điều đã ghi được giữ nguyên: sửa bằng thao tác riêng, hoặc đặt mã khác cho hàng",
    ),
)
MENDS: tuple[tuple[type[Refusal], Words], ...] = (
    (
        NotFound,
        Words(
            "import what is named first, or correct the id",
            "nhập đối tượng đó trước, hoặc sửa lại mã",
        ),
    ),
    (
        Forbidden,
        Words(
            "name the entitled body, or import with another token",
            "ghi đúng cơ quan có thẩm quyền, hoặc dùng mã truy cập khác",
        ),
    ),
    (
        Conflict,
        Words(
            "remove the row if it is recorded already, else correct it to what is on record",
            "bỏ hàng nếu đã được ghi, nếu không thì sửa cho khớp với dữ liệu đã có",
        ),
    ),
    (Refusal, Words("correct the row and import again", "sửa hàng này rồi nhập lại")),
)


class Taken(NamedTuple):
    """What became of a row."""

    row: int
    fate: Fate
    findings: tuple[Finding, ...] = ()


Told: TypeAlias = Callable[[list[Taken]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Importer:
    """Takes a sheet into a ledger.

    Attributes:
        job: by which rows that it recorded before an interruption are known again.
        proposer: gives the commands; `approver` decides on what is registered.
    """

    commands: CommandHandler
    job: UUID
    ledger: str
    proposer: Principal
    approver: Principal | None
    correlation_id: UUID

    async def take(self, sheet: Sheet, kind: Kind, told: Told, start: int = 0) -> None:
        """Every row from `start` on; `told` hears of every few rows in order.

        Raises:
            LogUnavailable, LogBusy, OutcomeUnknown: go on later, from the last rows told.
        """
        rows = sheet.rows(start)
        while window := list(islice(rows, kind.at_once)):
            taken = asyncio.gather(*(self._take(sheet, kind, row) for row in window))
            await told(list(await taken))

    async def _take(self, sheet: Sheet, kind: Kind, row: Row) -> Taken:
        if row.findings:
            return Taken(row.number, "refused", row.findings)
        new, client_reference = False, uuid5(self.job, str(row.number))
        findings: tuple[Finding, ...]
        try:
            # Every step is read before the first is taken: half a row is worse than none.
            steps = [(step, parameters_of(step)) for step in kind.steps(row.values)]
            if self.approver is None and any(
                step.decides and _registers(steps) for step, _ in steps
            ):
                return Taken(row.number, "refused", (NO_APPROVER._replace(row=row.number),))
            for step, parameters in steps:
                key = _idempotency(kind, step, parameters)
                outcome = await self.give(step, parameters, key, client_reference)
                new |= not outcome.replayed or outcome.client_reference == client_reference
        except NotUnderstood as fault:
            findings = (Finding(row.number, None, fault.what, fault.mend),)
        except StepInvalid as fault:
            findings = tuple(invalid(sheet, row, fault))
        except IdempotencyKeyReused:
            findings = (CHANGED._replace(row=row.number),)
        except Refusal as refusal:
            findings = (refused(sheet, row, refusal),)
        else:
            return Taken(row.number, "imported" if new else "unchanged")
        return Taken(row.number, "refused", findings)

    async def give(
        self,
        step: Step,
        parameters: Parameters,
        idempotency: Idempotency | None = None,
        client_reference: UUID | None = None,
    ) -> Outcome:
        """Have the command carried out; what passes by itself is tried again."""
        principal = self.approver if step.decides and self.approver else self.proposer
        principal.require(step.permission, self.ledger)
        request = CommandRequest(
            ledger=self.ledger,
            command=step.command,
            params=parameters,
            ids={f"{step.subject}_id": step.subject_id},
            subject=f"{step.subject}:{step.subject_id}",
            actor=principal.actor,
            correlation_id=self.correlation_id,
            idempotency=idempotency,
            client_reference=client_reference,
        )
        for attempt in range(1, ATTEMPTS):
            try:
                return await self.commands.handle(request)
            except PASSING:
                await asyncio.sleep(PAUSE_SECONDS * attempt)
        return await self.commands.handle(request)


class StepInvalid(Exception):
    """What a row tells a command is not what the command takes."""

    def __init__(self, step: Step, cause: ValidationError) -> None:
        super().__init__()
        self.step = step
        self.cause = cause


def parameters_of(step: Step) -> Parameters:
    """What the step tells its command.

    Raises:
        StepInvalid: the command does not take it.
    """
    try:
        return step.command.PARAMETERS.model_validate(dict(step.said))
    except ValidationError as cause:
        raise StepInvalid(step, cause) from None


def _registers(steps: list[tuple[Step, Parameters]]) -> bool:
    return steps[0][0].verb == "register"


def _idempotency(kind: Kind, step: Step, parameters: Parameters) -> Idempotency:
    identity = sha256(f"{kind.name}\x1f{step.subject_id}".encode()).hexdigest()
    request = [step.verb, parameters.model_dump(mode="json")]
    digest = sha256(json.dumps(request, sort_keys=True).encode()).digest()
    return Idempotency(CLIENT, f"{identity}:{step.verb}", digest)


def invalid(sheet: Sheet, row: Row, fault: StepInvalid) -> Iterator[Finding]:
    """What is wrong with a step, each error under the column that the value came from."""
    document = fault.step.command.PARAMETERS.model_construct(**fault.step.said).model_dump(
        mode="json", warnings=False
    )
    errors = fault.cause.errors(include_url=False, include_input=False)
    for error, found in zip(errors, body_faults(errors, document), strict=True):
        place = ".".join(str(part) for part in error["loc"])
        names = [
            c.name
            for c in sheet.kind.columns
            if c.place and place.startswith(c.place)
            if not c.place.startswith("basis.") or c.name.startswith(fault.step.document)
        ]
        heading = sheet.heading(_filled(names, row)) if names else None
        yield Finding(
            row.number,
            heading,
            Words(message(found, "en"), message(found, "vi")),
            Words("correct the cell", "sửa lại ô này"),
        )


def _filled(names: list[str], row: Row) -> str:
    """Of the columns that may be meant, one that the row fills."""
    return next((name for name in names if name in row.values), names[0])


def refused(sheet: Sheet, row: Row, refusal: Refusal) -> Finding:
    """The refusal, under the column whose value it names: rather its day than the row's own id."""
    extensions = sorted(
        refusal.extensions,
        key=lambda extension: (extension != "effective_on", extension in row.values),
    )
    named = [
        name
        for extension in extensions
        for name, value in row.values.items()
        if str(value) == str(refusal.extensions[extension])
    ]
    mend = next(words for kind, words in MENDS if isinstance(refusal, kind))
    return Finding(
        row.number,
        sheet.heading(named[0]) if named else None,
        Words(refusal.detail("en"), refusal.detail("vi")),
        mend,
    )
