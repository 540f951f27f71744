"""Given keys: the master keys, as the operator gives them: a text, a file, a command.

Where none is given, the embedded database's is made once, in its data folder.
"""

import os
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from pathlib import Path
from secrets import token_bytes
from subprocess import SubprocessError

from service.given import printed
from service.misconfigured import Misconfigured

MASTER_KEY_BYTES = 32
NO_MASTER_KEY = (
    "DATABASE_URL is set and GIAOVIEC_MASTER_KEY is not. Generate a key once, keep it apart from "
    'the database, and set it: python3 -c "import base64,secrets;'
    'print(base64.b64encode(secrets.token_bytes(32)).decode())"'
)


def decoded(text: str) -> bytes:
    try:
        key = b64decode(text, validate=True)
    except (NotBase64, ValueError):
        key = b""
    if len(key) != MASTER_KEY_BYTES:
        raise ValueError("must be 32 bytes in base64")
    return key


def decoded_all(text: str) -> tuple[bytes, ...]:
    """The keys in the text, which commas, blanks or line feeds separate."""
    keys = tuple(decoded(one) for one in text.replace(",", " ").split())
    if not keys:
        raise ValueError("must be 32 bytes in base64")
    return keys


def read_master_keys(path: Path) -> tuple[bytes, ...]:
    try:
        return decoded_all(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise Misconfigured(
            f"GIAOVIEC_MASTER_KEY_FILE: {path} does not hold master keys "
            f"(32 bytes in base64, one a line): {error}"
        ) from None


def printed_master_keys(command: str) -> tuple[bytes, ...]:
    """The keys that the command prints; what else it prints is never shown."""
    try:
        return decoded_all(printed(command))
    except (OSError, ValueError, SubprocessError) as error:
        raise Misconfigured(
            "GIAOVIEC_MASTER_KEY_COMMAND did not print master keys (32 bytes in base64, one a "
            f"line): {type(error).__name__}"
        ) from None


def stored_master_key(path: Path) -> bytes:
    """Return the key in the file. The first process generates a missing key."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        ours = path.with_name(f"{path.name}.{os.getpid()}")
        ours.touch(mode=0o600)
        ours.write_text(b64encode(token_bytes(MASTER_KEY_BYTES)).decode() + "\n", encoding="ascii")
        try:
            os.link(ours, path)
        except FileExistsError:
            pass  # another process of the service was first: its key is used
        finally:
            ours.unlink()
    try:
        return decoded(path.read_text(encoding="ascii").strip())
    except ValueError as damaged:
        raise Misconfigured(
            f"{path} does not hold a master key (32 bytes in base64): restore it from a backup; "
            "without it no personal data of this data folder can be read."
        ) from damaged
