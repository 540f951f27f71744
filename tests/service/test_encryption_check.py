"""What the doctor says of ways on which others may read."""

import pytest
from pydantic import SecretStr

from service.cli.checks_of_encryption import check_encryption, is_verified
from service.cli.finding import State
from service.settings import Settings
from tests.service.conftest import MASTER_KEY

ELSEWHERE = "postgresql://a:b@db.example.vn/giaoviec"
VERIFIED = f"{ELSEWHERE}?sslmode=verify-full"


@pytest.mark.parametrize(
    ("url", "environment", "verified"),
    [
        (ELSEWHERE, {}, False),
        (f"{ELSEWHERE}?sslmode=require", {}, False),
        (f"{ELSEWHERE}?sslmode=verify-ca", {}, False),
        (VERIFIED, {}, True),
        (ELSEWHERE, {"PGSSLMODE": "verify-full"}, True),
        (f"{ELSEWHERE}?sslmode=prefer", {"PGSSLMODE": "verify-full"}, False),
        ("postgresql://a@localhost/x", {}, True),
        ("postgresql://a@127.0.0.2:5433/x", {}, True),
        ("postgresql://a@[::1]/x", {}, True),
        ("postgresql:///x?host=/run/postgresql", {}, True),
        ("postgresql:///x?host=db.example.vn", {}, False),
        ("postgresql:///x", {}, True),
        ("postgresql:///x", {"PGHOST": "db.example.vn"}, False),
        ("postgresql://a:b@localhost,db.example.vn/x", {}, False),
    ],
)
def test_a_database_elsewhere_is_to_be_verified(
    url: str, environment: dict[str, str], *, verified: bool
) -> None:
    assert is_verified(url, environment) is verified


def test_the_doctor_warns_of_every_way_that_is_not_encrypted() -> None:
    master_key = SecretStr(MASTER_KEY)
    weak = Settings(
        database_url=VERIFIED,
        master_key=master_key,
        replica_url=ELSEWHERE,
        databases=(("b*", ELSEWHERE),),
    )
    found = check_encryption(weak, {})
    assert (found.check, found.state) == ("encryption", State.WARNING)
    assert found.says.startswith("GIAOVIEC_REPLICA_URL, GIAOVIEC_DATABASES of b*: ")
    open_to_all = Settings(database_url=VERIFIED, master_key=master_key, host="0.0.0.0")  # noqa: S104  what is warned of
    assert check_encryption(open_to_all, {}).state is State.WARNING
    good = Settings(database_url=VERIFIED, master_key=master_key)
    assert check_encryption(good, {}).state is State.OK
