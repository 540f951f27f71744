"""The log keeps what the library promises of every recorder: its own test case, unmodified."""

from collections.abc import Iterator

import pytest
from eventsourcing.dcb.tests import DCBRecorderTestCase

from tests.service.log.adapter import SynchronousLog


@pytest.fixture
def recorder(database_url: str, ledger: str) -> Iterator[SynchronousLog]:
    with SynchronousLog(database_url, ledger) as recorder:
        yield recorder


def test_the_log_appends_and_reads_as_the_library_expects(recorder: SynchronousLog) -> None:
    DCBRecorderTestCase()._test_append_read(recorder)  # noqa: SLF001  the library's own entry


def test_the_log_is_followed_as_the_library_expects(recorder: SynchronousLog) -> None:
    DCBRecorderTestCase()._test_append_subscribe(recorder)  # noqa: SLF001  the library's own entry
