"""The pages on keys, data, updates and logs are whole: what the code has stands there."""

import ast
import re
from collections.abc import Iterator

from pydantic import SecretStr

from service.access.oidc import ALGORITHMS
from service.given_keys import MASTER_KEY_BYTES
from service.log.sealing import KEY_BITS
from service.settings import Settings, variable
from tests.pages import DOCS, ROOT, read, section

SECURITY = DOCS / "explanation" / "security.md"
LOGS = DOCS / "how-to" / "logs.md"
LINE = re.compile(r"[a-z]+(_[a-z]+)*")
LEVELS = frozenset({"debug", "info", "warning", "error", "critical", "exception"})
# What is called to write a line of the level that the state has.
CHOSEN = frozenset({"note", "tell"})
# Of `service/access/callers.py`, whose lines say what they are about.
OF_CALLERS = {"authenticated", "refused"}


def modules() -> Iterator[ast.Module]:
    for file in sorted((ROOT / "service").rglob("*.py")):
        yield ast.parse(read(file))


def calls() -> Iterator[tuple[str, ast.Call]]:
    """The calls by their last name, with what it is asked of before it."""
    for module in modules():
        for node in ast.walk(module):
            if isinstance(node, ast.Call):
                yield ast.unparse(node.func), node


def events() -> set[str]:
    """The names of all log lines; sentences are none."""
    found = set(OF_CALLERS)
    for name, call in calls():
        owner, _, method = name.rpartition(".")
        if (owner == "log" and method in LEVELS) or name in CHOSEN:
            first = call.args[0] if call.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.add(first.value)
    return {name for name in found if LINE.fullmatch(name)}


def first_cells(heading: str) -> list[str]:
    rows = [line for line in section(SECURITY, heading).splitlines() if line.startswith("| ")]
    return [row.split(" | ")[0].removeprefix("| ") for row in rows]


def test_every_log_line_has_its_row() -> None:
    rows = [line for line in section(LOGS, "What a line says").splitlines() if line[:2] == "| "]
    told = {name for row in rows for name in re.findall(r"`(\w+)`", row.split(" | ")[0])}
    assert told == events()
    assert len(told) > 40


def test_log_lines_go_to_standard_error_and_nowhere_else() -> None:
    handlers = [
        name
        for name, _ in calls()
        if re.match(r"(logging|structlog)\b.*(Handler|LoggerFactory)$", name)
    ]
    assert sorted(handlers) == ["logging.StreamHandler", "structlog.PrintLoggerFactory"]
    assert read(ROOT / "service/observability/logs.py").count("(sys.stderr)") == len(handlers)
    assert "standard error, and nowhere else" in section(LOGS, "The logs that there are")


def test_every_log_says_where_it_goes_who_reads_it_and_how_long_it_is_kept() -> None:
    rows = [
        line for line in section(LOGS, "The logs that there are").splitlines() if line[:1] == "|"
    ]
    assert len(rows) == 8
    assert all(
        len([cell for cell in row.strip("|").split("|") if cell.strip()]) == 6 for row in rows
    )
    advice = section(LOGS, "Collect them")
    assert all(word in advice for word in ("by TLS", "Only added to", "Few readers", "Gone"))


def test_every_key_and_algorithm_stands_among_the_keys() -> None:
    keys = section(SECURITY, "Keys")
    assert (KEY_BITS, MASTER_KEY_BYTES) == (256, 32)
    assert all(name in keys for name in (*ALGORITHMS, "AES-256-GCM", "HMAC-SHA-256", "SHA-256"))
    secret = [name for name, field in Settings.model_fields.items() if SecretStr in _parts(field)]
    assert secret
    assert all(f"`{variable(name)}`" in keys for name in secret)
    assert all(step in keys for step in ("\n1. ", "\n2. Two hold it", "\n3. ", "\n4. Destroy"))


def test_every_class_of_data_says_what_it_needs() -> None:
    _, _, *classes = first_cells("Data")[:6]
    needs = next(line for line in section(SECURITY, "Data").splitlines() if line[:7] == "| Needs")
    assert needs == f"| Needs | {' | '.join(classes)} |"
    rows = section(SECURITY, "Data").split(needs)[1].splitlines()
    wanted = {line.split(" | ")[0].removeprefix("| ") for line in rows if line[:2] == "| "}
    assert wanted >= {"on its way", "at rest", "integrity", "who reads", "in log lines", "kept"}


def test_every_way_in_says_how_strong_it_must_be() -> None:
    assert [
        cell.split(",")[0].split(" of ")[0] for cell in first_cells("Who may sign in how")[2:]
    ] == [
        "API token",
        "access token",
    ]


def test_updates_have_a_time_for_every_fault() -> None:
    rows = section(SECURITY, "Updates").splitlines()
    days = [int(days) for days in re.findall(r"\| (\d+) days \|", "\n".join(rows))]
    assert days == [3, 7, 30, 90]


def _parts(field: object) -> tuple[object, ...]:
    annotation = getattr(field, "annotation", None)
    return (annotation, *getattr(annotation, "__args__", ()))
