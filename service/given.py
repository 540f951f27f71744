"""Given: what a command of the operator's prints, such as a vault's client."""

import shlex
import subprocess

# How long the command may take.
SECONDS = 30


def printed(command: str) -> str:
    """What the command prints; nobody else sees it.

    Raises:
        OSError, ValueError, subprocess.SubprocessError: it prints nothing that can be used.
    """
    done = subprocess.run(  # noqa: S603  the operator's own command
        shlex.split(command), capture_output=True, check=True, timeout=SECONDS
    )
    return done.stdout.decode("ascii")
