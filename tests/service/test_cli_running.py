"""A command that fails by what lies outside says why in one line, and ends with 1."""

import pytest
import typer

from service.cli.running import run_with
from service.settings import Settings


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (FileNotFoundError(2, "No such file or directory", "keys"), "'keys'"),
        (TimeoutError(), "did not answer in time"),
    ],
)
def test_what_the_system_refuses_is_said(
    failure: OSError, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async def work(_: Settings) -> None:
        raise failure

    with pytest.raises(typer.Exit) as ended:
        run_with(Settings(), work)
    assert ended.value.exit_code == 1
    assert told in capsys.readouterr().err
