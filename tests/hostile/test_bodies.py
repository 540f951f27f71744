"""Bodies that cost more than they weigh: names, faults, depth, digits, numbers of values."""

import httpx
import pytest

from tests.faults.processes import ServiceProcess
from tests.hostile.attack import Target
from tests.hostile.watch import watched

PATH = "/events/annul"
BODIES = {
    "equal names": b"{" + b",".join(b'"n%d":1' % n for n in range(15_000)) + b',"n1":1}',
    "more names than are read": b"{" + b",".join(b'"n%d":1' % n for n in range(60_000)) + b"}",
    "faults in an array": b'{"positions":[' + b",".join([b'"x"'] * 19_000) + b'],"reason":"x"}',
    "more values than are read": b'{"positions":[' + b",".join([b"{}"] * 200_000) + b"]}",
    "depth": b'{"positions":' + b"[" * 300_000 + b"]" * 300_000 + b"}",
    "digits": b'{"positions":[' + b"9" * 900_000 + b"]}",
    "decimals": b'{"positions":[0.' + b"1" * 900_000 + b"]}",
    "an exponent": b'{"positions":[1e' + b"9" * 900_000 + b"]}",
    "an exponent below": b'{"positions":[1e-' + b"9" * 20 + b"]}",
    "escapes": b'{"reason":"' + b"\\u0001" * 150_000 + b'"}',
    "a text of commas": b'{"reason":"' + b"," * 900_000 + b'"}',
    "an unfinished text": b'{"reason":"' + b'\\"' * 400_000,
    "blanks": b" " * 900_000 + b"{}",
}


@pytest.mark.parametrize("what", BODIES)
def test_a_body_costs_little_whatever_it_holds(
    victim: ServiceProcess, target: Target, what: str
) -> None:
    with watched(victim, memory_mib=64):
        replies = [target.post(PATH, BODIES[what]) for _ in range(5)]
    assert {reply.status_code for reply in replies} <= {400, 413, 422}
    assert all(len(reply.content) < 40_000 for reply in replies)


def test_faults_are_shown_up_to_a_hundred_and_counted(target: Target) -> None:
    body = b'{"positions":[' + b",".join([b'"x"'] * 5_000) + b'],"reason":"x"}'
    problem = target.post(PATH, body).json()
    assert (problem["type"], len(problem["errors"])) == ("/problems/not-valid", 100)
    assert problem["errors_in_all"] == 5_000


def test_commas_in_texts_are_no_values(target: Target) -> None:
    reply = target.post(PATH, b'{"positions":[1],"reason":"' + b"," * 30_000 + b'"}')
    assert reply.json()["type"] != "/problems/too-many-values"
    assert reply.status_code != httpx.codes.REQUEST_ENTITY_TOO_LARGE


def test_languages_are_not_kept(victim: ServiceProcess, target: Target) -> None:
    with watched(victim, memory_mib=16), httpx.Client() as client:
        for number in range(300):
            language = f"x{number}" + ",a" * 12_000
            client.get(f"{target.address}/v2", headers={"Accept-Language": language})
