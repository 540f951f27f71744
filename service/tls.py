"""TLS: with what the service answers where it speaks TLS itself, to clients or to its proxy."""

import ssl
from pathlib import Path

import uvicorn

from service.misconfigured import Misconfigured

# Keys of a session are agreed anew each time (RFC 9325, 4.2); of TLS 1.3 all ciphers are such.
FORWARD_SECRECY = "ECDHE+AESGCM:ECDHE+CHACHA20"


def tls_context(certificate: Path | None, key: Path | None) -> ssl.SSLContext | None:
    """TLS 1.2 or later, by ciphers that keep what is past secret; None if there is no certificate.

    Raises:
        Misconfigured: the files are not there, or do not go together.
    """
    if certificate is None or key is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(FORWARD_SECRECY)
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(certificate, key)
    except OSError as unusable:
        raise Misconfigured(
            "GIAOVIEC_TLS_CERTIFICATE_FILE and GIAOVIEC_TLS_KEY_FILE do not hold a certificate and "
            f"its key: {unusable}"
        ) from unusable
    return context


class Encrypted(uvicorn.Config):
    """The configuration of a server whose encryption is that context, if there is one.

    Attributes:
        tls: the context.
    """

    tls: ssl.SSLContext | None = None

    def load(self) -> None:
        """Load it with our own context."""
        super().load()
        self.ssl = self.tls
