"""Drive a task by the client that openapi-python-client made: what to call comes by standard input.

It runs in the client's own environment, in its folder.
"""

import importlib
import inspect
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


if __name__ == "__main__":
    sys.stdout.write(json.dumps(drive(json.load(sys.stdin))))
