"""What encrypts, signs, hashes and draws secrets: proven libraries, and only where it is listed."""

import ast
import re
import secrets
from collections import defaultdict
from collections.abc import Iterator

import pytest

from service import given_keys
from service.access import tokens
from service.log import master_keys
from tests.pages import ROOT, read

OURS = ("domain", "projections", "service", "migrations")
# Whatever encrypts, verifies or hashes, ours or not.
OF_CRYPTOGRAPHY = frozenset({
    "Crypto", "Cryptodome", "OpenSSL", "argon2", "bcrypt", "binascii", "crypt", "cryptography",
    "ecdsa", "gnupg", "hashlib", "hmac", "itsdangerous", "jose", "joserfc", "jwcrypto", "jwt",
    "nacl", "passlib", "random", "rsa", "secrets", "ssl",
})  # fmt: skip
# Random draws pauses and the demo, and no secret.
IMPORTED = {
    "binascii": {"Error"},
    "cryptography.exceptions": {"InvalidTag"},
    "cryptography.hazmat.primitives.ciphers.aead": {"AESGCM"},
    "hashlib": {"sha256"},
    "joserfc": {"jws", "jwt"},
    "joserfc.errors": {"JoseError"},
    "joserfc.jwk": {"ECKey", "RSAKey", "import_key"},
    "secrets": {"token_bytes", "token_hex"},
}
WHOLE = {
    "hmac": {"service/access/tokens.py", "service/log/sealing.py"},
    "random": {"service/demo/loading.py", "service/handle.py", "service/supervision.py"},
    "secrets": {"service/database/placement.py"},
    "ssl": {"service/cli/checks_of_machine.py", "service/tls.py"},
}
# Numbers of locks (`hashtext`) and ids of requests (UUIDv5) prove nothing.
WEAK = re.compile(r"\b(md5|sha1|sha224|crc32|adler32)\s*\(", re.IGNORECASE)


def sources(*endings: str) -> Iterator[tuple[str, str]]:
    for folder in OURS:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in endings:
                yield str(file.relative_to(ROOT)), read(file)


def test_nothing_else_encrypts_verifies_or_hashes() -> None:
    names: defaultdict[str, set[str]] = defaultdict(set)
    whole: defaultdict[str, set[str]] = defaultdict(set)
    for path, text in sources(".py"):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and node.module:
                if node.module.split(".")[0] in OF_CRYPTOGRAPHY:
                    names[node.module] |= {alias.name for alias in node.names}
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name.split(".")[0] in OF_CRYPTOGRAPHY:
                        whole[alias.name].add(path)
    assert names == IMPORTED
    assert whole == WHOLE


def test_nothing_is_hashed_by_less_than_sha_256() -> None:
    weak = [
        (path, found[0]) for path, text in sources(".py", ".sql") for found in WEAK.finditer(text)
    ]
    assert weak == []


@pytest.mark.parametrize("module", [tokens, given_keys, master_keys])
def test_secrets_are_drawn_by_the_module_of_secrets(module: object) -> None:
    drawn = {
        name: vars(module)[name] for name in ("token_hex", "token_bytes") if name in vars(module)
    }
    assert drawn
    assert all(vars(secrets)[name] is function for name, function in drawn.items())
    assert tokens.PATTERN.fullmatch(f"gv_{secrets.token_hex(8)}_{secrets.token_hex(32)}")
    assert (given_keys.MASTER_KEY_BYTES, master_keys.NONCE_BYTES) == (32, 12)
