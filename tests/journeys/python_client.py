"""Drive a task by the client that openapi-python-client made: what to call comes by standard input.

It runs in the client's own environment, in its folder.
"""

import importlib
import inspect
import io
import json
import sys
from http import HTTPStatus
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path.cwd()))
client = importlib.import_module("giaoviec_client")


def drive(said: dict[str, Any]) -> dict[str, Any]:
    callers = {
        name: client.AuthenticatedClient(base_url=said["address"], token=token)
        for name, token in said["tokens"].items()
    }
    for call in said["calls"]:
        module = importlib.import_module(f"giaoviec_client.api.{call['module']}")
        kind = inspect.signature(module.sync_detailed).parameters["body"].annotation
        reply = module.sync_detailed(
            said["ledger"],
            *call["ids"].values(),
            client=callers[call["by"]],
            body=kind.from_dict(call["body"]),
        )
        if reply.status_code >= HTTPStatus.MULTIPLE_CHOICES:
            raise SystemExit(f"{call['module']}: {reply.content.decode()}")
        position = reply.parsed.position
    read = importlib.import_module("giaoviec_client.api.tasks.read_task")
    task = read.sync(said["ledger"], "v-xong", client=callers["clerk"], min_position=position).item
    return {"task_id": task.task_id, "state": task.state, "score_points": task.score_points}


def send_file(said: dict[str, Any]) -> str:
    """Send a file of units; return the state of its job."""
    types = importlib.import_module("giaoviec_client.types")
    kinds = importlib.import_module("giaoviec_client.models.file_kind")
    send = importlib.import_module("giaoviec_client.api.imports.send_import")
    registrar = client.AuthenticatedClient(
        base_url=said["address"], token=said["tokens"]["registrar"]
    )
    file = types.File(payload=io.BytesIO(said["file"].encode()))
    reply = send.sync_detailed(
        said["ledger"], kinds.FileKind.UNITS, client=registrar, body=file, dry_run=True
    )
    if reply.status_code != HTTPStatus.ACCEPTED:
        raise SystemExit(reply.content.decode())
    return str(reply.parsed.kind)


if __name__ == "__main__":
    told = json.load(sys.stdin)
    sys.stdout.write(json.dumps({**drive(told), "file": send_file(told)}))
